"""Builds a site beside its place and puts it there whole."""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.errors import LmiError, cannot_write
from pipelines.files import made_folder, scratch
from pipelines.release.manifest import Release as Published
from pipelines.reports.areas import Area
from pipelines.reports.processes import share_out
from pipelines.reports.profile import Profile, profiles
from pipelines.reports.release import Release, open_release
from pipelines.reports.site import compare, downloads, pages, portals
from pipelines.reports.site.places import State, area_lines, cluster_file, cluster_lines, report_file, site_states
from pipelines.reports.site.texts import texts

#: Names the files of a site, so that the next one replaces no other.
MARKER = "site.json"
_KIND = "Career Cluster LMI site"


@dataclass(frozen=True)
class Site:
    """A site that was written: its folder, areas with a report, files, and their size in bytes."""

    folder: Path
    areas: int
    files: int
    size: int


def refuse_foreign(folder: Path) -> None:
    """Raise LmiError for a folder that holds anything but an earlier site."""
    if folder.exists() and not folder.is_dir():
        raise LmiError(f"{folder} is a file; name a folder with --out")
    there = _files(folder)
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        own = {MARKER, *marker["files"]} if marker["kind"] == _KIND else set()
    except (OSError, ValueError, KeyError, TypeError):
        own = set()
    if foreign := sorted(set(there) - own):
        raise LmiError(
            f"{folder} holds files that no earlier site put there, such as {foreign[0]}; name a new or an empty folder "
            "with --out, or move them"
        )


def _files(folder: Path) -> dict[str, int]:
    """The files in a folder and their sizes, by their addresses."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def planned(published: Published, only: Collection[str] = (), exports: bool = True) -> int:
    """How many steps `build_site` takes. Raises UnknownNameError, as it does."""
    with open_release(published.database) as release:
        return len(_tasks(site_states(release, only), exports))


def _tasks(states: Collection[State], exports: bool) -> dict[str, tuple[str, str]]:
    """What is shared out, what takes longest first: what to make and of which area."""
    asked = {}
    for kind, called in (("files", "files"), ("report", "report"), ("clusters", "clusters")):
        for state in states:
            areas = state.areas if kind == "report" else (state.area,)
            for area in areas:
                if kind != "files" or (exports and area.is_state):
                    asked[f"{area.title}: {called}"] = (kind, area.area_id)
    return asked


def build_site(
    published: Published,
    folder: Path,
    only: Collection[str] = (),
    *,
    exports: bool = True,
    address: str | None = None,
    processes: int | None = None,
    on_step: Callable[[str, bool], None] = lambda name, done: None,
) -> Site:
    """Write the site of a release into a folder, which holds the earlier site or the new one, whole.

    `only` names the states and areas to have beside the nation; without `exports` there are no files of states.
    `address` is where the site will be on the web, ending in a slash; its descriptions for portals name files by it.
    Raises LmiError for a folder of something else, UnknownNameError, NoReleaseError, or MachineError where the folder
    cannot be written.
    """
    folder = folder.resolve()
    refuse_foreign(folder)
    try:
        with made_folder(folder.parent), scratch(".lmi-site-", folder.parent) as place:
            building = place / "site"
            building.mkdir()
            areas = _write(
                published, building, only, exports=exports, address=address, processes=processes, on_step=on_step
            )
            found = _files(building)
            marker = {"kind": _KIND, "release_id": published.manifest.release_id, "files": sorted(found)}
            (building / MARKER).write_text(json.dumps(marker, indent=1) + "\n", encoding="utf-8")
            _put(building, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return Site(folder, areas, len(found) + 1, sum(found.values()))


def _put(building: Path, folder: Path) -> None:
    """Put a new site in the place of the earlier one."""
    old = building.with_name("old")
    if folder.exists():
        folder.rename(old)
    try:
        building.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise


def _write(
    published: Published,
    folder: Path,
    only: Collection[str],
    *,
    exports: bool,
    address: str | None,
    processes: int | None,
    on_step: Callable[[str, bool], None],
) -> int:
    """Write all files of a site into an empty folder; returns how many areas it has."""
    for name in ("assets", "clusters", "downloads", "reports"):
        (folder / name).mkdir()
    whole = downloads.copy_release(published, folder)
    with open_release(published.database) as release:
        states = site_states(release, only)
        given = (published.database, folder, [*only])
        share_out(_tasks(states, exports), _make, _begin, given, processes=processes, on_step=on_step)
        _write_lists(release, states, folder)
        files = downloads.exported([state.area for state in states if state.area.is_state and exports], folder)
        called = [replace(each, title=f"{area.title}: {each.title}") for area, of in files for each in of]
        whole += _describe(folder, [*whole, *called], address)
        text = pages.downloads_page(release, whole, files, published.manifest.citation)
    _text(folder / pages.DOWNLOADS, text)
    _text(folder / "SHA256SUMS", downloads.checksums([*whole, *(each for _, of in files for each in of)]))
    return sum(len(state.areas) for state in states)


def _describe(folder: Path, files: Sequence[downloads.Download], address: str | None) -> list[downloads.Download]:
    """Write the descriptions of a site for portals at its root, from those of the release in it."""
    found = []
    for name, title in portals.DESCRIBED.items():
        source = folder / "release" / name
        if source.exists():
            published = json.loads(source.read_text(encoding="utf-8"))
            _text(folder / name, portals.described(published, name, files, address))
            found.append(downloads.download(folder, name, title))
    return found


def _text(target: Path, text: str) -> None:
    target.write_text(text, encoding="utf-8")


def _profiles(release: Release, states: Collection[State]) -> dict[str, Profile]:
    listed = profiles(release, [area for state in states for area in state.areas])
    return {profile.area.area_id: profile for profile in listed}


def _write_lists(release: Release, states: Collection[State], folder: Path) -> None:
    """Write the pages that are there once, and what their scripts load."""
    known = _profiles(release, states)
    lines = area_lines(release, states, known)
    clusters = [row for profile in known.values() for row in profile.clusters]
    _text(folder / pages.FRONT, pages.places(release, pages.FRONT, lines))
    _text(folder / pages.CLUSTER_LIST, pages.places(release, pages.CLUSTER_LIST, cluster_lines(states, known)))
    _text(folder / pages.COMPARISON, pages.comparison(release, lines, clusters))
    for found in texts():
        _text(folder / found.file, pages.text(release, found))
    _text(folder / "assets" / "areas.js", compare.script_file(compare.compared(states, known)))
    _text(folder / "assets" / "vega.js", compare.library())


class _Worker:
    """What a process knows of the site that it works for."""

    def __init__(self, release: Release, database: Path, folder: Path, only: Collection[str]) -> None:
        self.database, self.folder = database, folder
        states = site_states(release, only)
        self.states = {state.area.area_id: state for state in states}
        self.profiles = _profiles(release, states)

    def report(self, area: Area) -> None:
        """Write the report of an area."""
        _text(self.folder / report_file(area), pages.report(self.profiles[area.area_id]))

    def clusters(self, area: Area) -> None:
        """Write the pages of the clusters of the nation or a state."""
        profile, state = self.profiles[area.area_id], self.states[area.area_id]
        parts = [each for each in self.states.values() if each.area.is_state] if area.is_nation else []
        inner = [self.profiles[each.area_id] for each in (*state.parts, *(part.area for part in parts))]
        for row in profile.clusters:
            here = cluster_file(area, row["cluster_id"])
            _text(self.folder / here, pages.cluster(row, here, profile, inner))

    def files(self, area: Area) -> None:
        """Write the export of a state."""
        downloads.write_export(self.database, area, self.folder)


_open = ExitStack()
_workers: list[_Worker] = []


def _begin(database: Path, folder: Path, only: Collection[str]) -> None:
    release = _open.enter_context(open_release(database))
    _workers.append(_Worker(release, database, folder, only))


def _make(kind: str, area_id: str) -> None:
    (worker,) = _workers
    make: dict[str, Callable[[Area], Any]] = {
        "report": worker.report,
        "clusters": worker.clusters,
        "files": worker.files,
    }
    make[kind](worker.profiles[area_id].area)
