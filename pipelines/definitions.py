"""Dagster's entry point: `dagster dev -m pipelines.definitions`, or `make dev`."""

import dagster as dg

from pipelines.orchestration.assets import all_assets
from pipelines.orchestration.checks import published_checks
from pipelines.orchestration.jobs import publish_indicators, weekly
from pipelines.orchestration.resources import Run

# one process for one run: the data folder is held by a lock that ends with its process
defs = dg.Definitions(
    assets=all_assets(),
    asset_checks=[published_checks],
    jobs=[publish_indicators],
    schedules=[weekly],
    resources={"run": Run()},
    executor=dg.in_process_executor,
)
