"""A run: the data folder that it holds, the release before it, and the fingerprint of its inputs."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from pipelines.intake.select import RunInputs, select_inputs
from pipelines.quality.beside import Beside
from pipelines.release.inputs import input_fingerprint
from pipelines.release.install import recover
from pipelines.release.lock import hold
from pipelines.release.manifest import Release
from pipelines.settings import Settings


class Run:
    """What all steps of a run share."""

    #: The checks that run beside the steps; set when the steps begin.
    checks: Beside

    def __init__(self, settings: Settings, previous: Release | None) -> None:
        self.settings, self.previous = settings, previous

    @cached_property
    def inputs(self) -> RunInputs:
        """What the run takes of each source, selected when it is first asked for: after a fetch in the same run."""
        return select_inputs(self.settings)

    @cached_property
    def input_sha256(self) -> str:
        """The fingerprint of the inputs."""
        return input_fingerprint(self.settings, self.inputs)

    @property
    def is_published(self) -> bool:
        """Whether the release before was made from the same inputs."""
        return self.previous is not None and self.previous.manifest.input_sha256 == self.input_sha256


@contextmanager
def begin(settings: Settings) -> Iterator[Run]:
    """Hold the data folder and put it in order. Raises BusyError when another run holds it."""
    with hold(settings.data_dir):
        yield Run(settings, recover(settings))
