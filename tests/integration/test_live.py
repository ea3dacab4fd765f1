"""Live runs against a local server that has the publishers' files: the whole way, from download to release."""

import json
import random
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.archive.sources import declared_sources
from pipelines.archive.store import Archive
from tests.fixtures.command import published, run_here
from tests.fixtures.faults import FAULTS, SOC_PLACE, Fault, zip_of
from tests.fixtures.live_runs import CLUSTER_ROWS, OEWS_DATA, Killed, Live, kill_a_run, live_deployment
from tests.fixtures.publisher_server import Behaviour, html_page
from tests.fixtures.publishers import place, publish
from tests.integration.conftest import Ran, lmi
from tests.unit.publishers.workbooks import write_workbook

#: A page in place of SOC's workbook, whatever the condition of the request.
NO_WORKBOOK = replace(html_page(), conditional=False)
#: The first year of QCEW that is looked for.
QCEW_YEAR = datetime.now(UTC).year - 1


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_deployment(tmp_path_factory.mktemp("live")) as live:
        yield live


def test_marts_of_a_live_run_are_those_of_the_bundle(live: Live, first_run: tuple[Path, Ran]) -> None:
    with duckdb.connect() as both:
        both.execute(f"attach '{first_run[0] / 'lmi.duckdb'}' as bundled (read_only)")
        both.execute(f"attach '{live.data / 'lmi.duckdb'}' as live (read_only)")
        tables = both.sql(
            "select table_name from duckdb_tables() "
            "where database_name = 'bundled' and schema_name = 'marts' order by 1"
        ).fetchall()
        assert ("cluster_indicators",) in tables
        for (table,) in tables:
            for one, other in (("bundled", "live"), ("live", "bundled")):
                query = f"select count(*) from (from {one}.marts.{table} except all from {other}.marts.{table})"
                assert both.sql(query).fetchall() == [(0,)], (table, one)


def test_a_release_says_what_was_fetched_and_when(live: Live) -> None:
    with duckdb.connect(str(live.data / "lmi.duckdb"), read_only=True) as connection:
        rows = connection.sql(
            "select source, vintage, status, retrieved_on is not null from reference.source_vintage order by source"
        ).fetchall()
    assert ("oews", "May 2025", "ok", True) in rows
    assert ("soc", "2018", "ok", True) in rows
    assert ("qcew", "2016, statewide files of 51 states and territories", "sample", False) in rows
    assert "oews: new" in live.ran.out
    assert "onet_clusters: failed" in live.ran.out


def test_nothing_changed_is_one_request_a_file_and_no_release(live: Live) -> None:
    releases = sorted((live.data / "releases").iterdir())
    live.server.requests.clear()
    ran = live.run()
    assert ran.code == 0, ran.err
    assert "Nothing changed" in ran.out
    assert sorted((live.data / "releases").iterdir()) == releases
    there = [request for request in live.server.requests if request.status != 404]
    assert [request.status for request in there] == [304] * 9
    assert len(live.server.paths()) == len(set(live.server.paths())), "one request for each address"


def test_status_tells_of_every_source(live: Live) -> None:
    out = lmi("status", data=live.data, **live.environment).out
    line = next(line for line in out.splitlines() if " oews " in line)
    assert "May 2025" in line
    assert "2025-05" in line
    assert "2026-05-15" in line
    assert "May 2027" in line, "a year after May 2025's figures, which came a year after May 2025"
    assert "sample" in out


def test_a_live_run_without_a_contact_makes_no_request(live: Live, tmp_path: Path) -> None:
    live.server.requests.clear()
    environment = {name: value for name, value in live.environment.items() if name != "LMI_CONTACT_EMAIL"}
    ran = lmi("run", "--source", "live", data=tmp_path, **environment)
    assert ran.code == 2
    assert "LMI_CONTACT_EMAIL" in ran.err
    assert live.server.requests == []


def test_a_needed_source_that_fails_stops_before_anything_is_published(live: Live, tmp_path: Path) -> None:
    live.server.behave(SOC_PLACE, html_page())
    live.server.behave(OEWS_DATA, Behaviour(status=404))
    try:
        ran = live.run(data=tmp_path)
    finally:
        live.server.behave(SOC_PLACE)
        live.server.behave(OEWS_DATA)
    assert ran.code == 3
    assert "soc: soc_structure_2018.xlsx" in ran.err
    assert not (tmp_path / "lmi.duckdb").exists()
    (report,) = (tmp_path / "failures").iterdir()
    assert "soc_structure_2018.xlsx" in report.read_text(encoding="utf-8")
    assert Archive(tmp_path / "archive").newest("naics") is not None


@pytest.fixture(scope="module")
def killed(live: Live) -> list[Killed]:
    """Runs killed at random moments: most while they fetch and accept, the fifth anywhere.

    All twenty, each followed by a run that completes, are in test_killed.py.
    """
    moments = random.Random(2026)
    return [
        kill_a_run(
            live,
            moments.uniform(0.1, 0.95) * live.ran.seconds if number == 4 else moments.uniform(0.3, 4),
            datetime(2026, 7, 1, 0, number, tzinfo=UTC),
        )
        for number in range(8)
    ]


@pytest.fixture(scope="module")
def stale(live: Live, killed: list[Killed]) -> Ran:
    """The run after those killed, in which the SOC workbook could not be had, with the edition before at hand."""
    assert killed
    live.server.behave(SOC_PLACE, NO_WORKBOOK)
    try:
        return live.run()
    finally:
        live.server.behave(SOC_PLACE)


def test_killed_at_any_moment_the_database_opens_and_the_archive_is_whole(killed: list[Killed]) -> None:
    assert {(each.code, each.cluster_rows) for each in killed} == {(-signal.SIGKILL, CLUSTER_ROWS)}
    assert [fault for each in killed for fault in each.faults] == []


def test_the_run_after_those_killed_completes(live: Live, stale: Ran) -> None:
    assert stale.code == 0, stale.out + stale.err
    folders = sorted((live.data / "releases").iterdir())
    assert folders == live.releases(), "what broken-off runs left is cleared away"
    difference = json.loads((folders[-1] / "diff.json").read_text(encoding="utf-8"))
    assert difference["previous_release_id"] == folders[-2].name
    assert (live.data / "lmi.duckdb").read_bytes() == (folders[-1] / "lmi.duckdb").read_bytes()


def test_a_source_that_fails_is_published_from_its_edition_before_and_marked(live: Live, stale: Ran) -> None:
    assert stale.code == 0, stale.err
    assert "soc: failed: soc: soc_structure_2018.xlsx" in stale.out
    assert "Published release" in stale.out
    with duckdb.connect(str(live.data / "lmi.duckdb"), read_only=True) as connection:
        rows = dict(connection.sql("select source, status from reference.source_vintage").fetchall())
    assert (rows["soc"], rows["naics"], rows["oews"]) == ("stale", "ok", "ok")
    difference = json.loads((live.releases()[-1] / "diff.json").read_text(encoding="utf-8"))
    changed = {name for name, entry in difference["tables"].items() if entry["status"] != "same"}
    assert changed == {"reference.source_vintage"}
    shown = lmi("status", data=live.data, **live.environment).out
    assert "stale" in next(line for line in shown.splitlines() if " soc " in line)


@dataclass(frozen=True)
class OfZip:
    """What comes in place of a year of QCEW, and a pattern of what is said of it."""

    name: str
    behaviour: Behaviour
    says: str


ZIP_FAULTS = (
    OfZip("a page in place of a zip", html_page(), "web page came instead of the file"),
    OfZip("a zip without its member", Behaviour(body=zip_of({"readme.txt": b"a" * 9000})), "no member has such a name"),
    OfZip(
        "names that climb",
        Behaviour(body=zip_of({f"{QCEW_YEAR}.annual.singlefile.csv": b"a", "../evil": b"a"})),
        "leads out of its folder",
    ),
    OfZip("a zip bomb", Behaviour(body=zip_of({f"{QCEW_YEAR}.annual.singlefile.csv": bytes(20_000_000)})), "zip bomb"),
)


@pytest.fixture
def again(
    live: Live, stale: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., str]]:
    """`lmi run --source live` in this process; what is published stays, as what is known of SOC is the same again.

    It gives what was said of a source that failed.
    """
    assert stale.code == 0
    settings = {name.removeprefix("LMI_"): value for name, value in live.environment.items()}
    settings |= {"DATA_DIR": str(live.data), "SOURCE": "live", "HTTP_ATTEMPTS": "3"}
    settings |= {"QCEW_YEARS": "1"}
    before, archive = published(live.data), Archive(live.data / "archive")
    editions = archive.manifest().editions

    def run(source: str, **changed: str) -> str:
        code, out, err = run_here(monkeypatch, capsys, settings | changed)
        assert (code, err.strip()) == (0, "")
        assert f"Nothing changed since release {live.releases()[-1].name}" in out
        attempt = archive.manifest().attempts[source]
        assert attempt.outcome == "failed"
        assert f"{source}: failed: {attempt.message}" in out
        return attempt.message or ""

    yield run
    live.server.behave(SOC_PLACE)
    assert published(live.data) == before
    assert archive.manifest().editions == editions
    (soc,) = editions["soc"][-1].files
    assert archive.is_whole(soc)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_with_an_edition_before_leaves_everything(live: Live, again: Callable[..., str], fault: Fault) -> None:
    live.server.behave(SOC_PLACE, *(replace(each, conditional=False) for each in fault.behaviours))
    assert re.search(fault.says, again("soc", HTTP_TIMEOUT_SECONDS=str(fault.timeout_seconds)), re.DOTALL)


@pytest.mark.parametrize("fault", ZIP_FAULTS, ids=lambda fault: fault.name)
def test_a_zip_that_cannot_be_taken_leaves_everything(live: Live, again: Callable[[str], str], fault: OfZip) -> None:
    live.server.behave(SOC_PLACE, NO_WORKBOOK)
    path = f"/data.bls.gov/cew/data/files/{QCEW_YEAR}/csv/{QCEW_YEAR}_annual_singlefile.zip"
    live.server.behave(path, fault.behaviour)
    try:
        said = again("qcew")
    finally:
        live.server.behave(path)
    assert re.search(fault.says, said)
    assert f"{QCEW_YEAR}_annual_singlefile.zip" in said


def test_a_workbook_with_a_renamed_sheet_leaves_everything(
    live: Live, again: Callable[[str], str], tmp_path: Path
) -> None:
    live.server.behave(SOC_PLACE, NO_WORKBOOK)
    names = declared_sources()["career_clusters"].file_names
    book = write_workbook(tmp_path / names[0], {"SOC - CC": [("SOC Code", "Occupation Title", "Career Cluster")]})
    publish(live.server, "career_clusters", dict.fromkeys(names, book))
    try:
        said = again("career_clusters")
    finally:
        for path in (*(place("career_clusters", name) for name in names), "/careertech.org/career-clusters/resources/"):
            live.server.behave(path, Behaviour(status=404))
    assert "sheet 'SOC - CC - Sub-Clusters': no such sheet; the workbook has 'SOC - CC'" in said
