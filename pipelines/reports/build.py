"""Reports as files: one area's, or those of the nation and every state and territory with a page that lists them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from pipelines.errors import UnknownNameError, cannot_write
from pipelines.files import atomic, made_folder, scratch
from pipelines.reports import page
from pipelines.reports.areas import Area, find_area
from pipelines.reports.blocks import Picture
from pipelines.reports.pdf import Format, Paper, find_chromium, pages_of_targets, print_pdf
from pipelines.reports.processes import share_out
from pipelines.reports.profile import Profile, profiles
from pipelines.reports.release import UNDUPLICATED, Release, open_release
from pipelines.reports.spreadsheets import write_csv


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
        raise cannot_write(target.parent, error) from error


@contextmanager
def _into(folder: Path) -> Iterator[None]:
    """Make a folder for reports; one that is new and got none is removed again.

    Raises MachineError, before the work, for a folder that cannot be written to.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(made_folder(folder))
        except OSError as error:
            raise cannot_write(folder, error) from error
        _write("", folder / ".lmi-report")
        (folder / ".lmi-report").unlink()
        yield


@dataclass(frozen=True)
class Output:
    """How a report is written: as what, on which paper, and whether its charts are written as files beside it."""

    form: Format = Format.HTML
    paper: Paper = Paper.LETTER
    charts: bool = False

    def browser(self) -> Path | None:
        """The program that prints, where one is needed. Raises LmiError where it is not there."""
        return find_chromium() if self.form is Format.PDF else None


def _chart_files(profile: Profile, folder: Path) -> Callable[[Picture], Markup]:
    """What writes a picture as PNG, and its data as CSV, and returns links to both."""

    def write(picture: Picture) -> Markup:
        image, data = (folder / f"{picture.name}.{ending}" for ending in ("png", "csv"))
        try:
            with atomic(image) as temporary:
                temporary.write_bytes(picture.png(profile.citation))
            with atomic(data) as temporary:
                write_csv(picture.data, temporary)
        except OSError as error:
            raise cannot_write(folder, error) from error
        return Markup(
            '\n<p class="files">This chart as a file: <a href="{0}/{1}" download>PNG</a>, its figures as '
            '<a href="{0}/{2}" download>CSV</a></p>'
        ).format(folder.name, image.name, data.name)

    return write


def _make(profile: Profile, target: Path, output: Output, browser: Path | None) -> None:
    if output.charts:
        charts = target.with_name(f"{target.stem}_charts")
        # charts are of no use without their page
        with made_folder(charts, whole=True):
            _write(page.render(profile, files_of=_chart_files(profile, charts)), target.with_suffix(".html"))
    elif browser is None:
        _write(page.render(profile), target)
    if browser is None:
        return
    with scratch("lmi-report-") as folder:
        source = folder / f"{target.stem}.html"
        first = source.with_suffix(".pdf")
        # where sections begin is known once they are printed; numbers in the contents move nothing
        _write(page.render(profile, output.paper), source)
        print_pdf(source, first, browser)
        _write(page.render(profile, output.paper, pages_of_targets(first)), source)
        print_pdf(source, target, browser)


def _refuse_foreign_policy(profile: Profile) -> None:
    """Raise UnknownNameError where another state's policy is asked for, of which a release has no flags here."""
    policy, area = profile.policy, profile.area
    if profile.release.asked_policy and policy and policy["state_id"] not in (None, area.state_id):
        raise UnknownNameError(
            f"{policy['policy']} is a policy of {policy['state_id']}, and the release has no flags of {area.area_id} "
            f"by it; leave out --policy, or see `lmi flags {area.area_id} --policy {policy['policy']}`"
        )


def write_report(
    database: Path,
    state: str,
    folder: Path,
    *,
    area: str | None = None,
    policy: str | None = None,
    basis: str = UNDUPLICATED,
    output: Output = Output(),
) -> Path:
    """Write the report of an area, or of an `area` within a state, and return its path.

    Raises UnknownNameError for an area, policy or basis that the release does not have, NoReleaseError where there is
    no release to report on, LmiError where the file cannot be written or PDF needs a browser that is not there.
    """
    browser = output.browser()
    with open_release(database, basis, policy) as release:
        known = release.areas.values()
        found = find_area(known, state, others=release.areas_without_occupations)
        if area is not None:
            if not found.is_state:
                raise UnknownNameError(f"--area {area} needs the --state that it is in, not {found.area_name}")
            found = find_area(known, area, within=found, others=release.areas_without_occupations)
        (profile,) = profiles(release, [found])
        _refuse_foreign_policy(profile)
        target = folder / file_name(found.area_id, output.form, basis, policy)
        with _into(folder):
            _make(profile, target, output, browser)
    return target


def _listed(release: Release, metros: bool) -> list[Area]:
    return [area for area in release.areas.values() if metros or area.is_nation or area.is_state]


def planned(database: Path, metros: bool = False) -> int:
    """How many reports `write_all` makes."""
    with open_release(database) as release:
        return len(_listed(release, metros))


def write_all(
    database: Path,
    folder: Path,
    *,
    metros: bool = False,
    policy: str | None = None,
    basis: str = UNDUPLICATED,
    output: Output = Output(),
    processes: int | None = None,
    on_step: Callable[[str, bool], None] = lambda name, done: None,
) -> tuple[list[Path], Path]:
    """Write the reports of the nation and of every state and territory, and an index page; returns their paths.

    With `metros` also those of every metro and nonmetro area and region.

    The work is shared out to `processes`, each of which asks every query once for all areas. `on_step` hears the name
    of each report as it is done. Raises as `write_report`.
    """
    browser = output.browser()
    with open_release(database, basis, policy) as release:
        listed = profiles(release, _listed(release, metros))
        targets = {each.area: folder / file_name(each.area.area_id, output.form, basis, policy) for each in listed}
        tasks = {area.area_name: (area.area_id, target, output, browser) for area, target in targets.items()}
        index = folder / file_name("index", Format.HTML, basis, policy)
        with _into(folder):
            share_out(tasks, _make_one, _begin, (database, basis, policy, metros), processes=processes, on_step=on_step)
            _write(page.render_index(listed, {area.area_id: target.name for area, target in targets.items()}), index)
    return [*targets.values()], index


_profiles: dict[str, Profile] = {}
_open = ExitStack()


def _begin(database: Path, basis: str, policy: str | None, metros: bool) -> None:
    release = _open.enter_context(open_release(database, basis, policy))
    _profiles.update({profile.area.area_id: profile for profile in profiles(release, _listed(release, metros))})


def _make_one(area_id: str, target: Path, output: Output, browser: Path | None) -> None:
    _make(_profiles[area_id], target, output, browser)
