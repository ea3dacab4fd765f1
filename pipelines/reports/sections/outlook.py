"""Outlook: projected jobs, growth and openings of the clusters, and the education that their openings ask for."""

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt
import polars as pl
from markupsafe import Markup

from pipelines.policies.model import EDUCATION
from pipelines.reports.blocks import (
    MARK,
    Block,
    Column,
    Picture,
    Section,
    Words,
    figures,
    note,
    paragraph,
    warning,
    weak_note,
    words,
)
from pipelines.reports.charts.panels import bars_panel, dots_panel, stacked_panel
from pipelines.reports.charts.style import Chart, labelled, nothing, size_of, styled
from pipelines.reports.profile import OUTLOOK, Profile
from pipelines.reports.rows import Row
from pipelines.reports.sections.sources import weak_vintage

MIX = "marts.cluster_education_mix"
#: Groups of education levels in the chart: the last of BLS's ranks (1 to 8) in each, its name and colour.
_GROUPS = (
    (2, "High school or less", "step1"),
    (4, "Some college or award", "step2"),
    (5, "Associate's degree", "step3"),
    (6, "Bachelor's degree", "step4"),
    (8, "Master's or doctoral", "step5"),
)


def outlook_ranked(outlook: pl.DataFrame, growth_of_all: float | None, *, narrow: bool = False) -> Chart:
    """Clusters by annual openings, beside their growth over the period against that of all jobs."""
    frame = outlook.filter(level="cluster")
    if frame.is_empty():
        return nothing()
    size = size_of(narrow)
    ranked, labels = labelled(frame, "cluster_name", size)
    wide, other = (size.plot, size.plot) if narrow else (360, 260)
    growth: dict[str, Any] = {"column": "growth_pct", "title": "Growth over the period", "zero": False}
    growth |= {"width": other, "line": (growth_of_all, "all jobs"), "shown": narrow}
    panels = [
        bars_panel(ranked, labels, size, column="annual_openings", title="Openings a year", width=wide),
        dots_panel(ranked, labels, size, **growth),
    ]
    return styled(alt.vconcat(*panels) if narrow else alt.hconcat(*panels))


def education_mix(mix: pl.DataFrame, *, narrow: bool = False) -> Chart:
    """The typical entry education of each cluster's openings, in five groups; `mix` is of one area."""
    known = mix.filter(pl.col("openings_pct").is_not_null())
    if known.is_empty():
        return nothing()
    size = size_of(narrow)
    named, labels = labelled(known.unique("cluster_id", maintain_order=True), "cluster_name", size)
    pieces = []
    for row, label in zip(named, labels, strict=True):
        levels = known.filter(cluster_id=row["cluster_id"])
        ends = [float(levels.filter(pl.col("education_rank") <= last)["openings_pct"].sum()) for last, _, _ in _GROUPS]
        pieces.append((label, ends))
    kinds = {name: colour for _, name, colour in _GROUPS}
    panel = stacked_panel(
        pieces, kinds, size, title="Share of openings", width=size.plot, legend_columns=2 if narrow else 5
    )
    return styled(panel)


def _contradicted(profile: Profile) -> list[tuple[Row, Row]]:
    """Projections that begin with less than half of the jobs that OEWS counts, with the cluster's row there.

    Projections count self-employed people too, so they should begin with more.
    """
    jobs = {row["cluster_id"]: row for row in profile.clusters if row.is_there("employment")}
    return [
        (row, jobs[row["cluster_id"]])
        for row in profile.outlook
        if row.is_there("base_jobs")
        and row["cluster_id"] in jobs
        and row["base_jobs"] < 0.5 * jobs[row["cluster_id"]]["employment"]
    ]


def _has_any(items: list[Row], column: str) -> bool:
    return any(row.is_there(column) for row in items)


def _content(profile: Profile) -> Iterator[Block]:
    if not profile.outlook:
        yield paragraph("The projections in this release have none for {}.", profile.place)
        if profile.state and profile.state != profile.area:
            yield paragraph("They are made for the nation and the states: see {}.", profile.state.area_name)
        return
    total = profile.outlook_total
    first = total or profile.outlook[0]
    period = first["projection_period"]
    yield paragraph(
        "Projected jobs and openings from {} to {}, including self-employed people. Openings come from growth and, for "
        "the most part, from people who leave the labor force or change occupation. They are neither vacancies nor a "
        "shortage of workers.",
        first["base_year"],
        first["projected_year"],
    )
    yield from _warnings(profile, first)
    frame = profile.frame("outlook")
    yield Picture(
        "outlook",
        f"Openings and growth by cluster, {profile.place}",
        "Bars of annual openings for each cluster, the most first, beside dots for the growth of its jobs over the "
        "period against that of all jobs.",
        "Openings a year by cluster, and growth of jobs over the whole period against that of all jobs. Pale bars and "
        "hollow dots: read with care.",
        lambda narrow: outlook_ranked(frame, total["growth_pct"] if total else None, narrow=narrow),
    )
    sources = {"From growth": "growth", "From leaving work": "exits", "From changing occupation": "transfers"}
    yield figures(
        f"Outlook by cluster, {period}, the most openings first",
        ("Cluster", "cluster_name"),
        profile.outlook,
        [
            Column(f"Jobs {first['base_year']}", "base_jobs"),
            Column(f"Jobs {first['projected_year']}", "projected_jobs"),
            Column("Change", "change_jobs"),
            Column("Growth", "growth_pct"),
            Column("Openings a year", "annual_openings"),
            *(
                Column(heading, f"openings_{source}")
                for heading, source in sources.items()
                if _has_any(profile.outlook, "openings_exits")
            ),
            Column("Openings, share of jobs", "openings_rate_pct"),
            Column("Middle-skill share", "middle_skill_pct"),
            Column("Coverage", "coverage_pct"),
        ],
        total=("All jobs, as published", total) if total else None,
    )
    yield from weak_note(profile.outlook)
    for row, counted in _contradicted(profile):
        yield warning(
            "{}: the projections begin with {} jobs, less than half of the {} wage and salary jobs counted above. Do "
            "not rely on its outlook.",
            row["cluster_name"],
            row.figure("base_jobs"),
            counted.figure("employment"),
        )
    yield note(
        "Coverage: the share of the cluster's jobs, by the national mix of occupations, whose projections are "
        "published. Middle-skill: some college, a postsecondary award or an associate's degree, or a high school "
        "diploma with long-term on-the-job training or an apprenticeship."
    )
    yield from _education(profile, period)


def _warnings(profile: Profile, first: Row) -> Iterator[Block]:
    vintage = profile.release.vintages.get(first["source"])
    if vintage and vintage["status"] != "ok":
        yield warning("{}", weak_vintage(vintage, in_full=True))
    national = profile.release.ask("outlook", areas=[profile.release.nation.area_id], basis="unduplicated")
    if len(national) and national["projection_period"][0] != first["projection_period"]:
        yield warning(
            "The projections for {} are of {}; the nation's in this release are of {}. Do not compare the two.",
            profile.place,
            first["projection_period"],
            national["projection_period"][0],
        )


def _education(profile: Profile, period: str) -> Iterator[Block]:
    mix = profile.rows("education_mix", MIX)
    if not mix:
        return
    found: Mapping[tuple[str, str], Row] = {(row["cluster_id"], row["entry_education"]): row for row in mix}
    weak = {row["cluster_id"] for row in profile.outlook if row.is_weak}
    order = profile.cluster_frame.select("cluster_id").with_row_index("rank")
    name = pl.col("cluster_name")
    # in the order of the clusters by jobs, as in the table
    drawn = (
        profile.frame("education_mix")
        .join(order, on="cluster_id", maintain_order="left")
        .sort("rank", maintain_order=True)
        .with_columns(pl.when(pl.col("cluster_id").is_in(list(weak))).then(name + " †").otherwise(name))
    )
    yield Markup("<h3>Education that the openings ask for</h3>")
    yield Picture(
        "education",
        f"Openings by typical entry education, {profile.place}",
        "For each cluster one bar of its openings, in five parts from high school or less to master's or doctoral.",
        "Openings by the education that is typical for entry to the occupation."
        + (" Clusters with a †: read with care." if weak else ""),
        lambda narrow: education_mix(drawn, narrow=narrow),
    )

    def column(level: str) -> Column:
        return Column(level, "openings_pct", of=lambda row: found.get((row["cluster_id"], level), "none"))

    yield figures(
        f"Share of annual openings by typical entry education, {period}",
        ("Cluster", "cluster_name"),
        profile.clusters,
        [column(level) for level in EDUCATION],
        marks=lambda row: MARK if row["cluster_id"] in weak else Markup(),
    )
    yield from weak_note(profile.outlook)
    yield note(
        "Of openings in occupations whose typical entry education is known. BLS assigns it for the nation, and it is "
        "used for every area."
    )


def _headlines(profile: Profile) -> Iterator[Words]:
    if not profile.outlook:
        return
    total, most = profile.outlook_total, profile.outlook[0]
    if total and total.is_there("annual_openings"):
        line = words(
            "Projections from {} to {} expect {} openings a year in {}",
            total["base_year"],
            total["projected_year"],
            total.figure("annual_openings"),
            profile.place,
        )
        if total.is_there("growth_pct"):
            line += words(", and a change of {} in all jobs over the period", total.figure("growth_pct"))
        line += "."
        if most.is_there("annual_openings"):
            openings = most.figure("annual_openings")
            line += words(" {} has the most openings of all clusters, {} a year.", most["cluster_name"], openings)
        yield line
    doubted = {row["cluster_id"] for row, _ in _contradicted(profile)}
    known = [
        row
        for row in profile.outlook
        if row.is_there("growth_pct") and row["coverage_pct"] >= 90 and row["cluster_id"] not in doubted
    ]
    fastest = max(known, key=lambda row: row["growth_pct"], default=None)
    if fastest and fastest["growth_pct"] > 0:
        yield words(
            "{} is projected to grow fastest, by {} over the period.",
            fastest["cluster_name"],
            fastest.figure("growth_pct"),
        )


def _terms(profile: Profile) -> Iterator[tuple[str, Words]]:
    if OUTLOOK in profile.release.tables:
        yield (
            "Projections",
            "Made by BLS for the nation and by the states for themselves, each in its own cycle. They count "
            "self-employed people, so their jobs differ from those above, and the publisher rounds them. Growth is "
            "the change in a cluster's jobs over the period, in percent of its jobs in the base year.",
        )


SECTION = Section(
    "outlook",
    "Outlook",
    40,
    _content,
    needs=(OUTLOOK,),
    tables=(OUTLOOK, "marts.occupation_outlook", MIX),
    headlines=_headlines,
    terms=_terms,
    starts_page=True,
)
