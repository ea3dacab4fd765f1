"""What notebooks show: figures by the rules of all pages, the word where one is missing, text from data as text."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.reports import notebook

EVIL = "<script>alert(1)</script>"


def test_a_table_writes_figures_and_the_word_for_missing_ones() -> None:
    frame = pl.DataFrame(
        {
            "cluster_name": ["Education", EVIL],
            "employment": [1234.6, None],
            "wage_p50_usd": [239200.0, None],
            "wage_p50_status": ["top_coded", "withheld"],
            "reliability": ["A", None],
            "is_cross_cutting": [True, False],
            "status": ["ok", "withheld"],
        }
    )
    columns = {
        "cluster_name": "Cluster",
        "employment": "Jobs",
        "wage_p50_usd": "Median",
        "reliability": "Grade",
        "is_cross_cutting": "Cross-cutting",
    }
    assert notebook.text_rows(frame, columns) == [
        {"Cluster": "Education", "Jobs": "1,235", "Median": ">= $239,200", "Grade": "A", "Cross-cutting": "yes"},
        {"Cluster": EVIL, "Jobs": "withheld", "Median": "withheld", "Grade": "", "Cross-cutting": "no"},
    ]


def test_verdicts_are_words_and_one_that_a_policy_does_not_make_says_so() -> None:
    frame = pl.DataFrame({"high_wage": ["true", "false", "unknown", None]})
    shown = [row["High-wage"] for row in notebook.text_rows(frame, {"high_wage": "High-wage"})]
    assert shown == ["yes", "no", "unknown", "not defined"]


def test_an_empty_table_says_so() -> None:
    assert "Nothing to show" in notebook.table(pl.DataFrame({"a": []}), {"a": "A"}).text


def test_words_from_data_are_shown_as_text() -> None:
    for shown in (notebook.heading(EVIL), notebook.bullets([EVIL, "$1 to $2"])):
        assert "<script>" not in shown.text
        assert "&lt;script&gt;" in shown.text
    assert "<li>$1 to $2</li>" in notebook.bullets(["$1 to $2"]).text


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
        ("delete from jobs", "read-only"),
        ("select * from read_csv('/etc/hostname')", "disabled"),
        ("attach 'other.duckdb'", "disabled"),
        ("copy jobs to 'jobs.csv'", "disabled"),
        ("set enable_external_access = true", "Cannot"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why_and_does_nothing(database: Path, sql: str, said: str) -> None:
    before = database.read_bytes()
    assert said in notebook.ask(database, sql).text
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]
