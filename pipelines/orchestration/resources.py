"""The run that all assets of a Dagster run share."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.orchestration.history import tidy
from pipelines.quality.beside import checks_beside
from pipelines.release.run import Run, begin
from pipelines.settings import read_settings

_FORCE = dg.Field(bool, default_value=False, description="Make every table and run every check again")


@dg.resource(config_schema={"force": _FORCE})
@contextmanager
def run_resource(context: dg.InitResourceContext) -> Iterator[Run]:
    """Hold the data folder from the first step of a run to its last."""
    settings = read_settings()
    with begin(settings) as run:
        run.force = context.resource_config["force"]
        with checks_beside(settings.staging, settings.memory_limit, run.passed_before) as run.checks:
            if context.instance is not None and context.run is not None:
                tidy(context.instance, settings.archive, context.run.run_id)
            yield run
