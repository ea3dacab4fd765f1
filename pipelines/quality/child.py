"""Function calls in a process of its own, beside this one: `python -m pipelines.quality.child` is the other end.

The process ends when its input does, so also when its parent is killed, and it never runs the parent's main script.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import IO, Any, TypeVar, cast

from pipelines.errors import LmiError

T = TypeVar("T")


class Child:
    """A process that answers calls one after another.

    A function must be a module's own; its arguments and result must be picklable.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._calls = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._sent = self._received = 0

    def call(self, function: Callable[..., T], *arguments: object) -> Callable[[], T]:
        """Send a call, and give a function that waits for its result.

        Results are taken in the order of the calls; one that is not taken is passed over. The result raises LmiError
        when the call raised or the process ended without an answer.
        """
        self._sent += 1
        number = self._sent
        try:
            pickle.dump((function, arguments), self._calls)
            self._calls.flush()
        except BrokenPipeError as error:
            raise LmiError(f"{function.__name__}: its process has ended") from error

        def result() -> T:
            try:
                while self._received < number:
                    answer, error = pickle.load(self._answers)
                    self._received += 1
            except EOFError:
                code = self._process.wait()
                raise LmiError(f"{function.__name__}: its process ended with exit code {code}") from None
            if error is not None:
                raise LmiError(f"{function.__name__}: {error}")
            return cast("T", answer)

        return result

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._answers.close()
        with suppress(BrokenPipeError):  # a call that was not taken any more
            self._calls.close()
        self._process.wait()


@contextmanager
def child_process() -> Generator[Child, None, None]:
    """A child that is stopped at the end of the block."""
    child = Child()
    try:
        yield child
    finally:
        child.stop()


def _answer_calls() -> None:
    # what a call prints must not mix with its answer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        while True:
            try:
                function, arguments = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            answer: tuple[Any, str | None]
            try:
                answer = function(*arguments), None
            except Exception as error:
                answer = None, f"{type(error).__name__}: {error}"
            pickle.dump(answer, answers)
            answers.flush()


if __name__ == "__main__":
    _answer_calls()
