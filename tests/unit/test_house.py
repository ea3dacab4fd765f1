"""Rules of the house that no linter holds: how long functions and lines are, and what stands beside what."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contracts.model import VIEWS, published_tables
from pipelines.paths import CONTRACTS, PROJECT, SQL
from pipelines.settings import Settings
from pipelines.warehouse.sql_tables import TABLE_SCHEMAS
from tests.conftest import FIRST

PACKAGE = PROJECT / "pipelines"
LONGEST_FUNCTION = 60
LONGEST_LINE = 120
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CHANGELOG.md",
    *sorted((PROJECT / "docs").glob("*.md")),
    *sorted((PROJECT / "reference").rglob("*.md")),
]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of each function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_a_function_fits_on_a_page() -> None:
    lengths = {
        f"{path.relative_to(PROJECT)}: {name}": lines
        for path in PACKAGE.rglob("*.py")
        for name, lines in _functions(path)
    }
    assert len(lengths) > 500
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_a_line_of_sql_fits_on_a_screen() -> None:
    files = sorted(SQL.rglob("*.sql"))
    assert len(files) > 100
    assert [
        f"{path.relative_to(PROJECT)}:{number}: {len(line)} characters"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ] == []


def test_a_table_is_its_select_and_its_contract_side_by_side() -> None:
    for schema in (*TABLE_SCHEMAS, VIEWS):
        selects, declared = ({path.stem for path in (SQL / schema).glob(f"*.{kind}")} for kind in ("sql", "yml"))
        assert selects == declared, schema
        elsewhere = {path.stem for path in (CONTRACTS / "tables" / schema).glob("*.yml")}
        assert selects & elsewhere == set(), f"{schema}: declared twice"


@pytest.mark.parametrize("package", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
def test_a_package_says_what_belongs_there(package: str) -> None:
    words = ast.get_docstring(ast.parse((PACKAGE / package / "__init__.py").read_text(encoding="utf-8")))
    assert words
    assert len(words.splitlines()[0]) > 20


def test_dagster_is_imported_in_orchestration_only() -> None:
    importing = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(import|from) dagster\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importing == {"orchestration"}


def test_paths_of_parquet_are_no_patterns() -> None:
    """A folder's name may hold [, ? and *."""
    calls = [
        (path.name, found)
        for path in PACKAGE.rglob("*.py")
        for found in re.findall(r"pl\.(?:read|scan)_parquet\((?:[^()]|\([^()]*\))*\)", path.read_text(encoding="utf-8"))
    ]
    assert len(calls) > 10
    assert [call for call in calls if "glob=False" not in call[1]] == []


def _rows(page: Path) -> list[str]:
    """The first cell of each row of a page's first table."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [line.split("|")[1].strip() for line in lines[2:]]


def test_the_glossary_has_each_term_once_in_order() -> None:
    terms = [term.lower() for term in _rows(PROJECT / "docs" / "glossary.md")]
    assert len(terms) > 40
    assert terms == sorted(set(terms))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """Paths in backticks that begin in the project or beside the page; `<name>` and `*` stand for any."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:pipelines|sql|reference|docs|tests|notebooks)/[^` ]*)`", text)
    named += [f"{module.replace('.', '/')}.py" for module in re.findall(r"-m (pipelines\.[a-z_.]+)", text)]
    made = set(re.findall(r"\*\*`([^`]+)`\*\* \(new\)", text))  # a recipe's
    for path in set(named) - made:
        pattern = re.sub(r"<[a-z_]+>", "*", path).rstrip("/")
        assert any(PROJECT.glob(pattern)), f"{page.name} names {path}, which is not there"


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").split()) <= 1000
    pictures = sorted((PROJECT / "docs" / "images").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > 300_000] == []


def test_the_site_of_the_documentation_lists_each_page_once() -> None:
    site = tomllib.loads((PROJECT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    listed = re.findall(r"'([^']+\.md)'", str(site["nav"]))
    assert sorted(listed) == sorted(page.name for page in (PROJECT / "docs").glob("*.md"))


def test_the_page_of_tables_names_each_table_of_indicators() -> None:
    words = (PROJECT / "docs" / "tables.md").read_text(encoding="utf-8")
    marts = {name for table in published_tables() if (name := str(table)).startswith("marts.")}
    assert len(marts) > 25
    assert {name for name in marts if f"`{name}`" not in words} == set()


def test_pages_name_each_setting() -> None:
    words = "".join(page.read_text(encoding="utf-8") for page in (PROJECT / "docs").glob("*.md"))
    assert [name for name in Settings.model_fields if f"LMI_{name.upper()}`" not in words] == []


def test_the_picture_of_the_rooms_shows_all_of_them() -> None:
    """Every package stands in the picture and in the layers of docs/architecture.md."""
    picture = (PROJECT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    words = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (layers,) = re.findall(r"```\n(cli\n.*?)```", words, re.DOTALL)
    for package in (path.parent.name for path in PACKAGE.glob("*/__init__.py")):
        assert f"{package}/" in picture, package
        assert package in layers.split(), package
    declared = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").partition("layers = [")[2].partition("]")[0]
    assert re.findall(r"\w+", declared) == re.findall(r"\w+", layers)


def test_the_files_that_begin_first_are_there() -> None:
    assert [name for name in FIRST if not (PROJECT / name).is_file()] == []
