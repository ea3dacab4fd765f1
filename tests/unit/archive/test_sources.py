"""The declared sources, and finding their files in a folder of downloads."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipelines.archive.raw import RAW_SOURCES, find_files, parse_source
from pipelines.archive.sources import declared_sources
from pipelines.errors import BadInputError, ContractError
from pipelines.publishers import oews

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
    assert set(declared_sources()) == {*RAW_SOURCES, "career_clusters", "onet_clusters"}
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
        (DECLARATION + "  colour: blue\n", "colour"),
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
        parse_source("soc", find_files("soc", tmp_path))
    assert (caught.value.source, caught.value.file) == ("soc", "soc_structure_2018.xlsx")
