"""The site of docs/: built as `make docs` does, every link followed, and read in a browser."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import pytest

from pipelines.paths import PROJECT
from tests.browser.conftest import Visit

pytestmark = pytest.mark.slow

PHONE = 390
DESK = 1280


class _Page(HTMLParser):
    """The addresses that a page links to, those that it loads, and its anchors."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.anchors |= {has["id"]} if "id" in has else set()
        if tag == "a":
            self.links += [has["href"]] if has.get("href") else []
        else:
            self.loads += [has[name] for name in ("src", "href") if has.get(name)]


def _build(project: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages and the declaration of the site, in a folder of their own."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "docs", folder / "docs")
    shutil.copy(PROJECT / "zensical.toml", folder)
    return folder


@pytest.fixture(scope="module")
def site(project: Path) -> Path:
    """The built site."""
    built = _build(project)
    assert built.returncode == 0, built.stdout + built.stderr
    return project / "dist" / "docs"


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    """The address of a web server that has the site."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def test_each_link_and_picture_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: _Page(path) for path in site.rglob("*.html") if path.name != "404.html"}
    assert {path.stem for path in pages} == {path.stem for path in (PROJECT / "docs").glob("*.md")}
    for path, page in pages.items():
        assert [address for address in page.loads if urlsplit(address).netloc] == []
        for address in page.links + page.loads:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{path.name}: {address}"
            if parts.fragment and target in pages:
                assert parts.fragment in pages[target].anchors | {"__top"}, f"{path.name}: {address}"


@pytest.mark.parametrize(
    "faulty", ["[lost](lost.md)", "[lost](glossary.md#lost)"], ids=["a page that is not there", "a lost heading"]
)
def test_a_link_that_leads_nowhere_stops_the_build(site: Path, tmp_path: Path, faulty: str) -> None:
    shutil.copytree(site.parents[1] / "docs", tmp_path / "docs")
    shutil.copy(PROJECT / "zensical.toml", tmp_path)
    page = tmp_path / "docs" / "versions.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{faulty}\n", encoding="utf-8")
    built = _build(tmp_path)
    assert built.returncode != 0
    assert "versions.md" in built.stdout + built.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", ["index", "methodology", "commands"])
def test_a_page_reads_well(site: Path, visit: Visit, name: str, width: int, scheme: str) -> None:
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.goto((site / f"{name}.html").as_uri())
    visit.page.get_by_role("heading", level=1).wait_for()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.foreign_requests() == []
    # wide tables scroll, and browsers let the keyboard into what scrolls
    faults = [fault for fault in visit.accessibility_faults() if not fault.startswith("scrollable-region-focusable")]
    assert faults == []
    visit.screenshot(f"documentation-{name}-{width}-{scheme}")


def test_the_search_finds_a_word_of_the_field(server: str, visit: Visit) -> None:
    visit.page.goto(server + "index.html")
    visit.page.get_by_role("button", name="Search").first.click()
    visit.page.keyboard.type("location quotient")
    visit.page.get_by_role("link", name="Glossary").first.wait_for()
    assert visit.foreign_requests(server) == []
    assert visit.errors == []
