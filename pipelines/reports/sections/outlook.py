"""Outlook: projected jobs, growth and openings of the clusters, and the education that their openings ask for."""

import polars as pl
from markupsafe import Markup

from pipelines.contracts.assignments import EDUCATION
from pipelines.reports.areas import NATION
from pipelines.reports.blocks import Column, Facts, Picture, Section, contradiction, figures, mark, of_other
from pipelines.reports.charts.panels import bars_panel, dots_panel, stacked_panel
from pipelines.reports.charts.style import Chart, labelled
from pipelines.reports.profile import OUTLOOK, Profile
from pipelines.reports.release import UNDUPLICATED
from pipelines.reports.rows import by, rows

MIX = "marts.cluster_education_mix"
#: Why a list's figures are withdrawn, by `doubt`.
_DOUBTS = {
    "list_against_totals": (
        "The list that the state has published contradicts itself: its occupations have very different shares of its "
        "total jobs and of its total openings. None of its figures is shown, and flags that need them are unknown."
    ),
    "openings_repeat_change": (
        "The openings that the state has published only repeat the projected change of jobs, as if nobody ever left an "
        "occupation. They are not shown, and flags that need them are unknown. Jobs and growth stand."
    ),
    "openings_of_list": (
        "The openings that the state has published do not fit its jobs: they are far from what the nation's rates of "
        "leaving an occupation come to, as totals of a whole decade would be. They are not shown, and flags that need "
        "them are unknown. Jobs and growth stand."
    ),
}
#: Groups of education levels in the chart: the last of BLS's ranks (1 to 8) in each, its name and colour.
_GROUPS = (
    (2, "High school or less", "step1"),
    (4, "Some college or award", "step2"),
    (5, "Associate's degree", "step3"),
    (6, "Bachelor's degree", "step4"),
    (8, "Master's or doctoral", "step5"),
)


def outlook_ranked(outlook: pl.DataFrame, growth_of_all: float | None, *, narrow: bool = False) -> Chart:
    """Clusters by annual openings, beside their growth over the period against that of all jobs.

    Where the openings of the list are doubtful, by the jobs of the base year instead.
    """
    ranked = labelled(outlook.filter(level="cluster"), "cluster_name", narrow)
    has_openings = outlook["annual_openings"].is_not_null().any()
    column, title = ("annual_openings", "Openings a year") if has_openings else ("base_jobs", "Jobs in the base year")
    return ranked.joined(
        bars_panel(ranked, column, title, wide=360),
        dots_panel(ranked, "growth_pct", "Growth over the period", (growth_of_all, "all jobs"), wide=260),
    )


def education_mix(mix: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """The typical entry education of each cluster's openings, in five groups; `mix` is of one area."""
    known = mix.filter(pl.col("openings_pct").is_not_null())
    ranked = labelled(known.unique("cluster_id", maintain_order=True), "cluster_name", narrow)
    ends = []
    for row in ranked.rows:
        levels = known.filter(cluster_id=row["cluster_id"])
        ends.append(
            [float(levels.filter(pl.col("education_rank") <= last)["openings_pct"].sum()) for last, *_ in _GROUPS]
        )
    kinds = {name: colour for _, name, colour in _GROUPS}
    return ranked.joined(stacked_panel(ranked, ends, kinds, "Share of openings", legend_columns=2 if narrow else 5))


def _facts(profile: Profile) -> Facts:
    first = profile.outlook_total or next(iter(profile.outlook), None)
    known = [
        row
        for row in profile.outlook
        if row.is_there("growth_pct") and row["coverage_pct"] >= 90 and row["cluster_id"] not in profile.contradicted
    ]
    national = profile.release.ask("outlook", areas=[NATION], basis=UNDUPLICATED)
    return {
        "first": first,
        "all": profile.outlook_total,
        "most": next(iter(profile.outlook), None),
        "doubt": _DOUBTS.get(first["doubt"]) if first else None,
        "fastest": max(known, key=lambda row: row["growth_pct"], default=None),
        "contradicted": [
            (row, profile.contradicted[row["cluster_id"]])
            for row in profile.outlook
            if row["cluster_id"] in profile.contradicted
        ],
        "thin": [row.name() for row in profile.outlook if row.is_weak],
        "source": profile.release.vintages.get(first["source"]) if first else None,
        "national_period": national["projection_period"][0] if len(national) else None,
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    first, total = facts["first"], profile.outlook_total
    relied_on = pl.col("cluster_id").is_in(list(profile.contradicted)).not_()
    frame = profile.frame("outlook").filter(relied_on)
    sources = {"growth": "From growth", "exits": "From leaving work", "transfers": "From changing occupation"}
    has_sources = any(row.is_there("openings_exits") for row in profile.outlook)
    has_openings = any(row.is_there("annual_openings") for row in profile.outlook)
    drawn, shown = ("Openings a year", "Openings") if has_openings else ("Jobs in the base year", "Jobs")
    nation = [] if profile.area.is_nation else ["national_growth_pct", "national_openings_rate_pct"]
    return {
        "is_charted": frame.filter(pl.col("growth_pct").is_not_null(), level="cluster").height > 0,
        "picture": Picture(
            "outlook",
            f"{shown} and growth by cluster, {profile.place}",
            f"{drawn} by cluster, the most first, and growth of jobs over the whole period against that of all jobs. "
            "Pale bars and hollow dots: read with care.",
            lambda narrow: outlook_ranked(frame, total["growth_pct"] if total else None, narrow=narrow),
            data=frame,
        ),
        "table": figures(
            f"Outlook by cluster, {first['projection_period']}, the most {shown.lower()} first",
            "cluster_name",
            profile.weighed_outlook,
            [
                Column("base_jobs", f"Jobs {first['base_year']}"),
                Column("projected_jobs", f"Jobs {first['projected_year']}"),
                "change_jobs",
                "growth_pct",
                *nation[:1],
                "annual_openings",
                *(Column(f"openings_{source}", heading) for source, heading in sources.items() if has_sources),
                "openings_rate_pct",
                *nation[1:],
                "middle_skill_pct",
                "coverage_pct",
            ],
            total=("All jobs, as published", total) if total else None,
            marks=lambda row: mark(row) + contradiction(row),
        ),
        **_education(profile, first["projection_period"]),
    }


def _education(profile: Profile, period: str) -> Facts:
    mix = profile.frame("education_mix")
    if mix.is_empty() or not mix["openings_pct"].is_not_null().any():
        return {"education": None}
    levels = by(rows(MIX, mix), "entry_education")
    weak = [row["cluster_id"] for row in profile.outlook if row.is_weak]
    name = pl.col("cluster_name")
    drawn = profile.ordered(mix).with_columns(
        pl.when(pl.col("cluster_id").is_in(weak)).then(name + " †").otherwise(name)
    )

    return {
        "education": Picture(
            "education",
            f"Openings by typical entry education, {profile.place}",
            "For each cluster one bar of its openings, by the education that is typical for entry to the occupation."
            + (" Clusters with a †: read with care." if weak else ""),
            lambda narrow: education_mix(drawn, narrow=narrow),
            data=drawn,
        ),
        "education_table": figures(
            f"Share of annual openings by typical entry education, {period}",
            "cluster_name",
            [row for row in profile.clusters if row["cluster_id"] in set(mix["cluster_id"])],
            [of_other("openings_pct", level, levels.get(level, []), "cluster_id") for level in EDUCATION],
            marks=lambda row: Markup(' <span class="mark">†</span>' if row["cluster_id"] in weak else ""),
        ),
    }


WORDS = """
<p>Projected jobs and openings from {{ first["base_year"] }} to {{ first["projected_year"] }}, including self-employed
people. Openings come from growth and, for the most part, from people who leave the labor force or change occupation.
They are neither vacancies nor a shortage of workers.</p>
{% if source and source.status != "ok" %}
<div class="warning" role="note"><p>{{ weak_vintage(source) }}</p></div>
{% endif %}
{% if national_period and national_period != first["projection_period"] %}
<div class="warning" role="note"><p>The projections for {{ place }} are of {{ first["projection_period"] }}; the
nation's newest are of {{ national_period }}. Do not compare the two.
{%- if first["national_status"] == "not_in_cycle" %} This release does not have the nation's of
{{ first["projection_period"] }}, so nothing stands beside the state's growth.
{%- else %} The nation's growth and openings beside those of {{ place }} are of the same
{{ first["projection_period"] }}.{% endif %}</p></div>
{% endif %}
{% if doubt %}
<div class="warning" role="note"><p>{{ doubt }}</p></div>
{% endif %}
{% if is_charted %}{{ show(picture) }}{% endif %}
{{ show(table) }}
{{ weak_note(profile.outlook) }}
{% for row, counted in contradicted %}
<div class="warning" role="note"><p><span class="mark">‡</span> {{ row.name() }}: the projections begin with
{{ row.figure("base_jobs") }} jobs, less than half of the {{ counted.figure("employment") }} wage and salary jobs
counted above. Do not rely on its outlook.</p></div>
{% endfor %}
<p class="note">Coverage: the share of the cluster's jobs, by the national mix of occupations, whose projections are
published; where it is less than half, growth and openings are not shown. Middle-skill: some college, a postsecondary
award or an associate's degree, or a high school diploma with long-term on-the-job training or an apprenticeship.</p>
{% if education %}
<h3>Education that the openings ask for</h3>
{{ show(education, education_table) }}
{{ weak_note(profile.outlook) }}
<p class="note">Of openings in occupations whose typical entry education is known. BLS assigns it for the nation, and
it is used for every area. Clusters of which too little is projected are left out.</p>
{% endif %}
"""

HEADLINES = """
{% if all and all.is_there("annual_openings") %}
<li>Projections from {{ all["base_year"] }} to {{ all["projected_year"] }} expect {{ all.figure("annual_openings") }}
openings a year in {{ place }}
{%- if all.is_there("growth_pct") %}, and a change of {{ all.figure("growth_pct") }} in all jobs over the
period{% endif %}.
{%- if most and most.is_there("annual_openings") %} {{ most.name() }} has the most openings of all clusters,
{{ most.figure("annual_openings") }} a year.{% endif %}</li>
{% endif %}
{% if fastest and fastest["growth_pct"] > 0 %}
<li>{{ fastest.name() }} is projected to grow fastest, by {{ fastest.figure("growth_pct") }} over the period.</li>
{% endif %}
"""

TERMS = """
{% if "marts.cluster_outlook" in release.tables %}
<dt>Projections</dt>
<dd>Made by BLS for the nation and by the states for themselves, each in its own cycle. They count self-employed
people, so their jobs differ from those above, and the publisher rounds them. Growth is the change in a cluster's jobs
over the period, in percent of its jobs in the base year.</dd>
{% endif %}
"""

DOUBTS = """
{% if doubt %}
<li>Outlook: {{ doubt }}</li>
{% endif %}
{% for row, counted in contradicted %}
<li>Outlook of {{ row.name() }} <span class="mark">‡</span>: the projections begin with {{ row.figure("base_jobs") }}
jobs, less than half of the {{ counted.figure("employment") }} wage and salary jobs counted above.</li>
{% endfor %}
{% if thin %}
<li>Outlook: less than half of the jobs of {{ thin | listed }} is projected <span class="mark">†</span>.</li>
{% endif %}
"""

TABLES = (OUTLOOK, "marts.occupation_outlook", MIX)

SECTION = Section(
    "outlook",
    "Outlook",
    40,
    WORDS,
    _facts,
    _parts,
    HEADLINES,
    TERMS,
    (OUTLOOK,),
    TABLES,
    doubts=DOUBTS,
    has=lambda profile, facts: bool(profile.outlook),
)
