"""Files that appear whole: where a link leads, with the mode of the file before, and never in a device's place."""

import os
from pathlib import Path

import pytest

from pipelines.files import atomic, content_sha256, leading_files


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
