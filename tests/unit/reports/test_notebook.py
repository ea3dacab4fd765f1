"""What notebooks show: figures by the rules of all pages, the word where one is missing, text from data as text."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.reports import notebook
from pipelines.reports.blocks import Table, figures
from pipelines.reports.rows import Row

EVIL = "<script>alert(1)</script>"


def _table() -> Table:
    columns = ["cluster_id", "cluster_name", "employment", "wage_p50_usd", "wage_p50_status", "reliability", "status"]
    values = [("education", "Education", 1234.6, 239200.0, "top_coded", "A", "ok")]
    values += [("evil", EVIL, None, None, "withheld", None, "withheld")]  # type: ignore[list-item]
    keys = dict.fromkeys(("area_id", "level", "sub_cluster_id", "basis", "period"), "x")
    rows = [Row("marts.cluster_indicators", {**keys, **dict(zip(columns, row, strict=True))}) for row in values]
    return figures("Jobs", "cluster_name", rows, ["employment", "wage_p50_usd", "reliability"], total=("All", rows[0]))


def test_a_table_writes_figures_and_the_word_for_missing_ones() -> None:
    sound = {"Jobs": "1,230", "Median wage": ">= $239,200", "Reliability": "A"}
    assert notebook.text_rows(_table()) == [
        {"Cluster": "Education", **sound},
        {"Cluster": EVIL, "Jobs": "withheld", "Median wage": "withheld", "Reliability": "-"},
        {"Cluster": "All", **sound},
    ]


def test_words_from_data_are_shown_as_text() -> None:
    shown = notebook.heading(EVIL).text
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_colours_are_there_for_light_and_dark_pages() -> None:
    style = notebook.STYLE.text
    assert style.count("--main:") == 2
    assert ".dark {" in style


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table jobs as select * from (values ('OH', 5), ('WY', 7)) as jobs(area_id, jobs)")
    return path


def test_a_question_is_answered(database: Path) -> None:
    answer = notebook.ask(database, "select area_id, jobs from jobs order by jobs desc;")
    assert isinstance(answer.data, pl.DataFrame)
    assert answer.data.rows() == [("WY", 7), ("OH", 5)]
    assert notebook.ask(database, "select * from jobs", most=1).data.height == 1
    assert "has no answer" in notebook.ask(database, "").text


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select nothing from nowhere", "nowhere"),
        ("delete from jobs", "ask with one select (found delete)"),
        ("select 1; delete from jobs", "one select (found select, delete)"),
        ("call enable_logging()", "one select (found call)"),
        ("select * from enable_logging()", "locked"),
        ("install httpfs", "one select"),
        ("load httpfs", "one select"),
        ("pragma threads = 1", "one select"),
        ("create temp table x as select 1", "one select"),
        ("select * from read_text('/etc/hostname')", "disabled"),
        ("select * from read_blob('/etc/hostname')", "disabled"),
        ("select * from glob('/etc/*')", "disabled"),
        ("select * from query('copy jobs to x')", "SELECT"),
        ("from database", "database"),
        ("select * from read_csv('/etc/hostname')", "disabled"),
        ("attach 'other.duckdb'", "one select"),
        ("copy jobs to 'jobs.csv'", "one select"),
        ("set enable_external_access = true", "one select"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why_and_does_nothing(database: Path, sql: str, said: str) -> None:
    before = database.read_bytes()
    assert said in notebook.ask(database, sql).text
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]
