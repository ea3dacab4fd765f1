"""Areas, and how a command finds the one that a person means."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

from pipelines.errors import UnknownNameError

NATION = "US"
#: How a place may be named.
_ACCEPTED_STATE = "state or territory by postal code or name (OH, Ohio)"
ACCEPTED = (
    f"{_ACCEPTED_STATE}, US for the nation, or a metro area, nonmetro area or region "
    "by id, CBSA code, name, or a part of the name that fits one only (C18140, 18140, Akron)"
)
_NATION_NAMES = ("usa", "nation", "national", "united states")


@dataclass(frozen=True)
class Area:
    """An area as `reference.area` has it."""

    area_id: str
    area_name: str
    area_type: str
    state_id: str | None
    is_territory: bool

    @property
    def is_nation(self) -> bool:
        """Whether it is the whole nation."""
        return self.area_type == "national"

    @property
    def is_state(self) -> bool:
        """Whether it is a state or territory."""
        return self.area_type == "state"

    @property
    def title(self) -> str:
        """Its name as a heading."""
        return "United States" if self.is_nation else self.area_name

    @property
    def place(self) -> str:
        """Its name inside a sentence."""
        return "the nation" if self.is_nation else self.area_name

    def is_called(self, asked: str) -> bool:
        """Whether a text is its id, its CBSA code, its name, or a region's own id, in any case."""
        names = {self.area_id.casefold(), self.area_name.casefold()}
        if self.area_type in ("metro", "nonmetro"):
            names.add(self.area_id[1:].casefold())
        if self.area_type == "region":
            names.add(self.area_id.partition(":")[2].casefold())
        return asked in names or (self.is_nation and asked in _NATION_NAMES)


def _listed(areas: Collection[Area]) -> str:
    """Areas by id and name, and what they are where two have one name."""
    names = [area.area_name.casefold() for area in areas]
    return "; ".join(
        f"{area.area_id} {area.area_name}" + (f" ({area.area_type})" if names.count(name) > 1 else "")
        for area, name in zip(areas, names, strict=True)
    )


def _by_id(areas: Collection[Area], wanted: str) -> Area | None:
    """The area that has a text as its id, which no name of another one hides."""
    return next((area for area in areas if area.area_id.casefold() == wanted), None)


def _fits_several(asked: str, found: Collection[Area]) -> UnknownNameError:
    return UnknownNameError(f"{asked} fits several areas; give the id of one: {_listed(found)}")


def _wanted(asked: str) -> str:
    if not asked.strip():
        raise UnknownNameError(f"the name of the state or area is empty; give a {ACCEPTED}")
    return asked.strip().casefold()


def find_area(areas: Collection[Area], asked: str, within: Area | None = None, others: Collection[Area] = ()) -> Area:
    """The area that a text names: by id, postal code, CBSA code, name, or a part of the name that fits one area only.

    An id is taken before a name, and a state of which a part fits before a metro area. `within` limits the search to
    the areas of a state; `others` are areas without figures by occupation, so that one of them is told as such.
    Raises UnknownNameError that lists the areas that fit, or the nearest ones.
    """
    wanted = _wanted(asked)
    others = [area for area in others if within is None or area.state_id == within.area_id]
    here = [area for area in areas if within is None or (area.state_id == within.area_id and not area.is_state)]
    # two letters are a postal code, and no part of a name: a wrong one must not find another place
    part = [area for area in here if wanted in area.area_name.casefold() and len(wanted) > 2]
    if (by_id := _by_id(here, wanted)) is not None:
        return by_id
    called = [area for area in here if area.is_called(wanted)]
    found: list[Area] = next(filter(None, (called, [area for area in part if area.is_state], part)), [])
    if called:
        # a region without figures by occupation may be meant, too
        found += [area for area in others if area.area_type == "region" and area.is_called(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise _fits_several(asked, found)
    _refuse_other(wanted, others)
    if within is None:
        states = ", ".join(sorted(area.area_id for area in here if area.is_state))
        is_any = any(not area.is_state for area in here)
        kind, accepted = ("an area", ACCEPTED) if is_any else ("a state or territory", _ACCEPTED_STATE)
        problem, known = f"{asked} is not {kind} of this release", f"states and territories: {states}"
    else:
        accepted = ACCEPTED
        problem, known = f"{asked} is not an area of {within.area_id}", f"its areas: {_listed(here) or 'none'}"
        for other in areas:
            if other.is_called(wanted) and other.state_id is not None:
                raise UnknownNameError(
                    f"{other.area_id} ({other.area_name}) is not an area of {within.area_id}; "
                    f"it is listed under {other.state_id}: --state {other.state_id}"
                )
    names = {area.area_name.casefold(): area.area_name for area in here}
    near = [names[name] for name in difflib.get_close_matches(wanted, names, n=3)]
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise UnknownNameError(f"{problem}; {hint}{known}. Give a {accepted}")


def _refuse_other(wanted: str, others: Collection[Area]) -> None:
    """Raise UnknownNameError where a text names an area without figures by occupation."""
    for area in others:
        if area.is_called(wanted) or (area.area_type == "region" and wanted in area.area_name.casefold()):
            why = ": no metro or nonmetro area counts in it" if area.area_type == "region" else ""
            raise UnknownNameError(
                f"{area.area_id} ({area.area_name}) is a {area.area_type} without figures by occupation{why}, so that "
                f"it has no report and no flags; `lmi export {area.state_id}` has what it has by industry"
            )
    counties = [area for area in others if area.area_name.casefold().partition(", ")[0] == wanted]
    if counties:
        states = ", ".join(sorted({str(area.state_id) for area in counties}))
        raise UnknownNameError(
            f"{counties[0].area_name.partition(', ')[0]} is a county of {states}; a county has no figures by "
            "occupation, so name the metro or nonmetro area that it is in"
        )


#: What is wanted where another place was named.
_A_STATE = "; give the postal code or name of one, such as OH or Ohio"


def find_state(areas: Collection[Area], asked: str, others: Collection[Area] = ()) -> Area:
    """The state or territory that a text names, as `find_area` finds it. Raises UnknownNameError as that does."""
    wanted = _wanted(asked)
    states = [area for area in areas if area.is_state]
    if (by_id := _by_id(states, wanted)) is not None:
        return by_id
    called = [area for area in (*areas, *others) if area.area_type != "county" and area.is_called(wanted)]
    if len(called) > 1 and any(area.is_state for area in called):
        raise _fits_several(asked, called)
    for other in areas:
        if not other.is_state and other.is_called(wanted):
            listed = f"; it is listed under {other.state_id}: --state {other.state_id}" if other.state_id else ""
            raise UnknownNameError(
                f"{other.area_id} ({other.area_name}) is not a state or territory{listed or _A_STATE}"
            )
    return find_area(states, asked, others=others)
