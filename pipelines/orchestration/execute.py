"""Runs the whole job in this process, on the Dagster instance that the web interface shows."""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from dagster import DagsterEventType, EventLogEntry, JobDefinition

from pipelines.errors import LmiError, Stopped
from pipelines.orchestration.assets import RELEASE_KEY, asset_key, kept_names, makers
from pipelines.orchestration.checks import published_checks
from pipelines.orchestration.definitions import defs
from pipelines.orchestration.event_log import open_instance
from pipelines.orchestration.history import JOB, tidy
from pipelines.orchestration.home import prepare_home
from pipelines.orchestration.jobs import REPORTED_TAG
from pipelines.quality.beside import checks_beside
from pipelines.quality.validation import CHECK_RESULT
from pipelines.release.run import Run

_PROGRESS = {DagsterEventType.STEP_START: False, DagsterEventType.STEP_SUCCESS: True}
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def step_names() -> list[str]:
    """Steps of the job."""
    return sorted(node.name for node in defs.resolve_job_def(JOB).nodes)


def expected_error(error: BaseException | None) -> LmiError | None:
    """The project's own error among the causes of one of Dagster's."""
    seen: list[BaseException] = []  # causes can form a circle
    while error is not None and error not in seen:
        if isinstance(error, LmiError):
            return error
        seen.append(error)
        error = error.__cause__ or error.__context__
    return None


@contextmanager
def _signals() -> Iterator[Callable[[], int | None]]:
    """Gives the last signal to stop that came; None for none.

    Dagster puts its own handlers in place of the command's, and what they raise does not name the signal.
    """
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def last() -> int | None:
        with suppress(BlockingIOError):
            came = [number for number in os.read(reading, 4_096) if number in _STOPS]
            return came[-1] if came else None
        return None

    try:
        yield last
    finally:
        signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


def _job(kept: frozenset[str]) -> JobDefinition:
    """The job without steps that have nothing to do; the checks of what is published are shown in every run."""
    job = defs.resolve_job_def(JOB)
    if not kept:
        return job
    made = [spec.key for maker in makers() if maker.name not in kept for spec in maker.specs]
    return job.get_subset(
        asset_selection={*made, asset_key(CHECK_RESULT), RELEASE_KEY},
        asset_check_selection=set(published_checks.check_keys),
    )


def execute(run: Run, *, on_step: Callable[[str, bool], None]) -> None:
    """Run the job but for steps that have nothing to do. Their error is raised.

    `on_step` gets a step's name at its start (False) and success (True).

    Raises Stopped when a signal to stop came.
    """
    prepare_home(run.settings)
    run_id = str(uuid.uuid4())

    def listen(entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is not None and event.step_key is not None and event.event_type in _PROGRESS:
            on_step(event.step_key, _PROGRESS[event.event_type])

    settings = run.settings
    with (
        checks_beside(settings.staging, settings.memory_limit, run.passed_before) as run.checks,
        open_instance() as instance,
        _signals() as stopped_by,
    ):
        tidy(instance, settings.archive, run_id)
        instance.add_event_listener(run_id, listen)
        try:
            kept = kept_names(instance, run)
            for name in kept:
                on_step(name, True)
            _job(kept).execute_in_process(
                instance=instance,
                run_id=run_id,
                tags={REPORTED_TAG: "command"},
                run_config={
                    "ops": {RELEASE_KEY.to_python_identifier(): {"config": {"force": run.force}}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
                resources={"run": run},
            )
        except BaseException as error:
            if (by := stopped_by()) is not None:
                Stopped.by = by
                raise Stopped from error
            expected = expected_error(error) if isinstance(error, Exception) else None
            if expected is None:
                raise
        else:
            return
    # not raised in the block above, where the error would become its own context
    raise expected
