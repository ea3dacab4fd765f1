"""A profile as one page of HTML that needs nothing but itself: styles, pictures and figures inside, no script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.policies.model import EDUCATION
from pipelines.policies.words import MEASURES
from pipelines.reports.charts import FLAGS, PALETTE
from pipelines.reports.format import edition, month
from pipelines.reports.pictures import Picture
from pipelines.reports.profile import Area, Profile, Release
from pipelines.reports.rows import Row

#: Sections in their order: id, heading in the list of contents, template.
SECTIONS = (
    ("summary", "At a glance", "summary"),
    ("clusters", "Clusters by employment", "clusters"),
    ("wages", "What the clusters pay", "wages"),
    ("outlook", "Outlook", "outlook"),
    ("flags", "High-wage, high-skill, in-demand", "flags"),
    ("industry", "The employers' side", "industry"),
    ("cross-cutting", "Cross-cutting clusters", "cross_cutting"),
    ("areas", "Areas compared", "areas"),
    ("nation", "Compared with the nation", "nation"),
    ("reliability", "Where the figures are weak", "reliability"),
    ("detail", "Inside each cluster", "detail"),
    ("reading", "How to read these figures", "reading"),
    ("sources", "Sources and editions", "sources"),
)


def _day(moment: datetime | date) -> str:
    return f"{moment:%B} {moment.day}, {moment:%Y}"


def _listed(words: Iterable[str]) -> str:
    """`a, b and c`; names with commas of their own are told apart by semicolons."""
    parts = [str(word) for word in words]
    separator = "; " if any("," in part for part in parts) else ", "
    last = "; and " if separator == "; " else " and "
    return parts[0] if len(parts) == 1 else separator.join(parts[:-1]) + last + parts[-1]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _measure(column: str) -> str:
    """A measure of a policy in words."""
    return MEASURES[column].words if column in MEASURES else column.replace("_", " ")


def _weak_vintage(source: Mapping[str, Any]) -> str:
    """What a reader must know of a source that is not a full, fresh edition."""
    return f"{_weak_vintage_in_short(source)} {source['notes'] or ''}".strip()


def _weak_vintage_in_short(source: Mapping[str, Any]) -> str:
    """`...: this edition (2016) is a sample of ...`."""
    return f"{source['title']}: this edition ({source['vintage']}) {edition(source['status'])}."


def _edition(status: str) -> str:
    """What kind of edition a source is, in a table."""
    return "newest full edition" if status == "ok" else status.replace("_", " ")


@dataclass(frozen=True)
class _Place:
    """An area in the words of a page."""

    area: Area

    @property
    def title(self) -> str:
        return "United States" if self.area.is_nation else self.area.area_name

    @property
    def place(self) -> str:
        """As it stands inside a sentence."""
        return "the nation" if self.area.is_nation else self.area.area_name

    @property
    def preposition(self) -> str:
        return "in"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.area, name)


def colours() -> Markup:
    """The palette as variables of the page, for light and dark ground; printed pages are light."""
    light, dark = (";".join(f"--{name}:{pair[ground]}" for name, pair in PALETTE.items()) for ground in (0, 1))
    return Markup(
        f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}@media print{{:root{{{light}}}}}"
    )


@cache
def environment() -> Environment:
    """Templates of pages; every text is escaped, and a name that does not exist is an error."""
    made = Environment(
        loader=PackageLoader("pipelines.reports"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        colours=colours(),
        style=Markup(files("pipelines.reports").joinpath("templates/page.css").read_text(encoding="utf-8")),
    )
    made.filters.update(
        month=month,
        day=_day,
        listed=_listed,
        capital=_capital,
        edition=_edition,
        weak_vintage=_weak_vintage,
        weak_vintage_in_short=_weak_vintage_in_short,
        has_any=lambda rows, column: any(row.is_there(column) for row in rows),
        measure=_measure,
        at=lambda row, column: row[column],
        name=lambda row: row.name(),
        is_web=lambda url: str(url).startswith(("https://", "http://")),
    )
    return made


def render(release: Release, profile: Profile, pictures: Mapping[str, Picture]) -> str:
    """The page of a profile."""
    area = _Place(profile.area)
    accuracy = next(
        (
            row
            for row in release.accuracy
            if row["statistic"] == "p50" and row["area_type"] == _held_against(profile.area)
        ),
        None,
    )
    ahead = profile.outlook_total or next(iter(profile.outlook), None)
    state = profile.area if profile.area.is_state else profile.state
    return (
        environment()
        .get_template("profile.html.j2")
        .render(
            release=release,
            profile=profile,
            total=profile.total,
            area=area,
            compared_state=state.area_name if state else area.place,
            charts=pictures,
            once=release.is_counted_once,
            overlay=release.overlay,
            whose=_whose(profile.weights_of),
            sections=[(identity, name) for identity, name, _ in SECTIONS],
            parts=[template for _, _, template in SECTIONS],
            has_industries="marts.industry_indicators" in release.tables,
            qcew=release.vintage("qcew"),
            weak_vintages=_weak_vintages(release, profile),
            has_outlook="marts.cluster_outlook" in release.tables,
            ahead_vintage=release.vintage(ahead["source"]) if ahead else None,
            is_older_cycle=_other_cycle(release, profile),
            levels=list(EDUCATION),
            flags=FLAGS,
            has_flag_openings=any(
                row.is_there("openings_flagged_pct") for group in profile.shares.values() for row in group.values()
            ),
            estimate_year=next((row["year"] for row in profile.estimated.values()), None),
            others=_other_policies(release, profile),
            accuracy=accuracy,
        )
    )


def _whose(weights_of: Area | None) -> str:
    """Whose people an occupation is shared out by, as it stands inside a sentence."""
    return f"{weights_of.area_name}'s" if weights_of and not weights_of.is_nation else "the nation's"


def _weak_vintages(release: Release, profile: Profile) -> list[dict[str, Any]]:
    """Sources of the page that are not a full, fresh edition; of projections only those of the area."""
    used = {row["source"] for row in profile.outlook}
    return [
        row
        for row in release.vintages
        if row["status"] != "ok" and (row["source"] in used or not row["source"].startswith("projections"))
    ]


def _other_cycle(release: Release, profile: Profile) -> str | None:
    """The nation's projection period where it is another one than the area's."""
    if not profile.outlook or release.national_period is None:
        return None
    return release.national_period if profile.outlook[0]["projection_period"] != release.national_period else None


def _other_policies(release: Release, profile: Profile) -> list[str]:
    """Policies that the area is judged by besides the chosen one: those of no state and its state's own."""
    chosen = profile.policy["policy"] if profile.policy else None
    return [
        f"{row['policy_title']} ({row['policy']})"
        for row in release.policies.values()
        if row["policy"] != chosen and row["state_id"] in (None, profile.area.state_id)
    ]


def _held_against(area: Area) -> str:
    """The kind of area whose method errors go for this one; a region is made of metro and nonmetro areas."""
    return area.area_type if area.area_type in ("national", "state", "metro", "nonmetro") else "metro"


@dataclass(frozen=True)
class Entry:
    """A report in the list of reports: its area and file, and what the list shows of it."""

    area: Area
    file: str
    total: Row
    largest: Row | None
    concentrated: Row | None

    @property
    def name(self) -> str:
        """The area as people call it."""
        return _Place(self.area).title


def render_index(release: Release, entries: Iterable[Entry]) -> str:
    """The page that lists reports."""
    return environment().get_template("index.html.j2").render(release=release, entries=list(entries))
