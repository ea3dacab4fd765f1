"""Looking for the newest editions, against publishers that misbehave in every way that was met."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.archive.live import linked_address, override, refresh
from pipelines.archive.raw import find_files
from pipelines.archive.sources import Link, declared_sources
from pipelines.archive.store import Archive
from pipelines.errors import BadInputError, FetchError, LmiError, MissingContactError
from pipelines.settings import Settings, Source
from tests.fixtures.publisher_server import Behaviour, PublisherServer, html_page, redirect
from tests.fixtures.publishers import base_urls, place, publish
from tests.unit.archive.small_files import SOC_FILE, SOC_ROWS
from tests.unit.publishers.workbooks import write_workbook

CHANGED = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
OEWS = tuple(name for name in declared_sources()["oews"].file_names)


@dataclass(frozen=True)
class World:
    """A local publisher with good files of SOC, NAICS and OEWS, and settings of a live run against it."""

    server: PublisherServer
    settings: Settings
    files: Path

    @property
    def archive(self) -> Archive:
        return Archive(self.settings.archive)

    def soc_workbook(self, title: str = "Software Developers, renamed") -> bytes:
        """Another edition of the SOC workbook."""
        rows = [*SOC_ROWS[:-1], (None, None, None, "15-1252", title)]
        return write_workbook(self.files.parent / "soc_again.xlsx", {"Structure": rows}).read_bytes()


@pytest.fixture
def world(tmp_path: Path, publishers_files: Path) -> Iterator[World]:
    with PublisherServer(tmp_path / "publisher") as server:
        for source in ("soc", "naics", "oews"):
            publish(server, source, find_files(source, publishers_files))
        settings = Settings(
            data_dir=tmp_path / "data",
            source=Source.LIVE,
            contact_email="lmi@example.gov",
            base_urls=base_urls(server),
            http_pause_seconds=0,
            http_timeout_seconds=0.5,
            http_attempts=3,
            http_backoff_seconds=0.01,
        )
        work = tmp_path / "work" / "files"
        work.mkdir(parents=True)
        yield World(server, settings, work)


def look(world: World, *sources: str) -> dict[str, str]:
    """Outcome of each source."""
    return {outcome.source: outcome.attempt.outcome for outcome in refresh(world.settings, sources)}


SOC_PLACE = place("soc", SOC_FILE)


def test_every_file_is_fetched_once_and_accepted(world: World) -> None:
    assert look(world, "soc", "naics", "oews") == {"soc": "new", "naics": "new", "oews": "new"}
    assert [request.status for request in world.server.requests] == [200] * 9
    assert len(set(world.server.paths())) == 9
    edition = world.archive.newest("oews")
    assert edition is not None
    assert (edition.vintage, edition.reference_period, str(edition.released_on)) == (
        "May 2025",
        "2025-05",
        "2026-05-15",
    )
    assert set(world.archive.files(edition)) == set(OEWS)
    assert world.archive.manifest().attempts["oews"].outcome == "new"


def test_nothing_changed_is_one_request_a_file_and_no_download(world: World) -> None:
    look(world, "soc", "naics", "oews")
    before = world.archive.manifest().editions
    world.server.requests.clear()
    assert look(world, "soc", "naics", "oews") == {"soc": "unchanged", "naics": "unchanged", "oews": "unchanged"}
    assert [request.status for request in world.server.requests] == [304] * 9
    assert len(world.server.requests) == 9
    assert world.archive.manifest().editions == before


def test_the_same_bytes_under_a_new_date_are_no_new_edition(world: World) -> None:
    look(world, "soc")
    world.server.put(SOC_PLACE, (world.server.folder / SOC_PLACE.lstrip("/")).read_bytes(), modified=CHANGED)
    assert look(world, "soc") == {"soc": "unchanged"}
    assert len(world.archive.editions("soc")) == 1
    world.server.requests.clear()
    look(world, "soc")
    assert [request.status for request in world.server.requests] == [304], "the new date is known now"


def test_other_bytes_under_the_same_date_are_a_new_edition(world: World) -> None:
    look(world, "soc")
    world.server.behave(SOC_PLACE, Behaviour(body=world.soc_workbook(), conditional=False))
    assert look(world, "soc") == {"soc": "new"}
    assert len(world.archive.editions("soc")) == 2


def test_a_live_run_needs_a_contact_before_the_first_request(world: World) -> None:
    settings = world.settings.model_copy(update={"contact_email": None})
    with pytest.raises(MissingContactError, match="LMI_CONTACT_EMAIL"):
        refresh(settings, ("soc",))
    assert world.server.requests == []


def test_requests_say_who_asks(world: World) -> None:
    look(world, "soc")
    agent = world.server.requests[0].headers["user-agent"]
    assert agent.startswith("career-cluster-lmi/")
    assert "lmi@example.gov" in agent
    assert "http" not in agent


@dataclass(frozen=True)
class Fault:
    """What the publisher does to the SOC workbook, what is said of it, and how often it was asked for."""

    name: str
    behaviours: tuple[Behaviour, ...]
    error: type[LmiError]
    says: str
    requests: int


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


FAULTS = [
    Fault("reset before headers", (Behaviour(refuse="reset"),), FetchError, "3 attempts|attempt 3", 3),
    Fault("no answer at all", (Behaviour(refuse="silence"),), FetchError, "silent", 3),
    Fault("silence in the middle", (Behaviour(stop_after=100, stop_with="stall"),), FetchError, "silent", 3),
    Fault("body cut short", (Behaviour(stop_after=100),), FetchError, "3 attempts", 3),
    Fault("longer length than sent", (Behaviour(content_length=10_000_000),), FetchError, "3 attempts", 3),
    Fault("forbidden", (Behaviour(status=403),), FetchError, "lmi archive add", 1),
    Fault("not there", (Behaviour(status=404),), FetchError, "404", 1),
    Fault("too many requests", (Behaviour(status=429),), FetchError, "429", 3),
    Fault("too many, and when", (Behaviour(status=429, headers={"Retry-After": "0"}),), FetchError, "429", 3),
    Fault("failing for good", (Behaviour(status=500),), FetchError, "500", 3),
    Fault("redirect loop", (redirect(SOC_PLACE),), FetchError, "redirect", 31),
    Fault("page with status 200", (html_page(),), BadInputError, "web page|HTML", 1),
    Fault("nothing", (Behaviour(body=b""),), BadInputError, "empty", 1),
    Fault("not a workbook", (Behaviour(body=gzip.compress(b"x" * 5000)),), BadInputError, "workbook", 1),
    Fault("a zip with other members", (Behaviour(body=_zip({"a.txt": b"a" * 50_000})),), BadInputError, "workbook", 1),
    Fault("climbing names", (Behaviour(body=_zip({"../evil": b"a" * 9000})),), BadInputError, "workbook", 1),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_without_an_earlier_edition_stops_and_leaves_nothing(world: World, fault: Fault) -> None:
    world.server.behave(SOC_PLACE, *fault.behaviours)
    with pytest.raises(fault.error, match=fault.says) as caught:
        refresh(world.settings, ("soc", "naics"))
    assert caught.value.exit_code == (8 if fault.error is FetchError else 3)
    assert len([path for path in world.server.paths() if path == SOC_PLACE]) == fault.requests
    assert world.archive.newest("soc") is None
    attempts = world.archive.manifest().attempts
    assert attempts["soc"].outcome == "failed"
    assert attempts["soc"].message == str(caught.value)
    assert attempts["naics"].outcome == "new", "one source's fault does not keep the others away"
    assert world.archive.verify() == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_keeps_the_earlier_edition(world: World, fault: Fault) -> None:
    look(world, "soc")
    before = world.archive.newest("soc")
    world.server.behave(SOC_PLACE, *(replace(each, conditional=False) for each in fault.behaviours))
    assert look(world, "soc") == {"soc": "failed"}
    assert world.archive.newest("soc") == before
    assert world.archive.verify() == []


def test_three_failures_and_then_the_file(world: World) -> None:
    settings = world.settings.model_copy(update={"http_attempts": 4})
    world.server.behave(SOC_PLACE, Behaviour(status=500, times=3))
    (outcome,) = refresh(settings, ("soc",))
    assert outcome.attempt.outcome == "new"
    assert [request.status for request in world.server.requests] == [500, 500, 500, 200]


def test_a_login_page_after_a_redirect_is_named_with_its_address(world: World) -> None:
    world.server.behave(SOC_PLACE, redirect("/login"))
    world.server.behave("/login", html_page())
    with pytest.raises(BadInputError, match="/login"):
        refresh(world.settings, ("soc",))


def test_connection_refused_and_unknown_hosts_are_told_apart(world: World) -> None:
    world.server.stop()
    with pytest.raises(FetchError, match="refused"):
        refresh(world.settings, ("soc",))
    unknown = world.settings.model_copy(update={"base_urls": {"https://www.bls.gov": "http://no-such-host.invalid"}})
    with pytest.raises(FetchError, match=r"name|host"):
        refresh(unknown, ("soc",))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("Major Group", "Minor Group", "Broad Group", "Detailed", "New", None), *SOC_ROWS[1:]], "column"),
        ([(*SOC_ROWS[0], "Inserted"), *[(*row, "x") for row in SOC_ROWS[1:]]], "Inserted"),
    ],
)
def test_a_workbook_of_another_layout_is_refused(world: World, rows: list[tuple[object, ...]], says: str) -> None:
    path = write_workbook(world.files / "soc.xlsx", {"Structure": rows})
    world.server.behave(SOC_PLACE, Behaviour(body=path.read_bytes()))
    with pytest.raises(BadInputError, match=says):
        refresh(world.settings, ("soc",))
    assert world.archive.newest("soc") is None


def _rewrite(world: World, name: str, change: Callable[[str], str]) -> None:
    path = world.server.folder / place("oews", name).lstrip("/")
    world.server.put(place("oews", name), change(path.read_text(encoding="utf-8")).encode(), modified=CHANGED)


def test_one_of_seven_files_of_another_release_is_refused_and_the_set_before_stays(world: World) -> None:
    look(world, "oews")
    before = world.archive.newest("oews")
    _rewrite(world, "oe.release", lambda text: text.replace("2025", "2026"))
    assert look(world, "oews") == {"oews": "failed"}
    assert world.archive.newest("oews") == before
    message = world.archive.manifest().attempts["oews"].message
    assert message is not None
    assert "another year than the release's" in message


def test_a_new_footnote_code_is_refused(world: World) -> None:
    look(world, "oews")
    before = world.archive.newest("oews")
    _rewrite(world, "oe.footnote", lambda text: text + "9\tA new kind of note\n")
    assert look(world, "oews") == {"oews": "failed"}
    assert world.archive.newest("oews") == before


def test_a_file_that_shrank_is_refused(world: World) -> None:
    look(world, "oews")
    _rewrite(world, "oe.data.0.Current", lambda text: "".join(text.splitlines(keepends=True)[:20]))
    assert look(world, "oews") == {"oews": "failed"}
    message = world.archive.manifest().attempts["oews"].message
    assert message is not None
    assert "oe.data.0.Current" in message


def test_a_damaged_archived_file_is_fetched_again(world: World) -> None:
    look(world, "soc")
    edition = world.archive.newest("soc")
    assert edition is not None
    path = world.archive.path(edition.files[0])
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    with pytest.raises(BadInputError):
        world.archive.files(edition)
    world.server.requests.clear()
    look(world, "soc")
    assert [request.status for request in world.server.requests] == [200], "asked for without a condition"
    newest = world.archive.newest("soc")
    assert newest is not None
    assert world.archive.files(newest)[SOC_FILE].read_bytes() != b"damaged"
    assert len(world.archive.editions("soc")) == 1


def test_a_full_disk_names_the_folder_and_keeps_the_earlier_edition(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(world.settings.archive))

    monkeypatch.setattr(Archive, "put", full)
    with pytest.raises(LmiError, match="No space left on device"):
        refresh(world.settings, ("soc",))
    assert world.archive.newest("soc") is None


def test_an_optional_source_is_done_without(world: World) -> None:
    outcomes = refresh(world.settings, ("onet_clusters", "soc"))
    assert [outcome.attempt.outcome for outcome in outcomes] == ["failed", "new"]


def test_a_link_is_found_on_the_publishers_page() -> None:
    link = Link(page="https://example.org/resources/", pattern=r"SOC_Crosswalk[^/]*\.xlsx$")
    page = '<a href="/files/SOC_Crosswalk-2.xlsx">SOC</a> <a href="/files/NAICS.xlsx">NAICS</a>'
    found = linked_address(page, link, "https://example.org/resources/")
    assert found == "https://example.org/files/SOC_Crosswalk-2.xlsx"
    with pytest.raises(FetchError, match="none"):
        linked_address("<p>moved</p>", link, "https://example.org/resources/")
    with pytest.raises(FetchError, match="one link"):
        linked_address(page + '<a href="SOC_Crosswalk.xlsx">old</a>', link, "https://example.org/resources/")


def test_the_longest_base_is_replaced() -> None:
    bases = {"https://a.gov": "http://mirror/all", "https://a.gov/pub": "http://mirror/pub/"}
    assert override("https://a.gov/pub/file", bases) == "http://mirror/pub/file"
    assert override("https://a.gov/other", bases) == "http://mirror/all/other"
    assert override("https://b.gov/other", bases) == "https://b.gov/other"


def test_the_manifest_says_where_and_when_files_came_from(world: World) -> None:
    look(world, "soc")
    content = json.loads((world.settings.archive / "manifest.json").read_text(encoding="utf-8"))
    (edition,) = content["editions"]["soc"]
    (file,) = edition["files"]
    assert file["url"] == world.server.url + SOC_PLACE
    assert file["last_modified"] == "Fri, 15 May 2026 14:00:00 GMT"
    assert edition["origin"] == "fetched"
