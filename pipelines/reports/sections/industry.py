"""Employers: jobs, establishments and pay by the cluster of the employer's industry."""

import polars as pl

from pipelines.reports.blocks import Column, Facts, Picture, Section, figures
from pipelines.reports.charts.panels import bars_panel
from pipelines.reports.charts.style import Chart, labelled
from pipelines.reports.profile import Profile

INDUSTRIES = "marts.industry_indicators"
_WHOLE_PCT = 100
_CHANGE = Column("employment_change_pct", "Change on year before")


def industry_jobs(industries: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """Jobs by the cluster of the employers' industry, with the bounds of what is withheld."""
    clusters = industries.filter(pl.col("level") == "cluster", pl.col("cluster_id") != "unassigned")
    ranked = labelled(clusters, "cluster_name", narrow)
    return ranked.joined(bars_panel(ranked, "employment", "Jobs, annual average"))


def _facts(profile: Profile) -> Facts:
    found = profile.rows("industries", INDUSTRIES)
    has = {"location_quotient" for row in found if row.is_there("location_quotient")}
    changes = {row["employment_change_status"] for row in found}
    return {
        "industries": found,
        "has": has,
        "has_year_before": bool(changes - {"not_in_vintage"}),
        # releases before these columns have neither
        "is_in_part": any((row.values.get("compared_pct") or 100) < _WHOLE_PCT for row in found),
        "is_over_coverage": any(
            row.values.get("employment_change_coverage") and row.is_there("employment_change_pct") for row in found
        ),
        "breaks": {row["employment_change_break"] for row in found} - {None},
        "qcew": profile.release.vintages.get("qcew"),
    }


def _parts(profile: Profile, facts: Facts) -> Facts:
    frame = profile.frame("industries")
    year = frame["year"][0]
    return {
        "picture": Picture(
            "industry",
            f"Jobs by cluster of the employer's industry, {profile.place}",
            f"Jobs by cluster of the industry, annual average of {year}, all owners. Where the publisher withholds "
            "some, they are estimated; lines show the range in which they lie.",
            lambda narrow: industry_jobs(frame, narrow=narrow),
            data=frame,
        ),
        "table": figures(
            f"Employers by cluster of their industry, {year}",
            Column("cluster_name", "Cluster of the industry"),
            facts["industries"],
            [
                "establishments",
                "employment",
                Column("interval", "At least, at most"),
                "employment_share_pct",
                *(["location_quotient"] if "location_quotient" in facts["has"] else []),
                Column("pay_annual_avg_usd", "Average annual pay"),
                *([_CHANGE] if facts["has_year_before"] else []),
                *([Column("compared_pct", "Jobs compared")] if facts["is_in_part"] else []),
                Column("modelled_pct", "Estimated"),
            ],
        ),
    }


WORDS = """
<p>Jobs of {{ industries[0]["year"] }} by the cluster of the employer's industry, from the Quarterly Census of
Employment and Wages. All jobs of a hospital count in Healthcare &amp; Human Services here, an accountant's too;
above, each job counts by its occupation. The two counts are not meant to match.</p>
{% if qcew and qcew.status != "ok" %}
<div class="warning" role="note"><p>{{ weak_vintage(qcew, in_full=True) }}</p></div>
{% endif %}
{{ show(picture, table) }}
<p class="note">Jobs that the publisher withholds are estimated inside the range that the published figures leave, "at
least, at most". A cluster that is one withheld figure has no estimate. Pay is of the published jobs. Cross-cutting
clusters have few industries of their own.
{%- if "location_quotient" not in has %} There are no location quotients, because this vintage has no figures of the
nation.
{%- endif %}
{%- if not has_year_before %} There are no changes, because this vintage does not have the year before.{% endif %}
{%- if is_in_part %} Over a new edition of the industry classification, a change is of the industries that stayed in
the cluster, at least nine tenths of it; "jobs compared" is how much of the cluster's jobs they are.{% endif %}
{%- if is_over_coverage %} In this year the publisher began to show more of government by industry: changes of clusters
with government rest on estimates of the year before.{% endif %}
{%- if breaks %} Changes that are not comparable are left out:
{%- if "industries" in breaks %} a new edition of the industry classification moved industries into or out of the
cluster in this year{% endif %}
{%- if "territory" in breaks %}{{ ";" if "industries" in breaks }} county codes changed, so the two years cover other
land{% endif %}.
{%- endif %}</p>
"""

TERMS = """
<dt>Employers</dt>
<dd>Counts jobs by the industry of the employer, from employers' tax records rather than a sample. A nurse in a
factory has a health care job above, and a manufacturing job there.</dd>
"""

TABLES = (INDUSTRIES, "marts.industry_detail")

SECTION = Section(
    "industry",
    "Employers",
    60,
    WORDS,
    _facts,
    _parts,
    "",
    TERMS,
    (INDUSTRIES,),
    TABLES,
    has=lambda profile, facts: bool(facts["industries"]),
    in_appendix=lambda profile, facts: profile.release.is_sample("qcew"),
)
