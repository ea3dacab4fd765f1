"""Live runs against a local server with the publishers' files: the whole way, from download to release."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.archive.store import Archive
from pipelines.sources import declared_sources
from tests.fixtures.command import published, run_here
from tests.fixtures.faults import QCEW_PLACE, QCEW_YEAR, SOC_PLACE, SOME_FAULTS, ZIP_FAULTS, Fault
from tests.fixtures.live_runs import (
    CLUSTER_ROWS,
    COUNTIES,
    MEMBERSHIP,
    NO_WORKBOOK,
    OEWS_DATA,
    Live,
    Told,
    served,
)
from tests.fixtures.publisher_server import Behaviour, html_page
from tests.fixtures.publishers import link, place
from tests.fixtures.small_release import OVERLAY
from tests.integration.conftest import Here, Ran
from tests.unit.publishers.workbooks import write_workbook

pytestmark = pytest.mark.slow

#: Tables that have titles of NAICS.
TABLES_WITH_TITLES = ("reference.naics", "reference.naics_sub_cluster")


@pytest.fixture(scope="module")
def live(live_run: tuple[Path, Told]) -> Iterator[Live]:
    """What `live_story` left, with its server again: on its port, for the archive knows the addresses."""
    folder, told = live_run
    with served(folder / "site", told.port) as (server, environment):
        link(server, "career_clusters", declared_sources()["career_clusters"].file_names)
        yield Live(server, environment, folder / "data", told.fetched)


@pytest.fixture(scope="module")
def stale(live_run: tuple[Path, Told]) -> Ran:
    """The run after those killed, with an edition before of SOC, NAICS, OEWS and, by hand, QCEW."""
    return live_run[1].ran


def test_a_look_says_what_was_fetched(live: Live) -> None:
    assert "oews: new" in live.ran.out
    assert "onet_clusters: failed" in live.ran.out
    oews = Archive(live.data / "archive").newest("oews")
    assert oews is not None
    assert oews.vintage == "May 2025"


def test_a_needed_source_that_fails_stops_before_anything_is_published(live: Live, here: Here, tmp_path: Path) -> None:
    live.server.behave(SOC_PLACE, html_page())
    live.server.behave(OEWS_DATA, Behaviour(status=404))
    try:
        ran = here("run", data=tmp_path, LMI_SOURCE="live", **live.environment)
    finally:
        live.server.behave(SOC_PLACE)
        live.server.behave(OEWS_DATA)
    assert ran.code == 3
    assert "soc: soc_structure_2018.xlsx" in ran.err
    assert not (tmp_path / "lmi.duckdb").exists()
    (report,) = (tmp_path / "failures").iterdir()
    assert "soc_structure_2018.xlsx" in report.read_text(encoding="utf-8")
    assert Archive(tmp_path / "archive").newest("naics") is not None


def test_killed_at_any_moment_the_database_opens_and_the_archive_is_whole(live_run: tuple[Path, Told]) -> None:
    """Twenty kills, each followed by a run that completes, are in test_killed.py."""
    killed = live_run[1].killed
    assert {(each.code, each.cluster_rows) for each in killed} == {(-signal.SIGKILL, CLUSTER_ROWS)}
    assert [fault for each in killed for fault in each.faults] == []


def test_the_run_after_those_killed_completes(live: Live, stale: Ran) -> None:
    assert stale.code == 0, stale.out + stale.err
    folders = sorted((live.data / "releases").iterdir())
    assert folders == live.releases(), "what broken-off runs left is cleared away"
    difference = json.loads((folders[-1] / "diff.json").read_text(encoding="utf-8"))
    assert difference["previous_release_id"] == folders[-2].name
    assert (live.data / "lmi.duckdb").read_bytes() == (folders[-1] / "lmi.duckdb").read_bytes()


def test_a_release_says_what_was_fetched_and_when(live: Live, stale: Ran) -> None:
    assert stale.code == 0, stale.err
    with duckdb.connect(str(live.data / "lmi.duckdb"), read_only=True) as connection:
        rows = connection.sql(
            "select source, vintage, status, retrieved_on is not null from reference.source_vintage order by source"
        ).fetchall()
    assert ("oews", "May 2025", "ok", True) in rows
    assert ("naics", "2022", "ok", True) in rows
    # that their newest look failed is told beside the release
    assert ("soc", "2018", "ok", True) in rows
    assert ("qcew", COUNTIES, "ok", True) in rows
    # no one serves it, so it is the bundle's
    assert ("onet", "job zones rated up to 2024-11", "ok", False) in rows


def _in_status(live: Live, here: Here, source: str) -> list[str]:
    """The cells that `lmi status` shows of a source."""
    out = here("status", data=live.data, **live.environment).out
    (cells,) = (
        cells for line in out.splitlines() if (cells := [cell.strip() for cell in line.split("│")])[1:2] == [source]
    )
    return cells[1:-1]


def test_status_shows_every_source(live: Live, here: Here, stale: Ran) -> None:
    assert stale.code == 0, stale.err
    now = datetime.now(UTC)
    source, vintage, age, status, expected, look = _in_status(live, here, "oews")
    assert (source, vintage, status) == ("oews", "May 2025", "full vintage")
    out = here("status", data=live.data, **live.environment).out
    for words in ("of 2025-05", "released 2026-05-15"):
        assert words in out
    assert any(f"retrieved {day:%Y-%m-%d}" in out for day in (now, now - timedelta(days=1)))
    assert int(age) == (now.year - 2025) * 12 + now.month - 5
    assert expected == "May 2027", "a year after May 2025's figures, which came a year after May 2025"
    assert look.endswith("unchanged")
    # it was looked for, although no table is made of it
    assert "not in the release" in _in_status(live, here, "onet_clusters")


def test_a_source_that_fails_is_published_from_its_edition_before_and_marked(
    live: Live, here: Here, stale: Ran
) -> None:
    assert stale.code == 0, stale.err
    assert "soc: failed: soc: soc_structure_2018.xlsx" in stale.out
    assert "oews: unchanged" in stale.out
    assert "Published release" in stale.out
    with duckdb.connect(str(live.data / "lmi.duckdb"), read_only=True) as connection:
        rows = dict(connection.sql("select source, status from reference.source_vintage").fetchall())
    assert (rows["soc"], rows["naics"], rows["oews"]) == ("ok", "ok", "ok")
    difference = json.loads((live.releases()[-1] / "diff.json").read_text(encoding="utf-8"))
    changed = {name for name, entry in difference["tables"].items() if entry["status"] != "same"}
    # the figures are of fewer areas; regions, a policy and a cluster of the overlay are there, too
    assert {name for name in changed if name.startswith("reference.")} == {
        "reference.area",
        "reference.overlay",
        "reference.overlay_change",
        "reference.overlay_node",
        "reference.policy",
        "reference.region_member",
        "reference.source_vintage",
        *TABLES_WITH_TITLES,
    }
    cells = _in_status(live, here, "soc")
    assert "stale" in cells
    assert "failed: soc:" in cells[-1]  # the rest is on the lines below


def test_other_content_under_the_same_date_is_published(live: Live, stale: Ran) -> None:
    assert "naics: new: 2022 accepted" in stale.out
    before, newest = Archive(live.data / "archive").vintages("naics")
    assert [file.last_modified for file in before.files] == [file.last_modified for file in newest.files]
    assert [file.sha256 for file in before.files] != [file.sha256 for file in newest.files]
    titles = []
    for release in live.releases()[-2:]:
        with duckdb.connect(str(release / "lmi.duckdb"), read_only=True) as connection:
            titles += connection.sql("select naics_title from reference.naics where naics_code = '11'").fetchall()
    assert titles == [("Agriculture, Forestry, Fishing and Hunting",), ("Farms and woods",)]


def test_a_membership_that_the_publisher_left_out_is_a_warning(live: Live, here: Here, stale: Ran) -> None:
    """Figures use the memberships in reference/ until somebody has looked at the change."""
    assert "career_clusters: new" in stale.out
    with duckdb.connect(str(live.data / "lmi.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select severity, passed, observed from quality.check_result where check_name = 'memberships_as_downloaded'"
        ).fetchall()
        kept = connection.execute(
            "select count(*) from reference.soc_sub_cluster where soc_code = ? and sub_cluster_id = ?", MEMBERSHIP
        ).fetchall()
    soc_code, sub_cluster = MEMBERSHIP
    told = f"soc_code={soc_code}, sub_cluster_id={sub_cluster}, change=removed"
    assert found == [("warn", False, told)]
    assert kept == [(1,)]
    assert "memberships_as_downloaded" in here("status", data=live.data, **live.environment).out


def test_nothing_changed_is_one_request_a_file(live: Live, stale: Ran, here: Here) -> None:
    assert stale.code == 0, stale.err
    live.server.requests.clear()
    ran = here("archive", "fetch", data=live.data, **live.environment)
    assert ran.code == 8, ran.err  # this publisher has nothing of some optional sources
    assert "oews: unchanged" in ran.out
    assert re.search(r"^\d+ looked for: 0 new, \d+ unchanged, \d+ failed \(.*onet", ran.out, re.MULTILINE)
    there = [request for request in live.server.requests if request.status != 404]
    # nine files and two workbooks, whose page is asked where they are
    assert sorted(request.status or 0 for request in there) == [200, *[304] * 11]
    assert len(live.server.paths()) == len(set(live.server.paths())), "one request for each address"


@pytest.fixture
def again(live: Live, stale: Ran) -> Iterator[Callable[..., str]]:
    """`lmi run --source live` in this process; the release stays, because SOC fails as before.

    Returns the message of the source that failed.
    """
    assert stale.code == 0
    settings = {name.removeprefix("LMI_"): value for name, value in live.environment.items()}
    settings |= {"DATA_DIR": str(live.data), "SOURCE": "live", "HTTP_ATTEMPTS": "3"}
    settings |= {"QCEW_YEARS": "1", "OVERLAY_DIR": str(OVERLAY)}
    before, archive = published(live.data), Archive(live.data / "archive")
    editions = archive.manifest().vintages

    def run(source: str, **changed: str) -> str:
        ran = run_here(settings | changed)
        assert (ran.code, ran.err.strip()) == (0, "")
        assert f"Nothing changed since release {live.releases()[-1].name}" in ran.out
        attempt = archive.manifest().attempts[source]
        assert attempt.outcome == "failed"
        assert f"{source}: failed: {attempt.message}" in ran.out
        return attempt.message or ""

    yield run
    live.server.behave(SOC_PLACE)
    assert published(live.data) == before
    assert archive.manifest().vintages == editions
    (soc,) = editions["soc"][-1].files
    assert archive.is_whole(soc)


@pytest.mark.parametrize("fault", SOME_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_with_an_edition_before_leaves_everything(live: Live, again: Callable[..., str], fault: Fault) -> None:
    """All faults are in test_faults.py, where the archive alone is asked."""
    live.server.behave(SOC_PLACE, *(replace(each, conditional=False) for each in fault.behaviours))
    assert re.search(fault.says, again("soc", HTTP_TIMEOUT_SECONDS=str(fault.timeout_seconds)), re.DOTALL)


def test_a_zip_that_cannot_be_taken_leaves_everything(live: Live, again: Callable[[str], str]) -> None:
    live.server.behave(SOC_PLACE, NO_WORKBOOK)
    bomb = ZIP_FAULTS[-1]
    live.server.behave(QCEW_PLACE, bomb.behaviour)
    try:
        said = again("qcew")
    finally:
        live.server.behave(QCEW_PLACE)
    assert re.search(bomb.says, said)
    assert f"{QCEW_YEAR}_annual_singlefile.zip" in said


def test_a_workbook_with_a_renamed_sheet_leaves_everything(
    live: Live, again: Callable[[str], str], tmp_path: Path
) -> None:
    live.server.behave(SOC_PLACE, NO_WORKBOOK)
    names = declared_sources()["career_clusters"].file_names
    book = write_workbook(tmp_path / names[0], {"SOC - CC": [("SOC Code", "Occupation Title", "Career Cluster")]})
    places = [place("career_clusters", name) for name in names]
    for path in places:
        live.server.behave(path, Behaviour(body=book.read_bytes(), conditional=False))
    try:
        said = again("career_clusters")
    finally:
        for path in places:
            live.server.behave(path)
    assert "sheet 'SOC - CC - Sub-Clusters': no such sheet; the workbook has 'SOC - CC'" in said
