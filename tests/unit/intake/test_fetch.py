"""Looking for the newest vintages, against publishers that misbehave in every way that was met."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.archive.find import find_files
from pipelines.archive.store import Archive
from pipelines.errors import BadInputError, FetchError, LmiError, MissingContactError
from pipelines.intake import fetch
from pipelines.intake.fetch import MOST_PAGES, linked_address, override, refresh, sites_of
from pipelines.paths import REFERENCE
from pipelines.publishers.states import postal_code_of_fips
from pipelines.settings import Settings, Source
from pipelines.sources import Link, declared_sources, looked_for
from tests.fixtures.faults import FAULTS, PATIENT_SECONDS, Fault, log_in_first, zip_of
from tests.fixtures.program_files import write_crosswalk, write_ipeds
from tests.fixtures.projection_files import Projected, state_list, state_pages, write_onet, write_projections
from tests.fixtures.publisher_server import Behaviour, PublisherServer, redirect
from tests.fixtures.publishers import base_urls, place, publish
from tests.unit.intake.small_files import SOC_FILE, SOC_ROWS, stage, taken
from tests.unit.publishers.qcew_files import annual_row, csv_text
from tests.unit.publishers.workbooks import write_workbook

CHANGED = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
#: One of the network's and one of the file's; all of them are met by the command, in tests/integration.
SOME_FAULTS = [fault for fault in FAULTS if fault.name in ("body cut short", "redirect to a login page")]
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
        """Another vintage of the SOC workbook."""
        rows = [*SOC_ROWS[:-1], (None, None, None, "15-1252", title)]
        return write_workbook(self.files.parent / "soc_again.xlsx", {"Structure": rows}).read_bytes()


@pytest.fixture
def world(tmp_path: Path, publishers_files: Path) -> Iterator[World]:
    with PublisherServer(tmp_path / "publisher") as server:
        log_in_first(server)
        for source in ("soc", "naics", "oews"):
            publish(server, source, find_files(source, publishers_files))
        settings = Settings(
            data_dir=tmp_path / "data",
            source=Source.LIVE,
            contact_email="lmi@example.gov",
            base_urls=base_urls(server),
            http_pause_seconds=0,
            http_timeout_seconds=PATIENT_SECONDS,
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
    before = world.archive.manifest().vintages
    world.server.requests.clear()
    assert look(world, "soc", "naics", "oews") == {"soc": "unchanged", "naics": "unchanged", "oews": "unchanged"}
    assert [request.status for request in world.server.requests] == [304] * 9
    assert len(world.server.requests) == 9
    assert world.archive.manifest().vintages == before


def test_the_same_bytes_under_a_new_date_are_no_new_vintage(world: World) -> None:
    look(world, "soc")
    world.server.put(SOC_PLACE, (world.server.folder / SOC_PLACE.lstrip("/")).read_bytes(), modified=CHANGED)
    assert look(world, "soc") == {"soc": "unchanged"}
    assert len(world.archive.vintages("soc")) == 1
    world.server.requests.clear()
    look(world, "soc")
    assert [request.status for request in world.server.requests] == [304], "the new date is known now"


def test_other_bytes_under_the_same_date_are_a_new_vintage(world: World) -> None:
    look(world, "soc")
    world.server.behave(SOC_PLACE, Behaviour(body=world.soc_workbook(), conditional=False))
    assert look(world, "soc") == {"soc": "new"}
    assert len(world.archive.vintages("soc")) == 2


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


def _waiting_for(world: World, fault: Fault) -> Settings:
    return world.settings.model_copy(update={"http_timeout_seconds": fault.timeout_seconds})


@pytest.mark.parametrize("fault", SOME_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_without_an_earlier_vintage_stops_and_leaves_nothing(world: World, fault: Fault) -> None:
    world.server.behave(SOC_PLACE, *fault.behaviours)
    with pytest.raises(fault.error, match=fault.says) as caught:
        refresh(_waiting_for(world, fault), ("soc", "naics"))
    assert caught.value.exit_code == (8 if fault.error is FetchError else 3)
    assert len([path for path in world.server.paths() if path == SOC_PLACE]) == fault.requests
    assert world.archive.newest("soc") is None
    attempts = world.archive.manifest().attempts
    assert attempts["soc"].outcome == "failed"
    assert attempts["soc"].message == str(caught.value)
    assert attempts["naics"].outcome == "new", "one source's fault does not keep the others away"
    assert world.archive.verify() == []


@pytest.mark.parametrize("fault", SOME_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_keeps_the_earlier_vintage(world: World, fault: Fault) -> None:
    look(world, "soc")
    before = world.archive.newest("soc")
    world.server.behave(SOC_PLACE, *(replace(each, conditional=False) for each in fault.behaviours))
    (outcome,) = refresh(_waiting_for(world, fault), ("soc",))
    assert outcome.attempt.outcome == "failed"
    assert re.search(fault.says, outcome.attempt.message or "", re.DOTALL)
    assert world.archive.newest("soc") == before
    assert world.archive.verify() == []


def test_three_failures_and_then_the_file(world: World) -> None:
    settings = world.settings.model_copy(update={"http_attempts": 4})
    world.server.behave(SOC_PLACE, Behaviour(status=500, times=3))
    (outcome,) = refresh(settings, ("soc",))
    assert outcome.attempt.outcome == "new"
    assert [request.status for request in world.server.requests] == [500, 500, 500, 200]


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
    assert len(world.archive.vintages("soc")) == 1


def test_a_full_disk_names_the_folder_and_keeps_the_earlier_vintage(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(world.settings.archive))

    monkeypatch.setattr(Archive, "put", full)
    with pytest.raises(LmiError, match=r"soc: .*: no space is left; free some"):
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


def test_requests_of_a_source_go_to_its_hosts_and_its_mirrors_only() -> None:
    bases = {"https://www.bls.gov": "http://mirror.internal/bls", "https://download.bls.gov": "http://other.internal"}
    sites = sites_of(declared_sources()["soc"], bases)
    assert sites.hosts == {"www.bls.gov"}
    assert {base.split("/")[2] for base in sites.bases} == {"mirror.internal"}


def test_a_link_that_is_no_address_is_one_failure() -> None:
    link = Link(page="https://example.org/", pattern=r"\.xlsx$")
    with pytest.raises(FetchError, match="cannot be read"):
        linked_address('<a href="http://[::1/a.xlsx">', link, "https://example.org/")


@pytest.mark.parametrize(
    "failure",
    [ZeroDivisionError("a bug"), RecursionError("deep"), MemoryError(), UnicodeDecodeError("a", b"", 0, 1, "")],
)
def test_whatever_one_source_raises_is_its_outcome_and_the_others_go_on(
    world: World, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = fetch.accept

    def fail(source: str, *rest: object, **more: object) -> object:
        if source == "soc":
            raise failure
        return accept(source, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(fetch, "accept", fail)
    outcomes = {each.source: each.attempt for each in fetch.look(world.settings, ("soc", "naics"))}
    assert (outcomes["soc"].outcome, outcomes["naics"].outcome) == ("failed", "new")
    says = "the memory is used up" if isinstance(failure, MemoryError) else type(failure).__name__
    assert says in (outcomes["soc"].message or "")
    assert world.archive.manifest().attempts["soc"] == outcomes["soc"]


def test_where_a_file_really_was_is_recorded_and_it_is_asked_for_by_its_date_again(world: World) -> None:
    moved = "/www.bls.gov/moved.xlsx"
    world.server.put(moved, (world.server.folder / SOC_PLACE.lstrip("/")).read_bytes())
    world.server.behave(SOC_PLACE, redirect(moved))
    look(world, "soc")
    vintage = world.archive.newest("soc")
    assert vintage is not None
    (file,) = vintage.files
    assert (file.url, file.asked_url) == (world.server.url + moved, world.server.url + SOC_PLACE)
    world.server.requests.clear()
    assert look(world, "soc") == {"soc": "unchanged"}
    assert [request.status for request in world.server.requests] == [302, 304]


def test_the_password_of_a_mirror_is_sent_and_written_nowhere(world: World) -> None:
    bases = {base: url.replace("//", "//agency:pass-word@") for base, url in world.settings.base_urls.items()}
    settings = world.settings.model_copy(update={"base_urls": bases})
    world.server.behave(place("naics", "2-6 digit_2022_Codes.xlsx"), Behaviour(status=403))
    outcomes = fetch.look(settings, ("soc", "naics"))
    assert [outcome.attempt.outcome for outcome in outcomes] == ["new", "failed"]
    assert {request.headers["authorization"] for request in world.server.requests} == {"Basic YWdlbmN5OnBhc3Mtd29yZA=="}
    told = repr(outcomes) + repr(settings) + (settings.archive / "manifest.json").read_text(encoding="utf-8")
    assert "pass-word" not in told
    world.server.requests.clear()
    assert [each.attempt.outcome for each in fetch.look(settings, ("soc",))] == ["unchanged"]
    assert [request.status for request in world.server.requests] == [304]


def _cluster_list(clusters: int) -> str:
    """O*NET OnLine's list with an occupation in each of the first so many clusters."""
    names = pl.read_csv(REFERENCE / "framework" / "cluster.csv")["cluster_name"].head(clusters)
    rows = [f'"{name}",Part of {at},25-20{at:02d}.00,Teachers {at}\r\n' for at, name in enumerate(names)]
    return "".join(["Career Cluster,Sub-Cluster,Code,Occupation\r\n", *rows])


def test_a_first_list_that_was_cut_at_the_end_of_a_line_is_no_edition(world: World) -> None:
    at = place("onet_clusters", "All_Career_Clusters.csv")
    world.server.behave(at, Behaviour(body=_cluster_list(7).encode()))
    (outcome,) = fetch.look(world.settings, ("onet_clusters",))
    assert "All_Career_Clusters.csv: clusters are missing altogether: the list is cut short" in str(outcome.error)
    assert world.archive.newest("onet_clusters") is None


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 15 May 99999 14:00:00 GMT", "-0000"])
def test_december_9999_is_no_vintage(world: World, date: str) -> None:
    lines = _cluster_list(14)
    world.server.behave(
        place("onet_clusters", "All_Career_Clusters.csv"), Behaviour(body=lines.encode(), last_modified=date)
    )
    (outcome,) = fetch.look(world.settings, ("onet_clusters",))
    assert "9999" not in (outcome.attempt.message or "")
    vintage = world.archive.newest("onet_clusters")
    assert vintage is not None, outcome
    assert vintage.reference_period == f"{datetime.now(UTC):%Y-%m}"


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


# --- projections, one list for each state, job zones ------------------------------------------------------------------

DEVELOPERS = Projected(1_700.0, 1_955.0, 40.0, 60.0, 125.5)
JOBS = {"00-0000": 300_000, "15-1252": 20_000}
STATES = {"06": (6, "California"), "48": (48, "Texas"), "56": (56, "Wyoming")}


def _message(world: World, source: str) -> str:
    return world.archive.manifest().attempts[source].message or ""


def _put_projections(world: World, base_year: int, **changed: int) -> None:
    write_projections(world.files, {"15-1252": DEVELOPERS}, (base_year, base_year + 10))
    if "assignments_of" in changed:
        other = world.files / "other"
        other.mkdir()
        write_projections(other, {"15-1252": DEVELOPERS}, (changed["assignments_of"], changed["assignments_of"] + 10))
        (other / "education.xlsx").replace(world.files / "education.xlsx")
    for name in ("occupation.xlsx", "education.xlsx"):
        world.server.put(
            place("projections", name), (world.files / name).read_bytes(), datetime(base_year + 1, 8, 27, tzinfo=UTC)
        )


def test_the_vintage_of_projections_is_read_from_the_workbooks_at_their_one_address(world: World) -> None:
    _put_projections(world, 2025)
    assert look(world, "projections") == {"projections": "new"}
    edition = world.archive.newest("projections")
    assert edition is not None
    assert (edition.vintage, edition.reference_period, str(edition.released_on)) == ("2025-35", "2025-35", "2026-08-27")
    assert look(world, "projections") == {"projections": "unchanged"}
    _put_projections(world, 2026)
    assert look(world, "projections") == {"projections": "new"}
    assert [each.vintage for each in world.archive.vintages("projections")] == ["2025-35", "2026-36"]


def test_workbooks_of_two_vintages_of_projections_are_no_vintage(world: World) -> None:
    _put_projections(world, 2025)
    look(world, "projections")
    before = world.archive.newest("projections")
    _put_projections(world, 2026, assignments_of=2025)
    assert look(world, "projections") == {"projections": "failed"}
    assert "education.xlsx: of another vintage than occupation.xlsx" in _message(world, "projections")
    assert world.archive.newest("projections") == before


def _put_state(world: World, fips: str, body: bytes | None = None) -> None:
    number, area = STATES[fips]
    content = state_list(number, area, JOBS) if body is None else body
    world.server.put(place("projections_central", f"long_term_{fips}.json"), content)


@pytest.fixture
def states(world: World) -> World:
    """Two states have published, Wyoming has not."""
    for fips in ("06", "48"):
        _put_state(world, fips)
    assert look(world, "projections_central") == {"projections_central": "new"}
    return world


def test_each_state_is_asked_for_once_and_those_that_have_not_published_are_left_out(states: World) -> None:
    edition = states.archive.newest("projections_central")
    assert edition is not None
    assert [file.name for file in edition.files] == ["long_term_06.json", "long_term_48.json"]
    assert (edition.vintage, edition.reference_period) == ("2024-34 by state", "2024-34")
    paths = states.server.paths()
    assert len(paths) == len(set(paths)) == len(postal_code_of_fips())
    assert "/public.projectionscentral.org/Projections/LongTermRestJson/6?page=0&items_per_page=1000" in paths
    states.server.requests.clear()
    assert look(states, "projections_central") == {"projections_central": "unchanged"}
    assert sorted(request.status or 0 for request in states.server.requests) == [304] * 2 + [404] * (len(paths) - 2)


def test_a_state_that_publishes_makes_a_new_vintage_of_its_own_period(states: World) -> None:
    _put_state(states, "56", state_list(56, "Wyoming", JOBS, years=(2022, 2032)))
    assert look(states, "projections_central") == {"projections_central": "new"}
    edition = states.archive.newest("projections_central")
    assert edition is not None
    assert len(edition.files) == 3
    assert edition.reference_period == "2022-32, 2024-34"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (state_list(6, "California", JOBS, total_items=3), "2 rows where pager.total_items says 3"),
        (state_list(6, "California", JOBS, current_page=1), "expected page 0: a page is missing, repeated"),
        (state_list(48, "Texas", JOBS), "a row of another state than the one asked for, 06"),
        (state_list(6, "California", {}), "less than 0.5 times the .* bytes of the vintage before"),
        (b"No results found.", "not JSON"),
        (state_list(6, "California", JOBS)[:-40], "not JSON, or cut short"),
        (
            state_list(6, "California", JOBS).replace(b'"2024"', b'"2022"', 1).replace(b'"2034"', b'"2032"', 1),
            "more than one|different years|base year",
        ),
    ],
    ids=["row dropped", "page repeated", "another state", "no rows", "no results", "cut", "two cycles"],
)
def test_a_states_list_that_is_not_whole_leaves_the_vintage_before(states: World, body: bytes, says: str) -> None:
    before = states.archive.newest("projections_central")
    path = place("projections_central", "long_term_06.json")
    states.server.behave(path, Behaviour(body=body, conditional=False))
    assert look(states, "projections_central") == {"projections_central": "failed"}
    message = _message(states, "projections_central")
    assert "long_term_06.json" in message or "fips 06" in message
    assert re.search(says, message), message
    assert states.archive.newest("projections_central") == before


def test_a_state_that_had_published_and_is_gone_leaves_the_vintage_before(states: World) -> None:
    before = states.archive.newest("projections_central")
    states.server.behave(place("projections_central", "long_term_48.json"), Behaviour(status=404))
    assert look(states, "projections_central") == {"projections_central": "failed"}
    assert "LongTermRestJson/48" in _message(states, "projections_central")
    assert states.archive.newest("projections_central") == before


#: Twelve occupations of Ohio, a list of twelve pages.
OHIO = {"00-0000": 300_000, **{f"15-12{number}": 1_000 + number for number in range(41, 52)}}


def _page_place(page: int) -> str:
    return f"/public.projectionscentral.org/Projections/LongTermRestJson/39?page={page}&items_per_page=1000"


def _put_pages(world: World, pages: list[bytes], last_modified: str | None = None) -> None:
    for number, body in enumerate(pages):
        world.server.behave(_page_place(number), Behaviour(body=body, last_modified=last_modified))
    world.server.behave(_page_place(len(pages)))


def _ohio(size: int = 1, years: tuple[int, int] = (2024, 2034)) -> list[bytes]:
    return state_pages(39, "Ohio", OHIO, size, years)


def test_all_pages_of_a_list_are_fetched_in_one_request_each(states: World) -> None:
    pages = _ohio()
    _put_pages(states, pages)
    states.server.requests.clear()
    assert look(states, "projections_central") == {"projections_central": "new"}
    asked = [path for path in states.server.paths() if "/39?" in path]
    assert asked == [_page_place(number) for number in range(12)]
    edition = states.archive.newest("projections_central")
    assert edition is not None
    names = [file.name for file in edition.files if "_39" in file.name]
    assert names == ["long_term_39.json", *(f"long_term_39_page_{number}.json" for number in range(1, 12))]
    staged = stage("projections_central", states.settings)
    assert {str(table): entry.rows for table, entry in staged.items()} == {
        "raw.projections_central": 4 + 12,
        "raw.projections_central_nation": 0,
    }


@pytest.mark.parametrize("last_modified", [None, "Fri, 15 May 2026 14:00:00 GMT"])
def test_pages_that_are_the_same_are_no_vintage_with_a_date_or_without(
    states: World, last_modified: str | None
) -> None:
    """A service without Last-Modified sends its pages again; the same bytes are nothing new."""
    _put_pages(states, _ohio(size=5), last_modified)
    look(states, "projections_central")
    before = states.archive.manifest().vintages
    states.server.requests.clear()
    assert look(states, "projections_central") == {"projections_central": "unchanged"}
    asked = [(request.path, request.status) for request in states.server.requests if "/39?" in request.path]
    assert asked == [(_page_place(number), 304 if last_modified else 200) for number in range(3)]
    assert [each.key for each in states.archive.vintages("projections_central")] == [
        each.key for each in before["projections_central"]
    ]


def test_a_list_that_has_fewer_pages_now_is_a_new_vintage(states: World) -> None:
    _put_pages(states, _ohio(size=5))
    look(states, "projections_central")
    _put_pages(states, _ohio(size=12))
    states.server.behave(_page_place(1), Behaviour(status=404))
    assert look(states, "projections_central") == {"projections_central": "new"}
    edition = states.archive.newest("projections_central")
    assert edition is not None
    assert [file.name for file in edition.files if "_39" in file.name] == ["long_term_39.json"]


def _without_a_row(page: bytes) -> bytes:
    answer = json.loads(page)
    return json.dumps({**answer, "rows": answer["rows"][:-1]}).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda pages: [pages[0], _without_a_row(pages[1]), pages[2]], "11 rows where pager.total_items says 12"),
        (lambda pages: [_without_a_row(pages[0]), *pages[1:]], "11 rows where pager.total_items says 12"),
        (lambda pages: [pages[0], pages[0], pages[2]], "expected page 1: a page is missing, repeated or out of order"),
        (
            lambda pages: [pages[0], pages[0].replace(b'"current_page": 0', b'"current_page": 1'), pages[2]],
            "the same state and occupation listed twice",
        ),
        (lambda pages: pages[:2], r"page=2&items_per_page=1000: page 0 gives 3 pages, and this one is missing"),
        (lambda pages: [*pages[:2], _ohio(5, (2022, 2032))[2]], "different years in one state"),
        (
            lambda pages: [pages[0], pages[1].replace(b'"total_items": 12', b'"total_items": 13'), pages[2]],
            "12 rows where pager.total_items says 12, 13",
        ),
        (
            lambda pages: [pages[0].replace(b'"total_pages": 3', b'"total_pages": 1'), *pages[1:]],
            "5 rows where pager.total_items says 12",
        ),
        (
            lambda pages: [pages[0].replace(b'"total_pages": 3', b'"total_pages": 900'), *pages[1:]],
            "an impossible number of pages for 12 rows",
        ),
        (lambda pages: [*pages[:2], b"No results found."], "long_term_39_page_2.json.*not JSON"),
    ],
    ids=[
        "row dropped from a later page", "row dropped from the first", "page repeated", "page repeated as another",
        "page missing", "two cycles", "two totals", "too few pages counted", "too many counted", "no results",
    ],
)  # fmt: skip
def test_pages_that_do_not_make_a_whole_list_leave_the_vintage_before(
    states: World, change: Callable[[list[bytes]], list[bytes]], says: str
) -> None:
    before = states.archive.newest("projections_central")
    _put_pages(states, change(_ohio(size=5)))
    assert look(states, "projections_central") == {"projections_central": "failed"}
    assert re.search(says, _message(states, "projections_central")), _message(states, "projections_central")
    assert states.archive.newest("projections_central") == before


def test_pages_without_end_are_not_asked_for(states: World) -> None:
    page = state_list(39, "Ohio", OHIO, total_pages=900_000_000, total_items=900_000_000)
    states.server.behave(place("projections_central", "long_term_39.json"), Behaviour(body=page))
    states.server.requests.clear()
    assert look(states, "projections_central") == {"projections_central": "failed"}
    assert f"page 0 gives 900,000,000 pages; a list has {MOST_PAGES}" in _message(states, "projections_central")
    assert len([path for path in states.server.paths() if "/39?" in path]) == 1


def test_a_list_without_rows_is_of_a_state_that_has_not_published(states: World) -> None:
    _put_pages(states, [state_list(39, "Ohio", {}, total_pages=0)])
    assert look(states, "projections_central") == {"projections_central": "unchanged"}
    _put_pages(states, _ohio(size=5))
    assert look(states, "projections_central") == {"projections_central": "new"}
    _put_pages(states, [state_list(39, "Ohio", {}, total_pages=0)])
    assert look(states, "projections_central") == {"projections_central": "failed"}
    assert "long_term_39.json" in _message(states, "projections_central")


def test_a_service_that_does_not_take_the_size_of_a_page_is_no_news(states: World) -> None:
    """It then answers for every state as for one that has not published."""
    before = states.archive.newest("projections_central")
    for fips in ("6", "48"):
        path = f"/public.projectionscentral.org/Projections/LongTermRestJson/{fips}"
        states.server.behave(path, Behaviour(status=404, body=b"No results found."))
    assert look(states, "projections_central") == {"projections_central": "failed"}
    assert "404" in _message(states, "projections_central")
    assert states.archive.newest("projections_central") == before


def test_a_service_that_has_no_state_at_all_is_a_failure(world: World) -> None:
    assert look(world, "projections_central") == {"projections_central": "failed"}
    assert "no state has a file" in _message(world, "projections_central")


def _put_onet(world: World, database: str, zone: int) -> None:
    write_onet(world.files, {"15-1252.00": zone})
    workbook = f"/www.onetcenter.org/dl_files/database/db_{database}_excel/Job%20Zones.xlsx"
    world.server.put(workbook.replace("%20", " "), (world.files / "Job Zones.xlsx").read_bytes())
    name = "2019_to_SOC_Crosswalk.csv"
    world.server.put(place("onet", name), (world.files / name).read_bytes())
    page = Behaviour(body=f'<a href="{workbook}">Job Zones</a>'.encode(), headers={"Content-Type": "text/html"})
    world.server.behave("/www.onetcenter.org/database.html", page)


def test_job_zones_are_those_of_the_newest_database_linked_from_the_page(world: World) -> None:
    _put_onet(world, "30_1", 4)
    assert look(world, "onet") == {"onet": "new"}, _message(world, "onet")
    assert look(world, "onet") == {"onet": "unchanged"}
    _put_onet(world, "30_2", 5)
    assert look(world, "onet") == {"onet": "new"}
    first, second = world.archive.vintages("onet")
    assert [file.url for file in first.files if file.name == "Job Zones.xlsx"] != [
        file.url for file in second.files if file.name == "Job Zones.xlsx"
    ]
    world.server.behave("/www.onetcenter.org/database.html", Behaviour(body=b"<p>moved</p>"))
    assert look(world, "onet") == {"onet": "failed"}
    assert world.archive.newest("onet") == second


def test_a_run_takes_the_vintages_fetched_and_the_bundled_one_of_what_could_not_be(states: World) -> None:
    projections, central = (taken(source, states.settings) for source in ("projections", "projections_central"))
    assert (projections.archived, projections.bundled is None) == (None, False)
    assert central.archived is not None
    assert {file.name for file in central.archived.files} == {"long_term_06.json", "long_term_48.json"}
    staged = stage("projections_central", states.settings)
    assert {str(table): entry.rows for table, entry in staged.items()} == {
        "raw.projections_central": 4,
        "raw.projections_central_nation": 0,
    }


# --- one file for each year -------------------------------------------------------------------------------------------


def _put_year(world: World, year: int) -> None:
    rows = [
        annual_row(year=str(year), area_fips="56000", own_code="0", agglvl_code="50", annual_avg_estabs=9),
        annual_row(year=str(year), area_fips="56000", annual_avg_estabs=9, annual_avg_emplvl=90),
    ]
    content = zip_of({f"{year}.annual.singlefile.csv": csv_text(rows).encode()})
    world.server.put(place("qcew", f"{year}_annual_singlefile.zip"), content)


def _years(world: World) -> list[int]:
    edition = world.archive.newest("qcew")
    assert edition is not None
    return [int(file.name[:4]) for file in edition.files]


def test_the_newest_year_that_has_a_file_comes_with_the_years_before_it(world: World) -> None:
    """The year before this one may not be there yet."""
    newest = datetime.now(UTC).year - 2
    world = replace(world, settings=world.settings.model_copy(update={"qcew_years": 3}))
    assert look(world, "qcew") == {"qcew": "failed"}
    assert "no year has a file" in _message(world, "qcew")
    for year in range(newest - 4, newest + 1):
        _put_year(world, year)
    world.server.requests.clear()
    assert look(world, "qcew") == {"qcew": "new"}, _message(world, "qcew")
    assert [(request.method, request.status) for request in world.server.requests] == [
        ("HEAD", 404), ("HEAD", 200), *[("GET", 200)] * 3,
    ]  # fmt: skip
    assert _years(world) == [newest - 2, newest - 1, newest]
    world.server.requests.clear()
    assert look(world, "qcew") == {"qcew": "unchanged"}
    # the year that may come is asked for, and each known file once
    assert [(request.method, request.status) for request in world.server.requests] == [
        ("HEAD", 404), *[("GET", 304)] * 3,
    ]  # fmt: skip
    _put_year(world, newest + 1)
    assert look(world, "qcew") == {"qcew": "new"}
    assert _years(world) == [newest - 1, newest, newest + 1]


def test_a_year_that_is_missing_below_the_newest_leaves_the_vintage_before(world: World) -> None:
    newest = datetime.now(UTC).year - 2
    world = replace(world, settings=world.settings.model_copy(update={"qcew_years": 2}))
    for year in (newest - 1, newest):
        _put_year(world, year)
    look(world, "qcew")
    before = world.archive.newest("qcew")
    _put_year(world, newest + 1)
    world.server.behave(place("qcew", f"{newest}_annual_singlefile.zip"), Behaviour(status=404))
    assert look(world, "qcew") == {"qcew": "failed"}
    assert f"{newest}_annual_singlefile.zip: the publisher has no such file" in _message(world, "qcew")
    assert world.archive.newest("qcew") == before


# --- sources that runs do not look for -------------------------------------------------------------------------------


def _put_nces(world: World, newest: int) -> None:
    world.server.put(place("cip_soc", "CIP2020_SOC2018_Crosswalk.xlsx"), write_crosswalk(world.files).read_bytes())
    for year in range(newest - 3, newest + 1):
        for path in write_ipeds(world.files, year):
            world.server.put(place("ipeds", path.name), path.read_bytes())


def test_sources_on_request_are_fetched_when_they_are_named(world: World) -> None:
    newest = datetime.now(UTC).year - 2
    _put_nces(world, newest)
    assert look(world, "cip_soc", "ipeds") == {"cip_soc": "new", "ipeds": "new"}, _message(world, "ipeds")
    crosswalk, completions = (world.archive.newest(source) for source in ("cip_soc", "ipeds"))
    assert crosswalk is not None
    assert completions is not None
    assert (crosswalk.vintage, crosswalk.reference_period) == ("CIP 2020 to SOC 2018", "2020")
    years = [newest - back for back in (2, 1, 0)]
    assert [file.name for file in completions.files] == [
        name for year in years for name in (f"C{year}_A.zip", f"HD{year}.zip")
    ]
    assert completions.reference_period == str(newest)
    assert look(world, "cip_soc", "ipeds") == {"cip_soc": "unchanged", "ipeds": "unchanged"}
    world.server.put(
        place("ipeds", f"C{newest}_A.zip"), zip_of({f"c{newest}_a.csv": b"UNITID,CIPCODE\n1,2\n"}), CHANGED
    )
    assert look(world, "ipeds") == {"ipeds": "failed"}
    assert f"C{newest}_A.zip: line 1: missing column 'MAJORNUM', 'AWLEVEL'" in _message(world, "ipeds")
    assert world.archive.newest("ipeds") == completions


def test_a_run_does_not_look_for_sources_on_request(world: World) -> None:
    _put_nces(world, datetime.now(UTC).year - 2)
    outcomes = refresh(world.settings)
    assert {outcome.source for outcome in outcomes} == set(looked_for())
    assert [path for path in world.server.paths() if "nces.ed.gov" in path] == []
