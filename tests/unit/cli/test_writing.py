"""Files that commands write are whole or not there."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.cli.writing import refuse_no_place, write_rows
from pipelines.errors import LmiError, MachineError
from pipelines.reports.spreadsheets import write_csv

ROWS = pl.DataFrame({"cip_code": ["01.0000"], "cip_title": ["=A1"]})


@pytest.mark.parametrize(
    ("csv", "parquet", "says"),
    [
        (".", None, "it is a folder; give the name of a file"),
        ("none/a.csv", None, "there is no folder .*none"),
        (None, "none/a.parquet", "there is no folder .*none"),
        ("a", "a", "is asked for twice"),
    ],
)
def test_a_place_that_takes_no_file_is_refused(tmp_path: Path, csv: str | None, parquet: str | None, says: str) -> None:
    with pytest.raises(LmiError, match=says):
        refuse_no_place(*(None if name is None else tmp_path / name for name in (csv, parquet)))


def test_rows_are_written_whole_and_run_in_no_spreadsheet(tmp_path: Path) -> None:
    target = tmp_path / "programs.csv"
    refuse_no_place(target, tmp_path / "programs.parquet")
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
