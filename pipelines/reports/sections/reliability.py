"""Where the figures are weak: clusters and sub-clusters with large errors, few published jobs, or none."""

from collections.abc import Iterator

from markupsafe import Markup

from pipelines.reports.blocks import (
    RELIABILITY,
    Block,
    Column,
    Section,
    Words,
    figures,
    listed,
    paragraph,
    weak_note,
    words,
)
from pipelines.reports.profile import Profile
from pipelines.reports.rows import Row


def _content(profile: Profile) -> Iterator[Block]:
    every = [*profile.clusters, *profile.sub_clusters]
    withheld = [row for row in every if row["status"] == "withheld"]
    weak = [Row(row.table, {**row.values, "name": row.name()}) for row in every if row.is_weak]
    if not withheld and not weak:
        yield paragraph(
            "No cluster or sub-cluster in {} has a low grade, less than half of its jobs published, or its jobs "
            "withheld.",
            profile.place,
        )
    if withheld:
        yield paragraph(
            "The publisher withholds the jobs of {}. They are missing here, not zero.",
            listed(row.name() for row in withheld),
        )
    if weak:
        yield figures(
            "Clusters and sub-clusters to be read with care",
            ("Cluster or sub-cluster", "name"),
            weak,
            [
                Column("Jobs", "employment"),
                Column("90% interval", "interval"),
                Column("Relative standard error", "employment_rse_pct"),
                Column(RELIABILITY, "reliability"),
                Column("Coverage", "coverage_pct"),
                Column("Jobs with wages", "wage_coverage_pct"),
            ],
            marks=lambda row: Markup(),
        )
        yield from weak_note(weak)


def _headlines(profile: Profile) -> Iterator[Words]:
    total, coverage = profile.total, profile.total["coverage_pct"]
    rest = ""
    if profile.parts:
        rest = "; the rest is withheld by the publisher or lies outside those areas"
    elif coverage is not None and coverage < 99.95:
        rest = "; the rest is withheld by the publisher and in no cluster"
    line = words("The published occupations have {} of the area's jobs{}.", total.figure("coverage_pct"), rest)
    if profile.overlay:
        line += f" Occupations that {profile.scheme} leaves out are in no cluster either."
    weak = [row["cluster_name"] for row in profile.clusters if row.is_weak]
    if weak:
        line += words(
            ' Read <span data-count="weak_clusters">{}</span> of the clusters with care: {}.', len(weak), listed(weak)
        )
    yield line


def _terms(profile: Profile) -> Iterator[tuple[str, Words]]:
    below = [profile.release.parameter(f"reliability_{grade}_below") for grade in "abc"]
    grades = [row.figure("value", "percent") for row in below if row]
    graded = words(" A is under {}, B under {}, C under {}, D is more.", *grades) if len(grades) == 3 else ""
    yield (
        "90% interval and reliability",
        words(
            "The jobs come from a sample. If it were drawn many times, nine in ten intervals would include the true "
            "number. Reliability grades the relative standard error.{} Where two intervals overlap, the difference "
            "may be chance.",
            graded,
        ),
    )
    yield (
        "Coverage and withheld figures",
        "The publisher withholds small cells. Coverage is the share of the cluster's jobs, by the national mix of "
        "occupations, in occupations that the area publishes. Nothing is filled in: where coverage is low, jobs are "
        "too "
        'low. "Withheld" means that a figure exists and is not published; it is never zero.',
    )


SECTION = Section("reliability", "Where the figures are weak", 100, _content, headlines=_headlines, terms=_terms)
