"""Files that commands write are whole or not there."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.cli.writing import write_rows
from pipelines.errors import MachineError
from pipelines.reports.spreadsheets import write_csv

ROWS = pl.DataFrame({"cip_code": ["01.0000"], "cip_title": ["=A1"]})


def test_rows_are_written_whole_and_run_in_no_spreadsheet(tmp_path: Path) -> None:
    target = tmp_path / "programs.csv"
    write_rows(target, ROWS, lambda path: write_csv(ROWS, path))
    assert target.read_text(encoding="utf-8") == "cip_code,cip_title\n01.0000,'=A1\n"


def test_a_full_disk_leaves_the_file_before_and_nothing_else(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        path.write_text("cut", encoding="utf-8")
        raise OSError(28, "No space left on device")

    target = tmp_path / "programs.csv"
    target.write_text("whole", encoding="utf-8")
    with pytest.raises(MachineError, match=r"programs\.csv cannot be written: no space is left; free some"):
        write_rows(target, ROWS, full)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"programs.csv": "whole"}
