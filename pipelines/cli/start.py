"""The first lines of the command: it hears a signal before anything that takes long to import."""

import os
import signal
from typing import NoReturn

from pipelines.errors import Stopped


def _end(by: int, _: object) -> NoReturn:
    """End before the command itself hears signals: nothing has been begun that would have to be put away."""
    os.write(2, b"stopped before it began\n")
    os._exit(128 + by)


def main() -> None:
    """Run the command `lmi`. Raises SystemExit."""
    for number in Stopped.heard():
        signal.signal(number, _end)
    from pipelines.cli.main import main as run  # noqa: PLC0415

    try:
        run()
    except Stopped:  # between two steps of the command itself
        os.write(2, b"stopped\n")
        raise SystemExit(128 + (Stopped.by or signal.SIGTERM)) from None
    finally:
        # all is done and said, and the exit code stands: Python's own end is not stopped halfway
        for number in Stopped.SIGNALS:
            signal.signal(number, signal.SIG_IGN)
