"""Jobs, schedules and sensors: look for vintages once a day, publish when an input changed, report failed runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from pipelines import errors
from pipelines.errors import BusyError, LmiError
from pipelines.orchestration.assets import archive_key
from pipelines.release.failures import report_if_stuck, write_report
from pipelines.release.inputs import input_fingerprint
from pipelines.release.lock import hold
from pipelines.release.manifest import newest_release
from pipelines.settings import Settings, Source
from pipelines.sources import looked_for

JOB = "publish_indicators"
FETCH_JOB = "fetch_sources"
#: Tag of runs that the command started and reports on itself.
REPORTED_TAG = "lmi/reported"

_ARCHIVE = dg.AssetSelection.assets(*(archive_key(source) for source in looked_for()))

publish_indicators = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() - _ARCHIVE,
    description="From the sources to a published release; publishes nothing when no input changed",
    executor_def=dg.in_process_executor,
)

fetch_sources = dg.define_asset_job(
    FETCH_JOB,
    selection=_ARCHIVE,
    description="Looks for the newest vintage of every source and takes it into the archive; publishes nothing",
    executor_def=dg.in_process_executor,
)

_ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
_UNFINISHED = [status for status in dg.DagsterRunStatus if status not in _ENDED]
#: An unfinished run that began earlier was killed, and Dagster was not told.
_LONGEST_RUN = timedelta(hours=3)
_NOT_LIVE = dg.SkipReason("LMI_SOURCE is not live")


def _unfinished_run(instance: dg.DagsterInstance) -> dg.DagsterRun | None:
    """A run that fetches or publishes: inputs may change, or two runs would need the same folder."""
    unfinished = dg.RunsFilter(statuses=_UNFINISHED, created_after=datetime.now(UTC) - _LONGEST_RUN)
    return next((run for run in instance.get_runs(unfinished) if run.job_name in (JOB, FETCH_JOB)), None)


def _request(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    """A run when the inputs differ from the newest release's and no other run is at work; once a day for the same."""
    settings = Settings()
    if (run := _unfinished_run(instance)) is not None:
        return dg.SkipReason(f"run {run.run_id} of {run.job_name} is at work")
    try:
        with hold(settings.data_dir):
            pass
        fingerprint = input_fingerprint(settings)
    except BusyError as error:
        report_if_stuck(settings, error)
        return dg.SkipReason(str(error))
    except LmiError as error:
        return dg.SkipReason(str(error))
    release = newest_release(settings)
    if release is not None and release.manifest.input_sha256 == fingerprint:
        return dg.SkipReason(f"inputs are those of release {release.manifest.release_id}")
    return dg.RunRequest(run_key=f"{fingerprint} {datetime.now(UTC):%Y-%m-%d}")


@dg.schedule(
    job=publish_indicators,
    cron_schedule="0 6 * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Mondays at 6:00 UTC, when any input changed since the last release",
)
def weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Run when the inputs differ from the newest release's."""
    return _request(context.instance)


@dg.schedule(
    job=fetch_sources,
    cron_schedule="17 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every day at 5:17 UTC in a live deployment: one conditional request for each file",
)
def daily_look(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Look for new vintages in a live deployment."""
    return dg.RunRequest() if Settings().source is Source.LIVE else _NOT_LIVE


@dg.sensor(
    job=publish_indicators,
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Publishes when a vintage in the archive, or any other input of a release, has changed",
)
def changed_inputs(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Run for each new set of inputs of a live deployment."""
    return _request(context.instance) if Settings().source is Source.LIVE else _NOT_LIVE


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes a report of each failed run to data/failures and posts it to LMI_WEBHOOK_URL",
)
def failed_run(context: dg.RunFailureSensorContext) -> None:
    """Report a failed run, unless the command reports it itself or the data folder was only busy."""
    error = FailedRunError(context)
    if error.exit_code == BusyError.exit_code:
        report_if_stuck(Settings(), error)
    elif context.dagster_run.tags.get(REPORTED_TAG) is None:
        write_report(Settings(), f"Run {context.dagster_run.run_id} of {context.dagster_run.job_name}", error)


class FailedRunError(LmiError):
    """A run that failed in Dagster: what each step said, and the exit code of the project's own error behind it."""

    def __init__(self, context: dg.RunFailureSensorContext) -> None:
        messages = []
        for event in context.get_step_failure_events():
            words, self.exit_code = _own_error(event.step_failure_data.error)
            messages.append(f"{event.step_key}: {words or event.step_failure_data.error_display_string}")
        if not messages:
            words, self.exit_code = _own_error(context.failure_event.job_failure_data.error)
            messages.append(words or context.failure_event.message or "no message")
        super().__init__("\n".join(messages))


_OWN_ERRORS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, LmiError)
}


def _own_error(info: Any) -> tuple[str | None, int]:
    """Message (or None) and exit code of our own error in Dagster's record of an exception (a private type)."""
    while info is not None:
        kind = _OWN_ERRORS.get(info.cls_name or "")
        if kind is not None:
            return info.message.strip().removeprefix(f"{kind.__module__}.{kind.__name__}: "), kind.exit_code
        info = info.cause or info.context
    return None, LmiError.exit_code
