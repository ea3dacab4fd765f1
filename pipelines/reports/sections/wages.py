"""What the clusters pay: annual wages from the 10th to the 90th percentile."""

import polars as pl

from pipelines.reports.blocks import Facts, Picture, Section, figures
from pipelines.reports.charts import style
from pipelines.reports.charts.panels import missing_words, wages_panel
from pipelines.reports.charts.style import LIGHT, Chart
from pipelines.reports.format import cell, is_weak
from pipelines.reports.profile import Profile


def wage_ranges(frame: pl.DataFrame, wage_median: float | None, *, narrow: bool = False) -> Chart:
    """Annual wages from P10 to P90 with the middle half and the median, the best paid first, against a median."""
    frame = frame.sort("wage_p50_usd", descending=True, nulls_last=True, maintain_order=True)
    ranked = style.labelled(frame, "cluster_name", narrow)
    for row in ranked.rows:
        row["said"] = cell(row, "wage_p50_usd") if row["wage_p50_usd"] is None else ""
        row["open_end"] = row["wage_p90_status"] == "top_coded"
        row["drawn"] = LIGHT["soft" if is_weak(row) else "main"]
    top = style.highest([row["wage_p90_usd"] for row in ranked.rows] + [wage_median])
    domain = (0.0, top * (1.0 if narrow else 1.04) or 1.0)
    scale = {"domain": list(domain), "nice": False}
    axis = style.figures_axis("Annual wage", "wage_p50_usd", 3 if narrow else 6)
    whole = style.marks(
        "rule",
        {"strokeWidth": 2, "color": LIGHT["main"]},
        x=style.amount("wage_p10_usd", scale=scale, axis=axis),
        x2={"field": "wage_p90_usd"},
    )
    middle = style.marks(
        "bar",
        {"height": 11},
        x=style.amount("wage_p25_usd", scale=scale),
        x2={"field": "wage_p75_usd"},
        color=style.DRAWN,
    )
    ends = style.marks(
        "point",
        {"shape": "triangle-right", "filled": True, "size": 60, "color": LIGHT["main"], "opacity": 1},
        "datum.open_end",
        x=style.amount("wage_p90_usd", scale=scale),
    )
    median = style.marks(
        "tick",
        {"thickness": 3, "height": 17, "color": LIGHT["ink"], "opacity": 1},
        "isValid(datum.wage_p50_usd)",
        x=style.amount("wage_p50_usd", scale=scale),
    )
    layers = [whole, middle, median]
    layers += [ends] if any(row["open_end"] for row in ranked.rows) else []
    layers += [missing_words()] if any(row["said"] for row in ranked.rows) else []
    return ranked.joined(wages_panel(ranked, layers, wage_median, domain, scale))


def _facts(profile: Profile) -> Facts:
    # a region is made of metro and nonmetro areas, so their error goes for it
    kind = profile.area.area_type if profile.area.area_type != "region" else "metro"
    asked = {
        "area_type": kind,
        "grouping": "major group",
        "coverage_band": "all",
        "statistic": "p50",
        "method": "pooled",
    }
    error = profile.release.row("quality.method_accuracy", **asked)
    return {"paid": profile.best("wage_p50_usd"), "error": error}


def _parts(profile: Profile, facts: Facts) -> Facts:
    percentiles = [f"wage_p{percentile}_usd" for percentile in (10, 25, 50, 75, 90)]
    return {
        "picture": Picture(
            "wages",
            f"Annual wages by cluster, {profile.place}",
            "Annual wages, the best paid cluster first: the thin line goes from P10 to P90, the bar is the middle "
            "half of jobs, the mark is the median; the dashed line is the median of all jobs.",
            lambda narrow: wage_ranges(profile.cluster_frame, profile.total["wage_p50_usd"], narrow=narrow),
            data=profile.cluster_frame,
        ),
        "table": figures(
            "Annual wages by cluster, the highest median first",
            "cluster_name",
            sorted(profile.clusters, key=lambda row: -(row["wage_p50_usd"] or 0)),
            [*percentiles, "wage_mean_usd", "wage_coverage_pct"],
            total=(profile.total_name, profile.total),
        ),
    }


WORDS = """
<p>Wages of each cluster from the tenth percentile (P10) to the ninetieth (P90), the best paid first, against
{{ total.figure("wage_p50_usd") }}, the median of all jobs in {{ place }}.</p>
{{ show(picture, table) }}
{{ weak_note(profile.clusters) }}
<p class="note">A cluster's percentiles are pooled from those of its occupations, never averaged. "&gt;=" marks a
lower bound: the publisher does not give higher wages. Jobs with wages: the share of the cluster's jobs whose
occupations have published percentiles; the wages of the rest are estimated.</p>
"""

HEADLINES = """
{% if paid | length > 1 %}
<li>{{ paid[0].name() }} is the best paid cluster: its median wage is {{ paid[0].figure("wage_p50_usd") }},
{{ paid[0].figure("wage_premium_pct") }} compared with the median of all jobs.
{{ paid[-1].name() }} has the lowest median, {{ paid[-1].figure("wage_p50_usd") }}.</li>
{% endif %}
"""

TERMS = """
<dt>Wages</dt>
<dd>Annual wages before taxes of year-round, full-time work. One job in ten pays less than P10, one in ten more than
P90; half pay less than the median. A cluster's wages are read from the sum of its occupations' wage distributions.
{%- if error %} Held against the publisher's own figures for major groups of occupations, which it did not see, the
median is off by about {{ error.figure("median_abs_error_pct") }} or less for half of the groups, and by about
{{ error.figure("p90_abs_error_pct") }} or less for nine in ten.{% endif %}</dd>
"""

SECTION = Section("wages", "What the clusters pay", 30, WORDS, _facts, _parts, HEADLINES, TERMS)
