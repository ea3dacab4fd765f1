"""Where the figures are weak: clusters and sub-clusters with large errors, few published jobs, or none."""

from markupsafe import Markup

from pipelines.reports.blocks import Column, Facts, Section, figures
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row


def _facts(profile: Profile) -> Facts:
    every = [*profile.clusters, *profile.sub_clusters]
    parameters = {grade: f"reliability_{grade.lower()}_below" for grade in "ABC"}
    found = {grade: profile.release.row("reference.method_parameter", parameter=p) for grade, p in parameters.items()}
    return {
        "withheld": [row.name() for row in every if row["status"] == "withheld"],
        "weak": [row for row in every if row.is_weak],
        "weak_clusters": [row.name() for row in profile.clusters if row.is_weak],
        "grades": {grade: row for grade, row in found.items() if row},
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    weak = [Row(row.table, {**row.values, "name": row.name()}) for row in facts["weak"]]
    names = Column("name", "Cluster or sub-cluster")
    columns = ("employment", "interval", "employment_rse_pct", "reliability", "coverage_pct", "wage_coverage_pct")
    label = "Clusters and sub-clusters to be read with care"
    return {"table": figures(label, names, weak, columns, marks=lambda row: Markup())}


WORDS = """
{% if not weak and not withheld %}
<p>No cluster or sub-cluster in {{ place }} has a low grade, less than half of its jobs published, or its jobs
withheld.</p>
{% endif %}
{% if withheld %}
<p>The publisher withholds the jobs of {{ withheld | listed }}. They are missing here, not zero.</p>
{% endif %}
{% if weak %}
{{ show(table) }}
{{ weak_note(weak) }}
{% endif %}
"""

HEADLINES = """
<li>The published occupations have {{ total.figure("coverage_pct") }} of the area's jobs
{%- if profile.parts %}; the rest is withheld by the publisher or lies outside those areas
{%- elif total["coverage_pct"] is not none and total["coverage_pct"] < 99.95 %}; the rest is withheld by the publisher
and in no cluster{% endif %}.
{%- if release.overlay %} Occupations that {{ profile.scheme }} leaves out are in no cluster either.{% endif %}
{%- if weak_clusters %} Read <span data-count="weak_clusters">{{ weak_clusters | length }}</span> of the clusters with
care: {{ weak_clusters | listed }}.{% endif %}</li>
"""

TERMS = """
<dt>90% interval and reliability</dt>
<dd>The jobs come from a sample. If it were drawn many times, nine in ten intervals would include the true number.
Reliability grades the relative standard error:{% for grade, row in grades.items() %} {{ grade }} is under
{{ row.figure("value", form="percent") }},{% endfor %} D is more. Where two intervals overlap, the difference may be
chance.</dd>
<dt>Coverage and withheld figures</dt>
<dd>The publisher withholds small cells. Coverage is the share of the cluster's jobs, by the national mix of
occupations, in occupations that the area publishes. Nothing is filled in: where coverage is low, jobs are too low.
"Withheld" means that a figure exists and is not published; it is never zero.</dd>
"""

SECTION = Section("reliability", "Where the figures are weak", 100, WORDS, _facts, _parts, HEADLINES, TERMS)
