"""The run that all assets of a Dagster run share."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.quality.beside import checks_beside
from pipelines.release.run import Run, begin
from pipelines.settings import read_settings


@dg.resource
@contextmanager
def run_resource(_: dg.InitResourceContext) -> Iterator[Run]:
    """Hold the data folder from the first step of a run to its last."""
    with begin(read_settings()) as run, checks_beside(run.settings.staging, run.settings.memory_limit) as run.checks:
        yield run
