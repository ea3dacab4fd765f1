"""What every asset of a run shares: the settings, the held data folder, and the fingerprint of the run's inputs."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.intake.select import RunInputs, select_inputs
from pipelines.quality.beside import Beside, checks_beside
from pipelines.release.inputs import input_fingerprint
from pipelines.release.lock import hold
from pipelines.release.publish import recover
from pipelines.settings import Settings
from pipelines.tables import TableName


class Run(dg.ConfigurableResource[Any]):
    """Holds the data folder from the first step of a run to its last."""

    _settings: Settings = PrivateAttr()
    _inputs: RunInputs = PrivateAttr()
    _input_sha256: str = PrivateAttr()
    _checks: Beside = PrivateAttr()

    @property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self._settings

    @property
    def inputs(self) -> RunInputs:
        """What this run takes of each source."""
        return self._inputs

    @property
    def input_sha256(self) -> str:
        """The fingerprint of this run's inputs."""
        return self._input_sha256

    @property
    def checks(self) -> Beside:
        """The checks that run beside the steps of this run."""
        return self._checks

    def staged(self, table: TableName) -> None:
        """Begin the checks of a table, beside the steps that follow."""
        self._checks.staged(table)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Run", None, None]:
        """Hold the data folder, clear away what a broken-off run left, and take the fingerprint of the inputs."""
        self._settings = Settings()
        with hold(self._settings.data_dir):
            recover(self._settings)
            self._inputs = select_inputs(self._settings)
            self._input_sha256 = input_fingerprint(self._settings, self._inputs)
            with checks_beside(self._settings.staging, self._settings.memory_limit) as self._checks:
                yield self
