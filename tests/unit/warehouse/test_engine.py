"""One SELECT over Parquet files, written whole or not at all."""

import contextlib
import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.tables import TableName, parquet_path, quote
from pipelines.warehouse import engine
from pipelines.warehouse.engine import connect, write_select

AREA = TableName("reference", "area")


def _stage(folder: Path, table: TableName, frame: pl.DataFrame) -> Path:
    path = parquet_path(folder, table)
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return path


@pytest.mark.parametrize("text", ["plain", "it's", "''", "a'; drop table x; --", "back\\slash", ""])
def test_quoted_text_is_itself_again_in_sql(text: str) -> None:
    with duckdb.connect(":memory:") as connection:
        assert connection.sql(f"select {quote(text)}").fetchall() == [(text,)]


def test_quoted_text_is_a_literal_with_doubled_quotes() -> None:
    assert quote("it's") == "'it''s'"
    assert quote(Path("/data/o'hare")) == "'/data/o''hare'"


def test_tables_of_a_folder_are_views_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "o'hare [1]"
    _stage(folder, AREA, pl.DataFrame({"area_id": ["US", "WY"]}))
    _stage(folder, TableName("core", "area"), pl.DataFrame({"area_id": ["GU"]}))
    with connect(folder, [AREA, TableName("core", "area")]) as connection:
        rows = connection.sql("from reference.area union all from core.area order by 1").fetchall()
    assert rows == [("GU",), ("US",), ("WY",)]


def test_only_the_named_tables_are_there(tmp_path: Path) -> None:
    _stage(tmp_path, AREA, pl.DataFrame({"area_id": ["US"]}))
    with connect(tmp_path, []) as connection, pytest.raises(duckdb.CatalogException):
        connection.sql("from reference.area")


def test_memory_has_the_limit_that_is_set(tmp_path: Path) -> None:
    with connect(tmp_path, [], memory_limit="512MB") as connection:
        ((limit,),) = connection.sql("select current_setting('memory_limit')").fetchall()
    # DuckDB shows decimal megabytes as binary ones: 512e6 / 2^20
    assert limit == "488.2 MiB"


def test_rows_are_written_in_the_order_of_the_select(tmp_path: Path) -> None:
    target = tmp_path / "out" / "numbers.parquet"
    with connect(tmp_path, []) as connection:
        write_select(connection, "select n from range(5) as t(n) order by n desc -- largest first", target)
    assert pl.read_parquet(target)["n"].to_list() == [4, 3, 2, 1, 0]
    assert [path.name for path in target.parent.iterdir()] == ["numbers.parquet"]


def test_a_select_that_fails_on_the_way_leaves_the_last_file(tmp_path: Path) -> None:
    target = tmp_path / "numbers.parquet"
    target.write_bytes(b"the last good file")
    failing = "select case when n = 999999 then error('too far') else n end as n from range(1000000) as t(n)"
    with connect(tmp_path, []) as connection, pytest.raises(duckdb.Error, match="too far"):
        write_select(connection, failing, target)
    assert target.read_bytes() == b"the last good file"


def test_a_select_that_fails_on_the_way_makes_no_file(tmp_path: Path) -> None:
    target = tmp_path / "numbers.parquet"
    with connect(tmp_path, []) as connection, pytest.raises(duckdb.Error):
        write_select(connection, "select cast('x' as integer) as n", target)
    assert not target.exists()


def test_a_file_written_anew_is_read_anew(tmp_path: Path) -> None:
    found = []
    for area in ("US", "WY"):
        path = _stage(tmp_path, AREA, pl.DataFrame({"area_id": [area]}))
        os.utime(path, (1, 1))  # nothing but the bytes differs
        with connect(tmp_path, [AREA]) as connection:
            found += connection.sql("from reference.area").fetchall()
    assert found == [("US",), ("WY",)]


@pytest.mark.parametrize("fails", ["never", "when made", "on the way"])
def test_nothing_of_a_connection_is_left_in_the_next(tmp_path: Path, fails: str) -> None:
    _stage(tmp_path, AREA, pl.DataFrame({"area_id": ["US"]}))
    tables = [AREA, TableName("core", "not_staged")] if fails == "when made" else [AREA]
    with contextlib.suppress(ValueError, duckdb.IOException), connect(tmp_path, tables) as connection:
        connection.execute("create temp table passing as select 1")
        connection.execute("create table kept as select 1")
        if fails == "on the way":
            raise ValueError
    with connect(tmp_path, []) as connection:
        attached = "select count(*) from duckdb_databases() where not internal"
        # the engine's own, and the one of this connection
        assert connection.sql(attached).fetchall() == [(2,)]
        assert connection.sql("select table_name from duckdb_tables()").fetchall() == []
        assert connection.sql("select view_name from duckdb_views() where not internal").fetchall() == []


def test_connections_at_once_see_their_own_rows(tmp_path: Path) -> None:
    _stage(tmp_path, AREA, pl.DataFrame({"area_id": ["US", "WY"]}))
    with connect(tmp_path, [AREA]) as whole:
        for area in ("US", "WY"):
            with connect(tmp_path, [AREA], only=lambda _, area=area: f"area_id = '{area}'") as part:  # type: ignore[misc]
                assert part.sql("from reference.area").fetchall() == [(area,)]
        assert len(whole.sql("from reference.area").fetchall()) == 2


def test_nothing_that_was_spilled_stays(tmp_path: Path) -> None:
    with connect(tmp_path, [], memory_limit="50MB") as connection:
        connection.execute("create temp table spilled as select n, md5(n::varchar) as text from range(2000000) as t(n)")
        assert sum(path.stat().st_size for path in (tmp_path / ".spill").iterdir()) > 10_000_000
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) == 0


def test_the_same_rows_make_the_same_bytes_in_whatever_pieces_they_come(tmp_path: Path) -> None:
    rows = pa.table({"area_id": [f"{number:05}" for number in range(300_000)]})
    cut = pa.concat_tables([rows.slice(0, 777), rows.slice(777, 100_001), rows.slice(100_778)])
    contents = set()
    for number, table in enumerate((rows, cut)):
        target = tmp_path / f"{number}.parquet"
        found = SimpleNamespace(to_arrow_reader=lambda _, table=table: table.to_reader())
        connection = SimpleNamespace(sql=lambda _, found=found: found)
        write_select(cast(duckdb.DuckDBPyConnection, connection), "select area_id from reference.area", target)
        contents.add(target.read_bytes())
    assert len(contents) == 1


@pytest.mark.parametrize("rows", [1, 2, 1_000])
@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [0, 1, 3, 2, 4]])
def test_pieces_come_in_order_and_a_file_that_lies_in_it_is_not_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: list[int], rows: int
) -> None:
    cells = [(2023, "39001", "5", "31-33"), (2023, "39001", "5", "311"), (2023, "39003", "0", "10"),
             (2023, "US000", "5", "10"), (2024, "01000", "0", "10")]  # fmt: skip
    columns = ["year", "area_fips", "own_code", "industry_code"]
    frame = pl.DataFrame([(*cells[number], number) for number in order], schema=[*columns, "number"], orient="row")
    frame.write_parquet(tmp_path / "cells.parquet", row_group_size=2)
    monkeypatch.setattr(engine, "_GROUP_ROWS", rows)
    asked: list[str] = []
    monkeypatch.setattr(engine, "connect", lambda *args, **more: asked.append("sort") or connect(*args, **more))
    pieces = list(engine.sorted_pieces(tmp_path / "cells.parquet", columns, rows=rows))
    assert pl.concat(pieces)["number"].to_list() == [0, 1, 2, 3, 4]
    assert max(piece.height for piece in pieces) <= rows
    assert bool(asked) is (order != [0, 1, 2, 3, 4])
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".spill"] == ["cells.parquet"]


@pytest.mark.parametrize(("rows", "groups"), [(0, [0]), (5, [5]), (6, [6]), (7, [6, 1]), (12, [6, 6]), (13, [6, 6, 1])])
def test_row_groups_are_full_and_a_table_without_rows_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, groups: list[int]
) -> None:
    monkeypatch.setattr(engine, "_GROUP_ROWS", 6)
    with connect(tmp_path, []) as connection:
        write_select(connection, f"select range as jobs from range({rows}) order by jobs", tmp_path / "jobs.parquet")
    file = pq.read_metadata(tmp_path / "jobs.parquet")
    assert [file.row_group(group).num_rows for group in range(file.num_row_groups)] == groups
    assert pl.read_parquet(tmp_path / "jobs.parquet")["jobs"].to_list() == list(range(rows))


@pytest.mark.parametrize("order", ["", "order by jobs desc"])
def test_a_select_that_fails_late_is_duckdbs_error_and_leaves_no_file(tmp_path: Path, order: str) -> None:
    sql = f"select case when range = 777777 then error('no') else range end as jobs from range(1000000) {order}"
    with pytest.raises(duckdb.Error, match="no"), connect(tmp_path, []) as connection:
        write_select(connection, sql, tmp_path / "jobs.parquet")
    assert not list(tmp_path.glob("*.parquet*"))
