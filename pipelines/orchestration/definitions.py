"""Dagster's entry point: `dagster dev -m pipelines.definitions`, or `make dev`."""

import dagster as dg

from pipelines.orchestration.assets import all_assets
from pipelines.orchestration.checks import freshness_checks, published_checks
from pipelines.orchestration.jobs import (
    changed_inputs,
    daily_look,
    failed_run,
    fetch_sources,
    publish_indicators,
    weekly,
)
from pipelines.orchestration.resources import Run

# one process for one run: the data folder is held by a lock that ends with its process
defs = dg.Definitions(
    assets=all_assets(),
    asset_checks=[published_checks, freshness_checks],
    jobs=[publish_indicators, fetch_sources],
    schedules=[weekly, daily_look],
    sensors=[changed_inputs, failed_run],
    resources={"run": Run()},
    executor=dg.in_process_executor,
)
