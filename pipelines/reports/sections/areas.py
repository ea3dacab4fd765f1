"""Areas compared: all jobs and median wages of the state's areas, or of all states, with a map of its counties."""

import itertools
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import polars as pl

from pipelines.reports.blocks import Facts, Picture, Section, figures, of_other
from pipelines.reports.boundaries import state_topology
from pipelines.reports.charts import style
from pipelines.reports.charts.panels import missing_words, wages_panel
from pipelines.reports.charts.style import LIGHT, Chart
from pipelines.reports.format import TOO_LITTLE, cell, dollars
from pipelines.reports.profile import CLUSTERS, Profile
from pipelines.reports.rows import rows

WIDE_AREAS = style.Size(label=290, plot=550, row=21, wrap=48)
#: Kinds of areas in the chart: their name, shape and colour.
_KINDS = {
    "metro": ("Metro area", "circle", "main"),
    "nonmetro": ("Nonmetro area", "diamond", "second"),
    "state": ("State", "circle", "main"),
    "territory": ("Territory", "diamond", "second"),
}
#: Classes of the map: each takes an equal number of metro areas, as far as their wages differ.
_CLASSES = ("step1", "step2", "step3", "step4", "step5")


def areas_ranked(
    frame: pl.DataFrame, wage_median: float | None, *, here: str | None = None, narrow: bool = False
) -> Chart:
    """Areas by median wage with the middle half of wages; the shape tells metro from nonmetro; `here` stands out."""
    # the mark's shape tells what the end of the name does
    shortened = frame.with_columns(pl.col("area_name").str.replace(" nonmetropolitan area", "", literal=True))
    ranked = style.labelled(shortened, "area_name", narrow, WIDE_AREAS)
    for row in ranked.rows:
        kind = "territory" if row.get("is_territory") and row["area_type"] == "state" else row["area_type"]
        row["kind"] = _KINDS[kind][0]
        row["said"] = cell(row, "wage_p50_usd") if row["wage_p50_usd"] is None else ""
        row["size"] = 190 if row["area_id"] == here else 75
    drawn = {row["kind"] for row in ranked.rows}
    kinds = {kind: look for kind, *look in _KINDS.values() if kind in drawn}
    percentiles = ("wage_p25_usd", "wage_p50_usd", "wage_p75_usd")
    known = [row[column] for row in ranked.rows for column in percentiles if row[column]] or [0, 1]
    known += [] if wage_median is None else [wage_median]
    domain = (min(known) * 0.95, max(known) * 1.02)
    scale = {"domain": list(domain), "nice": False, "zero": False}
    axis = style.figures_axis("Annual wage, all jobs", "wage_p50_usd", 3 if narrow else 6)
    middle = style.marks(
        "rule",
        {"strokeWidth": 3, "color": LIGHT["soft"]},
        x=style.amount("wage_p25_usd", scale=scale, axis=axis),
        x2={"field": "wage_p75_usd"},
    )
    dots = style.marks(
        "point",
        {"filled": True, "opacity": 1},
        "isValid(datum.wage_p50_usd)",
        x=style.amount("wage_p50_usd", scale=scale),
        size=style.amount("size", scale=None, legend=None),
        **style.by_kind(kinds),
    )
    above = [dots, missing_words()]
    return ranked.joined(wages_panel(ranked, [middle], wage_median, domain, scale, above=above))


def _classes(wages: Sequence[float]) -> tuple[list[str], list[str], Callable[[float], str]]:
    """Names and colours of the classes of the areas' wages, which are sorted, and the class of a wage."""
    # areas of one class have wages of their own, so a limit lies at a published wage
    places = (len(wages) * number // len(_CLASSES) for number in range(1, len(_CLASSES)))
    limits = sorted({wages[place] for place in places} - {wages[0]})
    colours = [LIGHT[_CLASSES[number * (len(_CLASSES) - 1) // len(limits)]] for number in range(len(limits) + 1)]
    between = [f"{dollars(low)} to {dollars(high)}" for low, high in itertools.pairwise(limits)]
    names = [f"under {dollars(limits[0])}", *between, f"{dollars(limits[-1])} and over"]
    return names, colours, lambda wage: names[bisect_right(limits, wage)]


def areas_map(counties: pl.DataFrame, topology: Mapping[str, Any] | None, *, narrow: bool = False) -> Chart | None:
    """A state's counties, each in the colour of the median wage of its metro area or of the state's nonmetro area.

    Where a state has several nonmetro areas their counties share one colour, with the range of their medians.
    `counties` is of one state (`sql/reports/map_counties.sql`), `topology` its outlines (`boundaries.state_topology`).
    None where there is nothing to tell apart: without outlines, or where fewer than two areas differ.
    """
    if topology is None:
        return None
    drawn = {shape["id"] for shape in topology["objects"]["counties"]["geometries"]}
    counties = counties.filter(pl.col("county_fips").is_in(drawn))
    known = counties.filter(pl.col("wage_p50_usd").is_not_null())
    wages: list[float] = sorted(known.unique("area_id")["wage_p50_usd"].to_list())
    if len(set(wages)) < 2:
        return None
    names, colours, class_of = _classes(wages)
    classed = [
        {"county_fips": county, "class": class_of(wage)}
        for county, wage in known.select("county_fips", "wage_p50_usd").iter_rows()
    ]
    several = counties.filter(pl.col("area_id").is_null(), pl.col("wage_low_usd").is_not_null())
    if len(several):
        low, high = several["wage_low_usd"][0], several["wage_high_usd"][0]
        nonmetro = f"nonmetro areas, {dollars(low)} to {dollars(high)}"
        names, colours = [*names, nonmetro], [*colours, LIGHT["unknown"]]
        classed += [{"county_fips": county, "class": nonmetro} for county in several["county_fips"]]
    outside = "no figure"
    if len(classed) < len(drawn):
        names, colours = [*names, outside], [*colours, LIGHT["page"]]
    of_county = {"data": style.data(classed), "key": "county_fips", "fields": ["class"]}
    legend = {
        "title": "Median annual wage, all jobs",
        "orient": "bottom",
        "columns": 2,
        "symbolType": "square",
        "symbolStrokeColor": LIGHT["unknown"],
        "symbolStrokeWidth": 0.5,
    }
    colour = style.word("class", scale={"domain": names, "range": colours}, legend=legend)
    size = 300 if narrow else 460
    return style.styled(
        {
            **style.marks("geoshape", {"stroke": LIGHT["unknown"], "strokeWidth": 0.5}, color=colour),
            "data": {"values": dict(topology), "format": {"type": "topojson", "feature": "counties"}},
            "transform": [{"lookup": "id", "from": of_county, "default": outside}],
            # Alaska reaches over the date line, which only the composite projection draws in one piece
            "projection": {"type": "albersUsa" if "02020" in drawn else "mercator"},
            "width": size,
            "height": round(size * 0.75),
        }
    )


def _facts(profile: Profile) -> Facts:
    """What is compared, and what the figures of a region are made of."""
    totals = profile.release.ask("area_totals")
    inner = pl.col("area_type").is_in(["metro", "nonmetro"]) & (pl.col("state_id") == profile.state_id)
    compared = totals.filter(pl.col("area_type") == "state" if profile.area.is_nation else inner)
    first = profile.release.ask("concentrations").join(compared, on="area_id", how="semi")
    return {
        "compared": compared,
        "shown": rows(CLUSTERS, compared),
        "first": rows(CLUSTERS, first),
        "counted": [row for row in profile.parts if row["share_pct"] > 0],
        "left_out": [row["area_name"] for row in profile.parts if row["share_pct"] == 0],
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    here = profile.area.area_id
    compared, first = facts["compared"], facts["first"]
    stands_out = f", the large mark is {profile.title}" if here in compared["area_id"] else ""

    return {
        "picture": Picture(
            "areas",
            "Median annual wage by area",
            f"Median annual wage of all jobs, the best paid first; the line is the middle half of jobs{stands_out}.",
            lambda narrow: areas_ranked(compared, profile.total["wage_p50_usd"], here=here, narrow=narrow),
            data=compared,
        ),
        **_map(profile),
        "table": figures(
            f"{'States and territories' if profile.area.is_nation else 'Metro and nonmetro areas'}, "
            "the highest median wage first",
            "area_name",
            facts["shown"],
            [
                "employment",
                "wage_p25_usd",
                "wage_p50_usd",
                "wage_p75_usd",
                of_other(
                    "cluster_name", "Most concentrated cluster", first, "area_id", missing=TOO_LITTLE, is_text=True
                ),
                of_other("location_quotient", "Location quotient", first, "area_id", missing=None),
                "coverage_pct",
            ],
            here=here,
        ),
    }


def without_map(counties: pl.DataFrame, topology: Mapping[str, Any] | None) -> str:
    """Why `areas_map` draws nothing for these counties, in words; empty where the state has no areas to draw."""
    if counties.is_empty():
        return ""
    drawn = [] if topology is None else [shape["id"] for shape in topology["objects"]["counties"]["geometries"]]
    if not counties["county_fips"].is_in(drawn).any():
        return "the outlines at hand are of the counties of 2023, and this state's are others"
    return "fewer than two of the state's areas have a median wage of their own"


def _map(profile: Profile) -> Facts:
    """The map of a state's counties, or in words why there is none."""
    counties = profile.release.of(profile.state_id, "map_counties", key="state_id")
    outlines = state_topology(counties["state_fips"][0]) if len(counties) else None
    if areas_map(counties, outlines) is None:
        return {"map": None, "no_map": without_map(counties, outlines)}
    several = counties.filter(pl.col("area_id").is_null(), pl.col("wage_low_usd").is_not_null())
    picture = Picture(
        "map",
        "Median annual wage by metro and nonmetro area, on a map of counties",
        "Counties in the color of their metro area or of the state's nonmetro area, by its median annual wage of all "
        "jobs. Metro areas that reach in from another state are drawn, too."
        + (
            " Which of the state's nonmetro areas a county counts in is not in the publisher's figures; these counties "
            "have one color, with the lowest and the highest median of their areas."
            if len(several)
            else ""
        ),
        lambda narrow: cast(Chart, areas_map(counties, outlines, narrow=narrow)),
        "The table after the picture has the figures of the areas that are listed under the state.",
        data=counties,
    )
    return {"map": picture, "no_map": ""}


WORDS = """
{% if area.is_nation %}
<p>All states and territories by median wage. The national figures do not include the territories.</p>
{% else %}
<p>Areas that the publisher lists under {{ profile.state.area_name }}, by median wage. An area that crosses state
lines is listed under one state only, with all its jobs.</p>
{% endif %}
{{ show(picture) }}
{% if map %}{{ show(map) }}{% elif no_map %}<p class="note">There is no map: {{ no_map }}.</p>{% endif %}
{{ show(table) }}
{{ weak_note(shown + first) }}
<p class="note">Coverage: the share of the area's jobs in occupations that are published. The smaller an area, the
more is withheld. Clusters of reliability D are not named as the most concentrated.</p>
"""

HEADLINES = """
{% if counted %}
<li>The figures by occupation are made of those of
{%- for part in counted %}{{ ";" if not loop.first }} {{ part["area_name"] }}
{%- if part["treatment"] != "whole" %} ({{ part.figure("share_pct") }} of its jobs){% endif %}{% endfor %}.
{%- if total["status"] == "modelled" %} A share of an area's jobs assumes that its occupations are spread evenly: a
model, not a count.{% endif %}
{%- if left_out %} Left out, because they reach beyond the region: {{ left_out | listed }}.{% endif %}</li>
{% endif %}
"""

SECTION = Section(
    "areas",
    "Areas compared",
    80,
    WORDS,
    _facts,
    _parts,
    HEADLINES,
    has=lambda profile, facts: bool(facts["shown"]),
)
