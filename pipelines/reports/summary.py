"""Figures of a release for the closing summary of a run and for `lmi status`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Summary:
    """What a release holds at a glance."""

    period: str
    areas: int
    clusters: int
    sub_clusters: int
    national_employment: int
    unduplicated_employment: int
    reliability: dict[str, int]
    weakest_state_clusters: Sequence[tuple[str, str, float]]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.sql(sql).fetchall()


def summarise(database: Path) -> Summary:
    """Read the summary from a release file, opened read only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        ((period, total, unduplicated),) = _rows(
            connection,
            """
            select
                max(period),
                cast(max(employment) filter (where level = 'all') as bigint),
                cast(sum(employment) filter (where level = 'cluster') as bigint)
            from marts.cluster_indicators
            where area_id = 'US' and basis = 'unduplicated'
            """,
        )
        ((areas, clusters, sub_clusters),) = _rows(
            connection,
            """
            select
                (select count(*) from reference.area where area_type <> 'county'),
                (select count(*) from reference.cluster),
                (select count(*) from reference.sub_cluster)
            """,
        )
        grades = _rows(
            connection,
            """
            select reliability, count(*)
            from marts.cluster_indicators
            where level = 'cluster' and basis = 'unduplicated' and reliability is not null
            group by reliability
            order by reliability
            """,
        )
        weakest = _rows(
            connection,
            """
            select area.area_name, cluster.cluster_name, indicator.employment_rse_pct
            from marts.cluster_indicators as indicator
            inner join reference.area as area using (area_id)
            inner join reference.cluster as cluster using (cluster_id)
            where indicator.level = 'cluster' and indicator.basis = 'unduplicated' and area.area_type = 'state'
                and indicator.employment_rse_pct is not null
            order by indicator.employment_rse_pct desc, area.area_name
            limit 3
            """,
        )
    return Summary(
        period=str(period),
        areas=int(str(areas)),
        clusters=int(str(clusters)),
        sub_clusters=int(str(sub_clusters)),
        national_employment=int(str(total)),
        unduplicated_employment=int(str(unduplicated)),
        reliability={str(grade): int(str(count)) for grade, count in grades},
        weakest_state_clusters=[(str(a), str(c), float(str(rse))) for a, c, rse in weakest],
    )
