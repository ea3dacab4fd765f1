"""The data dictionary holds every published table and column, in tables that Markdown can show."""

import re

import pytest

from pipelines.contracts.model import ColumnType, contracts, described_tables
from pipelines.release import dictionary as rendering
from pipelines.release.dictionary import dictionary
from tests.unit.warehouse.small_contracts import table


def _sections(text: str) -> dict[str, list[str]]:
    """Lines of each table's section by the table's name."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("## "):
            current = sections.setdefault(line.removeprefix("## "), [])
        current.append(line)
    return sections


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def test_every_published_table_and_column_is_in_it_in_order() -> None:
    sections = _sections(dictionary())
    assert set(sections) == {str(name) for name in described_tables()}
    for name, contract in described_tables().items():
        rows = [_cells(line) for line in sections[str(name)] if line.startswith("| `")]
        assert [row[0] for row in rows] == [f"`{column}`" for column in contract.column_names]
        assert {len(row) for row in rows} == {6}, name


def test_tables_that_are_not_published_are_not_in_it() -> None:
    unpublished = [name for name, contract in contracts().items() if not contract.published]
    assert unpublished
    assert not {str(name) for name in unpublished} & set(_sections(dictionary()))


def test_links_at_the_top_lead_to_the_tables() -> None:
    text = dictionary()
    links = re.findall(r"\[[a-z_]+\]\(#([a-z_]+)\)", text)
    # an anchor is the heading without its dot
    anchors = [heading.replace(".", "") for heading in _sections(text)]
    assert sorted(links) == sorted(anchors)


def test_unit_missing_values_and_bounds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = table(
        "marts.jobs", {"area_id": "varchar", "share_pct": "double", "reliability": "varchar"}, ("area_id",),
        nullable=("share_pct", "reliability"), warnings=["Never add these up."],
    )  # fmt: skip
    columns = (
        contract.columns[0].model_copy(update={"pattern": r"^(US|[A-Z]{2})$"}),
        contract.columns[1].model_copy(update={"unit": "percent", "min": 0.0, "max": 100.0}),
        contract.columns[2].model_copy(update={"values": ("A", "B"), "meaning": "Grade | letter\nof the error"}),
    )
    assert contract.columns[1].type is ColumnType.DOUBLE
    small = contract.model_copy(update={"columns": columns})
    monkeypatch.setattr(rendering, "described_tables", lambda: {small.table: small})
    text = dictionary({"marts.jobs": 12345}, "20261101T060000Z-aaaaaaaa")
    assert text.startswith("# Data dictionary of release 20261101T060000Z-aaaaaaaa\n")
    for line in (
        "## marts.jobs",
        "- Grain: one row per key",
        "- Key: `area_id`",
        "- Rows: 12,345",
        "- **Note:** Never add these up.",
        r"| `area_id` | varchar |  |  | What area_id is | `^(US\|[A-Z]{2})$` |",
        "| `share_pct` | double | percent | yes | What share_pct is | >= 0, <= 100 |",
        r"| `reliability` | varchar |  | yes | Grade \| letter of the error | `A`, `B` |",
    ):
        assert line in text.splitlines(), line


def test_without_a_release_it_speaks_of_none() -> None:
    text = dictionary()
    assert text.startswith("# Data dictionary\n")
    assert "- Rows:" not in text
