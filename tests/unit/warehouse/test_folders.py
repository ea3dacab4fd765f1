"""A staged table may be a folder of Parquet files, as Spark writes it: whoever reads a file reads a folder alike."""

import polars as pl
import pytest

from pipelines.files import atomic, content_sha256, copy, file_sha256, files_of, remove
from pipelines.tables import TableName, parquet_path, row_count
from pipelines.warehouse import parts
from pipelines.warehouse.engine import connect, write_select
from pipelines.warehouse.staging import read_stamp, stamp, stamped_sha256

TABLE = TableName("core", "jobs")


@pytest.fixture
def folder(tmp_path):
    """Staging with one table of two files: rows 1, 2 and 3, in a folder whose name is like a pattern."""
    staging = tmp_path / "a [1]* ?"
    target = parquet_path(staging, TABLE)
    target.mkdir(parents=True)
    pl.DataFrame({"area_id": ["OH", "OH"], "jobs": [1, 2]}).write_parquet(target / "part-00000.parquet")
    pl.DataFrame({"area_id": ["TX"], "jobs": [3]}).write_parquet(target / "part-00001.parquet")
    return staging


def test_duckdb_and_polars_read_the_files_in_order(folder):
    with connect(folder, [TABLE], "500MB") as connection:
        assert connection.sql(f"select jobs from {TABLE}").fetchall() == [(1,), (2,), (3,)]
    assert pl.read_parquet(parquet_path(folder, TABLE), glob=False)["jobs"].to_list() == [1, 2, 3]


def test_a_stamp_counts_and_hashes_all_files(folder):
    target = parquet_path(folder, TABLE)
    staged = stamp(folder, TABLE, "inputs")
    assert staged.rows == row_count(target) == 3
    assert staged.bytes == sum(file.stat().st_size for file in files_of(target))
    assert (read_stamp(folder, TABLE), stamped_sha256(folder, TABLE)) == ("inputs", content_sha256(target))
    (target / "part-00001.parquet").write_bytes((target / "part-00000.parquet").read_bytes())
    assert content_sha256(target) != staged.sha256


def test_a_folder_is_split_into_parts(folder, monkeypatch):
    monkeypatch.setattr(parts, "PART_ROWS", 1)
    assert [only(TABLE) for only in parts.split(folder, [TABLE], ("area_id",))] == [
        "area_id = 'OH'",
        "area_id = 'TX'",
    ]


def test_rows_of_a_table_that_was_made_again_are_counted_again(folder, monkeypatch):
    monkeypatch.setattr(parts, "PART_ROWS", 1)
    target = parquet_path(folder, TABLE)
    assert len(parts.split(folder, [TABLE], ("area_id",))) == 2
    pl.DataFrame({"area_id": ["TX", "UT"], "jobs": [3, 4]}).write_parquet(target / "part-00001.parquet")
    assert [only(TABLE) for only in parts.split(folder, [TABLE], ("area_id",))][1:] == [
        "area_id = 'TX'",
        "area_id = 'UT'",
    ]


def test_a_file_takes_the_place_of_a_folder_and_a_folder_that_of_a_file(folder):
    target = parquet_path(folder, TABLE)
    with connect(folder, [TABLE], "500MB") as connection:
        write_select(connection, f"select jobs from {TABLE} where jobs = 3", target)
    assert target.is_file()
    assert pl.read_parquet(target, glob=False)["jobs"].to_list() == [3]
    with atomic(target) as temporary:
        temporary.mkdir()
        (temporary / "part-00000.parquet").write_bytes(b"rows")
    assert [file.read_bytes() for file in files_of(target)] == [b"rows"]


def test_what_failed_half_way_leaves_the_folder_that_was_there(folder):
    target = parquet_path(folder, TABLE)
    before = content_sha256(target)

    def fail():
        with atomic(target) as temporary:
            temporary.mkdir()
            (temporary / "part-00000.parquet").write_bytes(b"half")
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        fail()
    assert content_sha256(target) == before
    assert list(target.parent.iterdir()) == [target]


def test_a_copy_is_the_same_and_a_file_keeps_its_own_checksum(folder, tmp_path):
    target = parquet_path(folder, TABLE)
    copy(target, tmp_path / "copies" / "jobs.parquet")
    assert content_sha256(tmp_path / "copies" / "jobs.parquet") == content_sha256(target)
    part = files_of(target)[0]
    assert content_sha256(part) == file_sha256(part)
    remove(target)
    assert not target.exists()
