"""A report as one page of HTML that needs nothing but itself: styles, charts and figures inside, no script."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import polars as pl
from markupsafe import Markup

from pipelines.reports.blocks import Column, Line, Picture, Table, figures, of_other
from pipelines.reports.charts.style import css_variables
from pipelines.reports.format import TOO_LITTLE
from pipelines.reports.pdf import Paper
from pipelines.reports.profile import CLUSTERS, Profile
from pipelines.reports.release import Release
from pipelines.reports.rows import Row, rows
from pipelines.reports.sections import shown
from pipelines.reports.words import body, environment

#: Told on a phone, where a table is wider than the screen.
_HINT = Markup('<span class="hint" aria-hidden="true">Move the figures sideways to see all columns &#8594;</span>')


@cache
def plain_style() -> str:
    """Styles, and the palette as variables for light and dark ground; printed pages are light."""
    style = files("pipelines.reports").joinpath("templates/page.css").read_text(encoding="utf-8")
    light, dark = css_variables(0), css_variables(1)
    colours = f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}@media print{{:root{{{light}}}}}"
    return f"{colours}\n{style}"


def _css_text(text: str) -> str:
    """A text as a string of CSS that can end neither the string nor the styles."""
    return '"' + "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text) + '"'


def _print_style(left: str, right: str, paper: Paper | None) -> Markup:
    """Styles with the running header of printed pages, of which the first has none, and the size of the paper."""
    size = f"size:{paper};" if paper else ""
    header = f"@top-left{{content:{_css_text(left)}}}@top-right{{content:{_css_text(right)}}}"
    no_header = "".join(f"@{place}{{content:none}}" for place in ("top-left", "top-right", "bottom-right"))
    return Markup(f"{plain_style()}\n@page{{{size}{header}}}@page :first{{{no_header}}}\n")


def draw(picture: Picture) -> Markup:
    """A picture with its caption: one SVG for a wide and one for a narrow screen, of which the page shows one."""
    drawn = (picture.svg(f"{picture.name}-{kind}", kind) for kind in ("wide", "narrow"))
    figure = Markup('<figure id="{}-picture">\n<figcaption>{}</figcaption>\n{}\n</figure>')
    return figure.format(picture.name, picture.caption, Markup("\n".join(drawn)))


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
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">\n<table>\n<caption>{}{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>{}\n</table>\n</div>"
    ).format(block.label, block.label, _HINT if len(block.headings) > 3 else "", headings, Markup(lines), Markup(total))


def render(
    profile: Profile,
    paper: Paper | None = None,
    pages: Mapping[str, int] = MappingProxyType({}),
    files_of: Callable[[Picture], Markup] = lambda picture: Markup(),
    *,
    template: str = "profile.html.j2",
    style: str = "",
    **names: object,
) -> str:
    """The page of an area, for any paper or for the one that is given.

    `pages` are the numbers of the printed pages on which its sections begin; `files_of` makes links to files of a
    picture, which stand below it. A `template` that extends the report's may have more `style` and know more `names`.
    """
    drawn = profile.release.drawn

    def drawn_or_listed(part: Picture | Table) -> Markup:
        if isinstance(part, Table):
            return table(part)
        found = drawn.get(part.name) or draw(part)
        if part.shared:
            drawn[part.name] = found
        return Markup(found) + files_of(part)

    found = [(section, body(section, profile, drawn_or_listed)) for section in shown(profile)]
    headings = {
        section.anchor: f"Appendix: {section.heading}" if section.is_appendix(profile) else section.heading
        for section, _ in found
    }
    return (
        environment()
        .get_template(template)
        .render(
            release=profile.release,
            profile=profile,
            sections=found,
            headings=headings,
            printed={section.anchor for section, _ in found if section.is_printed(profile)},
            pages=pages,
            style=_print_style(
                f"{profile.title}: labor market by Career Cluster",
                f"Release {profile.release.facts['release_id']}",
                paper,
            )
            + Markup(style),
            **names,
        )
    )


def _without_mark(row: Row) -> Row:
    """A row of whose names the first one alone has the mark."""
    return Row(row.table, {"state_name": row["state_name"]})


def _areas_within(release: Release, targets: Mapping[str, str]) -> tuple[Table, list[Row]]:
    """Metro and nonmetro areas and regions by state, with their own reports, else the state's section on its areas.

    Returns the table, and the rows that it marks.
    """

    def target(row: Mapping[str, Any]) -> str:
        return targets.get(row["area_id"]) or f"{targets[row['state_id']]}#areas"

    totals = release.ask("area_totals").filter(pl.col("state_id").is_in([*targets]), pl.col("area_type") != "state")
    items = [
        Row(CLUSTERS, {**row, "state_name": release.areas[row["state_id"]].area_name, "target": target(row)})
        for row in totals.sort("area_name").to_dicts()
    ]
    items.sort(key=lambda row: str(row["state_name"]))
    first = rows(CLUSTERS, release.ask("concentrations"))
    concentrated = of_other("cluster_name", "Most concentrated", first, "area_id", missing=TOO_LITTLE, is_text=True)
    listed = figures(
        "Jobs and median wage of each area, and its most concentrated cluster",
        "area_name",
        items,
        [
            Column("state_name", "Listed under", of=_without_mark, is_text=True),
            "employment",
            "wage_p50_usd",
            concentrated,
            of_other("location_quotient", "Location quotient", first, "area_id", missing=None),
        ],
        link_to="target",
    )
    here = {row["area_id"] for row in items}
    return listed, [row for row in (*items, *first) if row["area_id"] in here]


def render_index(profiles: Sequence[Profile], targets: Mapping[str, str]) -> str:
    """The page that lists reports; `targets` are the files of the reports that there are, by area."""
    release = profiles[0].release
    of_area = {profile.area.area_id: profile for profile in profiles}
    first = [profile for profile in profiles if profile.area.is_nation or profile.area.is_state]

    def largest(row: Row) -> Row | str:
        return next(iter(of_area[row["area_id"]].ranked), "none")

    def concentrated(row: Row) -> Row | str:
        profile = of_area[row["area_id"]]
        return "none" if profile.area.is_nation else next(iter(profile.best("location_quotient")), "none")

    listed = figures(
        "Reports with the jobs and median wage of each area, its largest and its most concentrated cluster",
        Column("title", "Report"),
        [
            Row(
                profile.total.table,
                {**profile.total.values, "title": profile.title, "target": targets[profile.area.area_id]},
            )
            for profile in first
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
    within, marked = _areas_within(release, targets)
    template = environment().get_template("index.html.j2")
    return template.render(
        release=release,
        table=table(listed),
        within=table(within) if within.lines else "",
        marked=marked,
        style=Markup(plain_style()),
    )
