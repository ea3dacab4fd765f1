"""Runs that are stopped; and twenty live runs killed at random moments: long, run with make long."""

import itertools
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures.live_runs import CLUSTER_ROWS, kill_a_run, live_deployment


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_after_every_kill_the_database_opens_and_the_next_run_completes(tmp_path: Path) -> None:
    moments = random.Random(2026)
    first_date = datetime(2026, 7, 1, tzinfo=UTC)
    dates = (first_date + timedelta(minutes=number) for number in itertools.count())
    with live_deployment(tmp_path) as live:
        duration = live.ran.seconds
        for number in range(20):
            before = live.releases()
            while (killed := kill_a_run(live, moments.uniform(0.01, 0.95) * duration, next(dates))).code == 0:
                # the run was done before: the machine has less else to do than in the run measured
                duration = 0.8 * killed.seconds
            assert (killed.code, killed.cluster_rows, killed.faults) == (-signal.SIGKILL, CLUSTER_ROWS, []), number
            # a run killed at its very end may have published
            published = live.releases()
            ran = live.run("--force")
            assert ran.code == 0, f"{number}: after {killed.seconds:.1f} s of {duration:.1f} s: {ran.out}{ran.err}"
            duration = ran.seconds
            (new,) = (path for path in (live.data / "releases").iterdir() if path not in published)
            assert not new.name.startswith("."), "what broken-off runs left is cleared away"
            difference = json.loads((new / "diff.json").read_text(encoding="utf-8"))
            assert difference["previous_release_id"] == published[-1].name
            changed = {name for name, entry in difference["tables"].items() if entry["status"] != "same"}
            assert changed <= {"reference.source_vintage"}
            assert (live.data / "lmi.duckdb").read_bytes() == (new / "lmi.duckdb").read_bytes()
            print(f"{number}: killed after {killed.seconds:.1f} s, then {ran.seconds:.1f} s to {new.name}", flush=True)
            for path in before:
                shutil.rmtree(path)


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_inside_a_step_says_one_line(tmp_path: Path, by: signal.Signals) -> None:
    """Dagster has its own handlers of signals while a step runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli.main", "run", "--data-dir", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as command:
        while not list((tmp_path / "staging").glob("*/*.parquet")) and command.poll() is None:
            time.sleep(0.05)
        command.send_signal(by)
        _, said = command.communicate()
    assert (command.returncode, said) == (128 + by, b"stopped; there is no release\n")
    assert not (tmp_path / "failures").exists() or not list((tmp_path / "failures").iterdir())
