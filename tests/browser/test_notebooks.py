"""The notebooks as pages: served here, without requests to other servers; all figures follow the state."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipelines.paths import NOTEBOOKS
from tests.browser.conftest import Visit
from tests.fixtures.command import PROJECT, Ran

pytestmark = pytest.mark.slow

START_SECONDS = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _served(data: Path, log: Path) -> Iterator[str]:
    """marimo with every notebook of the project; the address of its page."""
    port = _free_port()
    command = [sys.executable, "-m", "marimo", "run", str(NOTEBOOKS), "--host", "127.0.0.1", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMI_")}
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--headless", "--no-token"],
            cwd=PROJECT,
            env=environment | {"LMI_DATA_DIR": str(data), "MARIMO_SKIP_UPDATE_CHECK": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/health", server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(START_SECONDS * 4):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"marimo did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def server(first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory, chromium: object) -> Iterator[str]:
    with _served(first_run[0], tmp_path_factory.mktemp("marimo") / "log") as address:
        yield address


def _open(visit: Visit, server: str, notebook: str, last_heading: str) -> None:
    visit.page.goto(f"{server}/?file={notebook}.py")
    visit.page.get_by_role("heading", name=last_heading, exact=True).wait_for(timeout=60_000)


def _choose(visit: Visit, label: str, words: str, option: str) -> None:
    """Choose in a dropdown that is searched by typing."""
    visit.page.get_by_label(label, exact=True).click()
    visit.page.keyboard.type(words)
    visit.page.get_by_role("option", name=option).click()


def _median(connection: duckdb.DuckDBPyConnection, area: str) -> str:
    ((jobs, wage),) = connection.sql(
        "select employment, wage_p50_usd from marts.cluster_indicators "
        f"where area_id = '{area}' and level = 'all' and basis = 'unduplicated'"
    ).fetchall()
    return f"{jobs:,.0f} wage and salary jobs. Half of them pay less than ${wage:,.0f} a year"


def test_the_state_report_follows_state_area_and_basis(
    visit: Visit, server: str, lmi_database: duckdb.DuckDBPyConnection
) -> None:
    page = visit.page
    _open(visit, server, "state_report", "Sources and vintages")
    assert page.get_by_text(f"Ohio has {_median(lmi_database, 'OH')}").is_visible()
    # clusters, wages, openings, education, flags, awards, gaps, employers, cross-cutting, nation, areas, map
    assert page.locator("svg.chart").count() == 12
    for chart in page.locator("svg.chart").all():
        assert chart.locator("path[d], rect, line").count() > 10
        assert chart.locator("title").text_content()
    # what the notebook itself shows; the frame around it is marimo's
    assert visit.accessibility_faults(".lmi", ".chart", ".markdown") == []
    visit.screenshot("notebook-ohio")

    page.get_by_label("Policy", exact=True).select_option(label="Ohio TopJobs")
    # 80 % of the state's median of all jobs, which OEWS gives as 49,380
    page.get_by_text("Compared here with $39,504.").wait_for()

    _choose(visit, "State", "Wyom", "Wyoming (WY)")
    page.get_by_text(f"Wyoming has {_median(lmi_database, 'WY')}").wait_for()
    page.get_by_role("heading", name="Wyoming", exact=True).wait_for()

    _choose(visit, "Area", "Casp", "Casper, WY")
    page.get_by_text(f"Casper, WY has {_median(lmi_database, 'C16220')}").wait_for()
    # metro areas have no projections: the section is left out
    page.get_by_role("heading", name="Outlook", exact=True).wait_for(state="detached")
    assert page.get_by_label("Policy", exact=True).locator("option").all_inner_texts() == [
        "Neutral default",
        "O*NET Bright Outlook",
    ]

    page.get_by_label("Basis", exact=True).select_option(label="every job in each of its clusters (duplicated)")
    page.get_by_text("never add clusters up").wait_for()
    visit.screenshot("notebook-casper-duplicated")

    assert visit.errors == []
    assert visit.foreign_requests(server, server.replace("http", "ws")) == []


def test_the_tour_shows_tables_and_answers_questions(visit: Visit, server: str) -> None:
    page = visit.page
    _open(visit, server, "explore", "Sources and vintages")
    assert page.get_by_text("Filter level, always, and in tables basis.").is_visible()
    assert page.locator("svg.chart").count() == 4
    # question 3 of the guide, on Columbus
    assert page.get_by_text("Supply Chain & Transportation").first.is_visible()

    _choose(visit, "Table", "shift", "marts.shift_share")
    page.get_by_text("The three parts add up to the change.").first.wait_for()

    _choose(visit, "Question", "counties make", "2. Which counties make up my metro area?")
    page.get_by_text("Hamilton County, Ohio").wait_for()
    visit.screenshot("notebook-explore")

    assert visit.errors == []
    assert visit.foreign_requests(server, server.replace("http", "ws")) == []


def test_without_a_release_the_page_says_what_to_do(chromium: object, visit: Visit, tmp_path: Path) -> None:
    with _served(tmp_path / "none", tmp_path / "log") as address:
        visit.page.goto(f"{address}/?file=state_report.py")
        visit.page.get_by_text("run `lmi run` first").wait_for(timeout=60_000)
        assert visit.page.locator("svg.chart").count() == 0
