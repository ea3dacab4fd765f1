"""High-skill, high-wage, in-demand: the policy, its thresholds in the area, and the shares of jobs that it flags."""

from itertools import accumulate

import polars as pl

from pipelines.policies.words import FLAG_WORDS, MEASURES, list_in_words
from pipelines.reports.blocks import Column, Facts, Picture, Section, figures
from pipelines.reports.charts.panels import stacked_panel
from pipelines.reports.charts.style import Chart, joined, labelled, titled
from pipelines.reports.profile import Profile
from pipelines.reports.release import POLICY_TABLES
from pipelines.reports.rows import Row, by
from pipelines.reports.words import capital

#: The flags and the list, in words.
_NAMES = {**FLAG_WORDS, "listed": "on its list"}
#: From this share of unknown jobs on, the summary gives no share of flagged ones.
_MOSTLY_UNKNOWN_PCT = 30
_KINDS = {"Yes": "main", "Unknown": "unknown", "No": "none"}
_SHARES = ("jobs_flagged_pct", "jobs_unknown_pct", "jobs_not_flagged_pct")


def flag_shares(shares: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """For each flag, the share of every cluster's jobs that has it, that cannot be judged, and that does not have it.

    `shares` is of one area and policy, its clusters in the order they are drawn in.
    """
    panels: list[Chart] = []
    for flag, called in FLAG_WORDS.items():
        part = shares.filter(pl.col("jobs_flagged_pct").is_not_null(), level="cluster", flag=flag)
        if part.is_empty():
            continue
        judged = labelled(part, "cluster_name", narrow)
        ends = [list(accumulate(row[share] or 0 for share in _SHARES)) for row in judged.rows]
        panel = stacked_panel(judged, ends, _KINDS, "Share of jobs", legend_columns=3, wide=225, is_first=not panels)
        panels.append(titled(panel, capital(called)))
    return joined(panels, down=narrow)


def _facts(profile: Profile) -> Facts:
    policy, total = profile.policy, profile.shares.get("all", {})
    others = [
        f"{row['policy_title']} ({row['policy']})"
        for row in profile.release.policies.values()
        if row != policy and row["state_id"] in (None, profile.area.state_id)
    ]
    defined = {flag: total[flag] for flag in _NAMES if flag in total and total[flag].is_there("jobs_flagged_pct")}
    # a share of what is mostly unknown says nothing
    shown = {flag: row for flag, row in defined.items() if row["jobs_unknown_pct"] < _MOSTLY_UNKNOWN_PCT}
    unknown = [_NAMES[flag] for flag in defined if flag not in shown]
    return {
        "policy": policy,
        "flags": FLAG_WORDS,
        "names": _NAMES,
        "others": others,
        "flagged": shown,
        "unknown": unknown,
    }


def _thresholds(profile: Profile, policy: str) -> dict[str, list[Row]]:
    """What occupations of the area are compared with, by flag, as figures of an occupation that has the threshold."""
    found = [
        {**row, f"{row['flag']}_threshold": row["text"] if row["figure"] is None else row["figure"]}
        for row in profile.frame("flag_thresholds", policy=policy).to_dicts()
    ]
    return by((Row("marts.occupation_flag", row) for row in found), "flag")


def _parts(profile: Profile, facts: Facts) -> Facts:
    shares, policy = profile.shares, facts["policy"]
    drawn = profile.ordered(profile.frame("flag_shares", policy=policy["policy"]).filter(level="cluster"))

    def column(name: str, flag: str, what: str = "") -> Column:
        def share(row: Row) -> Row | str:
            group = shares.get(row["cluster_id"])
            return "withheld" if group is None else group.get(flag, "not defined")

        return Column(name, capital(_NAMES[flag]) + what, of=share)

    kinds = {"jobs_flagged_pct": "", "jobs_unknown_pct": ": unknown"}
    told = [flag for flag in _NAMES if flag in FLAG_WORDS or any(flag in group for group in shares.values())]
    columns = [column(name, flag, what) for flag in told for name, what in kinds.items()]
    if any(row.is_there("openings_flagged_pct") for group in shares.values() for row in group.values()):
        columns += [column("openings_flagged_pct", flag, ": openings") for flag in FLAG_WORDS]
    listing = [flag for flag in (policy["list_flags"] or "").split(", ") if flag]
    return {
        "listing": list_in_words(policy["combine"], listing, [flag for flag in FLAG_WORDS if policy[f"{flag}_rule"]]),
        "thresholds": _thresholds(profile, policy["policy"]),
        "measures": {name: measure.words for name, measure in MEASURES.items()},
        "picture": Picture(
            "flags",
            f"High-skill, high-wage and in-demand jobs by cluster, {profile.place}",
            "For each flag, the share of each cluster's jobs: in occupations that have it (yes), of which it is not "
            "known (unknown), and that do not have it (no).",
            lambda narrow: flag_shares(drawn, narrow=narrow),
            data=drawn,
        ),
        "table": figures(
            f"Share of jobs by flag and cluster, {policy['policy_title']}",
            "cluster_name",
            profile.clusters,
            columns,
            total=("All jobs shown", next(iter(shares["all"].values()))) if "all" in shares else None,
        ),
    }


WORDS = """
{% macro other_policies() %}
{% if others %} Other policies applied here: {{ others | listed }} (lmi report --policy).{% endif %}
{% endmacro %}
<p>By the policy <strong>{{ policy.policy_title }}</strong>. No federal law sets thresholds: every state sets its own,
and the shares depend on them. An occupation is unknown where a figure that decides is withheld.</p>
<dl class="terms">
{% for flag, called in flags.items() %}
<dt>{{ called | capital }}</dt>
<dd>{{ policy[flag ~ "_rule"] | capital if policy[flag ~ "_rule"] else "Not defined by this policy" }}.
{%- for row in thresholds.get(flag, [])[:6] %}{{ " Compared here with " if loop.first else "; " }}
{{- row.figure(flag ~ "_threshold", form=row["measure"]) }}
{%- if thresholds[flag] | length > 1 or flag == "in_demand" %}{{ " (" ~ measures.get(row["measure"], "figure") ~ ")" }}
{%- endif %}
{{- "." if loop.last }}{% endfor %}</dd>
{% endfor %}
<dt>List</dt>
<dd>{{ listing }}</dd>
</dl>
<p class="note">Source of the policy: {{ policy.policy_source }}{{ link(policy.source_url, "page") }}
{%- if policy.as_of %}, as of {{ policy.as_of }}{% endif %}. {{ policy.notes }}{{ other_policies() }}</p>
{% if thresholds.get("in_demand") and thresholds["in_demand"][0]["measure"] == "annual_openings" %}
<p class="note">Large occupations have many openings even when they shrink. Where a rule counts openings, mostly large
occupations pass, and they hold most of the jobs.</p>
{% endif %}
{{ show(picture, table) }}
{{ weak_note(profile.clusters) }}
"""

HEADLINES = """
{% if flagged %}
<li>Under the policy {{ policy.policy_title }},
{%- for flag, row in flagged.items() %}{{ " and" if loop.last and not loop.first else "," if not loop.first }}
{{ row.figure("jobs_flagged_pct") }} {{ "of all jobs are " if loop.first }}{{ names[flag] }}{% endfor %}. The shares
depend on <a href="#flags">its thresholds</a>.
{%- if unknown %} Which jobs are {{ unknown | listed }} cannot be told, because figures that decide are missing.
{%- endif %}</li>
{% endif %}
"""

DOUBTS = """
{% if unknown %}
<li>Which jobs are {{ unknown | listed }} cannot be told: figures that decide are missing.</li>
{% endif %}
"""

TERMS = """
{% if release.policies %}
<dt>High-skill, high-wage, in-demand</dt>
<dd>Flags of occupations by the policy that is named with them. The same occupation may be high-wage by one state's
policy and not by another's.
{%- if profile.policy and not release.asked_policy %} For {{ place }} the policy {{ profile.policy["policy_title"] }}
({{ profile.policy["policy"] }}) is used where none is asked for{% if profile.policy["state_id"] %}: the state's
own{% endif %}.{% endif %} Unknown is neither yes nor no. Metro and nonmetro areas take openings and growth from
their state.</dd>
{% endif %}
"""

TABLES = ("marts.cluster_flag_share", "marts.occupation_flag")

SECTION = Section(
    "flags",
    "High-skill, high-wage, in-demand",
    50,
    WORDS,
    _facts,
    _parts,
    HEADLINES,
    TERMS,
    POLICY_TABLES,
    TABLES,
    doubts=DOUBTS,
    has=lambda profile, facts: bool(profile.shares),
)
