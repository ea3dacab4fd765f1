"""Each fault of a publisher or a network: the message, the release that stays, the archive afterwards.

A run needs SOC, NAICS and OEWS. The publishers' files are small here, and each run stops before it makes a table.
"""

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.archive import http
from pipelines.archive.find import find_files
from pipelines.archive.store import Archive
from pipelines.intake.fetch import refresh
from pipelines.settings import Settings, Source
from tests.fixtures.command import Ran, published, run_here, share_release
from tests.fixtures.faults import (
    FAULTS,
    PATIENT_SECONDS,
    QCEW_PLACE,
    QCEW_YEAR,
    SOC_PLACE,
    ZIP_FAULTS,
    Fault,
    ZipFault,
    log_in_first,
)
from tests.fixtures.flat_files import write_flat_files
from tests.fixtures.projection_files import state_list, state_pages
from tests.fixtures.publisher_server import Behaviour, PublisherServer
from tests.fixtures.publishers import base_urls, place, publish
from tests.fixtures.workbooks_of_bundle import write_naics_workbook, write_soc_workbook
from tests.unit.intake.small_files import small_oews
from tests.unit.publishers.workbooks import write_workbook

OEWS_FILES = 7


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublisherServer]:
    folder = tmp_path_factory.mktemp("publishers")
    write_soc_workbook(folder)
    write_naics_workbook(folder)
    write_flat_files(folder / "oe", bundle=small_oews(tmp_path_factory.mktemp("small")))
    with PublisherServer(folder / "site") as server:
        for source in ("soc", "naics", "oews"):
            publish(server, source, find_files(source, folder))
        log_in_first(server)
        yield server


@pytest.fixture(scope="module")
def data(first_run: tuple[Path, Ran], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a release and no archive."""
    folder = tmp_path_factory.mktemp("faults") / "data"
    folder.mkdir()
    share_release(first_run[0], folder)
    return folder


@dataclass(frozen=True)
class Stopped:
    """The output of a run that stopped, and the archive afterwards."""

    code: object
    out: str
    err: str
    archive: Archive
    report: str


Run = Callable[..., Stopped]


@pytest.fixture
def live_run(data: Path, server: PublisherServer) -> Iterator[Run]:
    """`lmi run --source live` in this process, with an empty archive. The release must not change."""
    for folder in ("archive", "failures"):
        shutil.rmtree(data / folder, ignore_errors=True)
    settings = {
        "DATA_DIR": str(data),
        "SOURCE": "live",
        "CONTACT_EMAIL": "lmi@example.gov",
        "BASE_URLS": json.dumps(base_urls(server)),
        "HTTP_PAUSE_SECONDS": "0",
        "HTTP_TIMEOUT_SECONDS": str(PATIENT_SECONDS),
        "HTTP_ATTEMPTS": "3",
        "HTTP_BACKOFF_SECONDS": "0.01",
    }
    before = published(data)

    def run(**changed: str) -> Stopped:
        server.requests.clear()
        ran = run_here(settings | changed)
        (report,) = (data / "failures").iterdir()
        return Stopped(ran.code, ran.out, ran.err, Archive(data / "archive"), report.read_text("utf-8"))

    yield run
    for path in (SOC_PLACE, *(place("oews", name) for name in ("oe.footnote", "oe.release"))):
        server.behave(path)
    assert published(data) == before


def _assert_stopped(stopped: Stopped, code: int, says: str, source: str = "soc") -> None:
    """There is one message, also in the report. The other sources are archived, this one is not."""
    assert stopped.code == code, stopped.err
    assert re.search(says, stopped.err, re.DOTALL), stopped.err
    assert stopped.err.count("error:") == 1
    assert "Traceback" not in stopped.err
    assert "Published release" not in stopped.out
    assert re.search(says, stopped.report, re.DOTALL)
    assert "still release" in stopped.report
    manifest = stopped.archive.manifest()
    assert manifest.vintages.keys() == {"soc", "naics", "oews"} - {source}
    assert manifest.attempts[source].outcome == "failed"
    assert re.search(says, manifest.attempts[source].message or "", re.DOTALL)
    assert stopped.archive.verify() == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_without_an_edition_before_stops_the_run(live_run: Run, server: PublisherServer, fault: Fault) -> None:
    server.behave(SOC_PLACE, *fault.behaviours)
    _assert_stopped(live_run(HTTP_TIMEOUT_SECONDS=str(fault.timeout_seconds)), fault.exit_code, fault.says)
    assert server.paths().count(SOC_PLACE) == fault.requests


@pytest.fixture(scope="module")
def accepted(server: PublisherServer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a live run whose archive has an edition of SOC."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("accepted"),
        source=Source.LIVE,
        contact_email="lmi@example.gov",
        base_urls=base_urls(server),
        http_pause_seconds=0,
        http_attempts=3,
        http_backoff_seconds=0.01,
        qcew_years=1,
    )
    (outcome,) = refresh(settings, ("soc",))
    assert outcome.attempt.outcome == "new"
    return settings


def _look(settings: Settings, server: PublisherServer, source: str, place: str, *behaviours: Behaviour) -> str:
    """The message of a look that fails, after which the archive is as it was before."""
    archive = Archive(settings.archive)
    before, soc = archive.newest(source), archive.newest("soc")
    server.behave(place, *(replace(each, conditional=False) for each in behaviours))
    try:
        (outcome,) = refresh(settings, (source,))
    finally:
        server.behave(place)
    assert outcome.attempt.outcome == archive.manifest().attempts[source].outcome == "failed"
    assert (archive.newest(source), archive.newest("soc")) == (before, soc)
    assert soc is not None
    assert archive.is_whole(soc.files[0])
    assert archive.verify() == []
    return outcome.attempt.message or ""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_keeps_the_edition_before(accepted: Settings, server: PublisherServer, fault: Fault) -> None:
    """What a run makes of it is in test_live.py."""
    settings = accepted.model_copy(update={"http_timeout_seconds": fault.timeout_seconds})
    said = _look(settings, server, "soc", SOC_PLACE, *fault.behaviours)
    assert re.search(fault.says, said, re.DOTALL), said


@pytest.mark.parametrize("fault", ZIP_FAULTS, ids=lambda fault: fault.name)
def test_a_zip_that_cannot_be_taken_is_no_edition(accepted: Settings, server: PublisherServer, fault: ZipFault) -> None:
    settings = accepted.model_copy(update={"http_timeout_seconds": PATIENT_SECONDS})
    said = _look(settings, server, "qcew", QCEW_PLACE, fault.behaviour)
    assert re.search(fault.says, said), said
    assert f"{QCEW_YEAR}_annual_singlefile.zip" in said


def test_a_file_after_three_failures_is_taken(live_run: Run, server: PublisherServer) -> None:
    """The run goes on to the next source that it needs."""
    server.behave(SOC_PLACE, Behaviour(status=500, times=3))
    server.behave(place("oews", "oe.release"), Behaviour(status=403))
    _assert_stopped(live_run(HTTP_ATTEMPTS="4"), 8, "oe.release: the publisher refused", source="oews")
    assert [request.status for request in server.requests if request.path == SOC_PLACE] == [500, 500, 500, 200]


def test_a_refused_connection(live_run: Run, server: PublisherServer) -> None:
    with PublisherServer(server.folder) as gone:
        closed = gone.url
    urls = base_urls(server) | {"https://www.bls.gov": closed}
    _assert_stopped(live_run(BASE_URLS=json.dumps(urls)), 8, "the connection was refused.*3 attempts")


def test_a_host_without_a_name(live_run: Run, server: PublisherServer) -> None:
    urls = base_urls(server) | {"https://www.bls.gov": "http://no-such-host.invalid"}
    _assert_stopped(
        live_run(BASE_URLS=json.dumps(urls)), 8, r"no-such-host\.invalid.*the name of the host was not found"
    )


def test_a_download_that_drips(live_run: Run, server: PublisherServer, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient: dict[str, Any] = (http.Client.__init__.__kwdefaults__ or {}) | {"slow_after_seconds": 0.2}
    monkeypatch.setattr(http.Client.__init__, "__kwdefaults__", impatient)
    server.behave(SOC_PLACE, Behaviour(drip_bytes=10, drip_seconds=0.05))
    _assert_stopped(live_run(HTTP_ATTEMPTS="2"), 8, "the download is too slow.*2 attempts")


def test_a_full_disk(live_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def full(descriptor: int) -> None:
        if str(Path(f"/proc/self/fd/{descriptor}").readlink()).endswith("soc_structure_2018.xlsx.part"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(http.os, "fsync", full)
    _assert_stopped(live_run(), 8, "no space left in .*archive.*the file needs")


def test_a_workbook_with_an_inserted_column(live_run: Run, server: PublisherServer, tmp_path: Path) -> None:
    header = ("Major Group", "Minor Group", "Broad Group", "Detailed Occupation", None, "Note")
    path = write_workbook(
        tmp_path / "soc.xlsx", {"Structure": [header, ("15-0000", None, None, None, "Computer", "x")]}
    )
    server.behave(SOC_PLACE, Behaviour(body=path.read_bytes()))
    _assert_stopped(live_run(), 3, "soc: soc_structure_2018.xlsx: .*'Note'")


def _changed(server: PublisherServer, name: str, change: Callable[[str], str]) -> None:
    text = (server.folder / place("oews", name).lstrip("/")).read_text(encoding="utf-8")
    server.behave(place("oews", name), Behaviour(body=change(text).encode()))


def test_a_new_footnote_code(live_run: Run, server: PublisherServer) -> None:
    _changed(server, "oe.footnote", lambda text: text + "9\tA new kind of note\r\n")
    _assert_stopped(live_run(), 3, "oews: oe.footnote: line 8.*unknown footnote.*A new kind of note", source="oews")
    assert len([path for path in server.paths() if "/oe." in path]) == OEWS_FILES


def test_one_of_seven_files_of_another_release(live_run: Run, server: PublisherServer) -> None:
    _changed(server, "oe.release", lambda text: text.replace("2025", "2026"))
    _assert_stopped(live_run(), 3, "oews: oe.data.0.Current: .*another year than the release's", source="oews")


#: One row more than the service's largest page.
OHIO = {f"15-{number:04d}": 1_000 + number for number in range(1_001)}
OHIO_PAGES = "/public.projectionscentral.org/Projections/LongTermRestJson/39?page={page}&items_per_page=1000"


@pytest.fixture
def ohio(server: PublisherServer) -> Iterator[list[bytes]]:
    """The two pages of Ohio's list, served."""
    pages = state_pages(39, "Ohio", OHIO, 1_000)
    for number, body in enumerate(pages):
        server.behave(OHIO_PAGES.format(page=number), Behaviour(body=body))
    yield pages
    for number in range(len(pages)):
        server.behave(OHIO_PAGES.format(page=number))


def test_a_list_of_more_rows_than_a_page_is_archived_whole(
    live_run: Run, server: PublisherServer, ohio: list[bytes]
) -> None:
    """The run stops at another source, so that no table is made of the list."""
    server.behave(SOC_PLACE, Behaviour(status=403))
    archive = live_run().archive
    asked = [path for path in server.paths() if "/39?" in path]
    assert asked == [OHIO_PAGES.format(page=number) for number in range(2)]
    assert archive.manifest().attempts["projections_central"].outcome == "new"
    edition = archive.newest("projections_central")
    assert edition is not None
    assert edition.reference_period == "2024-34"
    assert [archive.path(file).read_bytes() for file in edition.files] == ohio


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (Behaviour(body=state_pages(39, "Ohio", OHIO, 1_000)[0]), "expected page 1: a page is missing, repeated"),
        (Behaviour(body=state_pages(39, "Ohio", OHIO, 1_000, (2022, 2032))[1]), "different years in one state"),
        (Behaviour(body=state_list(39, "Ohio", {}, current_page=1, total_items=1_001)), "a page without rows"),
        (Behaviour(status=404, body=b"No results found."), "page 0 gives 2 pages, and this one is missing"),
    ],
    ids=["page repeated", "two cycles", "row dropped", "page missing"],
)
def test_pages_that_make_no_whole_list_are_not_archived(
    live_run: Run, server: PublisherServer, ohio: list[bytes], second: Behaviour, says: str
) -> None:
    assert len(ohio) == 2
    server.behave(SOC_PLACE, Behaviour(status=403))
    server.behave(OHIO_PAGES.format(page=1), second)
    archive = live_run().archive
    assert archive.newest("projections_central") is None
    attempt = archive.manifest().attempts["projections_central"]
    assert attempt.outcome == "failed"
    assert says in (attempt.message or "")


def test_a_live_run_without_a_contact_makes_no_request(live_run: Run, server: PublisherServer) -> None:
    stopped = live_run(CONTACT_EMAIL="")
    assert (stopped.code, server.requests) == (2, [])
    assert "LMI_CONTACT_EMAIL" in stopped.err
    assert not (stopped.archive.folder / "manifest.json").exists()
