"""The words of sections: Jinja templates filled with an area's rows. Every text from data is escaped."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from pipelines.page_policy import page_policy
from pipelines.reports.blocks import Facts, Picture, Section, Table, mark
from pipelines.reports.format import month, standing
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row


def listed(items: Iterable[object]) -> str:
    """`a, b and c`; items that have commas of their own are parted by semicolons."""
    parts = [str(item) for item in items]
    separator = "; " if any("," in part for part in parts) else ", "
    last = "; and " if separator == "; " else " and "
    return parts[0] if len(parts) == 1 else separator.join(parts[:-1]) + last + parts[-1]


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def day(moment: datetime | date) -> str:
    """`November 1, 2026`."""
    return f"{moment:%B} {moment.day}, {moment:%Y}"


def link(url: object, text: str) -> Markup:
    """` (<a>text</a>)` for an address of the web, nothing for anything else; paper can leave it out whole."""
    is_web = str(url).startswith(("https://", "http://"))
    return Markup('<span class="way"> (<a href="{}">{}</a>)</span>').format(url, text) if is_web else Markup()


def weak_note(items: Sequence[Row]) -> Markup:
    """What the dagger means, where any of the rows has it."""
    return Markup(
        '<p class="note"><span class="mark">†</span> Read with care, and drawn pale: reliability C or D (a total error '
        "of 20% or more), or less than half of the jobs, or of their wages, are published, or less than half of the "
        "jobs stand in the cluster on evidence: the rest is shared equally for want of it.</p>"
        if any(item.is_weak for item in items)
        else ""
    )


def weak_vintage(source: dict[str, Any], in_full: bool = False) -> str:
    """`...: this vintage (2016) is a sample of ...`; `in_full` with the source's notes."""
    text = f"{source['title']}: this vintage ({source['vintage']}) {standing(source['status'])}."
    return f"{text} {source['notes']}" if in_full and source["notes"] else text


@cache
def environment() -> Environment:
    """Templates; every text is escaped, and a name that does not exist is an error."""
    made = Environment(
        loader=PackageLoader("pipelines.reports"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(page_policy=page_policy, mark=mark, weak_note=weak_note, weak_vintage=weak_vintage, link=link)
    # pages run no script unless they give one
    made.globals.update(script="", loads=False)
    made.filters.update(month=month, day=day, listed=listed, capital=capital)
    return made


@cache
def _template(text: str) -> Template:
    return environment().from_string(text)


def _filled(text: str, profile: Profile, facts: Facts) -> Markup:
    names = {"area": profile.area, "place": profile.place, "total": profile.total}
    return Markup(_template(text).render(profile=profile, release=profile.release, **names, **facts))


def body(section: Section, profile: Profile, show: Callable[[Picture | Table], str]) -> Markup:
    """A section without its heading, where it is shown."""
    facts = section.known(profile)
    parts = section.parts(profile, facts)

    def shown(*items: Picture | Table) -> Markup:
        return Markup("\n".join(map(show, items)))

    return _filled(section.words, profile, {**facts, **parts, "show": shown})


def gathered(part: Literal["headlines", "terms", "doubts"], sections: Iterable[Section], profile: Profile) -> Markup:
    """The `headlines` or `doubts` of sections as items of a list, or their `terms` as items of a definition list."""
    told = ((section, str(getattr(section, part))) for section in sections)
    return Markup().join(_filled(text, profile, section.known(profile)) for section, text in told if text)


def terms_as_text(sections: Iterable[Section], profile: Profile) -> list[str]:
    """The terms of sections as lines of text: `Wages: Annual wages before taxes ...`."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", gathered("terms", sections, profile), flags=re.DOTALL)
    return [f"{Markup(term).striptags()}: {Markup(text).striptags()}" for term, text in pairs]
