"""One run at a time on a data folder."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import BusyError, cannot_write


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"process {holder['process']}, started {holder['started']}"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def hold(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for one run. Raises BusyError at once when another run holds it.

    The lock ends with its process, even when that is killed. Raises MachineError for a folder that cannot be written.
    """
    holder = data_dir / ".run.json"
    lock = FileLock(data_dir / ".run.lock", timeout=0)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        holder.write_text(json.dumps({"process": os.getpid(), "started": started}), encoding="utf-8")
    except Timeout as error:
        raise BusyError(
            f"{data_dir} is in use by another run ({_holder(holder)}); wait until it has ended, then run again"
        ) from error
    except OSError as error:
        lock.release()
        raise cannot_write(f"the data folder {data_dir}", error) from error
    try:
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
