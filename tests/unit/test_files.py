"""Files that appear whole: where a link leads, with the mode of the file before, and never in a device's place."""

import os
from pathlib import Path

import pytest

from pipelines.errors import Stopped
from pipelines.files import atomic, content_sha256, leading_files, made_folder, scratch


def write(target: Path, text: str) -> None:
    with atomic(target) as temporary:
        temporary.write_text(text, encoding="utf-8")


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "rows.csv", tmp_path / "link.csv"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    write(link, "new")
    assert (link.is_symlink(), target.read_text(encoding="utf-8")) == (True, "new")


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o600)
    write(target, "new")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_pipe_is_refused_and_stays(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (pipe, link):
        with pytest.raises(OSError, match="a device or a pipe, not a file"):
            write(target, "new")
    assert (pipe.is_fifo(), link.is_symlink()) == (True, True)
    assert sorted(tmp_path.iterdir()) == [link, pipe]


def test_the_first_files_of_a_folder_are_known_by_the_checksum_of_the_folder_before(tmp_path: Path) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    for folder, names in ((before, "ab"), (now, "abc")):
        folder.mkdir()
        for name in names:
            (folder / name).write_text(f"rows of {name}", encoding="utf-8")
    assert leading_files(now, content_sha256(before)) == 2
    assert leading_files(now, content_sha256(now)) == 3
    assert leading_files(now / "a", content_sha256(now / "a")) == 1
    assert leading_files(now, content_sha256(now / "b")) == 0
    (now / "a").write_text("other rows", encoding="utf-8")
    assert leading_files(now, content_sha256(before)) == 0


@pytest.mark.parametrize("stop", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"])
def test_a_new_folder_in_which_nothing_was_finished_is_removed(tmp_path: Path, stop: BaseException) -> None:
    kept, new = tmp_path / "kept", tmp_path / "new" / "below"
    kept.mkdir()
    for folder in (kept, new):
        with pytest.raises(type(stop)), made_folder(folder):
            raise stop
    assert list(tmp_path.rglob("*")) == [kept]


def test_a_finished_file_stays_unless_the_folder_is_of_use_as_a_whole_only(tmp_path: Path) -> None:
    def fail(folder: Path, *, whole: bool) -> None:
        with made_folder(folder, whole=whole):
            write(folder / "finished.csv", "a")
            raise ZeroDivisionError

    parts, whole, before = tmp_path / "parts", tmp_path / "whole", tmp_path / "before"
    before.mkdir()
    for folder, is_whole in ((parts, False), (whole, True), (before, True)):
        with pytest.raises(ZeroDivisionError):
            fail(folder, whole=is_whole)
    assert sorted(tmp_path.rglob("*.csv")) == [before / "finished.csv", parts / "finished.csv"]
    assert not whole.exists()


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OSError, match=r"Not a directory|File exists"), made_folder(tmp_path / "file" / "below"):
        raise AssertionError
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


def test_a_folder_for_a_block_is_gone_afterwards_also_where_the_block_was_never_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scratch(".made-", tmp_path) as folder:
        assert (folder.parent, folder.name[:6], folder.stat().st_mode & 0o777) == (tmp_path, ".made-", 0o700)
        (folder / "table.parquet").write_bytes(b"rows")
    assert not list(tmp_path.iterdir())
    make = Path.mkdir

    def stopped(path: Path, *args: int, **more: int) -> None:
        make(path, *args, **more)
        raise Stopped

    monkeypatch.setattr(Path, "mkdir", stopped)
    with pytest.raises(Stopped), scratch(folder=tmp_path):
        pass
    assert not list(tmp_path.iterdir())
