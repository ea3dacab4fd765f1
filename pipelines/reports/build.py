"""Pages of a release as files: one area's, or those of every state and territory with a page that lists them."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.errors import LmiError, UnknownNameError
from pipelines.reports import page, pictures, queries
from pipelines.reports.pdf import Format, find_chromium, print_pdf
from pipelines.reports.places import find_area, find_state
from pipelines.reports.profile import Profile, Release, read_profiles, read_release

#: Each process holds a JavaScript engine that draws; more of them than this gain little.
PROCESSES = 4
INDEX = "index"


@dataclass
class Spent:
    """Seconds by what they were spent on, over all processes."""

    queries: float = 0.0
    charts: float = 0.0
    rendering: float = 0.0
    printing: float = 0.0

    def add(self, other: "Spent") -> None:
        """Count another one's seconds in."""
        for name in ("queries", "charts", "rendering", "printing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Reports:
    """What was written, in the order of the list, and where the time went."""

    files: list[Path] = field(default_factory=list)
    index: Path | None = None
    spent: Spent = field(default_factory=Spent)


def file_name(area_id: str, form: Format, basis: str = queries.UNDUPLICATED) -> str:
    """`OH.html`, or `OH_duplicated.html` on another basis; a colon becomes `_`, because some systems allow none."""
    named = area_id if basis == queries.UNDUPLICATED else f"{area_id}_{basis}"
    return f"{named.replace(':', '_')}.{form}"


@contextmanager
def _timed(spent: Spent, what: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    setattr(spent, what, getattr(spent, what) + time.perf_counter() - begun)


def _write(text: str, target: Path) -> None:
    """Write a file whole or not at all."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        raise LmiError(
            f"{target.parent} cannot be written to: {error.strerror or error}; name another folder with --out"
        ) from error


def _check_folder(folder: Path) -> None:
    """Notice a folder that cannot be written to before the work."""
    _write("", folder / ".lmi-report")
    (folder / ".lmi-report").unlink()


def _make(release: Release, profile: Profile, target: Path, form: Format, browser: Path | None) -> Spent:
    """Draw, render and write one report; returns where the time went."""
    spent = Spent()
    with _timed(spent, "charts"):
        drawn = pictures.draw(release, profile)
    with _timed(spent, "rendering"):
        text = page.render(release, profile, drawn)
        if form is Format.HTML:
            _write(text, target)
    if form is Format.PDF:
        with _timed(spent, "printing"), TemporaryDirectory(prefix="lmi-report-") as folder:
            source = Path(folder) / f"{target.stem}.html"
            _write(text, source)
            print_pdf(source, target, browser or find_chromium())
    return spent


def write_report(
    database: Path,
    state: str,
    folder: Path,
    *,
    area: str | None = None,
    policy: str | None = None,
    basis: str = queries.UNDUPLICATED,
    form: Format = Format.HTML,
) -> Path:
    """Write the report of a state, of the nation (`US`), or of an area within a state, and return its path.

    Raises UnknownNameError for a state, area, policy or basis that the release does not have, NoReleaseError where
    there is no release to report on, LmiError where the file cannot be written or PDF needs a browser that is not
    there.
    """
    browser = find_chromium() if form is Format.PDF else None
    with queries.open_database(database) as connection:
        area_id = _asked_for(connection, state, area)
        release = read_release(connection, policy, basis)
        (profile,) = read_profiles(connection, release, [area_id])
    target = folder / file_name(area_id, form, basis)
    _check_folder(folder)
    _make(release, profile, target, form, browser)
    return target


def _asked_for(connection: duckdb.DuckDBPyConnection, state: str, area: str | None) -> str:
    if state.strip().casefold() in ("us", "usa", "nation", "national", "united states"):
        if area is not None:
            raise UnknownNameError(f"--area {area} needs the state that it is in, not the nation")
        return queries.NATION
    state_id, _ = find_state(connection, state)
    return state_id if area is None else find_area(connection, state_id, area)[0]


def planned(database: Path) -> int:
    """How many reports `write_all` makes."""
    with queries.open_database(database) as connection:
        types = queries.areas(connection)["area_type"]
        return int(types.is_in(["national", "state"]).sum())


def write_all(
    database: Path,
    folder: Path,
    *,
    policy: str | None = None,
    basis: str = queries.UNDUPLICATED,
    form: Format = Format.HTML,
    processes: int | None = None,
    on_step: Callable[[str, bool], None] = lambda name, done: None,
) -> Reports:
    """Write the reports of the nation and of every state and territory, and an index page.

    Each table is read once for all of them; drawing and rendering are shared out to `processes`. `on_step` hears
    the name of each report as it is done. Raises as `write_report`.
    """
    browser = find_chromium() if form is Format.PDF else None
    reports = Reports()
    with _timed(reports.spent, "queries"), queries.open_database(database) as connection:
        release = read_release(connection, policy, basis)
        wanted = [area for area in release.areas.values() if area.is_nation or area.is_state]
        profiles = read_profiles(connection, release, [area.area_id for area in wanted])
    targets = [folder / file_name(profile.area.area_id, form, basis) for profile in profiles]
    _check_folder(folder)
    workers = processes or max(1, min(PROCESSES, cpu_count() or 1))
    # started afresh: a copy of a process that has used DuckDB and Polars may hang
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (release,)) as pool:
        waiting = {
            pool.submit(_make_one, profile, target, form, browser): profile
            for profile, target in zip(profiles, targets, strict=True)
        }
        try:
            for done in as_completed(waiting):
                reports.spent.add(done.result())
                on_step(waiting[done].area.area_name, True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    reports.files = targets
    with _timed(reports.spent, "rendering"):
        reports.index = folder / file_name(INDEX, Format.HTML, basis)
        _write(page.render_index(release, _entries(profiles, targets)), reports.index)
    return reports


_shared: dict[str, Release] = {}


def _begin(release: Release) -> None:
    _shared["release"] = release


def _make_one(profile: Profile, target: Path, form: Format, browser: Path | None) -> Spent:
    return _make(_shared["release"], profile, target, form, browser)


def _entries(profiles: Sequence[Profile], targets: Sequence[Path]) -> list[page.Entry]:
    return [
        page.Entry(
            area=profile.area,
            file=target.name,
            total=profile.total,
            largest=profile.ranked[0] if profile.ranked else None,
            concentrated=None if profile.area.is_nation else next(iter(profile.by("location_quotient")), None),
        )
        for profile, target in zip(profiles, targets, strict=True)
    ]
