"""High-skill, high-wage, in-demand: the policy, its thresholds in the area, and the shares of jobs that it flags."""

from collections.abc import Iterator

import altair as alt
import polars as pl
from markupsafe import Markup

from pipelines.policies.words import FLAG_WORDS, MEASURES
from pipelines.reports.blocks import (
    Block,
    Column,
    Line,
    Picture,
    Section,
    Table,
    Words,
    capital,
    figures,
    link,
    listed,
    name_cell,
    note,
    paragraph,
    text_cell,
    weak_note,
    words,
)
from pipelines.reports.charts.panels import stacked_panel
from pipelines.reports.charts.style import Chart, labelled, nothing, size_of, styled
from pipelines.reports.profile import Profile
from pipelines.reports.release import POLICY_TABLES
from pipelines.reports.rows import Row, by

FLAGS = {flag: capital(called) for flag, called in FLAG_WORDS.items()}
_KINDS = {"Yes": "main", "Unknown": "unknown", "No": "none"}
#: How many thresholds of a flag are listed; a rule of several tests may have many.
_MOST = 6


def flag_shares(shares: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """For each flag, the share of every cluster's jobs that has it, that cannot be judged, and that does not have it.

    `shares` is of one area and policy, its clusters in the order they are drawn in.
    """
    size = size_of(narrow)
    panels: list[Chart] = []
    for flag, called in FLAGS.items():
        part = shares.filter(pl.col("level") == "cluster", pl.col("flag") == flag)
        part = part.filter(pl.col("jobs_flagged_pct").is_not_null())
        if part.is_empty():
            continue
        judged, labels = labelled(part, "cluster_name", size)
        pieces = []
        for row, label in zip(judged, labels, strict=True):
            yes, unknown, no = (row[f"jobs_{kind}_pct"] or 0 for kind in ("flagged", "unknown", "not_flagged"))
            pieces.append((label, (yes, yes + unknown, yes + unknown + no)))
        panel = stacked_panel(
            pieces,
            _KINDS,
            size,
            title="Share of jobs",
            width=size.plot if narrow else 225,
            legend_columns=3,
            shown=narrow or not panels,
        )
        panels.append(panel.properties(title=alt.TitleParams(called)))
    if not panels:
        return nothing()
    return styled(alt.vconcat(*panels) if narrow else alt.hconcat(*panels))


def _others(profile: Profile) -> str:
    """The other policies that the area is judged by: those of no state, and its own state's."""
    chosen = profile.policy["policy"] if profile.policy else None
    others = [
        f"{row['policy_title']} ({row['policy']})"
        for row in profile.release.policies.values()
        if row["policy"] != chosen and row["state_id"] in (None, profile.area.state_id)
    ]
    return f" Other policies applied here: {listed(others)} (lmi report --policy)." if others else ""


def _content(profile: Profile) -> Iterator[Block]:
    policy = profile.policy
    if not policy or not profile.shares:
        yield paragraph(
            "The policy {} does not apply in {}; a state's policy applies in that state only.{}",
            policy["policy_title"] if policy else profile.release.asked_policy or "asked for",
            profile.place,
            _others(profile),
        )
        return
    yield paragraph(
        "By the policy <strong>{}</strong>. No federal law sets thresholds: every state sets its own, and the shares "
        "depend on them. An occupation is unknown where a figure that decides is withheld.",
        policy["policy_title"],
    )
    thresholds = _thresholds(profile)
    yield Table(
        f"The policy's rules, and their thresholds in {profile.place}",
        [("Flag", False), ("Rule", True), ("Threshold here", False)],
        [
            Line(
                [
                    name_cell(called),
                    text_cell(capital(policy[f"{flag}_rule"] or "Not defined by this policy")),
                    words("<td>{}</td>", _threshold_words(flag, thresholds.get(flag, []))),
                ]
            )
            for flag, called in FLAGS.items()
        ],
    )
    as_of = f", as of {policy['as_of']}" if policy["as_of"] else ""
    yield note(
        "Source of the policy: {}{}{}. {}{}",
        policy["policy_source"],
        link(policy["source_url"], "page"),
        as_of,
        policy["notes"],
        _others(profile),
    )
    if thresholds.get("in_demand") and thresholds["in_demand"][0]["measure"] == "annual_openings":
        yield note(
            "Large occupations have many openings even when they shrink. Where a rule counts openings, mostly large "
            "occupations pass, and they hold most of the jobs."
        )
    yield from _shares(profile)


def _thresholds(profile: Profile) -> dict[str, list[Row]]:
    """What occupations of the area are compared with, by flag, as figures of an occupation that has the threshold."""
    if profile.policy is None:
        return {}
    frame = profile.frame("flag_thresholds", policy=profile.policy["policy"])
    found = [
        Row(
            "marts.occupation_flag",
            {**row, f"{row['flag']}_threshold": row["text"] if row["figure"] is None else row["figure"]},
        )
        for row in frame.to_dicts()
    ]
    return by(found, "flag")


def _threshold_words(flag: str, thresholds: list[Row]) -> Words:
    if not thresholds:
        return "none"
    said = []
    for row in thresholds[:_MOST]:
        measure = row["measure"]
        text = row.figure(f"{flag}_threshold", form=measure)
        if len(thresholds) > 1 or flag == "in_demand":
            text += f" ({MEASURES[measure].words if measure in MEASURES else measure.replace('_', ' ')})"
        said.append(text)
    return Markup("<br>").join(said)


def _shares(profile: Profile) -> Iterator[Block]:
    shares, policy = profile.shares, profile.policy or {}
    order = profile.cluster_frame.select("cluster_id").with_row_index("rank")
    drawn = profile.frame("flag_shares", policy=policy["policy"]).join(order, on="cluster_id").sort("rank", "flag")
    yield Picture(
        "flags",
        f"High-skill, high-wage and in-demand jobs by cluster, {profile.place}",
        "For each flag and cluster one bar of its jobs in three parts: flagged, unknown, not flagged.",
        "Share of each cluster's jobs in occupations that have the flag, cannot be judged, or do not have it.",
        lambda narrow: flag_shares(drawn, narrow=narrow),
    )

    def column(heading: str, column: str, flag: str) -> Column:
        def share(row: Row) -> Row | str:
            group = shares.get(row["cluster_id"])
            return "withheld" if group is None else group.get(flag, "not defined")

        return Column(heading, column, of=share)

    has_openings = any(row.is_there("openings_flagged_pct") for group in shares.values() for row in group.values())
    yield figures(
        f"Share of jobs by flag and cluster, {policy['policy_title']}",
        ("Cluster", "cluster_name"),
        profile.clusters,
        [
            *(
                column(heading, f"jobs_{kind}_pct", flag)
                for flag, called in FLAGS.items()
                for heading, kind in ((called, "flagged"), (f"{called}: unknown", "unknown"))
            ),
            *(
                column(f"{called}: openings", "openings_flagged_pct", flag)
                for flag, called in FLAGS.items()
                if has_openings
            ),
        ],
        total=("All jobs shown", next(iter(shares["all"].values()))) if "all" in shares else None,
    )
    yield from weak_note(profile.clusters)


def _headlines(profile: Profile) -> Iterator[Words]:
    total, policy = profile.shares.get("all", {}), profile.policy
    flagged = {flag: row for flag, row in total.items() if flag in FLAGS and row.is_there("jobs_flagged_pct")}
    if not flagged or policy is None:
        return
    said = [
        words("{} {} {}", row.figure("jobs_flagged_pct"), "" if number else "of all jobs are", FLAG_WORDS[flag])
        for number, (flag, row) in enumerate(flagged.items())
    ]
    yield words(
        'Under the policy {}, {}. The shares depend on <a href="#flags">its thresholds</a>.',
        policy["policy_title"],
        said[0] if len(said) == 1 else Markup(", ").join(said[:-1]) + " and " + said[-1],
    )


def _terms(profile: Profile) -> Iterator[tuple[str, Words]]:
    if profile.release.policies:
        yield (
            "High-skill, high-wage, in-demand",
            "Flags of occupations by the policy that is named with them. The same occupation may be high-wage by one "
            "state's policy and not by another's. Unknown is neither yes nor no. Metro and nonmetro areas take "
            "openings and growth from their state.",
        )


SECTION = Section(
    "flags",
    "High-skill, high-wage, in-demand",
    50,
    _content,
    needs=POLICY_TABLES,
    tables=("marts.cluster_flag_share", "marts.occupation_flag"),
    headlines=_headlines,
    terms=_terms,
)
