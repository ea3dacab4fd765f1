"""Dagster's entry point. `lmi dev` starts the web interface on it."""

import dagster as dg

from pipelines.orchestration.assets import all_assets
from pipelines.orchestration.checks import published_checks
from pipelines.orchestration.jobs import (
    changed_inputs,
    daily_look,
    failed_run,
    fetch_sources,
    publish_indicators,
    weekly,
)
from pipelines.orchestration.resources import run_resource
from pipelines.orchestration.years import stage_qcew_years

# one process for a run: the lock on the data folder ends with its process
defs = dg.Definitions(
    assets=all_assets(),
    asset_checks=[published_checks],
    jobs=[publish_indicators, stage_qcew_years, fetch_sources],
    schedules=[weekly, daily_look],
    sensors=[changed_inputs, failed_run],
    resources={"run": run_resource},
    executor=dg.in_process_executor,
)
