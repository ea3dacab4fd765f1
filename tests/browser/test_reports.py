"""State reports in headless Chromium: complete, without errors, accessible, on any screen, light, dark and on paper."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser.conftest import Visit
from tests.fixtures.command import Ran, lmi
from tests.fixtures.report_pages import SECTIONS

pytestmark = pytest.mark.slow

STATES = ("OH", "TX", "WY", "GU", "US")


#: Names of charts with text that is cut off at their edge or overlaps other text.
_TEXT_FAULTS = """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) return [];
    const name = svg.querySelector('title').textContent;
    const boxes = [...svg.querySelectorAll('text')]
        .filter(text => text.textContent.trim() && getComputedStyle(text).opacity !== '0')
        .map(text => ({said: text.textContent, box: text.getBoundingClientRect()}))
        .filter(({box}) => box.width > 0);
    const isCut = ({box}) => box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
    const shared = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
    const isOver = (one, other) => shared(one.box, other.box, 'left', 'right') > 2
        && shared(one.box, other.box, 'top', 'bottom') > 4;
    return [
        ...boxes.filter(isCut).map(({said}) => `${name}: ${said} is cut`),
        ...boxes.flatMap((one, i) => boxes.slice(i + 1).filter(other => isOver(one, other))
            .map(other => `${name}: ${one.said} over ${other.said}`)),
    ];
})"""


def _opened(visit: Visit, page: Path) -> None:
    visit.page.goto(page.as_uri())


def _has_no_sideways_scroll(visit: Visit) -> bool:
    return bool(visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("state", STATES)
def test_a_report_opens_whole_and_quiet(visit: Visit, report_pages: Path, state: str) -> None:
    _opened(visit, report_pages / f"{state}.html")
    assert visit.errors == []
    assert visit.requests == [(report_pages / f"{state}.html").as_uri()]
    for section in SECTIONS[state]:
        assert visit.page.locator(f"section#{section} h2").is_visible(), section
    assert visit.page.locator("main").inner_text().count("undefined") == 0
    visit.screenshot(f"report-{state}")


@pytest.mark.parametrize("state", STATES)
def test_pictures_are_drawn(visit: Visit, report_pages: Path, state: str) -> None:
    _opened(visit, report_pages / f"{state}.html")
    pictures = visit.page.locator("svg.chart.wide")
    expected = {"clusters", "wages", "cross-cutting"} | (
        {"areas", "industry", "gaps"} if state in ("OH", "WY") else set()
    )
    names = {str(svg.get_attribute("aria-labelledby")).split("-wide")[0] for svg in pictures.all()}
    assert expected <= names
    for svg in pictures.all():
        assert svg.is_visible()
        box = svg.bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 80
        marks = svg.locator("path[fill^='var('], path[stroke^='var('], line[stroke^='var(']")
        assert marks.count() > 5
        # a map has no words but its legend's
        is_map = str(svg.get_attribute("aria-labelledby")).startswith("map-")
        assert svg.locator("text").count() > (3 if is_map else 5)
    # a bar has an area, and a colour that is not the page's
    bar = visit.page.locator("svg.chart.wide path[fill^='var(--main']").first
    fill = bar.evaluate("element => getComputedStyle(element).fill")
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", fill)
    assert fill != ground


@pytest.mark.parametrize("state", STATES)
def test_a_report_is_accessible_in_light_and_dark(visit: Visit, report_pages: Path, state: str) -> None:
    visit.page.emulate_media(color_scheme="light")
    _opened(visit, report_pages / f"{state}.html")
    if state != "OH":  # one page with every row
        visit.drop_rows_alike()
    assert visit.accessibility_faults() == []
    assert visit.dark_faults() == []


def test_a_poor_contrast_is_noticed_in_dark_only(visit: Visit, report_pages: Path) -> None:
    _opened(visit, report_pages / "GU.html")
    # the page's policy lets no other style in, but a rule may join its own
    rule = "@media (prefers-color-scheme: dark) { #wages tbody td { color: #333a44; } }"
    visit.page.evaluate(
        "rule => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)", rule
    )
    assert [fault for fault in visit.dark_faults() if "color-contrast" in fault and "wages" in fault]


@pytest.mark.parametrize("state", STATES)
def test_text_of_pictures_neither_overlaps_nor_leaves_them(visit: Visit, report_pages: Path, state: str) -> None:
    for width in (1280, 360):
        visit.page.set_viewport_size({"width": width, "height": 800})
        _opened(visit, report_pages / f"{state}.html")
        faults = visit.page.evaluate(_TEXT_FAULTS)
        assert faults == [], width


def test_panels_side_by_side_have_their_rows_at_the_same_height(visit: Visit, report_pages: Path) -> None:
    _opened(visit, report_pages / "WY.html")
    chart = visit.page.locator("svg.chart.wide[aria-labelledby^='clusters-']")
    middles: list[list[float]] = chart.evaluate(
        """svg => [/^[0-9,]{3,}$/, /^[0-9]+[.][0-9]{2}$/, /^[$][0-9]+,[0-9]{3}$/].map(figure =>
            [...svg.querySelectorAll('text')].filter(text => figure.test(text.textContent))
                .map(text => text.getBoundingClientRect()).map(box => (box.top + box.bottom) / 2).sort((a, b) => a - b))
        """
    )
    jobs, quotients, wages = middles
    assert len(jobs) == 14
    assert quotients == pytest.approx(jobs, abs=1)
    assert wages == pytest.approx(jobs, abs=1)


@pytest.mark.parametrize("state", STATES)
def test_tables_are_seen_whole_on_a_desktop(visit: Visit, report_pages: Path, state: str) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    _opened(visit, report_pages / f"{state}.html")
    cut = visit.page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1)"
        ".map(e => `${e.getAttribute('aria-label')}: ${e.scrollWidth} of ${e.clientWidth}`)"
    )
    assert cut == []


def test_a_phone_sees_narrow_pictures_and_no_sideways_scroll(visit: Visit, report_pages: Path) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    _opened(visit, report_pages / "OH.html")
    assert _has_no_sideways_scroll(visit)
    assert visit.page.locator("svg.chart.narrow").first.is_visible()
    assert not visit.page.locator("svg.chart.wide").first.is_visible()
    visit.screenshot("report-OH-phone")


def test_dark_is_dark_and_pictures_follow(visit: Visit, report_pages: Path) -> None:
    look = "svg.chart.wide text"
    colours = {}
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        _opened(visit, report_pages / "OH.html")
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        text = visit.page.locator(look).first.evaluate("element => getComputedStyle(element).fill")
        colours[scheme] = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ground, text)]
        visit.screenshot(f"report-OH-{scheme}")
    assert colours["light"][0] > 600
    assert colours["light"][1] < 300
    assert colours["dark"][0] < 150
    assert colours["dark"][1] > 600


def test_links_lead_to_where_they_say(visit: Visit, report_pages: Path) -> None:
    _opened(visit, report_pages / "OH.html")
    inner = visit.page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
    )
    assert len(inner) > 20
    lost = visit.page.evaluate("ids => ids.filter(id => document.getElementById(id) === null)", inner)
    assert lost == []
    twice = visit.page.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        " return ids.filter((id, i) => ids.indexOf(id) !== i); })()"
    )
    assert twice == []


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_a_report_prints_on_twelve_pages_with_a_cover_and_contents(
    first_run: tuple[Path, Ran], chromium: object, tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    ran = lmi("report", "--state", "OH", "--format", "pdf", "--paper", paper, "--out", str(tmp_path), data=first_run[0])
    assert ran.code == 0, ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["OH.pdf"]
    pdf = PdfReader(tmp_path / "OH.pdf")
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages} == {size}
    assert 6 <= len(pdf.pages) <= 12
    texts = [page.extract_text() for page in pdf.pages]
    cover, *others = texts
    assert "Contents" in cover
    assert "How to cite this: Career Cluster LMI" in " ".join(cover.split())
    listed = re.findall(r"^(.+?)\s*(\d+)$", cover.partition("Contents")[2], flags=re.MULTILINE)
    places = {heading.strip(): int(place) for heading, place in listed}
    assert places["At a glance"] == 2
    assert len(places) >= 10
    for heading, place in places.items():
        assert heading in texts[place - 1], heading
    for number, text in enumerate(others, start=2):
        assert f"{number} of {len(texts)}" in text
        assert "Ohio: labor market by Career Cluster" in text
    # all that a director asks stands on the two pages after the cover
    glance = " ".join(" ".join(texts[1:3]).split())
    assert all(words in glance for words in ("Clusters by jobs, pay and outlook", "Occupations", "furthest above"))
    assert "Clusters by employment" in texts[3]
    assert "()" not in " ".join(texts)


def test_a_phone_keeps_captions_whole_and_names_in_sight(visit: Visit, report_pages: Path) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    _opened(visit, report_pages / "OH.html")
    table = visit.page.locator("#clusters .scroll").first
    assert table.locator(".hint").is_visible()
    table.evaluate("element => element.scrollLeft = 200")
    for part in ("caption", "tbody th", "thead th"):
        box = table.locator(part).first.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= 20, part
        assert box["x"] + box["width"] <= 390, part
    cut = visit.page.evaluate(
        "[...document.querySelectorAll('caption')].filter(e => e.getBoundingClientRect().right > 390"
        " && e.closest('.scroll').scrollLeft === 0).map(e => e.textContent)"
    )
    assert cut == []
    visit.page.set_viewport_size({"width": 1200, "height": 800})
    assert not table.locator(".hint").is_visible()


@pytest.mark.parametrize("name", STATES)
def test_nothing_is_wider_than_the_paper(visit: Visit, report_pages: Path, name: str) -> None:
    # Letter less margins of 14 mm, at 96 pixels to the inch
    visit.page.set_viewport_size({"width": 710, "height": 960})
    visit.page.emulate_media(media="print")
    _opened(visit, report_pages / f"{name}.html")
    wide = visit.page.evaluate(
        "[...document.querySelectorAll('table, svg.chart')].filter(e => e.getBoundingClientRect().width > 711)"
        ".map(e => e.querySelector('caption, title')?.textContent)"
    )
    assert wide == []
