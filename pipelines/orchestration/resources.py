"""What every asset of a run shares: the settings, the held data folder, and the fingerprint of the run's inputs."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.intake.select import RunInputs, select_inputs
from pipelines.quality.early import check_soon, early_checks
from pipelines.quality.validation import data_docs_path
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

    def staged(self, table: TableName) -> None:
        """Let the checks on a table begin, beside the steps that follow."""
        check_soon(self.settings.staging, table, data_docs_path(self.settings.staging))

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Run", None, None]:
        """Hold the data folder, clear away what a broken-off run left, and take the fingerprint of the inputs."""
        self._settings = Settings()
        with early_checks(), hold(self._settings.data_dir):
            recover(self._settings)
            self._inputs = select_inputs(self._settings)
            self._input_sha256 = input_fingerprint(self._settings, self._inputs)
            yield self
