"""Dagster's history of runs: which are about to begin, which are dead, and which are old enough to forget."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from pipelines.archive.store import Archive
from pipelines.errors import BusyError
from pipelines.orchestration.event_log import forget

JOB = "publish_indicators"
FETCH_JOB = "fetch_sources"

#: Runs that Dagster keeps; one that publishes has some 5 MB of events.
KEPT_RUNS = 30
#: A run that has not begun by then never will.
_LONGEST_WAIT = timedelta(minutes=10)
_WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]
_BEGUN = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def about_to_begin(instance: dg.DagsterInstance) -> dg.DagsterRun | None:
    """A run that fetches or publishes and does not hold its lock yet."""
    waiting = dg.RunsFilter(statuses=_WAITING, created_after=datetime.now(UTC) - _LONGEST_WAIT)
    return next((run for run in instance.get_runs(waiting) if run.job_name in (JOB, FETCH_JOB)), None)


def is_free(archive: Path) -> bool:
    """Whether nobody fetches into an archive."""
    if not archive.is_dir():
        return True
    try:
        with Archive(archive).hold():
            return True
    except BusyError:
        return False


def killed(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs that Dagster has as publishing, to be asked while nobody holds the data folder, or by who does."""
    at_work = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING], job_name=JOB)
    return list(instance.get_runs(at_work))


def tidy(instance: dg.DagsterInstance, archive: Path, own_run_id: str) -> None:
    """Mark killed runs as failed and forget old ones. The caller holds the data folder, so no other run publishes."""
    dead = killed(instance)
    if is_free(archive):
        long_ago = dg.RunsFilter(statuses=_BEGUN, created_before=datetime.now(UTC) - _LONGEST_WAIT)
        dead += instance.get_runs(long_ago)
    for run in {run.run_id: run for run in dead if run.run_id != own_run_id}.values():
        instance.report_run_failed(run, "The run was killed: it has not ended, and nobody holds its lock.")
    if old := instance.get_runs(dg.RunsFilter(statuses=_ENDED))[KEPT_RUNS:]:
        # a later run that keeps a table reads there what it was made from
        newest = {record.asset_entry.last_run_id for record in instance.get_asset_records()}
        for run in old:
            if run.run_id not in newest:
                forget(instance, run.run_id)
