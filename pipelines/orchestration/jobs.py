"""Jobs, schedules and sensors: look for vintages once a day, publish when an input changed, report failed runs."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines import errors
from pipelines.errors import BusyError, LmiError, NoReleaseError
from pipelines.orchestration.assets import archive_key
from pipelines.orchestration.history import FETCH_JOB, JOB, about_to_begin, is_free, killed
from pipelines.release.failures import report_if_stuck, write_report
from pipelines.release.inputs import input_fingerprint
from pipelines.release.lock import hold
from pipelines.release.record import newest_release
from pipelines.settings import Settings, Source
from pipelines.sources import looked_for

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

_NOT_LIVE = dg.SkipReason("LMI_SOURCE is not live")


def _request(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    """A run when the inputs differ from the newest release's and no other run is at work; once a day for the same.

    Whether a run is at work is told by the locks, which end with their processes, and for one that has yet to begin by
    Dagster; what Dagster has of a run that was killed is no sign of life.
    """
    settings = Settings()
    if (run := about_to_begin(instance)) is not None:
        return dg.SkipReason(f"run {run.run_id} of {run.job_name} is about to begin")
    try:
        with hold(settings.data_dir):
            pass
        if not is_free(settings.archive):
            return dg.SkipReason(f"{settings.archive} is in use by a run that fetches")
        fingerprint = input_fingerprint(settings)
    except BusyError as error:
        report_if_stuck(settings, error)
        return dg.SkipReason(str(error))
    except LmiError as error:
        return dg.SkipReason(str(error))
    try:
        release = newest_release(settings)
    except NoReleaseError:
        release = None  # the run fails, too, and reports it
    if release is not None and release.manifest.input_sha256 == fingerprint:
        return dg.SkipReason(f"inputs are those of release {release.manifest.release_id}")
    # Dagster starts one run for one key: after a run that was killed, the next tick asks again
    after = [f"after {run.run_id}" for run in killed(instance)[:1]]
    return dg.RunRequest(run_key=" ".join([fingerprint, f"{datetime.now(UTC):%Y-%m-%d}", *after]))


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
            # a run that was killed has no data of its failure
            data = context.failure_event.event_specific_data
            words, self.exit_code = _own_error(getattr(data, "error", None))
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
