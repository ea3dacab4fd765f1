"""Programs of clusters: a place in other letters counts once, and what stands for no program has none."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers.cip_clusters import SHEET, read
from pipelines.sources import declared_sources

from .workbooks import sample, write_workbook

HEADER = ("CIP Code (2020)", "CIP Title (2020)", "Career Cluster", "Sub-Cluster")
ROWS = [
    ("01.0000", "Agriculture, General.", "Agriculture", "Water Systems"),
    ("01.0000", "Agriculture, General.", "Agriculture", "water systems"),
    ("99.9999", "NO MATCH", "Agriculture", "Plant Systems"),
]


def places(path: Path) -> list[tuple[object, ...]]:
    _, tables = read(declared_sources()["cip_clusters"], {"CIP_Career_Clusters_Crosswalk.xlsx": path}, path.parent)
    found = tables["cip_sub_cluster"]
    assert isinstance(found, pl.DataFrame)
    return found.rows()


def workbook(folder: Path, rows: list[tuple[str, ...]]) -> Path:
    return write_workbook(folder / "CIP_Career_Clusters_Crosswalk.xlsx", {SHEET: [HEADER, *rows]})


def test_a_place_counts_once(tmp_path: Path) -> None:
    assert places(workbook(tmp_path, ROWS)) == [("01.0000", "agriculture", "water_systems")]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("1.0", "x", "Agriculture", "Plant Systems"), "row 5, column .*: not a CIP code"),
        (("01.0001", "x", "Agriculture", ""), "column 'Sub-Cluster': blank cell"),
        (("01.0001", "x", "Farming", "Plant Systems"), "no cluster has this name"),
        (("01.0001", "x", "Education", "Plant Systems"), "the sub-cluster belongs to agriculture"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        places(workbook(tmp_path, [*ROWS, row]))


def test_the_publishers_workbook() -> None:
    found = places(sample("advance_cte/CIP_Career_Clusters_Crosswalk.xlsx"))
    # 1,946 codes and one that stands for none
    assert len({code for code, *_ in found}) == 1_945
    assert len(found) == 4_686
