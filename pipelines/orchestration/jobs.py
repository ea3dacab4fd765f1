"""The job for the whole pipeline and its weekly schedule."""

import dagster as dg

from pipelines.release.inputs import input_fingerprint
from pipelines.release.manifest import newest_release
from pipelines.settings import Settings

JOB = "publish_indicators"

publish_indicators = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all(),
    description="From the sources to a published release; nothing new is published from inputs that did not change",
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    job=publish_indicators,
    cron_schedule="0 6 * * 1",
    execution_timezone="UTC",
    description="Mondays at 6:00 UTC, when any input changed since the last release",
)
def weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Run when the inputs are not those of the newest release."""
    settings = Settings()
    release = newest_release(settings)
    fingerprint = input_fingerprint(settings)
    if release is not None and release.manifest.input_sha256 == fingerprint:
        return dg.SkipReason(f"inputs are those of release {release.manifest.release_id}")
    return dg.RunRequest(run_key=fingerprint)
