"""Lineage that is read from the SQL files."""

from pathlib import Path

import pytest

from pipelines.contracts.model import contracts
from pipelines.errors import ContractError
from pipelines.estimation.made import made_tables, steps
from pipelines.tables import TableName
from pipelines.warehouse.sql_tables import SqlTable, read_columns, read_upstream, sql_tables


def _names(*texts: str) -> frozenset[TableName]:
    return frozenset(map(TableName.parse, texts))


def _write(root: Path, **files: str) -> Path:
    """SQL files by `schema__table`."""
    for name, sql in files.items():
        path = root.joinpath(*name.split("__")).with_suffix(".sql")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    return root


def test_ctes_are_not_upstream_but_what_they_read_is() -> None:
    sql = """
        with
        jobs as (select area_id, sum(employment) as employment from core.cell group by area_id),
        again as (select * from jobs)
        select jobs.area_id, (select count(*) from reference.area) as areas
        from jobs
        inner join again on again.area_id = jobs.area_id
        left join marts.other as other on other.area_id = jobs.area_id
        where jobs.area_id not in (select area_id from reference.gone)
    """
    assert read_upstream(sql, "x.sql") == _names("core.cell", "reference.area", "marts.other", "reference.gone")


def test_a_cte_may_be_named_like_the_table_it_reads() -> None:
    sql = "with area as (select * from reference.area) select * from area"
    assert read_upstream(sql, "x.sql") == _names("reference.area")


def test_every_branch_of_a_union_is_upstream() -> None:
    sql = "select a from core.one union all select a from core.two except select a from core.three;"
    assert read_upstream(sql, "x.sql") == _names("core.one", "core.two", "core.three")


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- only a comment",
        "select 1; select 2",
        "create table core.x as select 1",
        "insert into core.x select * from core.y",
        "drop table core.x",
        "copy core.x to 'out.csv'",
    ],
)
def test_only_one_select_is_a_table(sql: str) -> None:
    with pytest.raises(ContractError, match=r"core/x\.sql: expected exactly one SELECT"):
        read_upstream(sql, "core/x.sql")


@pytest.mark.parametrize("sql", ["select a from", "selec a from core.x", "select 'a from core.x"])
def test_what_is_not_sql_is_named(sql: str) -> None:
    with pytest.raises(ContractError, match=r"core/x\.sql: not readable as SQL"):
        read_upstream(sql, "core/x.sql")


def test_a_table_without_its_schema_is_refused_by_name() -> None:
    with pytest.raises(ContractError, match=r"core/x\.sql: area is neither a CTE nor a table with its schema"):
        read_upstream("select * from core.cell inner join area using (area_id)", "core/x.sql")


def test_rows_of_values_that_a_query_has_are_no_upstream() -> None:
    sql = (
        "select cell.a, part.b from core.cell as cell, unnest(cell.list) as part(b) where a in (select * from range(3))"
    )
    assert read_upstream(sql, "x.sql") == _names("core.cell")


def test_the_columns_of_a_condition_are_named_once_in_order() -> None:
    condition = "(status = 'ok') = (jobs is not null) and coalesce(cell.jobs, 0) >= 0 and area_id not like 'x%'"
    assert read_columns(condition) == ["area_id", "jobs", "status"]


@pytest.mark.parametrize("source", ["'cells.parquet'", "read_parquet('cells.parquet')", "read_csv('cells.csv')"])
def test_a_file_read_past_the_lineage_is_refused(source: str) -> None:
    with pytest.raises(ContractError, match="neither a CTE nor a table with its schema"):
        read_upstream(f"select * from {source}", "core/x.sql")


def test_upstream_tables_come_first(tmp_path: Path) -> None:
    root = _write(
        tmp_path / "sql",
        core__a_last="select * from marts.middle",
        marts__middle="select * from reference.z_first inner join raw.cell using (k)",
        reference__z_first="select 1 as k",
        checks__not_a_table="select * from core.a_last",
    )
    tables = sql_tables(root)
    assert list(tables) == [TableName.parse(name) for name in ("reference.z_first", "marts.middle", "core.a_last")]
    assert tables[TableName("marts", "middle")].upstream == _names("reference.z_first", "raw.cell")
    assert tables[TableName("core", "a_last")].path == root / "core" / "a_last.sql"


def test_tables_that_read_each_other_are_named(tmp_path: Path) -> None:
    root = _write(
        tmp_path / "sql",
        core__one="select * from core.two",
        core__two="select * from core.three",
        core__three="select * from core.one",
        core__bystander="select * from core.one",
    )
    with pytest.raises(ContractError, match="read each other in a circle") as caught:
        sql_tables(root)
    for name in ("core.one", "core.two", "core.three"):
        assert name in str(caught.value)
    assert "bystander" not in str(caught.value)


def test_a_table_that_reads_itself_is_named(tmp_path: Path) -> None:
    root = _write(tmp_path / "sql", core__one="select * from core.one")
    with pytest.raises(ContractError, match=r"circle: core\.one -> core\.one"):
        sql_tables(root)


def test_a_faulty_file_is_named_with_its_folder(tmp_path: Path) -> None:
    root = _write(tmp_path / "sql", core__one="select 1; select 2")
    with pytest.raises(ContractError, match=r"sql/core/one\.sql"):
        sql_tables(root)


def test_description_is_the_comment_at_the_head(tmp_path: Path) -> None:
    sql = "-- Jobs by area,\n-- each counted once.\nselect 1 as k -- not this\n-- nor this"
    tables = sql_tables(_write(tmp_path / "sql", core__one=sql))
    assert tables[TableName("core", "one")].description == "Jobs by area, each counted once."


def test_every_file_has_a_contract_and_says_what_it_does() -> None:
    tables = sql_tables()
    assert tables
    assert set(tables) <= set(contracts())
    assert [str(name) for name, table in tables.items() if not table.description] == []


def test_every_upstream_table_is_made_before_it_is_read() -> None:
    # what neither SQL nor an estimate makes is staged from files and settings
    made = contracts().keys() - sql_tables().keys() - made_tables().keys()
    for step in steps():
        assert step.upstream <= made, step
        made |= {step.table} if isinstance(step, SqlTable) else {*step.tables}
    assert made == contracts().keys()
