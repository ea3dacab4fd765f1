"""The pages of a site, each as text: what they show is made in the modules beside this one."""

from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from pipelines.reports import page
from pipelines.reports.areas import Area
from pipelines.reports.blocks import contradiction, figures, mark
from pipelines.reports.format import month
from pipelines.reports.profile import OCCUPATIONS, Profile
from pipelines.reports.release import Release
from pipelines.reports.rows import Row
from pipelines.reports.sections import section
from pipelines.reports.site import compare
from pipelines.reports.site.downloads import Download, listed
from pipelines.reports.site.places import Line, report_file
from pipelines.reports.site.texts import Text
from pipelines.reports.spreadsheets import CODES_ARE_TEXT
from pipelines.reports.words import day, environment

FRONT, CLUSTER_LIST, COMPARISON, DOWNLOADS = "index.html", "clusters.html", "compare.html", "downloads.html"
CATALOGUE, METHODOLOGY = "release/catalogue.html", "methodology.html"
#: Where a site leads from every page, and what is there.
WAYS = (
    (CLUSTER_LIST, "Clusters", "One page to print for each cluster in the nation and in each state."),
    (COMPARISON, "Comparison", "Any two areas beside each other, cluster by cluster."),
    (METHODOLOGY, "Methodology", "How the figures are made, what is estimated, and what the words mean."),
    (CATALOGUE, "Catalogue", "Every table and column of the release, with a search."),
    (DOWNLOADS, "Downloads", "The release as a database, states as Excel, CSV and Parquet, with checksums."),
)


def _file(name: str) -> str:
    return files("pipelines.reports").joinpath(f"templates/site/{name}").read_text(encoding="utf-8")


@cache
def _style() -> Markup:
    return Markup("\n".join((page.plain_style(), _file("menu.css"), _file("site.css"))))


@cache
def _script(*names: str) -> Markup:
    """The script of a page; names of script files that it loads could be the same as its own."""
    return Markup('"use strict";\n(() => {{\n{}\n}})();').format(Markup("\n".join(map(_file, names))))


def _names(title: str, here: str, area: Area | None = None, state: Area | None = None) -> dict[str, Any]:
    """What every page knows: its title, its place, and where the menu leads, at the lists to the area's lines."""
    at = {FRONT: area, CLUSTER_LIST: state, COMPARISON: area, DOWNLOADS: state if state and state.is_state else None}
    ways = [(FRONT, "All areas"), *((target, words) for target, words, _ in WAYS)]
    menu = [
        (target if (place := at.get(target)) is None or target == here else f"{target}#{place.area_id}", words)
        for target, words in ways
    ]
    root = "../" * here.count("/")
    return {"title": title, "root": root, "here": here, "menu": menu, "style": _style(), "about": ""}


def _filled(template: str, release: Release, **names: object) -> str:
    return environment().get_template(template).render(release=release, **names)


def _when(release: Release) -> str:
    return (
        f"Jobs and wages of {month(release.facts['period'])} (Occupational Employment and Wage Statistics, U.S. Bureau "
        f"of Labor Statistics). Release {release.facts['release_id']} of {day(release.facts['published_at'])}."
    )


def places(release: Release, here: str, lines: Sequence[Line]) -> str:
    """The front page, or the list of the pages of clusters."""
    is_front = here == FRONT
    names = _names("Jobs, pay and outlook by Career Cluster" if is_front else "Clusters by state", here)
    return _filled(
        "site/places.html.j2",
        release,
        **names | {"about": _when(release)},
        script=_script("search.js"),
        lines=lines,
        heading="Reports of states and areas" if is_front else "Pages of clusters",
        example="Ohio, Columbus, Franklin County, 18140" if is_front else "Ohio health, construction",
        inner_called="areas" if is_front else "clusters",
        ways=WAYS if is_front else (),
    )


def report(profile: Profile) -> str:
    """The report of an area, with the site's menu."""
    names = _names(profile.title, report_file(profile.area), profile.area, profile.state or profile.area)
    return page.render(profile, template="site/report.html.j2", **names | {"style": _file("menu.css")})


def _areas(row: Row, profile: Profile, parts: Collection[Profile]) -> list[Row]:
    """The rows of a cluster in the areas of a state, the most jobs first."""
    found = [
        Row(each.table, {**each.values, "target": f"../{report_file(part.area)}"})
        for part in parts
        for each in part.clusters
        if each["cluster_id"] == row["cluster_id"]
    ]
    return sorted(found, key=lambda each: -(each["employment"] or 0))


def cluster(row: Row, here: str, profile: Profile, parts: Collection[Profile]) -> str:
    """The page of a cluster in the nation or a state, `parts` being its states or areas."""
    identity, detail = row["cluster_id"], section("detail")
    if "site" not in profile.facts:
        profile.facts["site"] = {
            **detail.parts(profile, detail.known(profile)),
            "weak_sources": section("summary").known(profile)["weak_sources"],
        }
    shown = profile.facts["site"]
    headings = {"sub_clusters": "Sub-clusters", "occupations": "Largest occupations"}
    tables = [
        (heading, page.table(shown[part][identity])) for part, heading in headings.items() if identity in shown[part]
    ]
    rows = _areas(row, profile, parts)
    what = "States and territories" if profile.area.is_nation else "Metro and nonmetro areas"
    listed = figures(f"{row.name()} in areas of {profile.place}", "area_name", rows, compare.TOLD, link_to="target")
    is_drawn = len(rows) > 1
    largest = profile.rows("occupations", "marts.occupation_indicators", per_cluster=OCCUPATIONS)
    inner = [each for each in (*profile.sub_clusters, *largest) if each["cluster_id"] == identity]
    outlook = [each for each in profile.weighed_outlook if each["cluster_id"] == identity]
    names = _names(f"{row.name()}, {profile.title}", here, profile.area, profile.area)
    return _filled(
        "site/cluster.html.j2",
        profile.release,
        **names | {"about": _when(profile.release)},
        script=_script("load.js", "dots.js", "cluster.js") if is_drawn else "",
        loads=is_drawn,
        area=profile.area,
        place=profile.place,
        profile=profile,
        row=row,
        report=report_file(profile.area),
        outlook=[(each, mark(each) + contradiction(each)) for each in outlook],
        parts=tables,
        areas_heading=what,
        areas=page.table(listed) if rows else "",
        count=len(rows),
        weak_sources=shown["weak_sources"],
        shown=[row, *rows, *inner, *outlook],
        drawn=compare.as_json([[each["area_name"], compare.cells(each)] for each in rows]) if is_drawn else "",
        measures=compare.charts(),
        told=compare.as_json(compare.TOLD),
    )


def comparison(release: Release, lines: Sequence[Line], weak: Sequence[Row]) -> str:
    """The page that puts two areas beside each other."""
    return _filled(
        "site/compare.html.j2",
        release,
        **_names("Comparison", COMPARISON) | {"about": _when(release)},
        script=_script("load.js", "dots.js", "compare.js"),
        loads=True,
        lines=lines,
        weak=weak,
        measures=compare.charts(),
        told=compare.as_json(compare.TOLD),
        headings=compare.as_json([*compare.HEADED.values()]),
    )


def text(release: Release, found: Text) -> str:
    """A page of the project's documentation."""
    return _filled("site/text.html.j2", release, **_names(found.title, found.file), text=found.body)


def downloads_page(
    release: Release, whole: Sequence[Download], files: Sequence[tuple[Area, Sequence[Download]]], citation: str
) -> str:
    """The page of the files: the release's, and each state's."""
    states = [(area, page.table(listed(of, f"Files of {area.title}"))) for area, of in files]
    return _filled(
        "site/downloads.html.j2",
        release,
        **_names("Downloads", DOWNLOADS),
        whole=page.table(listed(whole, f"Files of release {release.facts['release_id']}")),
        states=states,
        citation=citation,
        codes_are_text=CODES_ARE_TEXT.replace("`lmi export`", "a state"),
    )
