"""Staging one table: held to its contract, stamped with the inputs it was made from."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.model import Table
from pipelines.errors import BadInputError, ContractError
from pipelines.files import files_of
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse import parts as warehouse_parts
from pipelines.warehouse import staging as warehouse_staging
from pipelines.warehouse.sql_tables import SqlTable, read_upstream
from pipelines.warehouse.staging import Staged, read_stamp, stage_csv, stage_frame, stage_sql, stamp, stamp_path
from tests.unit.warehouse.small_contracts import table

JOBS = table("core.jobs", {"area_id": "varchar", "jobs": "bigint", "share_pct": "double"}, ("area_id",), ("share_pct",))
CELL = TableName("raw", "cell")
INPUTS = "a" * 64
LIMIT = "500MB"


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A staging folder with one raw table, where `core.jobs` is the only contract."""
    contracts: dict[TableName, Table] = {JOBS.table: JOBS}
    monkeypatch.setattr(warehouse_staging, "contracts", lambda: contracts)
    path = parquet_path(tmp_path, CELL)
    path.parent.mkdir(parents=True)
    pl.DataFrame({"area_id": ["US", "US", "WY"], "jobs": [3, 4, 1]}).write_parquet(path)
    return tmp_path


def _jobs(sql: str) -> SqlTable:
    return SqlTable(JOBS.table, Path("sql/core/jobs.sql"), sql, read_upstream(sql, "jobs.sql"))


def test_a_select_is_staged_in_the_declared_types(staging: Path) -> None:
    # the sum is a HUGEINT and the share a DECIMAL
    sql = "select area_id, sum(jobs) as jobs, 12.5 as share_pct from raw.cell group by area_id order by area_id"
    staged = stage_sql(_jobs(sql), staging, INPUTS, LIMIT)
    path = parquet_path(staging, JOBS.table)
    assert staged == Staged(rows=2, bytes=path.stat().st_size)
    frame = pl.read_parquet(path)
    assert frame.schema == {"area_id": pl.String, "jobs": pl.Int64, "share_pct": pl.Float64}
    assert frame.rows() == [("US", 7, 12.5), ("WY", 1, 12.5)]
    assert read_stamp(staging, JOBS.table) == INPUTS


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("area_id, jobs", "missing share_pct"),
        ("area_id, jobs, 1.0 as share_pct, 2 as more", "not declared more"),
        ("area_id, 1.0 as share_pct, jobs", "order differs: expected area_id, jobs, share_pct"),
        ("area_id, jobs, '1.0' as share_pct", "share_pct is VARCHAR, declared double"),
        # a conversion would round 0.5 jobs away without a word
        ("area_id, jobs / 2 as jobs, 1.0 as share_pct", "jobs is DOUBLE, declared bigint"),
        ("area_id, jobs > 1 as jobs, 1.0 as share_pct", "jobs is BOOLEAN, declared bigint"),
    ],
)
def test_a_select_that_breaks_its_contract_leaves_what_was_staged(staging: Path, columns: str, problem: str) -> None:
    stage_sql(_jobs("select area_id, jobs, 1.0 as share_pct from raw.cell where jobs = 1"), staging, INPUTS, LIMIT)
    before = parquet_path(staging, JOBS.table).read_bytes()
    with pytest.raises(ContractError) as caught:
        stage_sql(_jobs(f"select {columns} from raw.cell"), staging, "b" * 64, LIMIT)
    assert "core.jobs" in str(caught.value)
    assert problem in str(caught.value)
    assert parquet_path(staging, JOBS.table).read_bytes() == before
    assert read_stamp(staging, JOBS.table) == INPUTS


def test_a_column_that_is_always_missing_takes_the_declared_type(staging: Path) -> None:
    stage_sql(_jobs("select area_id, jobs, null as share_pct from raw.cell"), staging, INPUTS, LIMIT)
    assert pl.read_parquet(parquet_path(staging, JOBS.table)).schema["share_pct"] == pl.Float64


def test_a_select_without_a_contract_is_named(staging: Path) -> None:
    sql_table = SqlTable(TableName("core", "other"), Path("sql/core/other.sql"), "select 1 as a", frozenset())
    with pytest.raises(ContractError, match=r"core\.other: other\.sql has no contract"):
        stage_sql(sql_table, staging, INPUTS, LIMIT)


def test_a_frame_that_breaks_its_contract_is_not_staged(staging: Path) -> None:
    twice = pl.DataFrame({"area_id": ["US", "US"], "jobs": [1, 2], "share_pct": [None, 1.0]})
    with pytest.raises(ContractError, match=r"core\.jobs: two rows have the key area_id: 'US'"):
        stage_frame(JOBS, twice, staging, INPUTS)
    assert read_stamp(staging, JOBS.table) is None
    assert not parquet_path(staging, JOBS.table).exists()


def test_a_reference_table_is_staged_from_its_csv(
    staging: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("reference")
    monkeypatch.setattr(warehouse_staging, "REFERENCE", root)
    listed = JOBS.model_copy(update={"csv": "jobs.csv"})
    (root / "jobs.csv").write_text("area_id,jobs,share_pct\nUS,7,\nWY,1,12.5\n", encoding="utf-8")
    assert stage_csv(listed, staging, INPUTS).rows == 2
    assert pl.read_parquet(parquet_path(staging, JOBS.table)).rows() == [("US", 7, None), ("WY", 1, 12.5)]
    (root / "jobs.csv").write_text("area_id,jobs,share_pct\nUS,7,\nWY,some,12.5\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"jobs\.csv: line 3: .*'some'"):
        stage_csv(listed, staging, INPUTS)


def test_a_stamp_without_its_table_says_nothing(staging: Path) -> None:
    assert stamp(staging, CELL, INPUTS).rows == 3
    assert read_stamp(staging, CELL) == INPUTS
    parquet_path(staging, CELL).unlink()
    assert stamp_path(staging, CELL).is_file()
    assert read_stamp(staging, CELL) is None


def test_a_table_that_was_never_stamped_is_from_no_inputs(staging: Path) -> None:
    assert read_stamp(staging, CELL) is None


PARTED = table(
    "core.jobs",
    {"year": "bigint", "area_id": "varchar", "jobs": "bigint", "factor": "bigint"},
    ("year", "area_id"),
    ("jobs",),
    parts=("year", "area_id"),
)


@pytest.fixture
def parted(staging: Path, monkeypatch: pytest.MonkeyPatch) -> SqlTable:
    """Cells of three areas in two years, one of them large, and a factor of each year."""
    monkeypatch.setattr(warehouse_staging, "contracts", lambda: {PARTED.table: PARTED})
    cells = [(year, area, jobs) for year in (2024, 2023) for area in ("WY", "O'B", "US") for jobs in range(1, 5)]
    cells += [(2024, "US", 100)] * 6
    pl.DataFrame(cells, schema=["year", "area_id", "jobs"], orient="row").write_parquet(parquet_path(staging, CELL))
    factors = pl.DataFrame({"year": [2023, 2024], "factor": [1, 2]})
    factors.write_parquet(parquet_path(staging, TableName("raw", "factor")))
    sql = """
        select cell.year, cell.area_id, nullif(sum(cell.jobs), 610) as jobs, max(factor.factor) as factor
        from raw.cell as cell
        inner join raw.factor as factor on factor.year = cell.year
        group by cell.year, cell.area_id
        order by cell.year, cell.area_id
    """
    return _jobs(sql)


@pytest.mark.parametrize("rows", [1, 4, 5, 8, 10, 1_000])
def test_a_table_made_in_parts_is_the_same(
    staging: Path, parted: SqlTable, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", rows)
    staged = stage_sql(parted, staging, INPUTS, LIMIT)
    path = parquet_path(staging, PARTED.table)
    assert staged == Staged(rows=6, bytes=sum(file.stat().st_size for file in files_of(path)))
    assert pl.read_parquet(files_of(path), glob=False).rows() == [
        (2023, "O'B", 10, 1),
        (2023, "US", 10, 1),
        (2023, "WY", 10, 1),
        (2024, "O'B", 10, 2),
        (2024, "US", None, 2),
        (2024, "WY", 10, 2),
    ]
    assert {each.name for each in path.parent.iterdir()} == {path.name, stamp_path(staging, PARTED.table).name}


@pytest.mark.usefixtures("parted")
def test_parts_are_about_as_large_as_asked_and_whole(staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 8)
    conditions = [only(CELL) for only in warehouse_parts.split(staging, [CELL], ("year", "area_id"))]
    assert [condition for condition in conditions if "2023" in condition] == [
        "year = '2023' and area_id = 'O''B'",
        "year = '2023' and area_id between 'US' and 'WY'",
    ]


def test_a_part_that_fails_leaves_the_table_of_before(
    staging: Path, parted: SqlTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 4)
    stage_sql(parted, staging, INPUTS, LIMIT)
    path = parquet_path(staging, PARTED.table)
    before = {file: file.read_bytes() for file in files_of(path)}
    failing = parted.sql.replace(
        "sum(cell.jobs)", "sum(case when cell.year = 2024 then error('no') else cell.jobs end)"
    )
    with pytest.raises(Exception, match="no"):
        stage_sql(_jobs(failing), staging, INPUTS, LIMIT)
    assert len(before) == 6
    assert {file: file.read_bytes() for file in files_of(path)} == before


@pytest.mark.parametrize("rows", [1, 5, 10])
def test_years_that_are_the_same_are_kept_and_the_files_are_those_of_a_whole_run(
    staging: Path, parted: SqlTable, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", rows)
    stage_sql(parted, staging, INPUTS, LIMIT)
    cells, factors = (parquet_path(staging, TableName("raw", name)) for name in ("cell", "factor"))
    more = pl.DataFrame({"year": [2025] * 12, "area_id": ["US"] * 12, "jobs": [5] * 12})
    pl.concat([pl.read_parquet(cells), more]).write_parquet(cells)
    pl.DataFrame({"year": [2023, 2024, 2025], "factor": [1, 2, 3]}).write_parquet(factors)
    made: list[str] = []
    write = warehouse_staging.write_select

    def watched(connection: object, sql: str, target: Path) -> None:
        write(connection, sql, target)  # type: ignore[arg-type]
        made.extend(f"{year}" for year in pl.read_parquet(target)["year"].unique())

    monkeypatch.setattr(warehouse_staging, "write_select", watched)
    stage_sql(parted, staging, INPUTS, LIMIT, same=[2023, 2024])
    assert made == ["2025"]
    path = parquet_path(staging, PARTED.table)
    with_kept = {file.name: file.read_bytes() for file in files_of(path)}
    stage_sql(parted, staging, INPUTS, LIMIT)
    assert {file.name: file.read_bytes() for file in files_of(path)} == with_kept
    assert pl.read_parquet(files_of(path), glob=False)["year"].to_list() == [2023] * 3 + [2024] * 3 + [2025]


def test_a_table_in_one_file_keeps_none(staging: Path, parted: SqlTable, monkeypatch: pytest.MonkeyPatch) -> None:
    stage_sql(parted, staging, INPUTS, LIMIT)  # small: made at once
    path = parquet_path(staging, PARTED.table)
    pl.read_parquet(path).with_columns(jobs=pl.lit(0, pl.Int64)).write_parquet(path)
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", 1)
    stage_sql(parted, staging, INPUTS, LIMIT, same=[2023, 2024])
    assert pl.read_parquet(files_of(path), glob=False)["jobs"].to_list() == [10, 10, 10, 10, None, 10]


@pytest.mark.parametrize("rows", [2, 3, 4, 6, 1_000])
def test_a_table_that_compares_years_is_the_same_in_parts_and_reads_the_years_before_alone(
    staging: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    contract = table(
        "core.jobs",
        {"year": "bigint", "area_id": "varchar", "change": "bigint", "growth": "bigint"},
        ("year", "area_id"),
        ("change", "growth"),
        parts=("year", "area_id"),
        years_before=(1, 3),
    )
    monkeypatch.setattr(warehouse_staging, "contracts", lambda: {contract.table: contract})
    years = range(2020, 2026)
    cells = [(year, area, 10 ** (year - 2020) + n) for year in years for n, area in enumerate(("OH", "TX", "US"))]
    pl.DataFrame(cells, schema=["year", "area_id", "jobs"], orient="row").write_parquet(parquet_path(staging, CELL))
    of_years = pl.DataFrame({"year": years, "factor": [1, 2, 3, 4, 5, 6]})
    of_years.write_parquet(parquet_path(staging, TableName("raw", "factor")))
    compares = _jobs("""
        select now.year, now.area_id, now.jobs - before.jobs as change, earlier.jobs * factor.factor as growth
        from raw.cell as now
        inner join raw.factor as factor on factor.year = now.year
        left join raw.cell as before on before.area_id = now.area_id and before.year = now.year - 1
        left join raw.cell as earlier on earlier.area_id = now.area_id and earlier.year = now.year - 3
        order by now.year, now.area_id
    """)
    monkeypatch.setattr(warehouse_parts, "PART_ROWS", rows)
    stage_sql(compares, staging, INPUTS, LIMIT)
    path = parquet_path(staging, contract.table)
    assert pl.read_parquet(files_of(path), glob=False).rows() == [
        (
            year,
            area,
            None if year == 2020 else 9 * 10 ** (year - 2021),
            None if year < 2023 else (10 ** (year - 2023) + n) * (year - 2019),
        )
        for year in years
        for n, area in enumerate(("OH", "TX", "US"))
    ]
    assert path.is_dir() == (rows < 1_000)
