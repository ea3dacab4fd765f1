"""The programs of a state as a release has them, under one policy."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.errors import UnknownNameError
from pipelines.paths import SQL
from pipelines.policies.defaults import default_policy

NEEDED_TABLES = (
    "marts.program_alignment",
    "marts.program_completions",
    "reference.cip_sub_cluster",
    "reference.cluster",
    "reference.policy",
)


@dataclass(frozen=True)
class StatePrograms:
    """Rows of marts.program_alignment, most awards first; the policy, those that there are, and the award years."""

    policy: str
    policy_title: str
    policies: tuple[str, ...]
    periods: str
    rows: pl.DataFrame


def state_programs(
    connection: duckdb.DuckDBPyConnection,
    state_id: str,
    *,
    policy: str | None = None,
    award_group: str | None = None,
    cluster: str | None = None,
) -> StatePrograms:
    """The programs of a state, of a cluster by its id or a part of its name.

    Raises UnknownNameError for a state without programs, a policy that is not applied, and no such cluster.
    """
    named = connection.execute(
        "select policy, policy.policy_title, policy.state_id from reference.policy as policy "
        "where policy in (select policy from marts.program_alignment where area_id = ?) order by policy",
        [state_id],
    ).fetchall()
    titles = {name: title for name, title, _ in named}
    if not titles:
        raise UnknownNameError(f"the release has no programs of {state_id}")
    chosen = policy or default_policy(state_id, [(name, state) for name, _, state in named], None)
    if chosen not in titles:
        raise UnknownNameError(f"{state_id} has no programs under policy {chosen}; there are {', '.join(titles)}")
    sql = (SQL / "reports" / "programs.sql").read_text(encoding="utf-8")
    cluster_id = None if cluster is None else _cluster_id(connection, cluster)
    given = {"area": state_id, "policy": chosen, "award_group": award_group, "cluster": cluster_id}
    rows = connection.sql(sql, params=given).pl()
    periods = connection.execute(
        "select string_agg(distinct award_period, ', ' order by award_period) from marts.program_completions "
        "where area_id = ? and award_period <> 'mean'",
        [state_id],
    ).fetchone()
    return StatePrograms(chosen, titles[chosen], tuple(titles), str(periods[0]) if periods else "", rows)


def _cluster_id(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    query = "select cluster_id, cluster_name from reference.cluster order by cluster_id"
    clusters = connection.execute(query).fetchall()
    wanted = asked.strip().casefold()
    found = [identity for identity, name in clusters if wanted in (identity, name.casefold())]
    found = found or [identity for identity, name in clusters if wanted in name.casefold()]
    if len(found) != 1:
        listed = ", ".join(found or [identity for identity, _ in clusters])
        what = "several clusters are" if found else "no cluster is"
        raise UnknownNameError(f"{what} called {asked}; there are {listed}")
    return str(found[0])
