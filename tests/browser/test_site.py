"""The site of a part of a release in headless Chromium: from a folder, and from a server under a path of its own."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import duckdb
import pytest

from tests.browser.conftest import Visit, watch
from tests.fixtures.command import Ran, lmi

pytestmark = pytest.mark.slow

#: A page of each kind.
KINDS = (
    "index.html",
    "clusters.html",
    "clusters/WY_construction.html",
    "compare.html#WY,C16220",
    "what-is-estimated.html",
    "downloads.html",
    "reports/WY.html",
    "reports/C16220.html",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the nation, and of Wyoming with its areas."""
    folder = tmp_path_factory.mktemp("web") / "lmi"
    ran = lmi("site", "--out", str(folder), "--only", "WY", data=first_run[0])
    assert ran.code == 0, ran.err
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert re.search(rf": 6 areas, \d+ files, {size / 1e6:,.1f} MB, in \d+ s", ran.out), ran.out
    return folder


@pytest.fixture(scope="module", params=["folder", "server"])
def address(site: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the site is: a folder, or a path of a server that has it not at its root."""
    if request.param == "folder":
        yield site.as_uri()
        return
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=site.parent)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()


def _assert_quiet(visit: Visit, address: str) -> None:
    assert visit.errors == []
    assert visit.foreign_requests(f"{address}/") == []


def _drawn(visit: Visit) -> list[str]:
    """The names of the rows of a chart, from the top."""
    visit.page.locator("#chart svg").wait_for()
    texts = visit.page.locator("#chart .role-axis-label").last.locator("text")
    lines: list[str] = texts.evaluate_all(
        "all => all.map(e => [...e.querySelectorAll('tspan')].map(line => line.textContent).join(' ') || e.textContent)"
    )
    return lines


def test_the_front_page_finds_an_area_by_a_county_and_leads_to_its_report(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/index.html")
    casper, cheyenne = (page.get_by_role("link", name=name) for name in ("Casper, WY", "Cheyenne, WY"))
    assert not casper.is_visible()
    page.get_by_label("Search").fill("natrona")
    assert casper.is_visible()
    assert not cheyenne.is_visible()
    assert not page.get_by_role("link", name="United States").is_visible()
    assert page.get_by_role("status").inner_text() == "1 found"
    page.get_by_label("Search").fill("wyom")
    assert casper.is_visible()
    assert cheyenne.is_visible()
    page.get_by_label("Search").fill("atlantis")
    assert "Nothing found" in page.get_by_role("status").inner_text()
    page.get_by_label("Search").fill("16220")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Casper, WY").wait_for()
    assert page.url == f"{address}/reports/C16220.html"
    _assert_quiet(visit, address)


def test_a_report_leads_to_the_clusters_of_its_state(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/reports/C16220.html")
    menu = page.get_by_role("navigation", name="Site")
    menu.get_by_role("link", name="Clusters").click()
    page.locator("#WY").get_by_role("link", name="Construction").click()
    page.get_by_role("heading", level=1, name="Construction, Wyoming").wait_for()
    rows = page.locator(".areas tbody tr").evaluate_all(
        "all => all.map(row => [row.cells[0].textContent.trim(), parseFloat(row.cells[3].textContent)])"
    )
    assert len(rows) == 4
    assert _drawn(visit) == [name for name, _ in sorted(rows, key=lambda row: -row[1])]
    page.get_by_label("Show").select_option(label="Median wage")
    page.locator("#chart").get_by_text("Median wage").wait_for()
    page.locator(".areas tbody").get_by_role("link", name="Casper, WY").click()
    page.get_by_role("heading", level=1, name="Casper, WY").wait_for()
    menu.get_by_role("link", name="Comparison").click()
    page.get_by_role("table").get_by_role("columnheader", name="Casper, WY").wait_for()
    _assert_quiet(visit, address)


def test_two_areas_stand_beside_each_other(visit: Visit, address: str, lmi_database: duckdb.DuckDBPyConnection) -> None:
    page = visit.page
    page.goto(f"{address}/compare.html#WY,C16220")
    table = page.get_by_role("table")
    table.get_by_role("columnheader", name="Wyoming").wait_for()
    rows = lmi_database.sql(
        "select area_id, cast(round(employment / 10) * 10 as bigint), round(location_quotient, 2), round(wage_p50_usd) "
        "from marts.cluster_indicators where cluster_id = 'construction' and level = 'cluster' "
        "and basis = 'unduplicated' and area_id in ('WY', 'C16220') order by area_id = 'C16220'"
    ).fetchall()
    shown = table.locator("tbody tr", has_text="Construction").locator("td").all_inner_texts()
    assert len(rows) == 2
    for (_, jobs, quotient, wage), cells in zip(rows, (shown[:5], shown[5:]), strict=True):
        assert [cells[0], cells[2], cells[3]] == [f"{jobs:,}", f"{quotient:.2f}", f"${wage:,.0f}"]
    assert len(_drawn(visit)) == 14
    page.locator("#chart .mark-symbol path").first.hover()
    told = page.locator("#vg-tooltip-element")
    told.get_by_text("Reliability").wait_for()
    assert "Wyoming" in told.inner_text()
    assert visit.accessibility_faults("main") == []
    page.get_by_label("beside").select_option(label="United States")
    table.get_by_role("columnheader", name="United States").wait_for()
    assert page.url == f"{address}/compare.html#WY,US"
    _assert_quiet(visit, address)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_accessible_on_any_screen_light_and_dark(visit: Visit, site: Path, kind: str) -> None:
    page = visit.page
    page.goto(f"{site.as_uri()}/{kind}")
    if "compare" in kind or "WY_" in kind:
        page.locator("#chart svg").wait_for()
    name = re.sub(r"[/#,.]", "-", kind)
    visit.screenshot(f"site-{name}")
    if kind.startswith("reports"):  # whose own tests look at the rest
        assert visit.accessibility_faults("header") == []
    else:
        visit.drop_rows_alike()
        assert visit.accessibility_faults() == []
        assert visit.dark_faults() == []
    visit.screenshot(f"site-{name}-dark")
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.screenshot(f"site-{name}-phone")
    assert visit.errors == []


def test_pages_of_clusters_print_on_one_sheet(visit: Visit, site: Path) -> None:
    pages = sorted((site / "clusters").glob("*.html"))
    assert len(pages) == 2 * 14
    for path in pages[::5]:
        visit.page.goto(path.as_uri())
        printed = visit.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, path.name


def test_without_scripts_lists_and_reports_are_there(chromium: object, site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    visit = watch(context)
    page = visit.page
    page.goto(f"{site.as_uri()}/index.html")
    assert page.get_by_role("search").is_hidden()
    page.get_by_text("Wyoming: areas").click()
    assert page.get_by_role("link", name="Casper, WY").is_visible()
    page.goto(f"{site.as_uri()}/compare.html")
    page.get_by_role("link", name="Wyoming").click()
    page.get_by_role("heading", level=1, name="Wyoming").wait_for()
    page.goto(f"{site.as_uri()}/clusters/WY_construction.html")
    assert page.locator(".areas tbody tr").count() == 4
    assert page.locator("#picture").is_hidden()
    context.close()


def test_every_link_of_the_site_leads_to_a_file_and_a_place_in_it(site: Path) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in pages.items()}
    lost = []
    for path, text in pages.items():
        for link in set(re.findall(r'<a [^>]*href="([^"]+)"', text)):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            # the comparison reads its place from the address
            is_there = target.is_file() and (
                not parts.fragment or target.name == "compare.html" or unquote(parts.fragment) in ids[target]
            )
            if not is_there:
                lost.append((path.name, link))
    assert lost == []


def test_downloads_are_as_their_checksums_say(site: Path) -> None:
    listed = dict(line.split("  ")[::-1] for line in (site / "SHA256SUMS").read_text().splitlines())
    assert {"release/lmi.duckdb", "downloads/lmi_WY.xlsx", "downloads/lmi_WY_csv.zip"} <= set(listed)
    page = (site / "downloads.html").read_text(encoding="utf-8")
    for name, sha256 in listed.items():
        assert hashlib.sha256((site / name).read_bytes()).hexdigest() == sha256
        assert f'href="{name}"' in page
        assert sha256 in page
    files = [path for folder in ("release", "downloads") for path in (site / folder).iterdir()]
    described = {"data.json", "dcat-us-3.json", "datapackage.json", "croissant.json"}
    assert {*(path.relative_to(site).as_posix() for path in files), *described} == set(listed)
    catalogue = json.loads((site / "data.json").read_text(encoding="utf-8"))
    told = {each["description"].partition(",")[0] for each in catalogue["dataset"][0]["distribution"]}
    assert told == set(listed) - described
