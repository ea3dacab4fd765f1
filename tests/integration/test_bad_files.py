"""Damaged and changed publishers' files: the error names file, place and value, and the last release stays."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.errors import BadInputError
from pipelines.files import file_sha256
from pipelines.intake.select import select_inputs
from pipelines.intake.staging import stage_source
from pipelines.publishers import oews
from pipelines.settings import Settings, Source
from tests.fixtures.command import published, run_here, share_release
from tests.fixtures.flat_files import write_flat_files

pytestmark = pytest.mark.slow

DATA = oews.DATA_FILE

#: Software developers in Wyoming, jobs.
SERIES = "OEUS560000000000015125201"


def _lines(folder: Path, name: str = DATA) -> list[str]:
    return (folder / name).read_bytes().decode("ascii").splitlines(keepends=True)


def _write(folder: Path, lines: list[str], name: str = DATA) -> None:
    (folder / name).write_bytes("".join(lines).encode("ascii"))


def _line_of(folder: Path) -> int:
    """The number of the line of SERIES, from 1."""
    (number,) = [number for number, line in enumerate(_lines(folder), start=1) if line.startswith(SERIES)]
    return number


@dataclass(frozen=True)
class Told:
    """The file and place that the message must name, and words that it must hold."""

    file: str
    place: str
    words: tuple[str, ...]


def _html_page(folder: Path) -> Told:
    (folder / DATA).write_bytes(b"<!DOCTYPE html>\n<html><head><title>Access Denied</title></head></html>\n")
    return Told(DATA, "line 1", ("HTML", "(found '<!DOCTYPE html>"))


def _cut_within_a_line(folder: Path) -> Told:
    lines = _lines(folder)
    _write(folder, [*lines[:-1], lines[-1][:-9]])
    return Told(DATA, f"line {len(lines)}", ("cut short", lines[-1][:25]))


def _cut_at_the_end_of_a_line(folder: Path) -> Told:
    nation = [line for line in _lines(folder) if line.startswith(("series_id", "OEUN"))]
    _write(folder, nation)
    return Told(DATA, "series of occupation 00-0000", ("cut short", "'5600000 Wyoming'"))


def _zero_bytes(folder: Path) -> Told:
    (folder / DATA).write_bytes(b"")
    return Told(DATA, "the file is empty", ("zero bytes",))


def _renamed_column(folder: Path) -> Told:
    header, *rest = _lines(folder)
    assert header.count("       value") == 1
    _write(folder, [header.replace("       value", "      figure"), *rest])
    return Told(DATA, "line 1", ("missing column 'value'", "unknown column 'figure'"))


def _missing_column(folder: Path) -> Told:
    _write(folder, [line.rpartition("\t")[0] + "\r\n" for line in _lines(folder)])
    return Told(DATA, "line 1", ("missing column 'footnote_codes'", "(found 'series_id', 'year', 'period', 'value')"))


def _changed_cell(folder: Path, column: int, text: str) -> str:
    lines, number = _lines(folder), _line_of(folder)
    cells = lines[number - 1].rstrip("\r\n").split("\t")
    cells[column] = text
    lines[number - 1] = "\t".join(cells) + "\r\n"
    _write(folder, lines)
    return f"line {number}"


def _new_footnote(folder: Path) -> Told:
    place = _changed_cell(folder, 4, "9")
    return Told(DATA, f"{place}, column 'footnote_codes'", ("unknown footnote", "(found '9')"))


def _new_footnote_in_the_list(folder: Path) -> Told:
    lines = _lines(folder, "oe.footnote")
    _write(folder, [*lines, "9\tThis figure was made up.\r\n"], "oe.footnote")
    return Told("oe.footnote", f"line {len(lines) + 1}", ("unknown footnote", "(found 'This figure was made up.')"))


def _letters_in_a_number(folder: Path) -> Told:
    place = _changed_cell(folder, 3, "         3O0")
    return Told(DATA, f"{place}, column 'value'", ("neither a plain number nor '-'", "(found '3O0')"))


def _series_twice(folder: Path) -> Told:
    lines = _lines(folder)
    _write(folder, [*lines, lines[_line_of(folder) - 1]])
    return Told(DATA, f"line {len(lines) + 1}", ("given twice", f"(found '{SERIES}')"))


def _one_of_seven_missing(folder: Path) -> Told:
    (folder / "oe.industry").unlink()
    return Told("oe.industry", str(folder), ("missing", "belong together", "oe.area"))


BAD: Mapping[str, Callable[[Path], Told]] = {
    change.__name__.removeprefix("_"): change
    for change in (
        _html_page,
        _cut_within_a_line,
        _cut_at_the_end_of_a_line,
        _zero_bytes,
        _renamed_column,
        _missing_column,
        _new_footnote,
        _new_footnote_in_the_list,
        _letters_in_a_number,
        _series_twice,
        _one_of_seven_missing,
    )
}


@dataclass(frozen=True)
class Publication:
    """A data folder with a release, and the checksums of all published files in it."""

    data: Path
    checksums: Mapping[str, str]


def _checksums(data: Path) -> dict[str, str]:
    return {name: file_sha256(data / name) for name in published(data)}


@pytest.fixture(scope="module")
def publication(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    data = tmp_path_factory.mktemp("bad files") / "data"
    data.mkdir()
    share_release(small_run, data)
    return Publication(data, _checksums(data))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publisher's files, of the nation and Wyoming only."""
    folder = tmp_path_factory.mktemp("small")
    write_flat_files(folder, area_ids=["WY"], industries=False)
    return folder


@pytest.fixture
def files(small: Path, tmp_path: Path) -> Path:
    """A copy of those files."""
    return Path(shutil.copytree(small, tmp_path / "files"))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_place_and_value(files: Path, tmp_path: Path, name: str) -> None:
    """Where a run stages the source."""
    told = BAD[name](files)
    settings = Settings(data_dir=tmp_path / "data", source=Source.FILES, files_dir=files)
    with pytest.raises(BadInputError) as caught:
        stage_source(select_inputs(settings).sources["oews"], settings, input_sha256="")
    message = str(caught.value)
    assert message.startswith(f"oews: {told.file}: {told.place}")
    for words in told.words:
        assert words in message
    assert caught.value.exit_code == 3
    assert list(settings.staging.rglob("*.parquet")) == []


@pytest.mark.parametrize("name", ["letters_in_a_number", "one_of_seven_missing"])
def test_a_bad_file_stops_the_run_and_the_release_stays(publication: Publication, files: Path, name: str) -> None:
    """The command's part, for one file that is wrong inside and one that is not there."""
    told = BAD[name](files)
    before = published(publication.data)
    settings = {"DATA_DIR": str(publication.data), "SOURCE": "files", "FILES_DIR": str(files)}
    ran = run_here(settings)
    assert ran.code == 3, ran.err
    assert f"error: oews: {told.file}: {told.place}" in ran.err
    for words in told.words:
        assert words in ran.err
    assert "Traceback" not in ran.err
    assert "Published" not in ran.out
    assert published(publication.data) == before


def test_after_all_of_them_the_release_is_the_same_byte_for_byte(publication: Publication) -> None:
    assert len([name for name in publication.checksums if name.endswith("/lmi.duckdb")]) == 1
    assert _checksums(publication.data) == publication.checksums
