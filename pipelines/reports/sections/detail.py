"""Inside each cluster: its sub-clusters, and its largest occupations with openings and flags."""

import polars as pl

from pipelines.policies.words import FLAG_WORDS
from pipelines.reports.blocks import Column, Facts, Section, Table, figures, of_other
from pipelines.reports.profile import CLUSTERS, OCCUPATIONS, Profile
from pipelines.reports.release import counterpart, overlay_of
from pipelines.reports.rows import Row, by, rows
from pipelines.reports.words import capital

_WAGES = ("wage_p10_usd", "wage_p50_usd", "wage_p90_usd")
_INNER = ("employment", "interval", "location_quotient", *_WAGES, "reliability", "modelled_pct", "evidence_pct")


def _weights(profile: Profile) -> list[Row]:
    """Rows of the shares of jobs that count in a cluster; none where all of them do."""
    frame = profile.frame("occupations", per_cluster=OCCUPATIONS)
    if not profile.once or frame.is_empty():
        return []
    table = "marts.overlay_allocation" if overlay_of(profile.release.basis) else "marts.area_soc_allocation"
    return rows(table, frame.with_columns(area_id=pl.col("weights_of")))


def _base_year(projected: list[Row]) -> str:
    return str(projected[0]["base_year"]) if projected else ""


def _occupation_tables(profile: Profile, names: dict[str, str]) -> dict[str, Table]:
    """The largest occupations of each cluster, with their openings and flags where any of them has some."""
    largest = by(profile.rows("occupations", "marts.occupation_indicators", per_cluster=OCCUPATIONS), "cluster_id")
    policy = profile.policy["policy"] if profile.policy else None
    flagged = profile.rows("flags", "marts.occupation_flag", policy=policy)
    projected = profile.rows("occupation_outlook", "marts.occupation_outlook")
    weights = _weights(profile)
    columns: list[str | Column] = [
        "employment",
        of_other("cluster_weight", "Of these, here", weights, "soc_code", "cluster_id", missing=None, is_optional=True),
        *_WAGES,
        "reliability",
        of_other(
            "base_jobs", f"Jobs {_base_year(projected)}, self-employed too", projected, "soc_code", is_optional=True
        ),
        of_other("annual_openings", "Openings a year", projected, "soc_code", is_optional=True),
        *(of_other(flag, capital(name), flagged, "soc_code", is_optional=True) for flag, name in FLAG_WORDS.items()),
    ]
    return {
        cluster: figures(f"Largest occupations in {names[cluster]}", "occupation_name", found, columns)
        for cluster, found in largest.items()
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    names = {row["cluster_id"]: row.name() for row in profile.clusters}
    counted = profile.frame("clusters", basis=counterpart(profile.release.basis)).filter(level="sub_cluster")
    other_name = "Counted in full" if profile.once else "Counted once"
    in_full = of_other("employment", other_name, rows(CLUSTERS, counted), "sub_cluster_id", missing=None)
    return {
        "occupations": _occupation_tables(profile, names),
        "sub_clusters": {
            cluster: figures(
                f"Sub-clusters of {names[cluster]}", "sub_cluster_name", found, [_INNER[0], in_full, *_INNER[1:]]
            )
            for cluster, found in by(profile.sub_clusters, "cluster_id").items()
        },
    }


WORDS = """
<p>Sub-clusters with their jobs,
{{ "each job once" if profile.once else "each job in full in every sub-cluster it belongs to" }}, and the largest
occupations by the jobs that count in the cluster.</p>
{% for row in profile.clusters %}{% set id = row["cluster_id"] %}
<div class="cluster" id="{{ id }}">
<h3>{{ row.name() }}{{ mark(row) }}</h3>
{% if row["scope_note"] %}<p>{{ row["scope_note"] }}</p>
{% elif release.overlay %}<p>A cluster of the state's own.</p>{% endif +%}
{% if id in sub_clusters %}{{ show(sub_clusters[id]) }}{% endif +%}
{% if id in occupations %}{{ show(occupations[id]) }}
{% else %}<p class="note">No occupation of this cluster has a published number of jobs here.</p>{% endif +%}
</div>
{% endfor %}
<p class="note"><span class="mark">†</span> Read with care: reliability C or D, or less than half of the jobs published,
with published wages or on evidence. Jobs of an occupation are as published, never estimated: all jobs of the occupation
{%- if profile.once %}; "of these, here" is the share that counts in this cluster, the rest counts in
others{% endif %}.
{%- if profile.outlook %} Openings are those of the jobs in the projections, which count self-employed people; the jobs
of employers beside them do not. Farmers and artists are few there and many here.{% endif %} Wages an hour stand where
only they are published, because few work all year. Occupations whose jobs are withheld are not among the largest.</p>
"""

SECTION = Section("detail", "Inside each cluster", 110, WORDS, parts=_parts, only_on_screen=True)
