"""Crosswalks carried over from published lists, and held against them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.intake import crosswalks
from pipelines.intake.crosswalks import (
    LEGACY,
    LEGACY_LIST,
    legacy_memberships,
    write_legacy_memberships,
    write_memberships,
)
from pipelines.paths import FRAMEWORK, REFERENCE
from pipelines.publishers.career_clusters import (
    HOMES,
    MEMBERSHIPS,
    NAICS_SHEET,
    SOC_SHEET,
    listing_disagreements,
    memberships,
)
from tests.unit.publishers.workbooks import sample, write_workbook

Row = Sequence[object]

SOC_HEADER: Row = ("SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster")
NAICS_HEADER: Row = ("Career Cluster", "Sub-Cluster", "2-Digit NAICS", "NAICS title")


def _occupations(folder: Path, *rows: Row) -> Path:
    return write_workbook(folder / "soc.xlsx", {SOC_SHEET: [SOC_HEADER, *rows]})


def _industries(folder: Path, *rows: Row) -> Path:
    return write_workbook(folder / "naics.xlsx", {NAICS_SHEET: [NAICS_HEADER, *rows]})


def test_memberships_of_the_publishers_workbook_are_the_committed_ones() -> None:
    workbook = sample("advance_cte/SOC_Career_Clusters_Crosswalk.xlsx")
    assert_frame_equal(memberships(workbook), read_csv(contracts()[MEMBERSHIPS], REFERENCE))


def test_homes_say_of_the_publishers_listing_what_it_says() -> None:
    wrong = listing_disagreements(sample("advance_cte/NAICS_Subclusters_Crosswalk.xlsx"))
    assert wrong.rows() == []


def test_names_become_ids_in_any_published_spelling_sorted_by_code(tmp_path: Path) -> None:
    workbook = _occupations(
        tmp_path,
        ("45-1011", "Supervisors", "agriculture", "Water  systems"),
        ("15-1252", "Software Developers", "Digital Technology**", "Data Science & Al"),
        ("15-1252", "Software Developers", "Adv. Manufacturing", "Robotics"),
    )
    assert memberships(workbook).rows() == [
        ("15-1252", "advanced_manufacturing", "robotics"),
        ("15-1252", "digital_technology", "data_science_ai"),
        ("45-1011", "agriculture", "water_systems"),
    ]


@pytest.mark.parametrize(
    ("cluster", "sub_cluster", "kind", "unknown"),
    [
        ("Agricultural Stuff", "Water Systems", "cluster", "Agricultural Stuff"),
        ("Agriculture", "Watery Systems", "sub_cluster", "Watery Systems"),
    ],
)
def test_an_unknown_name_says_where_new_spellings_go(
    tmp_path: Path, cluster: str, sub_cluster: str, kind: str, unknown: str
) -> None:
    workbook = _occupations(tmp_path, ("45-1011", "Supervisors", cluster, sub_cluster))
    with pytest.raises(BadInputError, match=rf"no {kind} has this name.*alias\.csv") as caught:
        memberships(workbook)
    assert (caught.value.source, caught.value.file) == ("career_clusters", "soc.xlsx")
    assert caught.value.value == unknown


def test_a_sub_cluster_under_another_cluster_is_refused(tmp_path: Path) -> None:
    workbook = _occupations(
        tmp_path,
        ("45-1011", "Supervisors", "Agriculture", "Water Systems"),
        ("15-1252", "Software Developers", "Agriculture", "Robotics"),
    )
    with pytest.raises(BadInputError, match="belongs to advanced_manufacturing, not to Agriculture") as caught:
        memberships(workbook)
    assert (caught.value.file, caught.value.value) == ("soc.xlsx", "Robotics")


def test_memberships_are_written_into_the_reference_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FRAMEWORK, tmp_path / "framework")
    (tmp_path / "crosswalks").mkdir()
    monkeypatch.setattr(crosswalks, "REFERENCE", tmp_path)
    workbook = _occupations(tmp_path, ("45-1011", "Supervisors", "Agriculture", "Water Systems"))
    assert write_memberships(workbook) == 1
    written = (tmp_path / "crosswalks" / "soc_sub_cluster.csv").read_text(encoding="utf-8")
    assert written == "soc_code,cluster_id,sub_cluster_id\n45-1011,agriculture,water_systems\n"


def test_homes_are_held_against_the_listing_sector_by_sector(tmp_path: Path) -> None:
    # a listing with agriculture where it is and utilities where this project does not have them
    workbook = _industries(
        tmp_path,
        ("Agriculture", "Water Systems", 11, "Agriculture, Forestry, Fishing and Hunting"),
        ("Construction", "Construction Planning & Development", 22, "Utilities"),
    )
    wrong = listing_disagreements(workbook)
    found = {row["naics_code"]: row for row in wrong.iter_rows(named=True)}
    homes = read_csv(contracts()[HOMES], REFERENCE)

    assert homes.filter(naics_code="1125").select("cluster_id", "advance_cte_agrees").row(0) == ("agriculture", "yes")
    assert "1125" not in found, "aquaculture is in sector 11, as the listing has it"
    assert (found["22"]["advance_cte_agrees"], found["22"]["should_be"]) == ("yes", "no")
    assert (found["42"]["advance_cte_agrees"], found["42"]["should_be"]) == ("yes", "not_listed")


def test_a_range_of_sectors_covers_its_codes_and_oews_government_is_public_administration(tmp_path: Path) -> None:
    workbook = _industries(
        tmp_path,
        ("Agriculture", "Agribusiness", "31-33", "Manufacturing"),
        ("Agriculture", "Agribusiness", "92", "Public Administration"),
    )
    should_be = {row["naics_code"]: row["should_be"] for row in listing_disagreements(workbook).iter_rows(named=True)}
    # food manufacturing is agriculture's here, refineries are energy's: both stand in 31-33
    assert should_be["311"] == "yes"
    assert "324" not in should_be, "it says no already"
    # all government of OEWS, which this project homes in public service
    assert should_be["999"] == "no"
    assert should_be["11"] == "not_listed"


def test_legacy_memberships_of_the_publishers_list_are_the_committed_ones() -> None:
    listing = sample(f"legacy_clusters/{LEGACY_LIST}")
    assert_frame_equal(legacy_memberships(listing), read_csv(contracts()[LEGACY], REFERENCE))


def _legacy(folder: Path, *lines: str) -> Path:
    listing = folder / LEGACY_LIST
    listing.write_text("\n".join(["Career Cluster,Career Pathway,Code,Occupation", *lines, ""]), encoding="utf-8")
    return listing


def test_former_clusters_of_one_line_are_taken_apart_and_pathways_left_out(tmp_path: Path) -> None:
    listing = _legacy(
        tmp_path,
        "Finance; Finance,Securities & Investments; Business Finance,13-2051.00,Financial Analysts",
        "Finance; Human Services,Banking Services; Consumer Services,13-2072.00,Loan Officers",
        '"Arts, Audio/Video Technology & Communications",Performing Arts,27-2011.00,Actors',
    )
    assert legacy_memberships(listing).rows() == [
        ("13-2051.00", "finance"),
        ("13-2072.00", "finance"),
        ("13-2072.00", "human_services"),
        ("27-2011.00", "arts_a_v_technology_communications"),
    ]


def test_an_unknown_former_cluster_is_refused(tmp_path: Path) -> None:
    listing = _legacy(tmp_path, "Finances,Banking Services,13-2072.00,Loan Officers")
    with pytest.raises(BadInputError, match="no legacy_cluster has this name") as caught:
        legacy_memberships(listing)
    assert (caught.value.file, caught.value.value) == (LEGACY_LIST, "Finances")


def test_legacy_memberships_are_written_into_the_reference_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crosswalks").mkdir()
    monkeypatch.setattr(crosswalks, "REFERENCE", tmp_path)
    assert write_legacy_memberships(_legacy(tmp_path, "Finance,Banking Services,13-2072.00,Loan Officers")) == 1
    written = (tmp_path / "crosswalks" / "onet_legacy_cluster.csv").read_text(encoding="utf-8")
    assert written == "onet_soc_code,legacy_cluster_id\n13-2072.00,finance\n"
