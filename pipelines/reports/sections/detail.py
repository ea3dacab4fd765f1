"""Inside each cluster: its sub-clusters, and its largest occupations with openings and flags."""

from collections.abc import Iterator

import polars as pl

from pipelines.policies.words import FLAG_WORDS
from pipelines.reports.blocks import (
    MARK,
    RELIABILITY,
    Block,
    Column,
    Group,
    Section,
    capital,
    figures,
    mark,
    note,
    paragraph,
    words,
)
from pipelines.reports.profile import OCCUPATIONS, Profile
from pipelines.reports.release import overlay_of
from pipelines.reports.rows import Row, by, rows

_WAGES = (Column("P10", "wage_p10_usd"), Column("Median wage", "wage_p50_usd"), Column("P90", "wage_p90_usd"))


def _content(profile: Profile) -> Iterator[Block]:
    yield paragraph(
        "Sub-clusters with their jobs, {}, and the largest occupations by the jobs that count in the cluster.",
        "each job once" if profile.once else "each job in full in every sub-cluster it belongs to",
    )
    inner = by(profile.sub_clusters, "cluster_id")
    largest = by(profile.rows("occupations", "marts.occupation_indicators", per_cluster=OCCUPATIONS), "cluster_id")
    companions = _companions(profile)
    for row in profile.clusters:
        found = largest.get(row["cluster_id"], [])
        yield Group(
            row["cluster_id"],
            words("{}{}", row["cluster_name"], mark(row)),
            [*_sub_clusters(profile, row, inner.get(row["cluster_id"], [])), *_occupations(row, found, companions)],
        )
    yield note(
        "{} Read with care: reliability C or D, or less than half of the jobs behind the figure are published. Jobs "
        "are all jobs of the occupation{}. Occupations whose jobs are withheld are not among the largest.",
        MARK,
        '; "of these, here" is the share that counts in this cluster, the rest counts in others'
        if profile.once
        else "",
    )


def _sub_clusters(profile: Profile, cluster: Row, inner: list[Row]) -> Iterator[Block]:
    if cluster["scope_note"]:
        yield paragraph("{}", cluster["scope_note"])
    elif profile.overlay:
        yield paragraph("A cluster of the state's own.")
    if inner:
        yield figures(
            f"Sub-clusters of {cluster['cluster_name']}",
            ("Sub-cluster", "sub_cluster_name"),
            inner,
            [
                Column("Jobs", "employment"),
                Column("90% interval", "interval"),
                Column("Location quotient", "location_quotient"),
                *_WAGES,
                Column(RELIABILITY, "reliability"),
                Column("Coverage", "coverage_pct"),
            ],
        )


def _companions(profile: Profile) -> list[tuple[Column, dict[object, Row]]]:
    """Columns of occupations that are of other tables, with the rows of these by occupation (and cluster)."""
    found: list[tuple[Column, dict[object, Row]]] = []
    if profile.once:
        overlay = overlay_of(profile.release.basis)
        table = "marts.area_soc_allocation" if overlay is None else "marts.overlay_allocation"
        shared = profile.frame("occupations", per_cluster=OCCUPATIONS)
        if len(shared):
            shared = shared.with_columns(area_id=pl.col("weights_of"))
        weights = {(row["soc_code"], row["cluster_id"]): row for row in rows(table, shared)}
        column = Column(
            "Of these, here", "cluster_weight", of=lambda row: weights.get((row["soc_code"], row["cluster_id"]))
        )
        found.append((column, dict(weights)))
    projected = {row["soc_code"]: row for row in profile.rows("occupation_outlook", "marts.occupation_outlook")}
    openings = Column("Openings a year", "annual_openings", of=lambda row: projected.get(row["soc_code"], "none"))
    found.append((openings, dict(projected)))
    policy = profile.policy["policy"] if profile.policy else None
    flagged = {row["soc_code"]: row for row in profile.rows("flags", "marts.occupation_flag", policy=policy)}
    for flag, called in FLAG_WORDS.items():
        column = Column(capital(called), flag, of=lambda row: flagged.get(row["soc_code"], "none"))
        found.append((column, dict(flagged)))
    return found


def _occupations(
    cluster: Row, largest: list[Row], companions: list[tuple[Column, dict[object, Row]]]
) -> Iterator[Block]:
    if not largest:
        yield note("No occupation of this cluster has a published number of jobs here.")
        return
    # a column is shown where any of the occupations has it
    keys = {key for row in largest for key in (row["soc_code"], (row["soc_code"], row["cluster_id"]))}
    shown = {column.column: column for column, known in companions if keys & known.keys()}
    weight = shown.pop("cluster_weight", None)
    yield figures(
        f"Largest occupations in {cluster['cluster_name']}",
        ("Occupation", "occupation_name"),
        largest,
        [
            Column("Jobs", "employment"),
            *([weight] if weight else []),
            *_WAGES,
            Column(RELIABILITY, "reliability"),
            *shown.values(),
        ],
    )


SECTION = Section("detail", "Inside each cluster", 110, _content, starts_page=True)
