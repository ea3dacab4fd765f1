"""A signal between two steps of the command itself ends it in one line, too."""

import signal
import subprocess
import sys

import pytest

from tests.fixtures.command import PROJECT

#: Sends a signal at the moment when the command puts a handler in place, or takes it away.
CODE = """
import os, signal
from pipelines.cli import main, start

real = signal.signal


def between(number, handler):
    if {when} and not signal.seen:
        signal.seen = True
        os.kill(os.getpid(), {by})
    return real(number, handler)


signal.seen, signal.signal = False, between
start.main()
"""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["begins", "ends"])
def test_a_signal_between_two_steps_ends_the_command(moment: str, by: signal.Signals) -> None:
    # at the end the first handler goes while the others are there
    when = {
        "begins": f"handler is main._stop and signal.getsignal({by:d}) is main._stop",
        "ends": f"handler is start._end and signal.getsignal({by:d}) is main._stop",
    }[moment]
    code = CODE.format(when=when, by=int(by))
    ran = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 128 + by, ran.stderr
    assert ran.stderr.startswith("stopped")
    assert ran.stderr.count("\n") == 1
