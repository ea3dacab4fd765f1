"""The catalogue holds every published table and column, asks nothing of anybody, and shows what it is given as text."""

import re
from html.parser import HTMLParser

import pytest

from pipelines.contracts.model import contracts, described_tables
from pipelines.release import dictionary as rendering
from pipelines.release.catalogue import catalogue
from pipelines.release.manifest import ReleasedSource
from tests.unit.warehouse.small_contracts import table


class _Page(HTMLParser):
    """Ids, links, cells of table rows by section, and all text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.rows: dict[str, list[list[str]]] = {}
        self.text = ""
        self._section = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "id" in named:
            self.ids.append(named["id"])
        self.addresses += [named[name] for name in ("href", "src") if name in named]
        if tag == "section":
            self._section = named["id"]
            self.rows[self._section] = []
        if tag == "tr" and self._section:
            self.rows[self._section].append([])
        if tag in ("td", "th") and self._section:
            self.rows[self._section][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._section = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._section and self.rows[self._section] and self.rows[self._section][-1]:
            self.rows[self._section][-1][-1] += data


def test_every_published_table_and_column_is_in_it_in_order() -> None:
    page = _Page(catalogue())
    assert set(page.rows) == {str(name) for name in described_tables()}
    for name, contract in described_tables().items():
        header, *rows = page.rows[str(name)]
        assert [row[0].strip() for row in rows] == list(contract.column_names)
        assert {len(row) for row in rows} == {len(header)} == {6}
        assert contract.description in page.text
        for warning in contract.warnings:
            assert warning in page.text
    assert not {str(name) for name, contract in contracts().items() if not contract.published} & set(page.ids)


def test_links_lead_to_what_is_on_the_page_and_nothing_is_fetched() -> None:
    page = _Page(catalogue())
    assert len(page.ids) == len(set(page.ids))
    inside = {address[1:] for address in page.addresses if address.startswith("#")}
    assert inside <= set(page.ids)
    assert [address for address in page.addresses if not address.startswith("#")] == ["data:,"]
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest", catalogue())


def test_words_of_contracts_and_sources_are_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "<script>alert(1)</script> & \"quoted\" <img src=x onerror='alert(2)'>"
    small = table("marts.jobs", {"area_id": "varchar", "jobs": "bigint"}, ("area_id",), warnings=[evil])
    columns = (
        small.columns[0].model_copy(update={"values": (evil,)}),
        small.columns[1].model_copy(update={"meaning": evil, "unit": evil, "min": 0.0, "max": 5.0}),
    )
    small = small.model_copy(update={"columns": columns, "description": evil, "grain": evil, "sources": (evil,)})
    monkeypatch.setattr(rendering, "described_tables", lambda: {small.table: small})
    source = ReleasedSource(
        publisher=evil, title=evil, url=evil, vintage=evil, reference_period=evil, released_on=None,
        sha256="0" * 64, status="sample", attribution=evil,
    )  # fmt: skip
    page = _Page(catalogue({"marts.jobs": 12345}, "20261101T060000Z-aaaaaaaa", {"oews": source}))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    # description, grain, source, warning; value; unit and meaning; and six of the source's
    assert page.text.count(evil) == 4 + 1 + 2 + 6
    assert "12,345" in page.text
    assert ["jobs", "bigint", evil, "no", evil, ">= 0, <= 5"] in [
        [cell.strip() for cell in row] for row in page.rows["marts.jobs"]
    ]
    assert "Data catalogue of release 20261101T060000Z-aaaaaaaa" in page.text
    assert "sample" in page.text
