"""Commands that are stopped say one line and end by the signal's number; what they began is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures.command import PROJECT, Ran

pytestmark = pytest.mark.slow

SIGNALS = pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])


def _start(options: list[str], arguments: str, data: Path, scratch: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *options, "-m", "pipelines.cli", *arguments.format(out=scratch / "out").split()],
        cwd=PROJECT,
        env=os.environ | {"LMI_DATA_DIR": str(data), "TMPDIR": str(scratch), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@SIGNALS
@pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        ("export WY --out {out}/new", "out/new/.lmi-export-*/csv/*.csv"),
        ("report WY --charts --out {out}", "out/WY_charts/*.png"),
        ("report WY --format pdf --out {out}/new/er", "lmi-pdf-*/profile"),
        ("report --all --out {out}", "out/*.html"),
        ("site --only WY --out {out}/site", "out/.lmi-site-*/site/reports/*"),
        ("validate", "lmi-*"),
    ],
)
def test_a_command_at_work_says_one_line_and_leaves_nothing_unfinished(
    first_run: tuple[Path, Ran], tmp_path: Path, arguments: str, sign: str, by: signal.Signals
) -> None:
    with _start([], arguments, first_run[0], tmp_path) as command:
        while not list(tmp_path.glob(sign)) and command.poll() is None:
            time.sleep(0.01)
        command.send_signal(by)
        out, said = command.communicate()
    assert (command.returncode, out) == (128 + by, ""), said
    assert said.startswith("stopped; release ")
    assert said.count("\n") == 1
    # of many reports those that are finished stay, whole
    left = [path for path in tmp_path.rglob("*") if path.suffix != ".html"]
    assert left == ([tmp_path / "out"] if "--all" in arguments else [])
    assert all(path.read_text(encoding="utf-8").rstrip().endswith("</html>") for path in tmp_path.rglob("*.html"))


@SIGNALS
@pytest.mark.parametrize("module", ["typer", "rich.console", "polars", "pipelines.cli.writing"])
def test_a_command_that_begins_is_stopped_without_a_traceback(
    first_run: tuple[Path, Ran], tmp_path: Path, module: str, by: signal.Signals
) -> None:
    """Python tells of each module that it has imported, so that the moment is known."""
    with _start(["-X", "importtime"], "flags OH", first_run[0], tmp_path) as command:
        assert command.stderr is not None
        told = iter(command.stderr.readline, "")
        assert any(line.endswith(f" {module}\n") for line in told)
        command.send_signal(by)
        out, rest = command.communicate()
    said = [line for line in rest.splitlines() if not line.startswith("import time:")]
    assert (command.returncode, out) == (128 + by, ""), said
    assert len(said) == 1
    assert said[0].startswith("stopped")
