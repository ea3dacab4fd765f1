"""The pictures of a profile's page, each for a wide and a narrow screen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

import polars as pl
from markupsafe import Markup

from pipelines.reports import charts
from pipelines.reports.boundaries import state_topology
from pipelines.reports.charts import Chart
from pipelines.reports.profile import Profile, Release


@dataclass(frozen=True)
class Picture:
    """One picture as two SVG elements; the page shows the one that fits."""

    wide: Markup
    narrow: Markup


_EVERY_FIGURE = "The table after the picture has every figure."


def _picture(
    name: str, title: str, description: str, draw: Callable[[bool], Chart], table: str = _EVERY_FIGURE
) -> Picture:
    wide, narrow = (
        Markup(
            charts.svg(
                draw(is_narrow),
                title=title,
                description=f"{description} {table}",
                identity=f"{name}-{'narrow' if is_narrow else 'wide'}",
                classes="narrow" if is_narrow else "wide",
            )
        )
        for is_narrow in (False, True)
    )
    return Picture(wide, narrow)


@cache
def _cross_cutting(data: bytes) -> Picture:
    """The same picture on every page of a release, so it is drawn once."""
    context = pl.read_ipc(data)
    return _picture(
        "cross-cutting",
        "Home clusters of the industries that employ the cross-cutting clusters",
        "Bars for each cross-cutting cluster: the share of its jobs in the nation by home cluster of the industry.",
        lambda narrow: charts.cross_cutting_homes(context, narrow=narrow),
    )


def draw(release: Release, profile: Profile) -> dict[str, Picture]:
    """The pictures that a profile has figures for, by the name that the page knows them by."""
    area, total = profile.area, profile.total
    place = "the nation" if area.is_nation else area.area_name
    median = total["wage_p50_usd"]
    clusters, compared, industries = (profile.frames[name] for name in ("clusters", "compared", "industries"))
    drawn = {
        "clusters": _picture(
            "clusters",
            f"Clusters by employment, {place}",
            "Bars of jobs for each cluster from the largest to the smallest with lines for the 90 percent interval, "
            "beside dots for its location quotient and its median wage.",
            lambda narrow: charts.clusters_ranked(clusters, median, narrow=narrow),
        ),
        "wages": _picture(
            "wages",
            f"Annual wages by cluster, {place}",
            "For each cluster a line from the 10th to the 90th percentile, a bar for the middle half and a mark for "
            "the median, the best paid first, against the median of all jobs.",
            lambda narrow: charts.wage_ranges(clusters, median, narrow=narrow),
        ),
    }
    outlook, education, shares = (profile.frames[name] for name in ("outlook", "education", "shares"))
    if len(outlook):
        growth = profile.outlook_total["growth_pct"] if profile.outlook_total else None
        drawn["outlook"] = _picture(
            "outlook",
            f"Openings and growth by cluster, {place}",
            "Bars of annual openings for each cluster, the most first, beside dots for the growth of its jobs over the "
            "period against that of all jobs.",
            lambda narrow: charts.outlook_ranked(outlook, growth, narrow=narrow),
        )
    if len(education):
        drawn["education"] = _picture(
            "education",
            f"Openings by typical entry education, {place}",
            "For each cluster one bar of its openings, in five parts from high school or less to master's or doctoral.",
            lambda narrow: charts.education_mix(education, narrow=narrow),
        )
    if len(shares):
        drawn["flags"] = _picture(
            "flags",
            f"High-wage, high-skill and in-demand jobs by cluster, {place}",
            "For each flag and cluster one bar of its jobs in three parts: flagged, unknown, not flagged.",
            lambda narrow: charts.flag_shares(shares, narrow=narrow),
        )
    if len(industries):
        drawn["industry"] = _picture(
            "industry",
            f"Jobs by cluster of the employer's industry, {place}",
            "Bars of jobs for each cluster, with lines from the least to the most that they can be.",
            lambda narrow: charts.industry_jobs(industries, narrow=narrow),
        )
    if release.cross_cutting:
        buffer = release.frames["cross_cutting"].write_ipc(None)
        drawn["cross_cutting"] = _cross_cutting(buffer.getvalue())
    if len(compared):
        drawn["areas"] = _picture(
            "areas",
            "Median annual wage by area",
            "Dots for the median wage of all jobs in each area on a line for the middle half, the best paid first.",
            lambda narrow: charts.areas_ranked(compared, median, here=area.area_id, narrow=narrow),
        )
    metro_counties = profile.frames["metro_counties"]
    outlines = state_topology(metro_counties["state_fips"][0]) if len(metro_counties) else None
    maps = [charts.areas_map(metro_counties, outlines, narrow=is_narrow) for is_narrow in (False, True)]
    if maps[0] is not None:
        drawn["map"] = _picture(
            "map",
            "Median annual wage by metro area, on a map of counties",
            "A map of the state's counties, those of a metro area in the color of its median wage of all jobs.",
            lambda narrow: cast(Chart, maps[narrow]),
            "The table after the picture has the figures of the areas that are listed under the state.",
        )
    if not area.is_nation:
        drawn["nation"] = _picture(
            "nation",
            f"{area.area_name} and the nation by cluster",
            "For each cluster two marks joined by a line, for the area and the nation: the share of all jobs, and the "
            "median wage.",
            lambda narrow: charts.against_nation(clusters, area.area_name, narrow=narrow),
        )
    return drawn
