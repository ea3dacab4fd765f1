"""Every SQL file is one SELECT in the project's style that sqlglot can carry to Spark."""

from collections.abc import Iterator

import duckdb
import pytest
import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.tokens import TokenType

from pipelines.contracts.model import contracts
from pipelines.paths import SQL
from pipelines.quality.reconciliation import read_check
from pipelines.warehouse.spark_sql import spark_lacks, to_spark
from pipelines.warehouse.sql_tables import TABLE_SCHEMAS

#: Templates are parts of checks; a check is looked at with its templates filled in.
FILES = sorted(path for path in SQL.rglob("*.sql") if path.parent.name != "templates")
#: Text that is the author's own or the publisher's, and may be written as they write it.
FREE_TEXT = {TokenType.STRING, TokenType.IDENTIFIER, TokenType.RAW_STRING, TokenType.NATIONAL_STRING}


def test_the_sql_files_are_found():
    assert {path.parent.name for path in FILES} >= {"reference", "core", "marts", "quality"}
    assert len(FILES) >= 19


def query_of(path):
    """The SQL as it runs: a check with its templates filled in."""
    return read_check(path).sql if path.parent.name == "checks" else path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def empty_tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every table of the contracts, without rows."""
    with duckdb.connect() as connection:
        for name, table in contracts().items():
            connection.execute(f"create schema if not exists {name.schema}")
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            connection.execute(f"create table {name} ({columns})")
        yield connection


def test_one_table_is_none_for_spark():
    tables = [path for path in FILES if path.parent.name in TABLE_SCHEMAS]
    assert [path.stem for path in tables if spark_lacks(path.read_text(encoding="utf-8"))] == ["industry_joined"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestFile:
    def test_is_exactly_one_select(self, path):
        (statement,) = sqlglot.parse(query_of(path), read="duckdb")
        assert isinstance(statement, exp.Query)

    def test_says_what_it_makes(self, path):
        assert path.read_text(encoding="utf-8").startswith("-- ")

    def test_names_its_columns(self, path):
        if path.parent.name not in TABLE_SCHEMAS:
            return  # rows that a check or a report shows have the columns that they have
        statement = sqlglot.parse_one(path.read_text(encoding="utf-8"), read="duckdb")
        outermost = list(statement.find_all(exp.SetOperation)) if isinstance(statement, exp.SetOperation) else []
        branches = [branch for union in outermost for branch in (union.left, union.right)] or [statement]
        for branch in branches:
            assert not [column.sql() for column in branch.selects if column.is_star]
            assert all(column.alias_or_name for column in branch.selects)

    def test_keywords_and_names_are_lower_case(self, path):
        text = path.read_text(encoding="utf-8")
        tokens = [token for token in sqlglot.tokenize(text, read="duckdb") if token.token_type not in FREE_TEXT]
        assert tokens
        # as written: the tokenizer itself gives keywords of two words in capitals
        written = [(token.line, text[token.start : token.end + 1]) for token in tokens]
        shouted = [f"line {line}: {words}" for line, words in written if words != words.lower()]
        assert not shouted

    def test_a_table_is_carried_over_as_spark_runs_it(self, path, empty_tables):
        text = query_of(path)
        if path.parent.name not in TABLE_SCHEMAS or spark_lacks(text):
            return
        carried = to_spark(text, lambda query: empty_tables.sql(query).columns)
        (statement,) = sqlglot.parse(carried, read="spark")
        assert statement.named_selects == empty_tables.sql(text).columns
        ctes = {cte.alias for cte in statement.find_all(exp.CTE)}
        assert [table.sql() for table in statement.find_all(exp.Table) if table.db] == []
        assert {table.name for table in statement.find_all(exp.Table)} - ctes <= {
            f"{name.schema}__{name.name}" for name in contracts()
        }

    def test_carries_over_to_spark(self, path):
        text = query_of(path)
        (carried,) = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
        (statement,) = sqlglot.parse(carried, read="spark")
        assert isinstance(statement, exp.Query)
        original = sqlglot.parse_one(text, read="duckdb")
        assert statement.named_selects == original.named_selects
        assert {cte.alias for cte in statement.find_all(exp.CTE)} >= {cte.alias for cte in original.find_all(exp.CTE)}
