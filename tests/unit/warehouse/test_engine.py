"""One SELECT over Parquet files, written whole or not at all."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.warehouse.engine import connect, parquet_path, quote, write_select
from pipelines.warehouse.sql_tables import TableName

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
