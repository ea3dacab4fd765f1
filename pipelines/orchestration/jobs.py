"""Jobs, schedules and sensors: fetch politely once a day, publish when an input changed, tell when a run failed."""

from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES
from dagster_shared.error import SerializableErrorInfo

from pipelines import errors
from pipelines.errors import BusyError, LmiError
from pipelines.orchestration.assets import archive_key
from pipelines.release.failures import write_report
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
    description="From the sources to a published release; nothing new is published from inputs that did not change",
    executor_def=dg.in_process_executor,
)

fetch_sources = dg.define_asset_job(
    FETCH_JOB,
    selection=_ARCHIVE,
    description="Looks for the newest edition of every source and takes it into the archive; publishes nothing",
    executor_def=dg.in_process_executor,
)


#: A run that began before is taken for one that was broken off, of which Dagster was not told.
_LONGEST_RUN = timedelta(hours=3)


def _at_work(instance: dg.DagsterInstance) -> dg.DagsterRun | None:
    """A run that fetches or publishes, or is about to: inputs change, or two would be in each other's way."""
    unfinished = dg.RunsFilter(statuses=NOT_FINISHED_STATUSES, created_after=datetime.now(UTC) - _LONGEST_RUN)
    return next((run for run in instance.get_runs(unfinished) if run.job_name in (JOB, FETCH_JOB)), None)


def _request(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    """A run when the inputs are not those of the newest release and no other run is at work.

    Asked for once a day for the same inputs: a run that was broken off is made good, one that the gate refused is not
    tried all day long.
    """
    settings = Settings()
    if (run := _at_work(instance)) is not None:
        return dg.SkipReason(f"run {run.run_id} of {run.job_name} is at work")
    try:
        with hold(settings.data_dir):
            pass
        fingerprint = input_fingerprint(settings)
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
    """Run when the inputs are not those of the newest release."""
    return _request(context.instance)


@dg.schedule(
    job=fetch_sources,
    cron_schedule="17 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every day at 5:17 UTC in a live deployment: one conditional request for each file",
)
def daily_look(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Look for new editions where the deployment is live."""
    if Settings().source is not Source.LIVE:
        return dg.SkipReason("LMI_SOURCE is not live")
    return dg.RunRequest()


@dg.sensor(
    job=publish_indicators,
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Publishes when an edition in the archive, or anything else a release is made from, has changed",
)
def changed_inputs(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Run for each new set of inputs of a live deployment."""
    if Settings().source is not Source.LIVE:
        return dg.SkipReason("LMI_SOURCE is not live")
    return _request(context.instance)


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes a report of each failed run to data/failures and tells LMI_WEBHOOK_URL",
)
def failed_run(context: dg.RunFailureSensorContext) -> None:
    """Report a run that no command reports on; that another is at work is no failure."""
    error = FailedRunError(context)
    if context.dagster_run.tags.get(REPORTED_TAG) is None and error.exit_code != BusyError.exit_code:
        write_report(Settings(), f"Run {context.dagster_run.run_id} of {context.dagster_run.job_name}", error)


class FailedRunError(LmiError):
    """A run that Dagster saw fail: step by step, and with the exit code of, the project's own error behind it."""

    def __init__(self, context: dg.RunFailureSensorContext) -> None:
        told = []
        for event in context.get_step_failure_events():
            words, exit_code = _own_error(event.step_failure_data.error)
            told.append(f"{event.step_key}: {words or event.step_failure_data.error_display_string}")
            self.exit_code = exit_code
        if not told:
            data = context.failure_event.job_failure_data
            words, self.exit_code = _own_error(data.error)
            told.append(words or context.failure_event.message or "no message")
        super().__init__("\n".join(told))


_OWN_ERRORS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, LmiError)
}


def _own_error(info: SerializableErrorInfo | None) -> tuple[str | None, int]:
    """Words and exit code of the project's own error among the causes of one of Dagster's; no words without one."""
    while info is not None:
        kind = _OWN_ERRORS.get(info.cls_name or "")
        if kind is not None:
            return info.message.strip().removeprefix(f"{kind.__module__}.{kind.__name__}: "), kind.exit_code
        info = info.cause or info.context
    return None, LmiError.exit_code
