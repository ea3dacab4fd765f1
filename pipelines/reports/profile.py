"""What a profile of an area says: rows of the release, ranked and grouped, for many areas in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import NoReleaseError, UnknownNameError
from pipelines.reports import queries
from pipelines.reports.places import check_basis
from pipelines.reports.rows import Row, rows

#: Largest occupations that are shown for each cluster.
OCCUPATIONS = 8

CLUSTERS = "marts.cluster_indicators"
OCCUPATION = "marts.occupation_indicators"
ALLOCATION = "marts.area_soc_allocation"
OVERLAY_ALLOCATION = "marts.overlay_allocation"
INDUSTRIES = "marts.industry_indicators"
CONTEXT = "marts.cross_cutting_context"
ESTIMATE = "marts.cluster_by_industry_estimate"
ACCURACY = "quality.method_accuracy"
PARAMETERS = "reference.method_parameter"
OUTLOOK = "marts.cluster_outlook"
EDUCATION = "marts.cluster_education_mix"
OCCUPATION_OUTLOOK = "marts.occupation_outlook"
POLICY = "reference.policy"
FLAGS = "marts.occupation_flag"
FLAG_SHARES = "marts.cluster_flag_share"
REGION_MEMBERS = "reference.region_member"


@dataclass(frozen=True)
class Area:
    """A place, as `reference.area` has it."""

    area_id: str
    area_name: str
    area_type: str
    state_id: str | None
    is_territory: bool

    @property
    def is_nation(self) -> bool:
        """Whether it is the whole nation."""
        return self.area_type == "national"

    @property
    def is_state(self) -> bool:
        """Whether it is a state or territory."""
        return self.area_type == "state"


@dataclass(frozen=True)
class Release:
    """What is the same on every page of a release."""

    facts: dict[str, Any]
    vintages: list[dict[str, Any]]
    tables: frozenset[str]
    areas: dict[str, Area]
    nation: dict[str, Row]
    cross_cutting: list[Row]
    accuracy: list[Row]
    parameters: dict[str, Row]
    basis: str
    overlay: dict[str, Any] | None
    asked_policy: str | None
    policies: dict[str, dict[str, Any]]
    default_policies: dict[str, str]
    national_period: str | None
    frames: dict[str, pl.DataFrame] = field(repr=False)

    @property
    def is_counted_once(self) -> bool:
        """Whether every job counts once, so that clusters add up."""
        return queries.is_counted_once(self.basis)

    def vintage(self, source: str) -> dict[str, Any] | None:
        """The edition of a source in this release, or None where it has none."""
        return next((row for row in self.vintages if row["source"] == source), None)

    @property
    def cross_cutting_groups(self) -> list[list[Row]]:
        """Where the people of each cross-cutting cluster work, most first."""
        return list(_grouped(self.cross_cutting, "cluster_id").values())


@dataclass(frozen=True)
class Occupation:
    """An occupation among the largest of a cluster: its figures, and what part of it counts in the cluster.

    `weight` is missing where jobs are counted in full.
    """

    figures: Row
    weight: Row | None
    outlook: Row | None = None
    flags: Row | None = None


@dataclass(frozen=True)
class Threshold:
    """What occupations of an area were held against for a flag: the measure, and a row that has the threshold."""

    measure: str
    row: Row
    occupations: int


@dataclass(frozen=True)
class ClusterDetail:
    """A cluster of an area from the inside; `other` is the cluster counted the other way, in full or once."""

    cluster: Row
    other: Row | None
    sub_clusters: list[Row]
    occupations: list[Occupation]

    @property
    def has_openings(self) -> bool:
        """Whether openings are known for any of the occupations."""
        return any(item.outlook for item in self.occupations)

    @property
    def has_flags(self) -> bool:
        """Whether any of the occupations was held against the policy."""
        return any(item.flags for item in self.occupations)


@dataclass(frozen=True)
class Profile:
    """Everything that the page of one area shows. Frames are for the charts, rows for tables and sentences."""

    area: Area
    state: Area | None
    total: Row
    clusters: list[Row]
    details: list[ClusterDetail]
    industries: list[Row]
    compared: list[Row]
    concentrations: dict[str, Row]
    weights_of: Area | None
    parts: list[Row]
    policy: dict[str, Any] | None
    estimated: dict[tuple[str, str], Row]
    outlook_total: Row | None
    outlook: list[Row]
    education: dict[str, dict[str, Row]]
    thresholds: dict[str, list[Threshold]]
    shares: dict[str, dict[str, Row]]
    frames: dict[str, pl.DataFrame] = field(repr=False)

    @property
    def ranked(self) -> list[Row]:
        """Clusters whose jobs are shown, the largest first."""
        return [row for row in self.clusters if row.is_there("employment")]

    @property
    def withheld(self) -> list[Row]:
        """Clusters and sub-clusters without a figure of jobs because it is withheld."""
        inner = [row for detail in self.details for row in detail.sub_clusters]
        return [row for row in [*self.clusters, *inner] if row["status"] == "withheld"]

    @property
    def weak(self) -> list[Row]:
        """Clusters that are to be read with care."""
        return [row for row in self.clusters if row.is_weak]

    @property
    def weak_sub_clusters(self) -> list[Row]:
        """Sub-clusters that are to be read with care."""
        return [row for detail in self.details for row in detail.sub_clusters if row.is_weak]

    @property
    def weak_outlook(self) -> set[str]:
        """Clusters whose outlook is to be read with care."""
        return {row["cluster_id"] for row in self.outlook if row.is_weak}

    @property
    def contradicted(self) -> list[tuple[Row, Row]]:
        """Outlooks that begin with less than half of the jobs that OEWS counts, with the cluster's row there.

        Projections count self-employed people as well, so they should begin with more.
        """
        jobs = {row["cluster_id"]: row for row in self.ranked}
        return [
            (row, jobs[row["cluster_id"]])
            for row in self.outlook
            if row.is_there("base_jobs")
            and row["cluster_id"] in jobs
            and row["base_jobs"] < 0.5 * jobs[row["cluster_id"]]["employment"]
        ]

    @property
    def fastest(self) -> Row | None:
        """The cluster with the highest projected growth of those that are nearly complete and not contradicted."""
        doubted = {row["cluster_id"] for row, _ in self.contradicted}
        known = [
            row
            for row in self.outlook
            if row.is_there("growth_pct") and row["coverage_pct"] >= 90 and row["cluster_id"] not in doubted
        ]
        return max(known, key=lambda row: row["growth_pct"], default=None)

    @property
    def counted_parts(self) -> list[Row]:
        """Areas that the figures by occupation of a region are made of."""
        return [row for row in self.parts if row["share_pct"] > 0]

    @property
    def left_out(self) -> list[str]:
        """Areas that reach into a region and are not among its figures."""
        return [str(row["area_name"]) for row in self.parts if row["share_pct"] == 0]

    @property
    def by_wage(self) -> list[Row]:
        """Clusters by median wage, the best paid first, those without one last."""
        return sorted(self.clusters, key=lambda row: -(row["wage_p50_usd"] or 0))

    @property
    def is_among_compared(self) -> bool:
        """Whether the area itself is one of those compared."""
        return any(row["area_id"] == self.area.area_id for row in self.compared)

    def by(self, column: str) -> list[Row]:
        """Clusters with a figure in a column, the highest first; those of low grade are left out."""
        there = [row for row in self.clusters if row.is_there(column) and not row.is_weak]
        return sorted(there, key=lambda row: -row[column])


def read_release(
    connection: duckdb.DuckDBPyConnection, policy: str | None = None, basis: str = queries.UNDUPLICATED
) -> Release:
    """What all pages of a release share.

    Raises UnknownNameError for a policy that the release does not have; whether an area has the basis is up to
    `read_profiles`.
    """
    present = queries.tables(connection)
    policies = queries.policies(connection).to_dicts() if {POLICY, FLAGS, FLAG_SHARES} <= present else []
    known = {row["policy"]: row for row in policies}
    _check_policy(known, policy)
    areas = {row["area_id"]: Area(**row) for row in queries.areas(connection).to_dicts()}
    # an overlay's clusters are held against the framework's in the nation
    nation = rows(CLUSTERS, queries.clusters(connection, [queries.NATION], basis.partition(":")[0]))
    context = queries.cross_cutting(connection) if CONTEXT in present else pl.DataFrame()
    return Release(
        facts=queries.release(connection),
        vintages=queries.vintages(connection).to_dicts(),
        tables=frozenset(present),
        areas=areas,
        nation={row["cluster_id"]: row for row in nation},
        cross_cutting=rows(CONTEXT, context),
        accuracy=rows(ACCURACY, queries.accuracy(connection)) if ACCURACY in present else [],
        parameters={row["parameter"]: row for row in rows(PARAMETERS, queries.parameters(connection))}
        if PARAMETERS in present
        else {},
        basis=basis,
        overlay=queries.overlay(connection, basis),
        asked_policy=policy,
        policies=known,
        default_policies=queries.default_policies(connection) if "reference.overlay" in present else {},
        national_period=_national_period(connection) if OUTLOOK in present else None,
        frames={"cross_cutting": context},
    )


def _national_period(connection: duckdb.DuckDBPyConnection) -> str | None:
    outlook = queries.cluster_outlook(connection, [queries.NATION])
    return None if outlook.is_empty() else str(outlook["projection_period"][0])


def _check_policy(known: Mapping[str, object], asked: str | None) -> None:
    if asked is None or asked in known:
        return
    if not known:
        raise NoReleaseError(
            f"--policy {asked}: the release has no table {FLAGS}; run `lmi run --force` to publish one that has it"
        )
    raise UnknownNameError(f"{asked} is no policy of this release; known: {', '.join(known)}")


def _policy_of(release: Release, area: Area) -> str | None:
    """The policy that was asked for, else the default of the state's overlay, else the neutral one."""
    default = release.default_policies.get(area.state_id or "", queries.DEFAULT_POLICY)
    chosen = release.asked_policy or default
    return chosen if chosen in release.policies else None


def _by_area(frame: pl.DataFrame, column: str = "area_id") -> dict[str, pl.DataFrame]:
    if frame.is_empty():
        return {}
    return {str(key[0]): part for key, part in frame.partition_by(column, as_dict=True).items()}


def _grouped(items: Iterable[Row], column: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for item in items:
        grouped.setdefault(str(item[column]), []).append(item)
    return grouped


def _by_occupation(items: Iterable[Row]) -> dict[tuple[str, str], Row]:
    return {(row["area_id"], row["soc_code"]): row for row in items}


def _weights(occupations: pl.DataFrame, basis: str) -> Sequence[Row | None]:
    """The row of each occupation's weight, of the area whose weights they are; none where jobs count in full."""
    if occupations.is_empty() or not queries.is_counted_once(basis):
        return [None] * len(occupations)
    table = ALLOCATION if queries.overlay_of(basis) is None else OVERLAY_ALLOCATION
    return rows(table, occupations.with_columns(pl.col("weights_of").alias("area_id")))


def _thresholds(frame: pl.DataFrame) -> dict[str, list[Threshold]]:
    """Thresholds of an area by flag, as figures of a row that was held against them."""
    found: dict[str, list[Threshold]] = {}
    for values in frame.to_dicts():
        column = f"{values['flag']}_threshold"
        value = values["threshold"] if values["threshold_value"] is None else values["threshold_value"]
        row = Row(FLAGS, {**values, column: value})
        found.setdefault(values["flag"], []).append(Threshold(values["measure"], row, values["occupations"]))
    return found


def _in_order_of(frame: pl.DataFrame | None, clusters: pl.DataFrame) -> pl.DataFrame:
    """Rows of clusters in the order that the clusters have, so that pictures of one page rank them alike."""
    if frame is None:
        return pl.DataFrame()
    order = clusters.select("cluster_id").with_row_index("rank")
    return frame.join(order, on="cluster_id", how="left", maintain_order="left").sort(
        "rank", nulls_last=False, maintain_order=True
    )


def _marked(frame: pl.DataFrame, weak: Sequence[str]) -> pl.DataFrame:
    """Rows of clusters with a mark behind the names of those that are to be read with care."""
    if frame.is_empty() or not weak:
        return frame
    name = pl.col("cluster_name")
    return frame.with_columns(pl.when(pl.col("cluster_id").is_in(weak)).then(name + " †").otherwise(name))


def _region_parts(connection: duckdb.DuckDBPyConnection, release: Release, area_ids: Sequence[str]) -> pl.DataFrame:
    return queries.region_parts(connection, area_ids) if REGION_MEMBERS in release.tables else pl.DataFrame()


def read_profiles(connection: duckdb.DuckDBPyConnection, release: Release, area_ids: Sequence[str]) -> list[Profile]:
    """The profiles of areas, in the order asked for; each table is read once for all of them.

    Raises UnknownNameError where one of them has no figures on the basis of the pages.
    """
    basis = release.basis
    check_basis(connection, basis, area_ids)
    wanted = [release.areas[area_id] for area_id in area_ids]
    states = sorted({area.area_id if area.is_state else area.state_id or "" for area in wanted} - {""})
    totals = _by_area(queries.totals(connection, area_ids, basis))
    clusters = _by_area(queries.clusters(connection, area_ids, basis))
    others = _by_area(queries.clusters(connection, area_ids, queries.counterpart(basis)))
    sub_clusters = _by_area(queries.sub_clusters(connection, area_ids, basis))
    occupations = _by_area(queries.occupations(connection, area_ids, OCCUPATIONS, basis))
    industries = _by_area(queries.industries(connection, area_ids)) if INDUSTRIES in release.tables else {}
    parts = _by_area(_region_parts(connection, release, area_ids), "region_area_id")
    within = _by_area(queries.compared_areas(connection, states), "state_id")
    metro_counties = _by_area(queries.metro_counties(connection, states), "state_id")
    nationwide = queries.states_compared(connection) if any(area.is_nation for area in wanted) else pl.DataFrame()
    first = rows(CLUSTERS, queries.concentrations(connection, list(release.areas), basis))
    concentrations = {str(row["area_id"]): row for row in first}

    outlook = _by_area(queries.cluster_outlook(connection, area_ids, basis)) if OUTLOOK in release.tables else {}
    education = _by_area(queries.education_mix(connection, area_ids, basis)) if EDUCATION in release.tables else {}
    projected: dict[tuple[str, str], Row] = {}
    if OCCUPATION_OUTLOOK in release.tables:
        projected = _by_occupation(rows(OCCUPATION_OUTLOOK, queries.occupation_outlook(connection, area_ids)))
    verdicts: dict[tuple[str, str], Row] = {}
    shares: dict[str, pl.DataFrame] = {}
    thresholds: dict[str, pl.DataFrame] = {}
    policies = {area.area_id: _policy_of(release, area) for area in wanted}
    for policy in sorted({name for name in policies.values() if name is not None}):
        judged = [area_id for area_id, name in policies.items() if name == policy]
        verdicts |= _by_occupation(rows(FLAGS, queries.flags(connection, judged, policy)))
        shares |= _by_area(queries.flag_shares(connection, judged, policy, basis))
        thresholds |= _by_area(queries.flag_thresholds(connection, judged, policy))
    estimates: dict[str, pl.DataFrame] = {}
    if ESTIMATE in release.tables:
        estimates = _by_area(queries.cross_cutting_estimate(connection, area_ids))

    profiles = []
    for area in wanted:
        state_id = area.area_id if area.is_state else area.state_id or ""
        compared = nationwide if area.is_nation else within.get(state_id)
        compared = pl.DataFrame() if compared is None else compared
        own = rows(CLUSTERS, clusters[area.area_id])
        counted_otherwise = {row["cluster_id"]: row for row in rows(CLUSTERS, others[area.area_id])}
        inner = _grouped(rows(CLUSTERS, sub_clusters[area.area_id]), "cluster_id")
        largest = occupations.get(area.area_id, pl.DataFrame())
        by_cluster: dict[str, list[Occupation]] = {}
        for figures, weight in zip(rows(OCCUPATION, largest), _weights(largest, basis), strict=True):
            key = (area.area_id, figures["soc_code"])
            by_cluster.setdefault(str(figures["cluster_id"]), []).append(
                Occupation(figures, weight, projected.get(key), verdicts.get(key))
            )
        ahead = rows(OUTLOOK, outlook.get(area.area_id, pl.DataFrame()))
        schooling = rows(EDUCATION, education.get(area.area_id, pl.DataFrame()))
        flagged = rows(FLAG_SHARES, shares.get(area.area_id, pl.DataFrame()))
        employers = industries.get(area.area_id, pl.DataFrame())
        profiles.append(
            Profile(
                area=area,
                state=release.areas.get(area.state_id or "") if not area.is_state else None,
                total=Row(CLUSTERS, totals[area.area_id].row(0, named=True)),
                clusters=own,
                details=[
                    ClusterDetail(
                        cluster=row,
                        other=counted_otherwise.get(row["cluster_id"]),
                        sub_clusters=inner.get(row["cluster_id"], []),
                        occupations=by_cluster.get(row["cluster_id"], []),
                    )
                    for row in own
                ],
                industries=rows(INDUSTRIES, employers),
                compared=rows(CLUSTERS, compared),
                concentrations={
                    key: concentrations[key]
                    for key in (compared["area_id"] if len(compared) else [])
                    if key in concentrations
                },
                weights_of=release.areas[largest["weights_of"][0]] if len(largest) else None,
                parts=rows(REGION_MEMBERS, parts.get(area.area_id, pl.DataFrame())),
                policy=release.policies.get(policies[area.area_id] or ""),
                estimated={
                    (row["cluster_id"], row["home_cluster_id"]): row
                    for row in rows(ESTIMATE, estimates.get(area.area_id, pl.DataFrame()))
                },
                outlook_total=next((row for row in ahead if row["level"] == "all"), None),
                outlook=[row for row in ahead if row["level"] == "cluster"],
                education={
                    key: {row["entry_education"]: row for row in group}
                    for key, group in _grouped(schooling, "cluster_id").items()
                },
                thresholds=_thresholds(thresholds.get(area.area_id, pl.DataFrame())),
                shares={
                    key: {row["flag"]: row for row in group} for key, group in _grouped(flagged, "cluster_id").items()
                },
                frames={
                    "outlook": outlook.get(area.area_id, pl.DataFrame()),
                    "education": _marked(
                        _in_order_of(education.get(area.area_id), clusters[area.area_id]),
                        [row["cluster_id"] for row in ahead if row.is_weak],
                    ),
                    "shares": _in_order_of(shares.get(area.area_id), clusters[area.area_id]),
                    "clusters": clusters[area.area_id],
                    "industries": employers,
                    "compared": compared,
                    "metro_counties": metro_counties.get(state_id, pl.DataFrame()),
                },
            )
        )
    return profiles
