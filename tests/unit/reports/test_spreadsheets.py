"""Files for people: what a spreadsheet would run is text, flags are words, errors have their number."""

import csv
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from pipelines.contracts.model import contracts
from pipelines.reports.programs import PROGRAMS
from pipelines.reports.spreadsheets import FLAG_WORDS, flag_columns, write_csv, write_parquet

TEXTS = ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "\rx", "plain", "15-1252", None, "", 'a "quoted", text', "a\n=b"]


def test_texts_that_begin_as_a_formula_get_an_apostrophe(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": TEXTS, "change": [-1.5] * len(TEXTS)})
    write_csv(frame, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[0] for row in rows] == [f"'{text}" for text in TEXTS[:6]] + [text or "" for text in TEXTS[6:]]
    # figures are figures
    assert {row[1] for row in rows} == {"-1.5"}


def test_parquet_holds_texts_as_they_are(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": TEXTS})
    write_parquet(frame, tmp_path / "a.parquet", {"release_id": "x"})
    assert pl.read_parquet(tmp_path / "a.parquet").equals(frame)


@pytest.mark.parametrize("verdicts", [["true", "false"], ["true"], ["true", "false", "unknown", None], ["no_list"]])
def test_no_reader_takes_a_flag_for_a_boolean(tmp_path: Path, verdicts: list[str | None]) -> None:
    path = tmp_path / "a.csv"
    write_csv(
        pl.DataFrame({"code": ["1"] * len(verdicts), "listed": verdicts}, schema_overrides={"listed": pl.String}),
        path,
        ["listed"],
    )
    expected = ["no list" if verdict is None else FLAG_WORDS[verdict] for verdict in verdicts]
    assert pl.read_csv(path)["listed"].to_list() == expected
    assert [row[0] for row in duckdb.sql(f"select listed from read_csv('{path}')").fetchall()] == expected
    assert pd.read_csv(path)["listed"].tolist() == expected


def test_the_columns_of_flags_are_those_that_may_be_true_false_or_unknown() -> None:
    assert flag_columns(contracts()[PROGRAMS]) == [
        "earns_above_benchmark", "high_skill", "high_wage", "in_demand", "eligible", "entry_reached",
    ]  # fmt: skip


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_an_error_of_the_system_keeps_its_number(tmp_path: Path, write: object) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        write(pl.DataFrame({"a": [1]}), tmp_path / "none" / "a.csv")  # type: ignore[operator]
    assert (caught.value.errno, caught.value.strerror) == (2, "No such file or directory")
