"""The areas of a site, and lists of them that can be searched."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from pipelines.reports.areas import Area, find_area
from pipelines.reports.build import file_name
from pipelines.reports.pdf import Format
from pipelines.reports.profile import Profile
from pipelines.reports.release import Release

#: Postal codes at the end of a metro area's name: `Cincinnati, OH-KY-IN`.
_CODES = re.compile(r", ([A-Z]{2}(?:-[A-Z]{2})*)$")


@dataclass(frozen=True)
class State:
    """The nation, or a state with those of its regions, metro and nonmetro areas that the site has."""

    area: Area
    parts: tuple[Area, ...] = ()

    @property
    def areas(self) -> tuple[Area, ...]:
        """It and its parts."""
        return (self.area, *self.parts)


@dataclass(frozen=True)
class Line:
    """A line of a list that can be searched: its title and where it leads, what is said of it, and the lines below it.

    `words` find it and are not shown; `anchor` is its place in the list.
    """

    title: str
    target: str
    note: str = ""
    words: str = ""
    anchor: str = ""
    inner: tuple["Line", ...] = ()


def site_states(release: Release, only: Collection[str] = ()) -> list[State]:
    """The nation and the states of a site: all with all their areas, or what `only` names beside the nation.

    A state that is named (by postal code or name) has all its areas, an area that is named (by id, code or name) is
    there with its state. Raises UnknownNameError for a name that the release does not have.
    """
    known = list(release.areas.values())
    asked = {find_area(known, name, others=release.areas_without_occupations).area_id for name in only}
    found = []
    for area in known:
        if area.is_state:
            parts = [each for each in known if each.state_id == area.area_id and not each.is_state]
            chosen = [each for each in parts if not asked or area.area_id in asked or each.area_id in asked]
            if chosen or not asked or area.area_id in asked:
                found.append(State(area, tuple(chosen)))
        elif area.is_nation:
            found.append(State(area))
    return found


def report_file(area: Area) -> str:
    """The address of an area's report in the site."""
    return f"reports/{file_name(area.area_id, Format.HTML)}"


def cluster_file(area: Area, cluster_id: str) -> str:
    """The address of the page of a cluster in a state."""
    return f"clusters/{area.area_id}_{cluster_id}.html"


def _words(area: Area, release: Release, counties: dict[str, str]) -> str:
    """What finds an area beside its name: its codes, the states that it reaches into, and its counties.

    A county outside metro areas finds its state where nobody says which of several nonmetro areas it is of.
    """
    codes = found[1].split("-") if (found := _CODES.search(area.area_name)) else [area.state_id or area.area_id]
    states = [f"{code} {release.areas[code].area_name}" for code in codes if code in release.areas]
    number = [area.area_id[1:]] if area.area_type in ("metro", "nonmetro") else []
    return " ".join([area.area_id, *number, *states, counties.get(area.area_id, "")]).strip()


def area_lines(release: Release, states: Collection[State], profiles: dict[str, Profile]) -> list[Line]:
    """The reports as a list: the nation and the states, and below each its areas."""
    counties = dict(release.ask("county_names").iter_rows())

    def line(area: Area) -> Line:
        total = profiles[area.area_id].total
        note = f"{total.said('employment')} jobs, median wage {total.said('wage_p50_usd')}"
        return Line(area.title, report_file(area), note, _words(area, release, counties), area.area_id)

    return [replace(line(state.area), inner=tuple(map(line, state.parts))) for state in states]


def cluster_lines(states: Collection[State], profiles: dict[str, Profile]) -> list[Line]:
    """The pages of clusters as a list: below the nation and each state its clusters, the largest first."""

    def line(area: Area) -> Line:
        words = f"{area.area_id} {area.title}"
        inner = (
            Line(row.name(), cluster_file(area, row["cluster_id"]), f"{row.said('employment')} jobs", words)
            for row in profiles[area.area_id].clusters
        )
        return Line(area.title, report_file(area), "report", area.area_id, area.area_id, tuple(inner))

    return [line(state.area) for state in states]
