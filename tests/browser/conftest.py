"""Headless Chromium, and a page that notes errors in its console and requests to any other server."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


#: Rows of a table whose cells have the same elements, classes and styles look the same and have the same faults.
_DROP_ROWS_ALIKE = """() => document.querySelectorAll('table').forEach(table => {
    const seen = new Set();
    table.querySelectorAll('tr').forEach(row => {
        const look = [row, ...row.querySelectorAll('*')]
            .map(e => `${e.tagName}.${e.className} ${e.getAttribute('style')} ${e.parentNode.tagName}`).join();
        seen.has(look) ? row.remove() : seen.add(look);
    });
})"""


@dataclass
class Visit:
    """A page under test, its errors and its requests. Waits end after 30 s."""

    page: "Page"
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def foreign_requests(self, *origins: str) -> list[str]:
        """Requests to anything but local files, data in the page itself, and the origins given."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("file", "data", "blob") and not url.startswith(origins)
        ]

    def accessibility_faults(self, *within: str) -> list[str]:
        """The faults that axe finds by WCAG 2.1 A and AA and its best practices, in the page or within selectors."""
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
        return self._axe(rules, {"include": [[selector] for selector in within]} if within else None)

    def drop_rows_alike(self) -> None:
        """Remove all but the first of the rows of a table that differ in their text only: axe is slow on hundreds."""
        self.page.evaluate(_DROP_ROWS_ALIKE)

    def dark_faults(self) -> list[str]:
        """The faults of contrast in the dark colour scheme, the only faults that may differ. Rows alike are dropped."""
        self.page.emulate_media(color_scheme="dark")
        self.drop_rows_alike()
        return self._axe({"type": "rule", "values": ["color-contrast"]})

    def _axe(self, rules: object, context: object = None) -> list[str]:
        # to list what passes takes as long as to find what fails
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        found = Axe().run(self.page, context=context, options=options)
        return [
            f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]

    def screenshot(self, name: str) -> None:
        """Keep a picture in the folder that LMI_SCREENSHOTS names, if it names one."""
        if folder := os.environ.get("LMI_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def watch(context: "BrowserContext") -> Visit:
    """A new page of a context, watched from its start."""
    page = context.new_page()
    page.set_default_timeout(30_000)
    visit = Visit(page)
    page.on("console", lambda message: visit.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("websocket", lambda socket: visit.requests.append(socket.url))
    return visit


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The browser of a module's tests, which are skipped if it is not installed."""
    path = shutil.which("chromium") or CHROMIUM
    if not Path(path).exists():
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: "Browser") -> Iterator[Visit]:
    """A page for one test."""
    context = chromium.new_context()
    yield watch(context)
    context.close()
