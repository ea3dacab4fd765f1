"""The crosswalk workbooks of the framework: occupations and industries of each sub-cluster."""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import BadInputError
from pipelines.publishers import career_clusters

from .workbooks import sample, write_workbook

Row = Sequence[object]
Parse = Callable[[Path], pl.DataFrame]

SOC_HEADER: Row = ("SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster")
SOC_ROWS: list[Row] = [
    ("11-1021", "General and Operations Managers", "Management & Entrepreneurship", "Leadership & Operations"),
    ("11-1021", "General and Operations Managers", "Energy & Natural  Resources ", "Utilities"),
    ("13-1020", "Buyers and Purchasing Agents", "Agriculture", "Agribusiness"),
]
NAICS_HEADER: Row = ("Career Cluster", "Sub-Cluster", "2-Digit NAICS", "NAICS title")
NAICS_ROWS: list[Row] = [
    ("Advanced Manufacturing", "Robotics", "31-33", "Manufacturing"),
    ("Agriculture", "Agribusiness", 11, "Agriculture, Forestry, Fishing and Hunting"),
    ("Energy & Natural Resources", "Utilities", "22", "Utilities"),
]


def soc_book(folder: Path, rows: Sequence[Row], header: Row = SOC_HEADER) -> Path:
    sheets = {"Overview": [("About",)], career_clusters.SOC_SHEET: [header, *rows]}
    return write_workbook(folder / "clusters.xlsx", sheets)


def naics_book(folder: Path, rows: Sequence[Row], header: Row = NAICS_HEADER) -> Path:
    sheets = {"Overview": [("About",)], career_clusters.NAICS_SHEET: [header, *rows]}
    return write_workbook(folder / "clusters.xlsx", sheets)


def refused(parse: Parse, path: Path, *parts: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(path)
    assert (caught.value.source, caught.value.file) == ("career_clusters", "clusters.xlsx")
    for part in parts:
        assert part in str(caught.value)


def test_memberships_come_out_in_order_with_single_spaces(tmp_path: Path) -> None:
    rows = [SOC_ROWS[0], (None,) * 4, SOC_ROWS[1], ("", " ", None, None), SOC_ROWS[2]]
    frame = career_clusters.parse_soc_memberships(soc_book(tmp_path, rows))
    assert frame.columns == ["soc_code", "soc_title", "cluster_name", "sub_cluster_name"]
    assert frame.rows() == [
        SOC_ROWS[0],
        ("11-1021", "General and Operations Managers", "Energy & Natural Resources", "Utilities"),
        SOC_ROWS[2],
    ]


def test_industries_come_out_as_text(tmp_path: Path) -> None:
    frame = career_clusters.parse_naics_listing(naics_book(tmp_path, [*NAICS_ROWS, (None,) * 4]))
    assert frame.columns == ["cluster_name", "sub_cluster_name", "naics_code", "naics_title"]
    assert frame["naics_code"].to_list() == ["31-33", "11", "22"]
    assert frame.row(0) == NAICS_ROWS[0]


@pytest.mark.parametrize("column", range(4))
@pytest.mark.parametrize("blank", [None, "  "])
def test_a_blank_cell_is_refused(tmp_path: Path, column: int, blank: str | None) -> None:
    row = [*SOC_ROWS[1]]
    row[column] = blank
    path = soc_book(tmp_path, [SOC_ROWS[0], row])
    refused(career_clusters.parse_soc_memberships, path, "row 3", repr(SOC_HEADER[column]), "blank")
    row = [*NAICS_ROWS[1]]
    row[column] = blank
    path = naics_book(tmp_path, [NAICS_ROWS[0], row])
    refused(career_clusters.parse_naics_listing, path, "row 3", repr(NAICS_HEADER[column]), "blank")


@pytest.mark.parametrize("code", ["15-1252.00", "151252", "11-102", "11-1O21"])
def test_a_code_of_another_form_is_refused(tmp_path: Path, code: str) -> None:
    path = soc_book(tmp_path, [*SOC_ROWS, (code, *SOC_ROWS[0][1:])])
    refused(
        career_clusters.parse_soc_memberships,
        path,
        f"sheet '{career_clusters.SOC_SHEET}', row 5",
        "'SOC Code'",
        repr(code),
    )
    path = naics_book(tmp_path, [*NAICS_ROWS, (*NAICS_ROWS[0][:2], code, "Manufacturing")])
    if code != "151252":  # six digits are a NAICS code
        refused(career_clusters.parse_naics_listing, path, "row 5", "'2-Digit NAICS'", repr(code))


def test_a_membership_listed_twice_is_refused_whatever_its_case(tmp_path: Path) -> None:
    code, title, cluster, sub_cluster = map(str, SOC_ROWS[0])
    path = soc_book(tmp_path, [*SOC_ROWS, (code, title, cluster.upper(), sub_cluster.lower())])
    refused(career_clusters.parse_soc_memberships, path, "row 5", "twice", "'11-1021'")
    cluster, sub_cluster, code, title = map(str, NAICS_ROWS[1])
    path = naics_book(tmp_path, [*NAICS_ROWS, (cluster, sub_cluster.upper(), code, title)])
    refused(career_clusters.parse_naics_listing, path, "row 5", "twice", "'11'")


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = soc_book(tmp_path, [row[:3] for row in SOC_ROWS], SOC_HEADER[:3])
    refused(career_clusters.parse_soc_memberships, path, "row 1", "missing column 'Sub-Cluster'")
    path = soc_book(tmp_path, SOC_ROWS, ("SOC", *SOC_HEADER[1:]))
    refused(career_clusters.parse_soc_memberships, path, "missing column 'SOC Code'", "unknown column 'SOC'")
    inserted = [(row[0], "x", *row[1:]) for row in SOC_ROWS]
    path = soc_book(tmp_path, inserted, (SOC_HEADER[0], "Weight", *SOC_HEADER[1:]))
    refused(career_clusters.parse_soc_memberships, path, "unknown column 'Weight'")
    path = naics_book(tmp_path, NAICS_ROWS, (*NAICS_HEADER[:2], "3-Digit NAICS", "NAICS title"))
    refused(career_clusters.parse_naics_listing, path, "missing column '2-Digit NAICS'")


def test_moved_columns_keep_their_meaning(tmp_path: Path) -> None:
    path = soc_book(tmp_path, [row[::-1] for row in SOC_ROWS], SOC_HEADER[::-1])
    assert career_clusters.parse_soc_memberships(path).row(2) == SOC_ROWS[2]


def test_a_missing_sheet_is_refused_naming_those_present(tmp_path: Path) -> None:
    refused(
        career_clusters.parse_naics_listing,
        soc_book(tmp_path, SOC_ROWS),
        f"sheet '{career_clusters.NAICS_SHEET}'",
        f"'Overview', '{career_clusters.SOC_SHEET}'",
    )


def test_no_rows_are_refused(tmp_path: Path) -> None:
    refused(career_clusters.parse_soc_memberships, soc_book(tmp_path, []), "no rows")
    refused(career_clusters.parse_naics_listing, naics_book(tmp_path, []), "no rows")


def test_the_published_memberships() -> None:
    frame = career_clusters.parse_soc_memberships(sample("advance_cte/SOC_Career_Clusters_Crosswalk.xlsx"))
    assert (frame.height, frame["soc_code"].n_unique(), frame["cluster_name"].n_unique()) == (1203, 851, 14)
    clusters = frame.group_by("soc_code").agg(pl.col("cluster_name").n_unique())["cluster_name"]
    assert ((clusters == 1).sum(), (clusters > 1).sum()) == (726, 125)


def test_the_published_industries_are_the_20_sectors() -> None:
    frame = career_clusters.parse_naics_listing(sample("advance_cte/NAICS_Subclusters_Crosswalk.xlsx"))
    assert frame["naics_code"].n_unique() == 20
    assert set(frame.filter(cluster_name="Advanced Manufacturing")["naics_code"]) == {"31-33"}
