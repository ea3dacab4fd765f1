"""A report as one page of HTML that needs nothing but itself: styles, charts and figures inside, no script."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from pipelines.reports.blocks import Column, Line, Picture, Table, figures
from pipelines.reports.charts.style import css_variables
from pipelines.reports.profile import Profile
from pipelines.reports.release import Release
from pipelines.reports.rows import Row
from pipelines.reports.sections import sections
from pipelines.reports.words import body, environment


@cache
def head() -> dict[str, Markup]:
    """Styles, and the palette as variables for light and dark ground; printed pages are light."""
    style = files("pipelines.reports").joinpath("templates/page.css").read_text(encoding="utf-8")
    light, dark = css_variables(0), css_variables(1)
    colours = f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}@media print{{:root{{{light}}}}}"
    return {"style": Markup(f"{colours}\n{style}")}


def draw(picture: Picture) -> Markup:
    """A picture with its caption: one SVG for a wide and one for a narrow screen, of which the page shows one."""
    drawn = (picture.svg(f"{picture.name}-{kind}", kind) for kind in ("wide", "narrow"))
    figure = Markup("<figure>\n<figcaption>{}</figcaption>\n{}\n</figure>")
    return figure.format(picture.caption, Markup("\n".join(drawn)))


def _line(line: Line) -> str:
    return f"<tr{line.attributes}>{''.join(line.cells)}</tr>"


def table(block: Table) -> Markup:
    """A table that can be scrolled sideways by keyboard."""
    headings = Markup().join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="text"') if is_text else "", heading)
        for heading, is_text in block.headings
    )
    total = f"<tfoot>{_line(block.total)}</tfoot>" if block.total else ""
    lines = "\n".join(map(_line, block.lines))
    return Markup(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">\n<table>\n<caption>{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>{}\n</table>\n</div>"
    ).format(block.label, block.label, headings, Markup(lines), Markup(total))


def render(profile: Profile, template: str = "profile.html.j2", **names: object) -> str:
    """The page of an area, by a template that may extend the report's and know more `names`."""
    drawn = profile.release.drawn

    def show(part: Picture | Table) -> Markup:
        if isinstance(part, Table):
            return table(part)
        found = drawn.get(part.name) or draw(part)
        if part.shared:
            drawn[part.name] = found
        return Markup(found)

    shown = [(section, body(section, profile, show)) for section in sections()]
    return filled(template, profile.release, profile=profile, sections=shown, **names)


def filled(template: str, release: Release, **names: object) -> str:
    """A page by its template, with the styles of all pages."""
    return environment().get_template(template).render(release=release, **{**head(), **names})


def render_index(profiles: Sequence[Profile], targets: Iterable[str]) -> str:
    """The page that lists reports: areas with the files of their reports."""
    release = profiles[0].release
    of_area = {profile.area.area_id: profile for profile in profiles}

    def largest(row: Row) -> Row | str:
        return next(iter(of_area[row["area_id"]].ranked), "none")

    def concentrated(row: Row) -> Row | str:
        profile = of_area[row["area_id"]]
        return "none" if profile.area.is_nation else next(iter(profile.best("location_quotient")), "none")

    listed = figures(
        "Reports with the jobs and median wage of each area, its largest and its most concentrated cluster",
        Column("title", "Report"),
        [
            Row(profile.total.table, {**profile.total.values, "title": profile.title, "target": target})
            for profile, target in zip(profiles, targets, strict=True)
        ],
        [
            "employment",
            "wage_p50_usd",
            Column("cluster_name", "Largest cluster", of=largest, is_text=True),
            Column("employment_share_pct", "Share", of=largest),
            Column("cluster_name", "Most concentrated", of=concentrated, is_text=True),
            Column("location_quotient", "Location quotient", of=concentrated),
        ],
        link_to="target",
        marks=lambda row: Markup(),
    )
    return filled("index.html.j2", release, table=table(listed))
