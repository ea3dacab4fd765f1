"""One run at a time: the lock ends with its holder, however that ends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.errors import BusyError, LmiError
from pipelines.paths import PROJECT
from pipelines.release.lock import hold

HOLDER = """
import sys
from pathlib import Path
from pipelines.release.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _another_process_holds(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_hold_is_refused_at_once_and_names_the_process(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(BusyError, match="in use by another run") as caught, hold(tmp_path):
        pass
    assert f"process {os.getpid()}, started 20" in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_the_folder_is_made_and_free_again_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    for _ in range(2):
        with hold(folder):
            assert folder.is_dir()
    assert not (folder / ".run.json").exists()


def test_the_folder_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path):
        _ = 1 / 0
    with hold(tmp_path):
        pass


def test_two_folders_can_be_held_at_once(tmp_path: Path) -> None:
    with hold(tmp_path / "one"), hold(tmp_path / "two"):
        pass


def test_the_folder_is_free_after_its_holder_was_killed(tmp_path: Path) -> None:
    with _another_process_holds(tmp_path) as process:
        with pytest.raises(BusyError, match=f"process {process.pid},"), hold(tmp_path):
            pass
        process.kill()
        process.wait()
        assert (tmp_path / ".run.json").exists(), "it had no time to tidy up"
        with hold(tmp_path):
            pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with (
        pytest.raises(LmiError, match=r"the data folder .*/data cannot be written: something of this name is there"),
        hold(tmp_path / "data"),
    ):
        pass


def test_a_holder_that_cannot_be_named_is_still_a_holder(tmp_path: Path) -> None:
    with hold(tmp_path):
        (tmp_path / ".run.json").write_text("{", encoding="utf-8")
        with pytest.raises(BusyError, match="another process"), hold(tmp_path):
            pass
