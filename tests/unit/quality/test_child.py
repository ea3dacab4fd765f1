"""Calls in a process of their own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.errors import LmiError
from pipelines.quality.child import Child, child_process


def test_a_call_runs_in_another_process_and_its_result_comes_back() -> None:
    with child_process() as child:
        assert child.call(divmod, 17, 5)() == (3, 2)
        assert child.call(os.getpid)() != os.getpid()


def test_results_come_in_order_and_one_not_taken_is_passed_over() -> None:
    with child_process() as child:
        child.call(pow, 2, 3)
        second = child.call(pow, 2, 4)
        third = child.call(pow, 2, 5)
        assert second() == 16
        assert third() == 32


def test_what_a_call_prints_does_not_mix_with_its_answer() -> None:
    with child_process() as child:
        assert child.call(print, "said aloud")() is None
        assert child.call(abs, -3)() == 3


def test_a_call_that_raises_is_an_error_and_the_child_goes_on() -> None:
    with child_process() as child:
        failed = child.call(int, "twelve")
        with pytest.raises(LmiError, match=r"int: ValueError: .*'twelve'"):
            failed()
        assert child.call(abs, -3)() == 3


def test_a_process_that_dies_is_an_error() -> None:
    with child_process() as child:
        died = child.call(os._exit, 9)
        with pytest.raises(LmiError, match=r"_exit: its process ended with exit code 9"):
            died()


def test_the_block_ends_while_a_call_still_runs() -> None:
    begun = time.monotonic()
    with child_process() as child:
        child.call(time.sleep, 60)
    assert time.monotonic() - begun < 30


def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from pipelines.quality.child import Child\n"
        "print(Child().call(os.getpid)(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=False)
    child = int(done.stdout)
    for _ in range(200):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").is_file() and Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return  # ended, and nobody has asked for its exit code
        time.sleep(0.05)
    pytest.fail(f"process {child} still runs")


def test_a_call_to_a_stopped_process_is_an_error() -> None:
    child = Child()
    child.stop()
    with pytest.raises((LmiError, ValueError)):
        child.call(abs, -3)
