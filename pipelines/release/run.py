"""A run: the data folder that it holds, the release before it, and the fingerprint of its inputs."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from pipelines.errors import GateError
from pipelines.intake.select import RunInputs, select_inputs
from pipelines.own_files import reference_lines
from pipelines.quality.beside import Beside
from pipelines.quality.result import CheckResult
from pipelines.quality.validation import Validation
from pipelines.release.inputs import input_fingerprint
from pipelines.release.install import recover
from pipelines.release.lock import hold
from pipelines.release.manifest import Release
from pipelines.release.verify import published_verdict
from pipelines.settings import Settings
from pipelines.tables import TableName
from pipelines.warehouse.staging import Staged


class Run:
    """What all steps of a run share."""

    #: The checks that run beside the steps; set when the steps begin.
    checks: Beside

    #: What the checks of this run found; set when they have run.
    verdict: Validation | None = None
    #: Names of comparisons whose change against the release before is accepted.
    accepted: frozenset[str] = frozenset()
    #: Whether every table is made again and every check is run again, also where nothing changed.
    force: bool = False

    def __init__(self, settings: Settings, previous: Release | None) -> None:
        self.settings, self.previous = settings, previous
        #: The checksum of each table that this run made, by name.
        self.made: dict[str, str] = {}
        #: Those of them that are the files of the release before.
        self.kept: set[str] = set()
        #: The staged rows of each year, of sources that are read by year.
        self.years: dict[str, dict[str, Path]] = {}

    @cached_property
    def inputs(self) -> RunInputs:
        """What the run takes of each source, selected when it is first asked for: after a fetch in the same run."""
        return select_inputs(self.settings)

    @cached_property
    def input_sha256(self) -> str:
        """The fingerprint of the inputs."""
        return input_fingerprint(self.settings, self.inputs)

    @cached_property
    def reference_lines(self) -> list[str]:
        """The reference data without the policies, a line for each file, as they were when first asked for."""
        return reference_lines()

    @cached_property
    def policy_lines(self) -> list[str]:
        """The same with the policies."""
        return reference_lines(policies=True)

    @cached_property
    def verdict_before(self) -> Validation | None:
        """The verdict on the release before, which a run may keep tables and results of; None if there is none."""
        return None if self.force or self.previous is None else published_verdict(self.previous)

    @property
    def passed_before(self) -> dict[tuple[TableName, str], CheckResult]:
        """The checks under which the release before was published and that passed."""
        return {} if self.verdict_before is None else self.verdict_before.passed

    def staged(self, table: TableName, staged: Staged, *, is_kept: bool = False) -> None:
        """Remember a table that this run made, or kept of the release before, and begin its checks."""
        self.made[str(table)] = staged.sha256
        if is_kept:
            self.kept.add(str(table))
        self.checks.staged(table)

    def hold_inputs(self) -> None:
        """Raise GateError if what the run reads is not what it was when the run began.

        Tables read at different moments would belong to different inputs.
        """
        if input_fingerprint(self.settings, self.inputs) != self.input_sha256:
            what = "a policy, an overlay, other reference data or code changed while the run was at work"
            raise GateError(f"nothing published: {what}; run again")

    @property
    def is_published(self) -> bool:
        """Whether the release before was made from the same inputs."""
        return self.previous is not None and self.previous.manifest.input_sha256 == self.input_sha256


@contextmanager
def begin(settings: Settings) -> Iterator[Run]:
    """Hold the data folder and put it in order. Raises BusyError when another run holds it."""
    with hold(settings.data_dir):
        yield Run(settings, recover(settings))
