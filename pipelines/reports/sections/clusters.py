"""Clusters by employment: jobs with their intervals, concentration and median wages."""

from collections.abc import Iterator
from typing import Any

import altair as alt
import polars as pl

from pipelines.reports.blocks import (
    RELIABILITY,
    Block,
    Column,
    Picture,
    Section,
    Words,
    capital,
    figures,
    note,
    paragraph,
    weak_note,
    words,
)
from pipelines.reports.charts.panels import bars_panel, dots_panel
from pipelines.reports.charts.style import Chart, labelled, nothing, size_of, styled
from pipelines.reports.format import month
from pipelines.reports.profile import CLUSTERS, Profile
from pipelines.reports.release import counterpart
from pipelines.reports.rows import rows


def clusters_ranked(clusters: pl.DataFrame, wage_median: float | None, *, narrow: bool = False) -> Chart:
    """Clusters by jobs with 90 % intervals, beside location quotients and median wages against the area's."""
    if clusters.is_empty():
        return nothing()
    size = size_of(narrow)
    ranked, labels = labelled(clusters, "cluster_name", size)
    jobs = bars_panel(ranked, labels, size, column="employment", title="Jobs", width=size.plot if narrow else 290)
    quotients: dict[str, Any] = {"column": "location_quotient", "title": "Location quotient", "zero": True}
    quotients |= {"width": size.plot if narrow else 170, "line": (1, "nation"), "shown": narrow}
    panels = [jobs, dots_panel(ranked, labels, size, **quotients)]
    if narrow:
        return styled(alt.vconcat(*panels))
    wages: dict[str, Any] = {"column": "wage_p50_usd", "title": "Median annual wage", "zero": False}
    wages |= {"width": 190, "line": (wage_median, "all jobs"), "shown": False}
    return styled(alt.hconcat(*panels, dots_panel(ranked, labels, size, **wages)))


def _content(profile: Profile) -> Iterator[Block]:
    if profile.overlay:
        yield paragraph(
            "Clusters, their names and their occupations are those of {}. They differ in part from the national "
            "framework.",
            profile.scheme,
        )
    if profile.once:
        yield paragraph(
            "Every job counts once, in one cluster (the unduplicated basis), so the clusters add up. The jobs of an "
            "occupation that belongs to several clusters are shared among them{} by where {} workers in that "
            "occupation are employed.",
            " by the weights that the state gives, or else" if profile.overlay else "",
            profile.whose,
        )
    else:
        yield paragraph(
            "An occupation counts with all its jobs in every cluster it belongs to (the duplicated basis). Each line "
            "describes one cluster; never add clusters up."
        )
    yield Picture(
        "clusters",
        f"Clusters by employment, {profile.place}",
        "Bars of jobs for each cluster from the largest to the smallest with lines for the 90 percent interval, beside "
        "dots for its location quotient and its median wage.",
        "Jobs with 90% intervals, location quotients, and median wages. Pale bars and hollow dots: read with care.",
        lambda narrow: clusters_ranked(profile.cluster_frame, profile.median, narrow=narrow),
    )
    counted = rows(CLUSTERS, profile.frame("clusters", basis=counterpart(profile.release.basis)))
    other = {row["cluster_id"]: row for row in counted if row["level"] == "cluster"}
    yield figures(
        f"Clusters of {profile.place}, the largest first",
        ("Cluster", "cluster_name"),
        profile.clusters,
        [
            Column("Jobs", "employment"),
            Column("90% interval", "interval", in_total=False),
            Column("Share of all jobs", "employment_share_pct"),
            Column("Location quotient", "location_quotient"),
            Column("Median wage", "wage_p50_usd"),
            Column("Against all jobs", "wage_premium_pct", in_total=False),
            Column(RELIABILITY, "reliability"),
            Column("Coverage", "coverage_pct"),
            Column(
                "Counted in full" if profile.once else "Counted once",
                "employment",
                of=lambda row: other.get(row["cluster_id"]),
                in_total=False,
            ),
        ],
        total=(profile.total_name, profile.total),
        link_to="cluster_id",
    )
    yield from weak_note(profile.clusters)
    if profile.once:
        yield note(
            "Counted in full: all jobs of the cluster's occupations, including jobs that count in another cluster "
            "above (the duplicated basis). Never add these up."
        )
    else:
        yield note("Counted once: each job in one cluster only (the unduplicated basis); these add up.")


def _headlines(profile: Profile) -> Iterator[Words]:
    total = profile.total
    yield words(
        "{} has {} wage and salary jobs. Half of them pay less than {} a year; one in ten pays less than {}, and one "
        "in ten more than {}.",
        capital(profile.place),
        *(total.figure(column) for column in ("employment", "wage_p50_usd", "wage_p10_usd", "wage_p90_usd")),
    )
    ranked = [row for row in profile.clusters if row.is_there("employment")]
    if len(ranked) > 2:
        first, *following = ranked
        yield words(
            "{} is the largest cluster, with {} jobs, {} of all jobs. {} ({}) and {} ({}) follow.",
            first["cluster_name"],
            first.figure("employment"),
            first.figure("employment_share_pct"),
            following[0]["cluster_name"],
            following[0].figure("employment_share_pct"),
            following[1]["cluster_name"],
            following[1].figure("employment_share_pct"),
        )
    quotients = profile.best("location_quotient")
    if not quotients or profile.area.is_nation:
        return
    top, bottom = quotients[0], quotients[-1]
    if top["location_quotient"] <= 1:
        yield "No cluster with enough published figures has a larger share of jobs here than in the nation."
        return
    line = words(
        "{} is the most concentrated cluster: its share of jobs is {} times the national share.",
        top["cluster_name"],
        top.figure("location_quotient"),
    )
    if bottom["location_quotient"] < 1:
        line += words(
            " {} is the least concentrated, at {} times the national share.",
            bottom["cluster_name"],
            bottom.figure("location_quotient"),
        )
    yield line


def _terms(profile: Profile) -> Iterator[tuple[str, Words]]:
    yield (
        "What is counted",
        words(
            "Wage and salary jobs in the area, by occupation. The self-employed, most farm workers and workers in "
            "private households are not counted. The figures describe {} and are made from three years of surveys; the "
            "publisher advises against reading changes from year to year from them.",
            month(profile.total["period"]),
        ),
    )
    estimated = (
        words(
            " Where {} workers are employed is an estimate: the state's jobs by industry, with the occupations that "
            "such industries have in the nation.",
            profile.whose,
        )
        if not profile.weights_of.is_nation
        else ""
    )
    yield (
        "Clusters and sub-clusters",
        words(
            "{} places each occupation in one or more clusters. The unduplicated figures count every job once: an "
            "occupation in several clusters is shared among them by the industries in which {} workers in it are "
            "employed{}. The duplicated figures count every occupation in full in each of its clusters; never add them "
            "up.{}",
            profile.scheme,
            profile.whose,
            ", or by weights that the state gives" if profile.overlay else "",
            estimated,
        ),
    )
    least = profile.release.parameter("lq_min_coverage_pct")
    left_out = (
        words(" It is left out where less than {} of the cluster is published.", least.figure("value", "percent"))
        if least
        else ""
    )
    yield (
        "Location quotient",
        words(
            "The cluster's share of the area's jobs divided by its share of the nation's jobs, counting only "
            "occupations that the area publishes. 1 means the same share as in the nation, 2 twice that share.{}",
            left_out,
        ),
    )


SECTION = Section(
    "clusters",
    "Clusters by employment",
    20,
    _content,
    tables=(CLUSTERS, "marts.occupation_indicators"),
    headlines=_headlines,
    terms=_terms,
    starts_page=True,
)
