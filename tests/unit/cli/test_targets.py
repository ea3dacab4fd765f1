"""Names of files and folders to write, which are looked at before any work."""

import os
from pathlib import Path

import pytest

from pipelines.cli import targets
from pipelines.cli.targets import refuse_no_file, refuse_no_folder, refuse_taken
from pipelines.errors import MachineError, SettingError


@pytest.mark.parametrize(
    ("csv", "parquet", "says"),
    [
        (".", None, "it is a folder; give the name of a file"),
        ("none/a.csv", None, "there is no folder .*none"),
        (None, "none/a.parquet", "there is no folder .*none"),
        ("a", "a", "is asked for twice"),
    ],
)
def test_a_place_that_takes_no_file_is_refused(tmp_path: Path, csv: str | None, parquet: str | None, says: str) -> None:
    with pytest.raises(SettingError, match=says) as refused:
        refuse_no_file(*(None if name is None else tmp_path / name for name in (csv, parquet)))
    assert refused.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_dash_is_no_file_where_a_table_is_shown_too() -> None:
    with pytest.raises(SettingError, match=r"^- is no name of a file; give one"):
        refuse_no_file(None, Path("-"))


def test_a_device_a_pipe_and_what_leads_to_one_are_refused(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (Path(os.devnull), pipe, link):
        for refuse in (refuse_no_file, refuse_taken):
            with pytest.raises(SettingError, match="it is a device or a pipe; give the name of a file"):
                refuse(target)


def test_a_folder_that_takes_no_file_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(targets, "TemporaryFile", full)
    with pytest.raises(MachineError, match=r"oh\.csv cannot be written: no space is left"):
        refuse_no_file(tmp_path / "oh.csv")


def test_what_can_be_written_passes_and_nothing_is_made(tmp_path: Path) -> None:
    there, folder = tmp_path / "there.csv", tmp_path / "old.html"
    there.write_text("before", encoding="utf-8")
    folder.mkdir()
    refuse_no_file(there, tmp_path / "new.parquet", None)
    refuse_taken(tmp_path / "new" / "dictionary.md")
    for name in (folder, tmp_path / "new", tmp_path / "v1.2", tmp_path / "OH.2025", tmp_path / "csv", None):
        refuse_no_folder(name)
    assert sorted(tmp_path.iterdir()) == [folder, there]
    assert there.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ohio.html", "ohio.html is the name of a file, and a folder is wanted; write --out .*ohio$"),
        ("ohio.v2.XLSX", r"is the name of a file, and a folder is wanted; write --out .*ohio\.v2$"),
        (".zip", "is the name of a file, and a folder is wanted; write --out .*lmi$"),
        ("taken", "taken is a file, and a folder is wanted; write --out .*lmi$"),
    ],
)
def test_the_name_of_a_file_is_no_folder(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingError, match=said):
        refuse_no_folder(tmp_path / name)


def test_a_dash_is_no_folder() -> None:
    with pytest.raises(SettingError, match=r"^- is no name of a folder, and a folder is wanted; write --data-dir lmi$"):
        refuse_no_folder(Path("-"), "--data-dir")
