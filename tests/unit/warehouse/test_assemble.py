"""The DuckDB file that is put together from staged Parquet."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import GateError
from pipelines.files import plain_name
from pipelines.tables import parquet_path
from pipelines.warehouse import assemble as assembling
from pipelines.warehouse.assemble import Before, assemble
from pipelines.warehouse.engine import connect, write_select
from tests.unit.warehouse.small_contracts import table

AREA = table(
    "reference.area",
    {"area_id": "varchar", "area_name": "varchar"},
    ("area_id",),
    warnings=["It's the publisher's list."],
)
JOBS = table(
    "marts.jobs", {"area_id": "varchar", "jobs": "bigint", "share_pct": "double"}, ("area_id",), ("share_pct",)
)


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    folder = tmp_path / "staging"
    for contract, frame in (
        (AREA, pl.DataFrame({"area_id": ["US", "WY"], "area_name": ["Nation", "Wyoming"]})),
        (JOBS, pl.DataFrame({"area_id": ["WY", "US", "GU"], "jobs": [1, 7, 2], "share_pct": [None, 1.5, None]})),
    ):
        path = parquet_path(folder, contract.table)
        path.parent.mkdir(parents=True)
        frame.write_parquet(path)
    return folder


@pytest.fixture
def database(staging: Path, tmp_path: Path) -> Path:
    path = tmp_path / "lmi.duckdb"
    assert assemble(path, [AREA, JOBS], staging, "500MB") == {"reference.area": 2, "marts.jobs": 3}
    return path


def _rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_tables_arrive_whole_and_in_order(database: Path) -> None:
    assert _rows(database, "from marts.jobs") == [("WY", 1, None), ("US", 7, 1.5), ("GU", 2, None)]
    assert _rows(database, "select table_name from duckdb_tables() order by 1") == [("area",), ("jobs",)]


def test_every_table_and_column_carries_its_meaning(database: Path) -> None:
    tables = dict(_rows(database, "select table_name, comment from duckdb_tables()"))
    assert tables["jobs"] == "A small table jobs. Grain: one row per key."
    assert tables["area"] == "A small table area. Grain: one row per key. Note: It's the publisher's list."
    columns = _rows(database, "select column_name, comment from duckdb_columns() where table_name = 'jobs'")
    assert dict(columns) == {name: f"What {name} is" for name in ("area_id", "jobs", "share_pct")}


def test_columns_that_may_not_be_missing_are_not_null_in_the_file(database: Path) -> None:
    rows = _rows(database, "select column_name, is_nullable from duckdb_columns() where table_name = 'jobs'")
    assert dict(rows) == {"area_id": False, "jobs": False, "share_pct": True}


def test_file_is_one_file_that_opens_read_only(database: Path) -> None:
    assert not database.with_suffix(".duckdb.wal").exists()
    with duckdb.connect(str(database), read_only=True) as connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("delete from marts.jobs")


def test_older_versions_of_duckdb_can_read_the_file(database: Path) -> None:
    header = database.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    # the storage versions that DuckDB 1.4 reads go up to 67
    assert int.from_bytes(header[12:20], "little") <= 67


def test_a_missing_value_where_none_may_be_stops_the_assembly(staging: Path, tmp_path: Path) -> None:
    frame = pl.DataFrame({"area_id": ["WY"], "jobs": [None], "share_pct": [1.0]}, schema_overrides={"jobs": pl.Int64})
    frame.write_parquet(parquet_path(staging, JOBS.table))
    with pytest.raises(duckdb.ConstraintException, match="jobs"):
        assemble(tmp_path / "broken.duckdb", [AREA, JOBS], staging, "500MB")


def test_lost_rows_are_noticed(staging: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = iter([2, 2, 2, 3])
    monkeypatch.setattr(assembling, "_count", lambda *_: next(counted))
    with pytest.raises(GateError, match=r"marts\.jobs: rows were lost"):
        assemble(tmp_path / "short.duckdb", [AREA, JOBS], staging, "500MB")


def test_a_folder_may_have_any_character_in_its_path(staging: Path, tmp_path: Path) -> None:
    """DuckDB and polars see patterns and addresses in some."""
    odd = tmp_path / "o'dd #1 [a-c] 100%?x=1&y *"
    moved = staging.rename(odd)
    assert assemble(odd / "lmi.duckdb", [AREA, JOBS], moved, "500MB") == {"reference.area": 2, "marts.jobs": 3}
    with duckdb.connect(str(odd / "lmi.duckdb"), read_only=True) as connection:
        assert connection.sql("select count(*) from marts.jobs").fetchall() == [(3,)]
    with connect(moved, [AREA.table]) as engine:
        write_select(engine, "select area_name from reference.area where area_id = 'WY'", odd / "made.parquet")
    assert pl.read_parquet(odd / "made.parquet", glob=False).rows() == [("Wyoming",)]
    assert plain_name(odd).resolve() == odd
    assert "?" not in str(plain_name(odd))
    assert plain_name(tmp_path) == tmp_path


def test_what_is_the_same_is_taken_of_the_database_before_and_the_rest_made(
    staging: Path, database: Path, tmp_path: Path
) -> None:
    # the file of areas stands for the same file: another name in it shows that it is not read again
    other = pl.DataFrame({"area_id": ["US", "WY"], "area_name": ["Nation", "not read"]})
    other.write_parquet(parquet_path(staging, AREA.table))
    jobs = pl.DataFrame({"area_id": ["US"], "jobs": [8], "share_pct": [2.5]})
    jobs.write_parquet(parquet_path(staging, JOBS.table))
    with duckdb.connect(str(database)) as connection:
        connection.execute("create view marts.wide as select * from marts.jobs")
    described = AREA.model_copy(update={"description": "Areas, in other words."})
    before = Before(database, {"reference.area": 1})
    target = tmp_path / "next.duckdb"
    assert assemble(target, [described, JOBS], staging, "500MB", before=before) == {
        "reference.area": 2,
        "marts.jobs": 1,
    }
    assert _rows(target, "from reference.area") == [("US", "Nation"), ("WY", "Wyoming")]
    assert _rows(target, "from marts.jobs") == [("US", 8, 2.5)]
    assert _rows(target, "from duckdb_views() where not internal") == []
    ((comment,),) = _rows(target, "select comment from duckdb_tables() where table_name = 'area'")
    assert str(comment).startswith("Areas, in other words.")
    assert _rows(database, "from marts.jobs") == [("WY", 1, None), ("US", 7, 1.5), ("GU", 2, None)]


def test_a_table_with_another_contract_or_without_one_is_not_taken(
    staging: Path, database: Path, tmp_path: Path
) -> None:
    before = Before(database, {"reference.area": 1, "marts.jobs": 1})
    target = tmp_path / "next.duckdb"
    other = pl.DataFrame({"area_id": ["US", "WY"], "area_name": ["Nation", "read"]})
    other.write_parquet(parquet_path(staging, AREA.table))
    loose = table("reference.area", {"area_id": "varchar", "area_name": "varchar"}, ("area_id",), ("area_name",))
    assemble(target, [loose], staging, "500MB", before=before)
    assert _rows(target, "from reference.area") == [("US", "Nation"), ("WY", "read")]
    assert _rows(target, "select table_name from duckdb_tables()") == [("area",)]


def test_a_kept_table_has_as_many_rows_as_its_file(staging: Path, database: Path, tmp_path: Path) -> None:
    pl.DataFrame({"area_id": ["US"], "area_name": ["Nation"]}).write_parquet(parquet_path(staging, AREA.table))
    with pytest.raises(GateError, match=r"reference\.area: rows were lost"):
        assemble(tmp_path / "next.duckdb", [AREA], staging, "500MB", before=Before(database, {"reference.area": 1}))


def test_a_table_that_has_its_first_files_gets_the_rows_of_the_others(
    staging: Path, database: Path, tmp_path: Path
) -> None:
    path = parquet_path(staging, JOBS.table)
    held = pl.read_parquet(path)
    path.unlink()
    path.mkdir()
    # the first file stands for the rows that the table has: another figure in it shows that it is not read again
    held.with_columns(jobs=pl.lit(99, pl.Int64)).write_parquet(path / "2023-00000.parquet")
    more = pl.DataFrame({"area_id": ["US"], "jobs": [8], "share_pct": [2.5]})
    more.write_parquet(path / "2024-00000.parquet")
    before = Before(database, {"reference.area": 1, "marts.jobs": 1})
    target = tmp_path / "next.duckdb"
    assert assemble(target, [AREA, JOBS], staging, "500MB", before=before) == {"reference.area": 2, "marts.jobs": 4}
    assert _rows(target, "from marts.jobs") == [("WY", 1, None), ("US", 7, 1.5), ("GU", 2, None), ("US", 8, 2.5)]
    missing = pl.DataFrame({"area_id": [None], "jobs": [8], "share_pct": [2.5]}, schema=held.schema)
    missing.write_parquet(path / "2024-00000.parquet")
    with pytest.raises(duckdb.ConstraintException):
        assemble(target, [AREA, JOBS], staging, "500MB", before=before)
