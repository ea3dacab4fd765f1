"""The run that all assets of a Dagster run share."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.orchestration.history import tidy
from pipelines.quality.beside import checks_beside
from pipelines.release.run import Run, begin
from pipelines.settings import read_settings


@dg.resource
@contextmanager
def run_resource(context: dg.InitResourceContext) -> Iterator[Run]:
    """Hold the data folder from the first step of a run to its last."""
    settings = read_settings()
    with begin(settings) as run, checks_beside(settings.staging, settings.memory_limit) as run.checks:
        if context.instance is not None and context.run is not None:
            tidy(context.instance, settings.archive, context.run.run_id)
        yield run
