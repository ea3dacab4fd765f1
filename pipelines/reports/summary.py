"""Figures of a release for the closing summary of a run and for `lmi status`."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

_SQL = """
with indicator as (
    select * from marts.cluster_indicators where basis = 'unduplicated'
)
select
    max(period) filter (where area_id = 'US'),
    count(distinct area_id),
    (select count(*) from reference.cluster),
    (select count(*) from reference.sub_cluster),
    cast(max(employment) filter (where area_id = 'US' and level = 'all') as bigint),
    cast(sum(employment) filter (where area_id = 'US' and level = 'cluster') as bigint),
    histogram(reliability) filter (where level = 'cluster'),
    (
        select list((area_name, cluster_name, total_error_pct) order by total_error_pct desc, area_name)[:3]
        from indicator
        inner join reference.area using (area_id)
        inner join reference.cluster using (cluster_id)
        where level = 'cluster' and area_type = 'state' and total_error_pct is not null
    )
from indicator
"""


@dataclass(frozen=True)
class Summary:
    """What a release holds at a glance; `areas` are those with figures by occupation."""

    period: str
    areas: int
    clusters: int
    sub_clusters: int
    national_employment: int
    unduplicated_employment: int
    reliability: dict[str, int]
    weakest_state_clusters: list[tuple[str, str, float]]


def summarise(database: Path) -> Summary:
    """Read the summary from a release file, opened read only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        (found,) = connection.sql(_SQL).fetchall()
    return Summary(*found)
