"""Clusters by employment: jobs with their intervals, concentration and median wages."""

import polars as pl

from pipelines.reports.blocks import Facts, Picture, Section, figures, of_other
from pipelines.reports.charts.panels import bars_panel, dots_panel
from pipelines.reports.charts.style import Chart, labelled
from pipelines.reports.profile import CLUSTERS, Profile
from pipelines.reports.release import counterpart
from pipelines.reports.rows import Row, rows


def clusters_ranked(clusters: pl.DataFrame, wage_median: float | None, *, narrow: bool = False) -> Chart:
    """Clusters by jobs with 90 % intervals, beside location quotients and median wages against the area's."""
    ranked = labelled(clusters, "cluster_name", narrow)
    jobs = bars_panel(ranked, "employment", "Jobs", wide=290)
    quotients = dots_panel(ranked, "location_quotient", "Location quotient", (1, "nation"), wide=170, zero=True)
    wages = dots_panel(ranked, "wage_p50_usd", "Median annual wage", (wage_median, "all jobs"), wide=190)
    return ranked.joined(jobs, quotients, *([] if narrow else [wages]))


def _facts(profile: Profile) -> Facts:
    return {
        "concentrated": profile.best("location_quotient"),
        "least_coverage": profile.release.row("reference.method_parameter", parameter="lq_min_published_pct"),
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    counted = profile.frame("clusters", basis=counterpart(profile.release.basis)).filter(level="cluster")
    other_name = "Counted in full" if profile.once else "Counted once"
    return {
        "picture": Picture(
            "clusters",
            f"Clusters by employment, {profile.place}",
            "Jobs with 90% intervals, location quotients, and median wages, the largest cluster first. Pale bars and "
            "hollow dots: a low grade, or less than half of the jobs published or placed on evidence.",
            lambda narrow: clusters_ranked(profile.cluster_frame, profile.total["wage_p50_usd"], narrow=narrow),
            data=profile.cluster_frame,
        ),
        "table": figures(
            f"Clusters of {profile.place}, the largest first",
            "cluster_name",
            [Row(row.table, {**row.values, "anchor": f"#{row['cluster_id']}"}) for row in profile.clusters],
            [
                "employment",
                "interval",
                of_other("employment", other_name, rows(CLUSTERS, counted), "cluster_id", missing=None),
                "employment_share_pct",
                "location_quotient",
                "wage_p50_usd",
                "wage_premium_pct",
                "reliability",
                "modelled_pct",
                "evidence_pct",
            ],
            total=(profile.total_name, profile.total),
            link_to="anchor",
        ),
    }


WORDS = """
{% if release.overlay %}
<p>Clusters, their names and their occupations are those of {{ profile.scheme }}. They differ in part from the
national framework.</p>
{% endif %}
{% if profile.once %}
<p>Every job counts once, in one cluster (the unduplicated basis), so the clusters add up. The jobs of an occupation
that belongs to several clusters are shared among them
{%- if release.overlay %} by the weights that the state gives, or else{% endif %} by what the occupation does, or by
where {{ profile.whose }} workers in it are employed; where neither tells, equally.</p>
{% else %}
<p>An occupation counts with all its jobs in every cluster it belongs to (the duplicated basis). Each line describes
one cluster; never add clusters up.</p>
{% endif %}
{{ show(picture, table) }}
{{ weak_note(profile.clusters) }}
{% if profile.once %}
<p class="note">Jobs are estimates of all jobs, rounded to tens: what the publisher withholds is estimated ("Estimated"
is its share) and enters sums only. "On evidence" is the share of the jobs whose place in the cluster stands on
evidence. The interval is that of the total error.</p>
<p class="note">Counted in full: all jobs of the cluster's occupations, including jobs that count in another cluster
above (the duplicated basis). Never add these up.</p>
{% else %}
<p class="note">Counted once: each job in one cluster only (the unduplicated basis); these add up.</p>
{% endif %}
"""

HEADLINES = """
<li>{{ place | capital }} has {{ total.figure("employment") }} wage and salary jobs. Half of them pay less than
{{ total.figure("wage_p50_usd") }} a year; one in ten pays less than {{ total.figure("wage_p10_usd") }}, and one in
ten more than {{ total.figure("wage_p90_usd") }}.</li>
{% set ranked = profile.ranked %}
{% if ranked | length > 2 %}
<li>{{ ranked[0].name() }} is the largest cluster, with {{ ranked[0].figure("employment") }} jobs,
{{ ranked[0].figure("employment_share_pct") }} of all jobs. {{ ranked[1].name() }}
({{ ranked[1].figure("employment_share_pct") }}) and {{ ranked[2].name() }}
({{ ranked[2].figure("employment_share_pct") }}) follow.</li>
{% endif %}
{% if not concentrated or area.is_nation %}
{% elif concentrated[0]["location_quotient"] > 1 %}
<li>{{ concentrated[0].name() }} is the most concentrated cluster: its share of jobs is
{{ concentrated[0].figure("location_quotient") }} times the national share.
{%- if concentrated[-1]["location_quotient"] < 1 %} {{ concentrated[-1].name() }} is the least concentrated, at
{{ concentrated[-1].figure("location_quotient") }} times the national share.{% endif %}</li>
{% else %}
<li>No cluster with enough published figures has a larger share of jobs here than in the nation.</li>
{% endif %}
"""

TERMS = """
<dt>What is counted</dt>
<dd>Wage and salary jobs in the area, by occupation. The self-employed, most farm workers and workers in private
households are not counted. The figures describe {{ total["period"] | month }} and are made from three years of
surveys; the publisher advises against reading changes from year to year from them.</dd>
<dt>Clusters and sub-clusters</dt>
<dd>{{ profile.scheme }} places each occupation in one or more clusters. The unduplicated figures count every job
once: an occupation in several clusters is shared among them by the function that its definition names, else by the
industries in which {{ profile.whose }} workers in it are employed, else equally
{%- if release.overlay %}; or by weights that the state gives{% endif %}. The duplicated figures count
every occupation in full in each of its clusters; never add them up.
{%- if not profile.weights_of.is_nation %} Where {{ profile.whose }} workers are employed is an estimate: the state's
jobs by industry, with the occupations that such industries have in the nation.{% endif %}</dd>
<dt>Location quotient</dt>
<dd>The cluster's share of the area's jobs divided by its share of the nation's jobs. 1 means the same share as in the
nation, 2 twice that share.
{%- if least_coverage %} It is left out where less than {{ least_coverage.figure("value", form="percent") }} of the
cluster's jobs is published.{% endif %}</dd>
"""

TABLES = (CLUSTERS, "marts.occupation_indicators")

SECTION = Section("clusters", "Clusters by employment", 20, WORDS, _facts, _parts, HEADLINES, TERMS, tables=TABLES)
