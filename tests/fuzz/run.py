"""Feeds mutated files of every source to intake, and counts what becomes of them: `make fuzz`.

Workers are processes of their own with a limit of memory, and a case that takes too long ends its worker. The seed
and the number of a case make it again: `python -m tests.fuzz.run --only 123`.
"""

import argparse
import multiprocessing
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random

import polars as pl

from pipelines.archive.distrust import check_download
from pipelines.archive.find import find_files
from pipelines.contracts.model import contracts
from pipelines.errors import LmiError
from pipelines.intake.whole import refuse_partial
from pipelines.publishers.common import Written
from pipelines.publishers.registry import read
from pipelines.sources import declared_sources
from pipelines.tables import TableName
from tests.fuzz.mutations import Mutation, mutations_of
from tests.fuzz.originals import ORIGINALS, write_originals

SEED = 2025
#: A case takes a second at most; a busy machine may take many times as long.
SECONDS = 120
MEMORY_BYTES = 1_000_000_000
#: Outcomes that must not be.
BAD = frozenset({"silent", "traceback", "hang", "abort", "memory"})
#: So many rows may be lost or won where a mutation takes or doubles a few.
_FEW = 4
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Case:
    """A mutated file: its number, what was done to which original, the outcome, and what is to say about it."""

    number: int
    original: int
    mutation: str
    outcome: str
    told: str


class Worker:
    """Runs cases in a process of its own."""

    def __init__(self, originals: Path) -> None:
        self.originals = originals
        self.expected: dict[int, Tables] = {}
        self.scratch = Path(tempfile.mkdtemp(prefix="fuzz-"))

    def intake(self, number: int, folder: Path, before: Tables | None) -> Tables:
        """The tables of a folder, held against those of the edition before."""
        source = ORIGINALS[number].source
        with tempfile.TemporaryDirectory(dir=self.scratch) as scratch:
            files = find_files(source, folder)
            _, tables = read(source, files, Path(scratch))
            named = {table.name: content for table, content in tables.items()}
            refuse_partial(source, files, named, before or {})
            return {
                name: pl.read_parquet(content.path) if isinstance(content, Written) else content
                for name, content in named.items()
            }

    def run(self, number: int) -> Case:
        """One case; an error that is not one of the project's is an outcome, too."""
        random = Random(f"{SEED}-{number}")
        at = number % len(ORIGINALS)
        original = ORIGINALS[at]
        if at not in self.expected:
            self.expected[at] = self.intake(at, self.originals / str(at), None)
        fitting = mutations_of(original.changed)
        # by turns, so that every mutation comes to every file
        mutation = fitting[(number // len(ORIGINALS)) % len(fitting)]
        folder = self.scratch / "case"
        shutil.copytree(self.originals / str(at), folder)
        try:
            path = folder / original.changed
            data = path.read_bytes()
            changed = mutation.change(data, random)
            path.write_bytes(changed)
            outcome, told = self.outcome(at, folder, mutation, is_same=changed == data)
        finally:
            shutil.rmtree(folder)
        if _most_memory() > MEMORY_BYTES:
            outcome = "memory"
        return Case(number, at, mutation.name, outcome, told)

    def outcome(self, at: int, folder: Path, mutation: Mutation, *, is_same: bool) -> tuple[str, str]:
        original = ORIGINALS[at]
        declared = declared_sources()[original.source].file_of(original.changed)
        assert declared is not None
        try:
            with suppress(LmiError):  # a folder of files does without these checks
                check_download(folder / original.changed, declared, source=original.source)
            found = self.intake(at, folder, self.expected[at])
        except LmiError as error:
            return ("refused" if mutation.allows != "harmless" or is_same else "silent"), str(error)[:300]
        except BaseException:
            return "traceback", traceback.format_exc()[-1500:]
        lost, won, changed = _difference(self.expected[at], found)
        told = f"{lost} rows lost, {won} won, {changed} changed"
        if not lost and not won and not changed:
            return "same", ""
        if mutation.allows == "value" and lost <= 1 and won <= 1 and lost + won + changed <= _FEW:
            return "plausible", told
        if mutation.allows == "rows" and lost <= _FEW and won <= _FEW and changed <= _FEW:
            return "within bounds", told
        return "silent", told


def _most_memory() -> int:
    """The most bytes that this process held; what its parent held before it began does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.MULTILINE)[1]) * 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _difference(before: Tables, after: Tables) -> tuple[int, int, int]:
    """How many rows the tables lose, win and change, by their keys."""
    lost = won = changed = 0
    for name, table in before.items():
        contract = contracts().get(TableName("raw", name))
        order = [column for column in ("sort_order",) if column in table.columns]
        old, new = table.drop(order), after[name].drop(order)
        key = list(contract.primary_key) if contract else old.columns
        gone = old.join(new, on=old.columns, how="anti", nulls_equal=True)
        come = new.join(old, on=old.columns, how="anti", nulls_equal=True)
        both = gone.join(come.select(key), on=key, how="semi", nulls_equal=True).height
        lost, won, changed = lost + gone.height - both, won + come.height - both, changed + both
        lost += max(0, old.height - new.height - gone.height)
        won += max(0, new.height - old.height - come.height)
    return lost, won, changed


def _work(pipe: Connection, originals: Path) -> None:
    """Run the cases that come through the pipe."""
    # reserved addresses count, too, so the limit of what is used is tested after each case
    resource.setrlimit(resource.RLIMIT_AS, (8 * MEMORY_BYTES, 8 * MEMORY_BYTES))
    worker = Worker(originals)
    while (number := pipe.recv()) is not None:
        pipe.send(worker.run(number))
    shutil.rmtree(worker.scratch)


class _Crew:
    """Workers, each with the case that it is at and since when."""

    def __init__(self, originals: Path) -> None:
        self.originals = originals
        self.context = multiprocessing.get_context("spawn")
        self.busy: dict[Connection, tuple[int, float]] = {}
        self.process: dict[Connection, multiprocessing.process.BaseProcess] = {}

    def start(self) -> Connection:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=_work, args=(theirs, self.originals), daemon=True)
        process.start()
        theirs.close()
        self.process[ours] = process
        return ours

    def give(self, pipe: Connection, number: int | None) -> None:
        pipe.send(number)
        self.busy.pop(pipe, None)
        if number is not None:
            self.busy[pipe] = (number, time.monotonic())

    def end(self, pipe: Connection) -> None:
        self.process.pop(pipe).kill()
        self.busy.pop(pipe, None)
        pipe.close()

    def finished(self) -> Iterator[tuple[Connection, Case]]:
        """The cases that ended, by themselves or not."""
        for ready in wait(list(self.busy), timeout=1):
            assert isinstance(ready, Connection)
            number = self.busy[ready][0]
            try:
                yield ready, ready.recv()
            except EOFError:
                yield ready, _ended(number, "abort")
        now = time.monotonic()
        for pipe, (number, since) in list(self.busy.items()):
            if now - since > SECONDS:
                yield pipe, _ended(number, "hang")


def _ended(number: int, outcome: str) -> Case:
    at = number % len(ORIGINALS)
    fitting = mutations_of(ORIGINALS[at].changed)
    return Case(number, at, fitting[(number // len(ORIGINALS)) % len(fitting)].name, outcome, "the worker ended")


def run_cases(numbers: list[int], workers: int) -> list[Case]:
    """Run cases by their numbers, in order of their end."""
    done: list[Case] = []
    waiting = list(reversed(numbers))
    with tempfile.TemporaryDirectory(prefix="fuzz-originals-") as folder:
        originals = Path(folder) / "originals"
        write_originals(originals)
        crew = _Crew(originals)
        for _ in range(min(workers, len(waiting))):
            crew.give(crew.start(), waiting.pop())
        while crew.busy:
            for pipe, case in crew.finished():
                done.append(case)
                ended = pipe
                if case.outcome in {"abort", "hang", "memory"}:
                    crew.end(pipe)
                    ended = crew.start() if waiting else pipe
                if waiting:
                    crew.give(ended, waiting.pop())
                elif ended in crew.process:
                    crew.give(ended, None)
        for process in crew.process.values():
            process.join(5)
    return done


def summary(cases: list[Case]) -> str:
    """Counts by mutation and outcome, and the bad cases."""
    outcomes = sorted({case.outcome for case in cases}, key=lambda each: (each in BAD, each))
    counts = Counter((case.mutation, case.outcome) for case in cases)
    rows = [["", *outcomes]]
    rows += [
        [name, *(str(counts[name, outcome] or "") for outcome in outcomes)]
        for name in sorted({case.mutation for case in cases})
    ]
    totals = Counter(case.outcome for case in cases)
    rows.append(["all", *(str(totals[outcome]) for outcome in outcomes)])
    lines = [f"{row[0]:<42}" + "".join(f"{cell:>15}" for cell in row[1:]) for row in rows]
    for case in sorted(cases, key=lambda case: case.number):
        if case.outcome in BAD:
            original = ORIGINALS[case.original]
            lines.append(f"{case.outcome}: case {case.number}, {original.changed}, {case.mutation}: {case.told}")
    return "\n".join(lines)


def main() -> int:
    """Run the cases of the command line. The exit code is 1 if any case has an outcome that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int)
    given = parser.parse_args()
    numbers = list(range(given.first, given.first + given.cases)) if given.only is None else [given.only]
    cases = run_cases(numbers, given.workers)
    print(summary(cases))
    if given.only is not None:
        print(cases[0])
    return int(any(case.outcome in BAD for case in cases))


if __name__ == "__main__":
    sys.exit(main())
