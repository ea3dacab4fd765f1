"""Writes the reports of every state on two processes, and prints how many they are and the seconds they took."""

import sys
import time
from pathlib import Path

from pipelines.reports.build import write_all


def main(database: Path, folder: Path) -> None:
    """Write them and print: reports, seconds in all."""
    begun = time.perf_counter()
    files, _ = write_all(database, folder, processes=2)
    seconds = time.perf_counter() - begun
    print(len(files), f"{seconds:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
