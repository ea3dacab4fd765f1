"""A report as one page of HTML that needs nothing but itself: styles, charts and figures inside, no script."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.reports.blocks import Block, Column, Group, Line, Picture, Table, figures, name_cell, words
from pipelines.reports.charts.style import PALETTE
from pipelines.reports.charts.svg import svg
from pipelines.reports.format import month
from pipelines.reports.profile import Profile
from pipelines.reports.release import Release
from pipelines.reports.rows import Row
from pipelines.reports.sections import sections


def _day(moment: datetime | date) -> str:
    return f"{moment:%B} {moment.day}, {moment:%Y}"


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
    made.filters.update(month=month, day=_day)
    return made


def draw(picture: Picture, release: Release) -> Markup:
    """A picture with its caption: one SVG for a wide and one for a narrow screen, of which the page shows one."""
    if picture.shared and picture.name in release.drawn:
        return Markup(release.drawn[picture.name])
    drawn = (
        svg(
            picture.draw(kind == "narrow"),
            title=picture.title,
            description=f"{picture.description} {picture.table}",
            identity=f"{picture.name}-{kind}",
            classes=kind,
        )
        for kind in ("wide", "narrow")
    )
    pictures = Markup("\n".join(drawn))
    made = words("<figure>\n<figcaption>{}</figcaption>\n{}\n</figure>", picture.caption, pictures)
    if picture.shared:
        release.drawn[picture.name] = made
    return made


def _line(line: Line) -> str:
    return f"<tr{line.attributes}>{''.join(line.cells)}</tr>"


def table(block: Table) -> Markup:
    """A table that can be scrolled sideways by keyboard."""
    headings = Markup().join(
        words('<th scope="col"{}>{}</th>', Markup(' class="text"') if is_text else "", heading)
        for heading, is_text in block.headings
    )
    total = f"<tfoot>{_line(block.total)}</tfoot>" if block.total else ""
    body = "\n".join(map(_line, block.lines))
    return words(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">\n<table>\n<caption>{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>{}\n</table>\n</div>",
        block.label,
        block.label,
        headings,
        Markup(body),
        Markup(total),
    )


def show(block: Block, release: Release) -> Markup:
    """A block as HTML."""
    if isinstance(block, Picture):
        return draw(block, release)
    if isinstance(block, Table):
        return table(block)
    if isinstance(block, Group):
        inner = Markup("\n").join(show(part, release) for part in block.blocks)
        return words('<div class="cluster" id="{}">\n<h3>{}</h3>\n{}\n</div>', block.anchor, block.title, inner)
    return words("{}", block)


def render(profile: Profile) -> str:
    """The page of an area."""
    release = profile.release
    shown = [(each, [show(block, release) for block in each.blocks(profile)]) for each in sections()]
    return environment().get_template("profile.html.j2").render(release=release, profile=profile, sections=shown)


def render_index(profiles: Sequence[Profile], targets: Iterable[str]) -> str:
    """The page that lists reports: areas with the files of their reports."""
    release = profiles[0].release
    of_area = {profile.area.area_id: profile for profile in profiles}

    def largest(row: Row) -> Row | str:
        profile = of_area[row["area_id"]]
        return next((cluster for cluster in profile.clusters if cluster.is_there("employment")), "none")

    def concentrated(row: Row) -> Row | str:
        profile = of_area[row["area_id"]]
        return "none" if profile.area.is_nation else next(iter(profile.best("location_quotient")), "none")

    listed = figures(
        "Reports with the jobs and median wage of each area, its largest and its most concentrated cluster",
        ("Report", "area_name"),
        [profile.total for profile in profiles],
        [
            Column("Jobs", "employment"),
            Column("Median wage", "wage_p50_usd"),
            Column("Largest cluster", "cluster_name", of=largest, is_text=True),
            Column("Share", "employment_share_pct", of=largest),
            Column("Most concentrated", "cluster_name", of=concentrated, is_text=True),
            Column("Location quotient", "location_quotient", of=concentrated),
        ],
    )
    linked = [
        Line([name_cell(words('<a href="{}">{}</a>', target, profile.title)), *line.cells[1:]], line.attributes)
        for profile, target, line in zip(profiles, targets, listed.lines, strict=True)
    ]
    shown = table(Table(listed.label, listed.headings, linked))
    return environment().get_template("index.html.j2").render(release=release, table=shown)
