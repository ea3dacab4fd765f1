"""Reports as files: one area's, or those of the nation and every state and territory with a page that lists them."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.errors import MachineError, UnknownNameError
from pipelines.files import atomic
from pipelines.reports import page
from pipelines.reports.areas import Area, find_area
from pipelines.reports.pdf import Format, Paper, find_chromium, pages_of_targets, print_pdf
from pipelines.reports.profile import Profile, profiles
from pipelines.reports.release import UNDUPLICATED, Release, open_release

#: Each process holds a JavaScript engine that draws; more of them than this gain little.
PROCESSES = 4


def file_name(area_id: str, form: Format, basis: str = UNDUPLICATED, policy: str | None = None) -> str:
    """`OH.html`; `OH_duplicated.html` on another basis, `OH_by_oregon.html` by a policy that was asked for.

    A colon becomes `_`, because some systems allow none.
    """
    named = area_id if basis == UNDUPLICATED else f"{area_id}_{basis}"
    if policy is not None:
        named += f"_by_{policy}"
    return f"{named.replace(':', '_')}.{form}"


def _write(text: str, target: Path) -> None:
    try:
        with atomic(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MachineError(
            f"{target.parent} cannot be written to: {error.strerror or error}; name another folder with --out"
        ) from error


def _check_folder(folder: Path) -> None:
    """Notice a folder that cannot be written to before the work."""
    _write("", folder / ".lmi-report")
    (folder / ".lmi-report").unlink()


@dataclass(frozen=True)
class _Output:
    """How pages are written: as what, on which paper, and the browser that prints."""

    form: Format = Format.HTML
    paper: Paper = Paper.LETTER
    browser: Path | None = None


def _output(form: Format, paper: Paper) -> _Output:
    return _Output(form, paper, find_chromium() if form is Format.PDF else None)


def _make(profile: Profile, target: Path, output: _Output) -> None:
    if output.browser is None:
        _write(page.render(profile), target)
        return
    with TemporaryDirectory(prefix="lmi-report-") as folder:
        source = Path(folder) / f"{target.stem}.html"
        first = source.with_suffix(".pdf")
        # where sections begin is known once they are printed; numbers in the contents move nothing
        _write(page.render(profile, output.paper), source)
        print_pdf(source, first, output.browser)
        _write(page.render(profile, output.paper, pages_of_targets(first)), source)
        print_pdf(source, target, output.browser)


def write_report(
    database: Path,
    state: str,
    folder: Path,
    *,
    area: str | None = None,
    policy: str | None = None,
    basis: str = UNDUPLICATED,
    form: Format = Format.HTML,
    paper: Paper = Paper.LETTER,
) -> Path:
    """Write the report of an area, or of an `area` within a state, and return its path.

    Raises UnknownNameError for an area, policy or basis that the release does not have, NoReleaseError where there is
    no release to report on, LmiError where the file cannot be written or PDF needs a browser that is not there.
    """
    output = _output(form, paper)
    with open_release(database, basis, policy) as release:
        known = release.areas.values()
        found = find_area(known, state, others=release.areas_without_occupations)
        if area is not None:
            if not found.is_state:
                raise UnknownNameError(f"--area {area} needs the --state that it is in, not {found.area_name}")
            found = find_area(known, area, within=found, others=release.areas_without_occupations)
        (profile,) = profiles(release, [found])
        target = folder / file_name(found.area_id, form, basis, policy)
        _check_folder(folder)
        _make(profile, target, output)
    return target


def _listed(release: Release) -> list[Area]:
    return [area for area in release.areas.values() if area.is_nation or area.is_state]


def planned(database: Path) -> int:
    """How many reports `write_all` makes."""
    with open_release(database) as release:
        return len(_listed(release))


def write_all(
    database: Path,
    folder: Path,
    *,
    policy: str | None = None,
    basis: str = UNDUPLICATED,
    form: Format = Format.HTML,
    paper: Paper = Paper.LETTER,
    processes: int | None = None,
    on_step: Callable[[str, bool], None] = lambda name, done: None,
) -> tuple[list[Path], Path]:
    """Write the reports of the nation and of every state and territory, and an index page; returns their paths.

    The work is shared out to `processes`, each of which asks every query once for all areas. `on_step` hears the name
    of each report as it is done. Raises as `write_report`.
    """
    output = _output(form, paper)
    with open_release(database, basis, policy) as release:
        listed = profiles(release, _listed(release))
        _check_folder(folder)
        targets = {each.area: folder / file_name(each.area.area_id, form, basis, policy) for each in listed}
        workers = processes or max(1, min(PROCESSES, cpu_count() or 1))
        begin = (database, basis, policy)
        # started afresh: a copy of a process that has used DuckDB and Polars may hang
        with ProcessPoolExecutor(workers, get_context("spawn"), _begin, begin) as pool:
            waiting = {pool.submit(_make_one, area.area_id, target, output): area for area, target in targets.items()}
            try:
                for done in as_completed(waiting):
                    done.result()
                    on_step(waiting[done].area_name, True)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        index = folder / file_name("index", Format.HTML, basis, policy)
        _write(page.render_index(listed, [target.name for target in targets.values()]), index)
    return [*targets.values()], index


_profiles: dict[str, Profile] = {}
_open = ExitStack()


def _begin(database: Path, basis: str, policy: str | None) -> None:
    release = _open.enter_context(open_release(database, basis, policy))
    _profiles.update({profile.area.area_id: profile for profile in profiles(release, _listed(release))})


def _make_one(area_id: str, target: Path, output: _Output) -> None:
    _make(_profiles[area_id], target, output)
