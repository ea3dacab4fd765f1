"""Trend: jobs by the cluster of the employer's industry over the years, as an index."""

import polars as pl

from pipelines.reports.blocks import Column, Facts, Picture, Section, figures
from pipelines.reports.charts import style
from pipelines.reports.charts.style import LIGHT, Chart
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row, by

TREND = "marts.cluster_trend"
#: How many years the table shows; the picture shows all.
_YEARS = 8
_WHOLE_PCT = 100
#: Panels side by side and their width in pixels, on a wide screen and on a phone.
_WIDE, _NARROW = (4, 176), (2, 128)


def trend_lines(trend: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """A panel for each cluster: its index by year, beside that of all industries. A line ends where an index does."""
    columns, width = _NARROW if narrow else _WIDE
    names = trend.filter(level="cluster")["cluster_name"].unique(maintain_order=True).to_list()
    known = trend.filter(pl.col("employment_index").is_not_null())
    total = known.filter(level="all").select("year", "base_year", "employment_index", kind=pl.lit("All industries"))
    parts = [
        pl.concat(
            [total, own.select("year", "base_year", "employment_index", kind=pl.lit("The cluster"))]
        ).with_columns(panel=pl.lit(style.wrapped(name, 18 if narrow else 26)))
        for name in names
        if not (own := known.filter(level="cluster", cluster_name=name)).is_empty()
    ]
    if not parts:
        return style.joined((), narrow)
    drawn = pl.concat(parts)
    years = sorted(set(drawn["year"]))
    kinds = {"The cluster": "main", "All industries": "unknown"}
    colours = {"domain": list(kinds), "range": [LIGHT[colour] for colour in kinds.values()]}
    panels = list(dict.fromkeys(drawn["panel"]))
    header = {
        "title": None,
        "labelExpr": "split(datum.value, '\\n')",
        "labelAnchor": "start",
        "labelFontSize": 12,
        "labelLimit": 0,
        "labelColor": LIGHT["ink"],
    }
    faceted = {
        "data": style.data(drawn.to_dicts()),
        "facet": {"field": "panel", "type": "nominal", "sort": panels, "header": header},
        "columns": columns,
        "spec": {
            "width": width,
            "height": 90,
            **style.layered(
                style.marks("line", {"strokeWidth": 2}),
                style.marks("point", {"filled": True, "size": 24, "opacity": 1}),
            ),
            "encoding": {
                "x": {
                    "field": "year",
                    "type": "ordinal",
                    "axis": {"title": None, "labelAngle": 0, "values": _ticks(years, 2 if narrow else 4)},
                },
                "y": style.amount("employment_index", scale={"zero": False}, axis={"title": None, "tickCount": 4}),
                "color": style.word("kind", scale=colours, legend={"title": None, "orient": "top"}),
                "detail": style.word("base_year"),
            },
        },
    }
    return style.joined([faceted], narrow)


def _ticks(years: list[int], most: int) -> list[int]:
    """At most `most` of the years, evenly spread, the last one among them."""
    step = -(-len(years) // most)
    return years[::-1][::step][::-1]


def _facts(profile: Profile) -> Facts:
    found = profile.rows("trend", TREND)
    years = by(found, "year")
    newest = years[max(years)] if years else []
    return {
        "years": sorted(years),
        "newest": newest,
        # releases before this column do not have it
        "in_part": sorted(
            {row["year"] for row in found if (row.values.get("compared_pct") or _WHOLE_PCT) < _WHOLE_PCT}
        ),
        "reasons": {row["not_comparable_reason"] for row in found} - {None, "first_year"},
        "coverage": sorted(
            {(row["coverage_year"], row["coverage_meaning"]) for row in newest if row["coverage_break"]}
        ),
    }


def _index_of(year: int, items: list[Row]) -> Column:
    """The index of a year; a word where it starts anew, so that nobody reads across from the year before."""
    found = {row["cluster_id"]: row for row in items}

    def shown(row: Row) -> Row | str:
        other = found.get(row["cluster_id"])
        if other is None:
            return "none"
        is_anew = other["not_comparable_reason"] not in (None, "first_year") and other.is_there("employment_index")
        return "starts anew" if is_anew else other

    return Column("employment_index", str(year), shown)


def _parts(profile: Profile, facts: Facts) -> Facts:
    years = facts["years"]
    frame = profile.frame("trend")
    of_year = by(profile.rows("trend", TREND), "year")
    return {
        "picture": Picture(
            "trend",
            f"Jobs by cluster of the employer's industry, {years[0]} to {years[-1]}, {profile.place}",
            f"Jobs as an index by year, {years[0]} = 100, all owners, beside the jobs of all industries. A line that "
            "ends starts anew at 100 where years cannot be compared.",
            lambda narrow: trend_lines(frame, narrow=narrow),
            "The table after the picture has the latest years.",
            data=frame,
        ),
        "table": figures(
            "Index of jobs by cluster of the industry, and growth a year since the index began",
            "cluster_name",
            facts["newest"],
            [
                *(_index_of(year, of_year[year]) for year in years[-_YEARS:]),
                "employment_cagr_pct",
                "base_year",
            ],
        ),
    }


WORDS = """
<p>Jobs of {{ years[0] }} to {{ years[-1] }} by the cluster of the employer's industry, as an index: 110 means a tenth
more jobs than in the year in which the index began. Each year follows from the year before by the industries that both
have.</p>
{{ show(picture, table) }}
<p class="note">Where an index starts anew it is 100 again; the years before and after are not to be joined.
{%- if "industries" in reasons %} A new edition of the industry classification ties more than a tenth of a cluster to
another one.{% endif %}
{%- if in_part %} In {{ in_part | join(", ") }} a new edition moved some industries: the step of that year is of the
industries that stayed in the cluster, at least nine tenths of its jobs.{% endif %}
{%- if "territory" in reasons %} County codes changed, so the years cover other land.{% endif %}
{%- if "withheld" in reasons or "mostly_modelled" in reasons %} Of some clusters too little is published in some
years.{% endif %}
{%- for year, meaning in coverage %} From {{ year }} {{ meaning }}{% endfor %}
{{- " " }}The occupations' figures above have no trend: the publisher of the occupational survey does not encourage
comparing two of its years.</p>
"""

SECTION = Section(
    "trend",
    "Trend",
    65,
    WORDS,
    _facts,
    _parts,
    needs=(TREND,),
    tables=(TREND,),
    has=lambda profile, facts: len(facts["years"]) > 1,
    in_appendix=lambda profile, facts: profile.release.is_sample("qcew"),
)
