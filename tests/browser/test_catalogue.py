"""The catalogue in a browser: opened from its file, searched, read by axe."""

from pathlib import Path

import pytest

from pipelines.contracts.model import described_tables
from pipelines.release.catalogue import CATALOGUE, catalogue
from tests.browser.conftest import Visit

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(visit: Visit, tmp_path: Path) -> Visit:
    """The catalogue, opened from a folder as in a release."""
    path = tmp_path / CATALOGUE
    linked_data = '{"@context": "https://schema.org/", "@type": "Dataset"}'
    rows = {"marts.cluster_indicators": 101442}
    page = catalogue(rows, "20261101T060000Z-aaaaaaaa", linked_data=linked_data)
    path.write_text(page, encoding="utf-8")
    visit.page.goto(path.as_uri())
    return visit


def _shown(visit: Visit) -> dict[str, list[str]]:
    """Columns that are visible, by table."""
    return {
        str(section.get_attribute("id")): section.locator("tbody tr:visible th").all_inner_texts()
        for section in visit.page.locator("section.table:visible").all()
    }


def _search(visit: Visit, words: str) -> dict[str, list[str]]:
    visit.page.get_by_label("Search").fill(words)
    return _shown(visit)


def test_everything_is_there_before_a_search(opened: Visit) -> None:
    assert _shown(opened) == {str(name): list(table.column_names) for name, table in described_tables().items()}
    tables = described_tables().values()
    columns = sum(len(table.columns) for table in tables)
    assert opened.page.get_by_role("status").inner_text() == f"{len(tables)} tables, {columns} columns"
    opened.screenshot("catalogue")


def test_search_finds_columns_by_name_and_meaning_and_tables_by_theirs(opened: Visit) -> None:
    every = {str(name): list(table.column_names) for name, table in described_tables().items()}
    # a name: the columns of that name, wherever they are, and not the rest of their tables
    found = _search(opened, "wage_premium_pct")
    assert found["marts.cluster_indicators"] == ["wage_premium_pct"]
    assert found["marts.occupation_indicators"] == ["wage_premium_pct"]
    assert "reference.naics" not in found
    # words of a meaning in any case and order, each of them asked for
    found = _search(opened, "INTERVAL upper employment_high")
    assert found["marts.cluster_indicators"] == ["employment_high"]
    # a table's own words show it whole
    found = _search(opened, "shift_share")
    assert found["marts.shift_share"] == every["marts.shift_share"]
    assert opened.page.get_by_role("navigation", name="Tables", exact=True).locator("li:visible").count() == len(found)
    (heading,) = opened.page.locator(".schema h2:visible").all_inner_texts()
    assert heading == "marts: the indicators, on every basis and by every policy"
    # table and column together
    assert _search(opened, "marts.industry_detail cells_withheld") == {"marts.industry_detail": ["cells_withheld"]}
    assert opened.page.get_by_role("status").inner_text() == "1 table, 1 column"

    assert _search(opened, "zzz nowhere") == {}
    assert opened.page.locator(".schema h2:visible").count() == 0
    assert "Nothing found" in opened.page.get_by_role("status").inner_text()
    assert _search(opened, "") == every


@pytest.mark.parametrize(
    ("words", "best", "column"),
    [
        ("how many jobs", "main.v_cluster", "employment"),
        ("median pay", "main.v_cluster", "wage_p50_usd"),
        ("What are the openings?", "main.v_outlook", "annual_openings"),
        ("graduates", "main.v_program", "awards"),
        ("salary by occupation", "main.v_occupation", "wage_p50_usd"),
        ("in which industries", "marts.industry_detail", "naics_code"),
        ("how old", "reference.source_vintage", "vintage"),
    ],
)
def test_words_of_the_field_lead_to_the_best_table(opened: Visit, words: str, best: str, column: str) -> None:
    found = _search(opened, words)
    first = opened.page.get_by_role("navigation", name="Best tables").get_by_role("link").first
    assert first.inner_text() == best
    assert column in found[best]
    first.click()
    assert opened.page.url.endswith(f"#{best}")


def test_a_link_to_a_hidden_table_shows_it(opened: Visit) -> None:
    _search(opened, "marts.shift_share")
    assert opened.page.locator("[id='reference.area']").is_hidden()
    opened.page.locator("[id='marts.shift_share'] a", has_text="reference.area").first.click()
    assert opened.page.locator("[id='reference.area']").is_visible()
    assert opened.page.get_by_label("Search").input_value() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_keeps_to_itself(opened: Visit, scheme: str) -> None:
    opened.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    opened.page.keyboard.press("/")
    assert opened.page.evaluate("document.activeElement.id") == "words"
    _search(opened, "marts.cluster_indicators")  # one table has every kind of element; axe is slow on hundreds of rows
    assert opened.accessibility_faults() == []
    assert opened.errors == []
    assert opened.foreign_requests() == []
    opened.page.set_viewport_size({"width": 390, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    opened.screenshot(f"catalogue-phone-{scheme}")


def test_without_scripts_it_is_still_a_page(chromium: object, tmp_path: Path) -> None:
    path = tmp_path / CATALOGUE
    path.write_text(catalogue(), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.get_by_role("search").is_hidden()
    assert page.locator("section.table:visible").count() == len(described_tables())
    context.close()
