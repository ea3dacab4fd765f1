"""Short-term projections of the states: the form of the long-term ones, and apart from them."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.archive.find import find_files
from pipelines.errors import BadInputError
from pipelines.publishers import projections_central, projections_short
from pipelines.sources import declared_sources

LINES = [
    "Title\tBase\tProjected\tPercentChange\tAvgAnnualOpenings\tSTFIPS\tOccCode",
    "Total, All Occupations\t163000000\t165000000\t1.2\t19000000\t0\t00-0000",
    "Total, All Occupations\t5800000\t5858000\t1.0\t660000\t39\t00-0000",
    "Actors\t1000\t1050\t5\t130\t39\t27-2011",
]


def given(folder: Path, name: str) -> dict[str, Path]:
    source = "projections_short" if name.startswith("short") else "projections_central"
    (folder / name).write_text("\n".join([*LINES, ""]))
    return find_files(source, folder)


def states(files: dict[str, Path], folder: Path) -> tuple[str, pl.DataFrame]:
    vintage, tables = projections_short.read(declared_sources()["projections_short"], files, folder)
    assert list(tables) == ["projections_short"]
    return vintage.vintage, tables["projections_short"]


def test_the_states_rows_are_read_with_the_period_of_the_name(tmp_path: Path) -> None:
    vintage, rows = states(given(tmp_path, "short_term_2024_2026.tsv"), tmp_path)
    assert vintage == "2024-26 by state"
    columns = ["area_id", "soc_code", "base_jobs", "change_jobs", "annual_openings", "base_year", "projected_year"]
    assert rows.select(columns).rows() == [
        ("OH", "00-0000", 5_800_000, 58_000, 660_000, 2024, 2026),
        ("OH", "27-2011", 1_000, 50, 130, 2024, 2026),
    ]


def test_pages_of_the_service_are_read(tmp_path: Path) -> None:
    row = {
        "STFIPS": "39",
        "Area": "Ohio",
        "OccCode": "00-0000",
        "Title": "Total, All Occupations",
        "BaseYear": "2025",
        "ProjYear": "2027",
        "Base": "5800000",
        "Projected": "5858000",
        "Change": "58000",
        "PercentChange": "1.0",
        "AvgAnnualOpenings": "660000",
    }
    pager = {"total_items": "1", "current_page": 0, "total_pages": 1}
    (tmp_path / "short_term_39.json").write_text(json.dumps({"rows": [row], "pager": pager}))
    vintage, rows = states(find_files("projections_short", tmp_path), tmp_path)
    assert (vintage, rows.height) == ("2025-27 by state", 1)


@pytest.mark.parametrize(
    ("name", "module", "problem"),
    [
        ("short_term_2022_2032.tsv", projections_short, "a long-term list"),
        ("long_term_2024_2026.tsv", projections_central, "a short-term list"),
    ],
)
def test_a_list_under_the_other_name_is_refused(tmp_path: Path, name: str, module: object, problem: str) -> None:
    source = module.SOURCE  # type: ignore[attr-defined]
    with pytest.raises(BadInputError, match=problem) as caught:
        module.read(declared_sources()[source], given(tmp_path, name), tmp_path)  # type: ignore[attr-defined]
    assert (caught.value.source, caught.value.file) == (source, name)


def test_a_fault_names_the_short_list(tmp_path: Path) -> None:
    files = given(tmp_path, "short_term_2024_2026.tsv")
    next(iter(files.values())).write_text("\n".join([*LINES, LINES[-1], ""]))
    with pytest.raises(BadInputError, match="listed twice") as caught:
        states(files, tmp_path)
    assert (caught.value.source, caught.value.place) == ("projections_short", "line 5, column 'OccCode'")


@pytest.mark.parametrize(("base", "projected"), [(2022, 2032), (2024, 2034), (2025, 2035), (2023, 2033), (2021, 2030)])
def test_long_term_lists_of_any_period_are_taken(tmp_path: Path, base: int, projected: int) -> None:
    files = given(tmp_path, f"long_term_{base}_{projected}.tsv")
    vintage, tables = projections_central.read(declared_sources()["projections_central"], files, tmp_path)
    assert vintage.reference_period == f"{base}-{projected % 100}"
    assert tables["projections_central"]["projected_year"].unique().to_list() == [projected]
