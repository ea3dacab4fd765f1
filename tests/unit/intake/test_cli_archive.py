"""`lmi archive`: what an agency whose network blocks the publishers does by hand, as the command says it."""

import shutil
from pathlib import Path

import pytest

from pipelines.archive.store import Archive
from tests.fixtures.command import Ran, here
from tests.unit.intake.small_files import SOC_FILE


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "data" / "archive")


@pytest.fixture
def command(tmp_path: Path) -> "Command":
    return Command(tmp_path / "data")


class Command:
    """`lmi archive` with a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __call__(self, *arguments: str) -> Ran:
        return here("archive", *arguments, data=self._data)

    def add(self, path: Path, source: str, vintage: str, *more: str) -> Ran:
        """`lmi archive add`."""
        return self("add", str(path), "--source", source, "--vintage", vintage, *more)


def _lines(ran: Ran, source: str) -> list[str]:
    return [line for line in ran.out.splitlines() if source in line.split()[1:2]]


def test_files_are_added_listed_verified_and_pruned(
    command: Command, archive: Archive, publishers_files: Path, tmp_path: Path
) -> None:
    assert "The archive is empty" in command("list").out
    added = command.add(publishers_files / "oe", "oews", "May 2025")
    assert added.code == 0, added.err
    assert "oews: May 2025 (2025-05), 7 files, is now the newest" in added.out
    command.add(publishers_files / SOC_FILE, "soc", "2018")
    again = tmp_path / "download.xlsx"
    again.write_bytes((publishers_files / SOC_FILE).read_bytes() + bytes(1))
    assert command.add(again, "soc", "2018", "--released-on", "2017-11-28").code == 0

    (oews,), soc = (_lines(command("list"), source) for source in ("oews", "soc"))
    for words in ("May 2025", "2025-05", "2026-05-15", "by hand", " 7 "):
        assert words in oews
    assert ["2017-11-28" in line for line in soc] == [False, True]
    verified = command("verify")
    assert (verified.code, verified.out.strip()) == (0, "9 files in the archive, 0 missing or damaged")
    pruned = command("prune", "--keep", "1")
    assert pruned.code == 0
    assert pruned.out.startswith("Removed 1 file, ")
    assert [len(archive.vintages(source)) for source in ("oews", "soc")] == [1, 1]


def test_a_damaged_file_is_named(command: Command, archive: Archive, publishers_files: Path) -> None:
    command.add(publishers_files / SOC_FILE, "soc", "2018")
    (edition,) = archive.vintages("soc")
    path = archive.path(edition.files[0])
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    verified = command("verify")
    assert verified.code == 3
    assert f"damaged: {path}" in verified.out
    assert "1 file in the archive, 1 missing or damaged" in verified.out


@pytest.mark.parametrize(
    ("source", "vintage", "more", "code", "says"),
    [
        ("oews", "May 2026", (), 3, "the files are of May 2025, not of the vintage given"),
        ("oes", "May 2025", (), 2, "oes is not a source; known: soc, naics, oews"),
        ("oews", "May 2025", ("--released-on", "15 May 2026"), 2, "15 May 2026 is not a day such as 2026-05-15"),
        ("soc", "2018", (), 3, f"{SOC_FILE}: missing; the files of one source belong together"),
    ],
)
def test_what_cannot_be_added_is_told_and_changes_nothing(
    *, command: Command, archive: Archive, publishers_files: Path, source: str, vintage: str, more: tuple[str, ...],
    code: int, says: str,
) -> None:  # fmt: skip
    ran = command.add(publishers_files / "oe", source, vintage, *more)
    assert ran.code == code
    assert says in " ".join(ran.err.replace("│", " ").split())
    assert archive.manifest().vintages == {}


def test_files_of_a_folder_that_are_passed_over_are_named(
    command: Command, publishers_files: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "downloads"
    shutil.copytree(publishers_files / "oe", folder)
    (folder / "readme.txt").write_text("x", encoding="utf-8")
    added = command.add(folder, "oews", "May 2025")
    assert added.code == 0
    assert "Not taken: readme.txt: no source has a file of this name" in added.out


def test_fetching_needs_a_contact(command: Command) -> None:
    ran = command("fetch", "--source", "soc")
    assert ran.code == 2
    assert "set LMI_CONTACT_EMAIL" in ran.err
