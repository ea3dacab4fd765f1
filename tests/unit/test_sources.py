"""The declared sources, and finding their files in a folder of downloads."""

import json
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.archive.find import find_files
from pipelines.errors import BadInputError, ContractError
from pipelines.publishers import oews
from pipelines.publishers.projections_central import years_in_name
from pipelines.publishers.registry import raw_sources, read
from pipelines.sources import declared_sources, looked_for
from tests.fixtures.projection_files import Projected, write_projections, write_states

DECLARATION = """\
soc:
  publisher: A bureau
  title: A list
  url: https://example.org/list.xlsx
  files: [{name: list.xlsx, format: workbook, url: "https://example.org/list.xlsx"}]
  newest: one edition
  calendar: never
  licence: public domain
  attribution: A bureau
  vintages:
    - {vintage: "2018", reference_period: "2018"}
"""


def test_declared_sources_are_those_of_the_raw_tables_and_the_framework() -> None:
    on_request = {"cip_soc", "cip", "cip_clusters", "ipeds", "scorecard", "cps", "census_occ", "projections_short"}
    assert set(looked_for()) == {*raw_sources(), "career_clusters", "onet_clusters"} - on_request
    assert set(declared_sources()) - set(looked_for()) == on_request
    assert set(declared_sources()["oews"].file_names) == set(oews.FILES)
    assert all(source.url.startswith("https://") for source in declared_sources().values())


def test_a_known_period_has_its_release_day_and_an_unknown_one_has_none() -> None:
    source = declared_sources()["oews"]
    known = source.vintage_of("2025-05", "May 2025")
    assert (known.vintage, known.released_on) == ("May 2025", date(2026, 5, 15))
    unknown = source.vintage_of("2026-05", "May 2026")
    assert (unknown.vintage, unknown.reference_period) == ("May 2026", "2026-05")
    assert (unknown.released_on, unknown.notes) == (None, None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (DECLARATION.replace("  licence: public domain\n", ""), "licence"),
        (re.sub(r"files: .*", "files: []", DECLARATION), "files"),
        (DECLARATION.replace(', url: "https://example.org/list.xlsx"', ""), "either a url or a link"),
        (DECLARATION.replace("format: workbook", "format: parchment"), "format"),
        (
            DECLARATION.replace(
                'url: "https://example.org/list.xlsx"', "link: {page: https://example.org, pattern: '(x'}"
            ),
            "not a regular expression",
        ),
        (DECLARATION + "  colour: blue\n", "soc: colour: Extra inputs are not permitted"),
        (DECLARATION.replace('"2018"}', "2018-13, released_on: soon}"), "released_on"),
        (DECLARATION.replace("files: [", "files: [["), "line 6"),
        ("", "sources.yml"),
    ],
)
def test_a_fault_in_the_declaration_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"sources\.yml") as caught:
        declared_sources(path)
    assert named in str(caught.value)


def test_a_missing_declaration_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"sources\.yml"):
        declared_sources(tmp_path / "sources.yml")


def _seven(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in oews.FILES:
        (folder / name).write_bytes(b"x")
    return folder


def test_files_are_found_in_the_folder_and_below_it(tmp_path: Path) -> None:
    _seven(tmp_path / "downloads" / "bls")
    found = find_files("oews", tmp_path)
    assert found == {name: tmp_path / "downloads" / "bls" / name for name in oews.FILES}


def test_a_folder_without_any_of_the_files_has_none(tmp_path: Path) -> None:
    (tmp_path / "oe.data.0.Current.zip").write_bytes(b"x")
    (tmp_path / "oe.area").mkdir()
    assert find_files("oews", tmp_path) == {}


@pytest.mark.parametrize("missing", oews.FILES)
def test_files_of_one_source_belong_together(tmp_path: Path, missing: str) -> None:
    folder = _seven(tmp_path / "bls")
    (folder / missing).unlink()
    with pytest.raises(BadInputError) as caught:
        find_files("oews", tmp_path)
    assert (caught.value.source, caught.value.file, caught.value.place) == ("oews", missing, str(tmp_path))
    present = next(name for name in declared_sources()["oews"].file_names if name != missing)
    assert present in caught.value.problem


def test_a_file_found_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    _seven(tmp_path / "may")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "oe.area").write_bytes(b"y")
    with pytest.raises(BadInputError, match="found more than once") as caught:
        find_files("oews", tmp_path)
    assert (caught.value.source, caught.value.file) == ("oews", "oe.area")
    assert caught.value.value == "may/oe.area, old/oe.area"


def test_a_fault_in_a_file_names_its_source_and_file(tmp_path: Path) -> None:
    (tmp_path / "soc_structure_2018.xlsx").write_bytes(b"<html><body>Access denied</body></html>")
    with pytest.raises(BadInputError, match="HTML") as caught:
        read("soc", find_files("soc", tmp_path), tmp_path)
    assert (caught.value.source, caught.value.file) == ("soc", "soc_structure_2018.xlsx")


def _touch(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")


def test_either_set_of_files_stands_for_a_source_but_not_a_part_of_one(tmp_path: Path) -> None:
    _touch(tmp_path / "one", "occupation.xlsx", "education.xlsx")
    _touch(tmp_path / "other", "occupation.xlsx", "education_table_5_4.xlsx")
    _touch(tmp_path / "part", "occupation.xlsx")
    assert set(find_files("projections", tmp_path / "one")) == {"occupation.xlsx", "education.xlsx"}
    assert set(find_files("projections", tmp_path / "other")) == {"occupation.xlsx", "education_table_5_4.xlsx"}
    # until 2022-32, the workbook of occupations holds the assignments, too
    assert set(find_files("projections", tmp_path / "part")) == {"occupation.xlsx"}
    (tmp_path / "part" / "occupation.xlsx").rename(tmp_path / "part" / "education.xlsx")
    with pytest.raises(BadInputError, match="belong together") as caught:
        find_files("projections", tmp_path / "part")
    assert caught.value.file == "occupation.xlsx"


def test_files_by_state_are_found_whichever_states_there_are(tmp_path: Path) -> None:
    _touch(tmp_path, "long_term_01.json", "long_term_56.json", "long_term_9.json", "long_term_all.json")
    assert set(find_files("projections_central", tmp_path)) == {"long_term_01.json", "long_term_56.json"}
    _touch(tmp_path, "long_term_01_page_1.json", "long_term_01_page_10.json")
    assert set(find_files("projections_central", tmp_path)) == {
        "long_term_01.json",
        "long_term_01_page_1.json",
        "long_term_01_page_10.json",
        "long_term_56.json",
    }


def test_an_edition_that_was_superseded_is_marked() -> None:
    """By its own note, or because a later edition is declared."""
    marked = 0
    for source in declared_sources().values():
        newest = max((each.reference_period for each in source.vintages), default="")
        for each in source.vintages:
            superseded = re.search(r"\b(newer|older|edition before|superseded|replaced)\b", each.notes or "", re.I)
            assert each.is_older_cycle == bool(superseded or each.reference_period < newest), each.vintage
            marked += each.is_older_cycle
    assert marked >= 5


def test_a_state_is_asked_for_without_its_leading_zero() -> None:
    source = declared_sources()["projections_central"]
    assert (source.is_by_state, declared_sources()["qcew"].is_by_state) == (True, False)
    (alabama,) = source.of_state("01")
    assert alabama.name == "long_term_01.json"
    assert "/LongTermRestJson/1?" in str(alabama.url)
    (ohio,) = source.of_state("39")
    assert "/LongTermRestJson/39?" in str(ohio.url)


def test_each_page_of_a_states_list_is_a_file_of_its_own() -> None:
    source = declared_sources()["projections_central"]
    (ohio,) = source.of_state("39")
    assert ohio.is_paged
    first, eleventh = ohio.of_page(0), ohio.of_page(10)
    assert (first.name, eleventh.name) == ("long_term_39.json", "long_term_39_page_10.json")
    assert str(first.url).endswith("/LongTermRestJson/39?page=0&items_per_page=1000")
    assert str(eleventh.url).endswith("/LongTermRestJson/39?page=10&items_per_page=1000")
    assert source.file_of("long_term_39.json") == first
    assert source.file_of("long_term_39_page_10.json") == eleventh
    assert source.file_of("long_term_39_page_0.json") is None


def test_a_projection_is_followed_up_counting_from_its_base_year() -> None:
    """The vintage 2025-35 came in August 2026."""
    assert declared_sources()["projections"].next_expected("2024-34") == date(2026, 8, 1)


def test_assignments_of_another_vintage_are_refused(tmp_path: Path) -> None:
    nurses = {"29-1141": Projected(100.0, 110.0, 3.0, 2.0, 6.0)}
    for name, years in (("one", (2025, 2035)), ("other", (2024, 2034))):
        (tmp_path / name).mkdir()
        write_projections(tmp_path / name, nurses, years)
    files = find_files("projections", tmp_path / "one") | {"education.xlsx": tmp_path / "other" / "education.xlsx"}
    with pytest.raises(BadInputError, match="another vintage than occupation") as caught:
        read("projections", files, tmp_path)
    assert (caught.value.file, caught.value.value) == ("education.xlsx", 2024)


def test_states_of_several_periods_are_one_source_that_names_them(tmp_path: Path) -> None:
    for fips, base in (("01", 2022), ("39", 2024)):
        row = {
            "Area": "A state", "STFIPS": fips.lstrip("0"), "OccCode": "29-1141", "Title": "Registered Nurses",
            "Base": "1000", "Projected": "1100", "Change": "100", "PercentChange": "10.0", "AvgAnnualOpenings": "70",
            "BaseYear": str(base), "ProjYear": str(base + 10),
        }  # fmt: skip
        answer = {
            "rows": [row],
            "pager": {"current_page": 0, "total_items": "1", "total_pages": 1, "items_per_page": 1000},
        }
        (tmp_path / f"long_term_{fips}.json").write_text(json.dumps(answer), encoding="utf-8")
    vintage, tables = read("projections_central", find_files("projections_central", tmp_path), tmp_path)
    assert vintage is not None
    assert (vintage.reference_period, vintage.is_older_cycle) == ("2022-32, 2024-34", False)
    states, nation = tables.values()
    assert isinstance(states, pl.DataFrame)
    assert isinstance(nation, pl.DataFrame)
    assert states.select("area_id", "base_year").rows() == [("AL", 2022), ("OH", 2024)]
    assert nation.is_empty()


def test_a_bulk_file_that_names_no_years_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long_term.tsv"
    write_states(path, [(6, "29-1141", 1000, 1100, 10.0, 70)])
    with pytest.raises(BadInputError, match="its period is not known") as caught:
        read("projections_central", find_files("projections_central", tmp_path), tmp_path)
    assert caught.value.file == "long_term.tsv"


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("long_term_2024_2034.tsv", (2024, 2034)),
        ("LongTerm 2020-30 (2).csv", (2020, 2030)),
        ("Long-Term-Projections.xlsx", None),
        ("long_term_20240_2034.tsv", None),
    ],
)
def test_the_name_of_a_bulk_file_gives_its_years(tmp_path: Path, name: str, years: tuple[int, int] | None) -> None:
    (tmp_path / name).write_bytes(b"x")
    (found,) = find_files("projections_central", tmp_path).values()
    assert years_in_name(found) == years
