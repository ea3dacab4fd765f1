"""Files that appear whole: where a link leads, with the mode of the file before, and never in a device's place."""

import os
from pathlib import Path

import pytest

from pipelines.files import atomic


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
