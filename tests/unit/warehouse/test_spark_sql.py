"""DuckDB's SQL as Spark's. What Spark makes of it is held against DuckDB in tests/integration/test_spark.py."""

from decimal import Decimal

import duckdb
import pytest
import sqlglot
from sqlglot.errors import UnsupportedError

from pipelines.warehouse.spark_sql import spark_lacks, to_spark

INPUTS = """
create schema core;
create table core.jobs (area_id varchar, year bigint, jobs bigint);
insert into core.jobs values ('OH', 2021, 10), ('OH', 2022, 12), ('OH', 2024, 9), ('TX', 2022, 5);
create schema raw;
create table raw.place (place_id varchar, area_id varchar, jobs bigint);
insert into raw.place values ('C1', 'OH', 3);
"""


@pytest.fixture
def carried():
    """A query in Spark's words, and its rows by DuckDB: each rewrite is one that both engines read alike."""
    with duckdb.connect() as connection:
        connection.execute(INPUTS)
        connection.execute("create view core__jobs as from core.jobs; create view raw__place as from raw.place")

        def carry(sql):
            text = to_spark(sql, lambda query: connection.sql(query).columns)
            read = sqlglot.transpile(text, read="spark", write="duckdb")[0]
            return text, connection.sql(read).fetchall()

        yield carry


def test_staged_tables_are_views_without_schemas(carried):
    text, rows = carried("select jobs.area_id from core.jobs where jobs.year = 2024")
    assert "FROM core__jobs AS jobs" in text
    assert rows == [("OH",)]


def test_a_cte_keeps_its_name(carried):
    text, rows = carried("with jobs as (select max(jobs) as jobs from core.jobs) select jobs from jobs")
    assert "core__jobs AS jobs) SELECT jobs FROM jobs" in text
    assert rows == [(12,)]


def test_columns_of_a_union_by_name_are_put_in_one_order(carried):
    text, rows = carried(
        """
        with counted as (select area_id, jobs from core.jobs where year = 2024),
        placed as (select jobs, place_id, area_id from raw.place)
        select * from counted union all by name select * from placed union all by name select 'VT' as area_id
        """
    )
    assert "BY NAME" not in text
    assert rows == [("OH", 9, None), ("OH", 3, "C1"), ("VT", None, None)]


def test_a_union_by_name_inside_a_cte_reads_those_before_it(carried):
    _, rows = carried(
        """
        with first as (select 'OH' as area_id, 1 as jobs),
        both_of_them as (select * from first union all by name select 2 as jobs, 'TX' as area_id)
        select area_id, jobs from both_of_them
        """
    )
    assert rows == [("OH", 1), ("TX", 2)]


def test_a_replaced_column_stays_in_its_place(carried):
    text, rows = carried("select * exclude (area_id) replace ('here' as place_id), 1 as one from raw.place")
    assert "REPLACE" not in text
    assert rows == [("here", 3, 1)]


def test_a_window_that_builds_on_another_stands_by_itself(carried):
    text, rows = carried(
        """
        select year, sum(jobs) over (area order by year rows unbounded preceding) as so_far,
            sum(jobs) over area as whole
        from core.jobs where area_id = 'OH' window area as (partition by area_id) order by year
        """
    )
    assert "SUM(jobs) OVER (PARTITION BY area_id ORDER BY year" in text
    assert rows == [(2021, 10, 31), (2022, 22, 31), (2024, 31, 31)]


@pytest.mark.parametrize(("function", "expected"), [("lag", [None, 10, 12]), ("lead", [12, 9, None])])
def test_lag_and_lead_have_no_frame(carried, function, expected):
    text, rows = carried(
        f"select {function}(jobs) over (order by year rows between 1 preceding and current row) as other "
        "from core.jobs where area_id = 'OH' order by year"
    )
    assert "ROWS" not in text
    assert [row[0] for row in rows] == expected


def test_a_distinct_count_of_a_window_is_the_size_of_a_set(carried):
    text, rows = carried(
        "select year, count(distinct area_id) over (partition by year) as areas from core.jobs order by year, area_id"
    )
    assert "DISTINCT" not in text
    assert rows == [(2021, 1), (2022, 2), (2022, 2), (2024, 1)]


def test_a_hint_to_keep_a_cte_is_left_out(carried):
    text, rows = carried("with kept as materialized (select 1 as one) select one from kept")
    assert "MATERIALIZED" not in text
    assert rows == [(1,)]


def test_doubles_are_rounded_as_a_whole_number_of_units(carried):
    """Written out, the half of a billionth is just missed; in billionths it is met, and that is what DuckDB rounds."""
    text, rows = carried("select round(cast(99.369726234499995 as double), 9) as pct")
    assert "ROUND(" in text
    assert ", 9)" not in text
    assert rows == [(99.369726235,)]


def test_a_rounded_figure_inside_another_is_rounded_alike(carried):
    text, rows = carried("select round(jobs / round(jobs / 3.0, 2), 1) as ratio from raw.place")
    assert ", 1)" not in text
    assert ", 2)" not in text
    assert rows == [(3.0,)]


def test_a_double_becomes_a_decimal_as_it_is_rounded(carried):
    """In ten thousandths 0.00015 lies just below one and a half; written out it is the half that Spark would round."""
    text, rows = carried("select cast(cast(0.00015 as double) as decimal(18, 4)) as wages from raw.place")
    assert "ROUND(" in text
    assert rows == [(Decimal("0.0001"),)]
    text, rows = carried("select cast(cast(2.00015 as decimal(18, 6)) as decimal(18, 4)) as wages from raw.place")
    assert "ROUND(" not in text
    assert rows == [(Decimal("2.0002"),)]


def test_decimals_and_whole_numbers_are_rounded_by_spark(carried):
    text, rows = carried(
        "select round(cast(2.0005 as decimal(18, 6)), 3) as one, round(sum(cast(2.5 as decimal(18, 6))), 3) as more, "
        "round(2.5) as whole from raw.place"
    )
    assert text.count("ROUND(") == 3
    assert "/" not in text
    assert [float(value) for value in rows[0]] == [2.001, 2.5, 3.0]


def test_digits_that_are_not_written_out_are_refused(carried):
    with pytest.raises(UnsupportedError, match="a number of digits"):
        carried("select round(jobs / 3.0, jobs) as one from raw.place")


def test_two_lists_side_by_side_are_refused(carried):
    """DuckDB pairs their items in order; Spark would pair each with each, and say nothing."""
    with pytest.raises(UnsupportedError, match="two lists side by side"):
        carried("select unnest([1, 2]) as one, unnest([3, 4]) as other")
    assert carried("select unnest([1, 2]) as one union all select unnest([3, 4]) as one")[1] == [(1,), (2,), (3,), (4,)]


@pytest.mark.parametrize(
    ("union", "is_lacking"), [("union", True), ("union all", False)], ids=["drops what it has", "keeps all"]
)
def test_a_query_that_repeats_itself_and_drops_rows_is_none_for_spark(union, is_lacking):
    repeats = (
        f"with recursive up as (select 1 as step {union} select step + 1 from up where step < 3) select step from up"
    )
    assert spark_lacks(repeats) is is_lacking
    assert not spark_lacks("with recursive up as (select 1 as step union select 2) select step from up")
