"""Where the figures are weak: all that is doubtful on the page, large errors, few published jobs, missing evidence."""

from markupsafe import Markup

from pipelines.reports.blocks import Column, Facts, Section, figures
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row
from pipelines.reports.sections import shown
from pipelines.reports.words import gathered


def _facts(profile: Profile) -> Facts:
    every = [*profile.clusters, *profile.sub_clusters]
    parameters = {grade: f"reliability_{grade.lower()}_below" for grade in "ABC"}
    found = {grade: profile.release.row("reference.method_parameter", parameter=p) for grade, p in parameters.items()}
    with_figures = shown(profile)
    anchors = {each.anchor for each in with_figures}
    # sources of which the page shows nothing do not weaken it
    unused = {row["source"] for row in profile.release.vintages.values() if row["source"].startswith("projections")}
    unused -= {row["source"] for row in profile.outlook}
    unused |= set() if "industry" in anchors else {"qcew"}
    return {
        "doubts": gathered("doubts", with_figures, profile),
        "weak_sources": [
            row for row in profile.release.vintages.values() if row["status"] != "ok" and row["source"] not in unused
        ],
        "withheld": [row.name() for row in every if row["status"] == "withheld"],
        "weak": [row for row in every if row.is_weak],
        "weak_clusters": [row.name() for row in profile.clusters if row.is_weak],
        "grades": {grade: row for grade, row in found.items() if row},
        "hidden": profile.release.row(
            "quality.interval_accuracy", source="oews", area_type="metro", level="cluster", coverage_band="all"
        ),
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    weak = [Row(row.table, {**row.values, "name": row.name()}) for row in facts["weak"]]
    names = Column("name", "Cluster or sub-cluster")
    columns = (
        "employment",
        "employment_published",
        "interval",
        "total_error_pct",
        "reliability",
        "modelled_pct",
        "evidence_pct",
    )
    label = "Clusters and sub-clusters to be read with care"
    return {"table": figures(label, names, weak, columns, marks=lambda row: Markup())}


WORDS = """
<ul class="doubts">
<li>The published occupations have {{ total.figure("coverage_pct") }} of the jobs of {{ place }}. The clusters hold
estimates for the rest.</li>
{% if withheld %}
<li>The publisher withholds the jobs of {{ withheld | listed }}, and gives nothing to estimate them from. They are
missing here, not zero.</li>
{% endif %}
{{ doubts }}
{% for source in weak_sources %}
<li>{{ weak_vintage(source, in_full=True) }}</li>
{% endfor %}
{% if not weak and not withheld %}
<li>No cluster or sub-cluster has a low grade, less than half of its jobs published or on evidence, or its jobs
withheld.</li>
{% endif %}
</ul>
{% if weak %}
{{ show(table) }}
{{ weak_note(weak) }}
{% endif %}
"""

HEADLINES = """
<li>The published occupations have {{ total.figure("coverage_pct") }} of the area's jobs
{%- if profile.parts %}; the rest is withheld by the publisher and estimated, or lies outside those areas
{%- elif total["coverage_pct"] is not none and total["coverage_pct"] < 99.95 %}; the rest is withheld by the publisher
and estimated in the clusters{% endif %}.
{%- if release.overlay %} Occupations that {{ profile.scheme }} leaves out are in no cluster either.{% endif %}
{%- if weak_clusters %} Read <span data-count="weak_clusters">{{ weak_clusters | length }}</span> of the clusters with
care: {{ weak_clusters | listed }}.{% endif %}</li>
"""

TERMS = """
<dt>90% interval and reliability</dt>
<dd>The jobs come from a sample, and some are estimated because the publisher withholds them. The interval has both
errors. It is set so that, in tests on hidden figures, 85 of 100 intervals hold the true number where more than a
twentieth is estimated, and more where less is. Reliability grades this total error:{% for grade, row in
grades.items() %} {{ grade }} is under {{ row.figure("value", form="percent") }},{% endfor %} D is more. A grade is held
down where much is estimated or shared without evidence; the word beside it says by what. Where two intervals overlap,
the difference may be chance.</dd>
<dt>What is estimated</dt>
<dd>The publisher withholds small cells. What is withheld is estimated from what it does publish: the total of the major
group less its published occupations is shared among the rest, by their shares in the wider area and by what the area
has more of. A single estimated occupation may err by a third, so none is ever shown; they enter sums only.
{%- if hidden %} Tested on published cells that were hidden, clusters of metro areas err by
{{ hidden.figure("median_error_pct") }} in the median, and {{ hidden.figure("held_pct") }} of the intervals hold the
truth.{% endif %} "Withheld" means that a figure exists and there is nothing to estimate it from; it is never zero.</dd>
<dt>On evidence</dt>
<dd>The share of the jobs whose place in the cluster stands on evidence: the only cluster of their occupation, the
function that its definition names, or the industries that employ it. The rest is shared equally for want of evidence.
Below half, another equally good rule would give another figure, so that charts draw it pale.</dd>
"""

SECTION = Section("reliability", "Where the figures are weak", 100, WORDS, _facts, _parts, HEADLINES, TERMS)
