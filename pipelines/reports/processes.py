"""Work shared out to processes, each of which is prepared once."""

import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from os import cpu_count
from typing import Any

#: Each process holds a JavaScript engine that draws; more of them than this gain little.
PROCESSES = 4


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started here do not hear Ctrl-C, which a terminal sends to all: the one that began them ends them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def share_out(
    tasks: Mapping[str, tuple[Any, ...]],
    make: Callable[..., None],
    begin: Callable[..., None],
    given: tuple[Any, ...],
    *,
    processes: int | None = None,
    on_step: Callable[[str, bool], None] = lambda name, done: None,
) -> None:
    """Call `make` with the arguments of each task, in processes that each called `begin` with what is `given`.

    `on_step` hears the name of each task as it is done. The first error ends the work and is raised.
    """
    workers = processes or max(1, min(PROCESSES, cpu_count() or 1))
    # started afresh: a copy of a process that has used DuckDB and Polars may hang
    with ProcessPoolExecutor(workers, get_context("spawn"), begin, given) as pool:
        with _deaf_to_ctrl_c():
            waiting = {pool.submit(make, *arguments): name for name, arguments in tasks.items()}
        try:
            for done in as_completed(waiting):
                done.result()
                on_step(waiting[done], True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
