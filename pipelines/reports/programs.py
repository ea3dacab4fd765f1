"""The programs of a state as a release has them, under one policy."""

from dataclasses import dataclass

import polars as pl

from pipelines.errors import UnknownNameError
from pipelines.reports.areas import Area
from pipelines.reports.release import Release
from pipelines.tables import TableName

PROGRAMS = TableName("marts", "program_alignment")
NEEDED_TABLES = (
    str(PROGRAMS),
    "marts.occupation_outlook",
    "marts.program_completions",
    "reference.cip_sub_cluster",
    "reference.cluster",
    "reference.policy",
)


@dataclass(frozen=True)
class StatePrograms:
    """Rows of marts.program_alignment, most awards first; the policy, those that there are, and the years.

    `periods` are the years of the awards, `projection_period` is that of the openings (None where there are none).
    """

    policy: str
    policy_title: str
    policies: tuple[str, ...]
    periods: str
    projection_period: str | None
    rows: pl.DataFrame

    @property
    def has_no_list(self) -> bool:
        """Whether the flags of the policy stand separate, so that it does not say which programs are eligible."""
        return "no_list" in self.rows["eligible"]


def state_programs(
    release: Release,
    state: Area,
    *,
    policy: str | None = None,
    award_group: str | None = None,
    cluster: str | None = None,
) -> StatePrograms:
    """The programs of a state, of a cluster by its id or a part of its name.

    Raises UnknownNameError for a state without programs, a policy that is not applied, and no such cluster.
    """
    applied = release.ask("program_policies", area=state.area_id)
    if applied.is_empty():
        raise UnknownNameError(f"the release has no programs of {state.area_id}")
    titles = dict(applied.select("policy", "policy_title").iter_rows())
    chosen = policy or release.policy_of(state) or ""
    if chosen not in titles:
        raise UnknownNameError(f"{state.area_id} has no programs under policy {chosen}; there are {', '.join(titles)}")
    rows = release.ask(
        "programs",
        area=state.area_id,
        policy=chosen,
        award_group=award_group,
        cluster=None if cluster is None else find_cluster(release, cluster),
    )
    awards, openings = applied.select("award_periods", "projection_period").row(0)
    return StatePrograms(chosen, titles[chosen], tuple(titles), awards, openings, rows)


def find_cluster(release: Release, asked: str) -> str:
    """The id of the cluster that a text names, by id, name or a part of it. Raises UnknownNameError."""
    clusters = {row["cluster_id"]: row["cluster_name"].casefold() for row in release.table("reference.cluster")}
    wanted = asked.strip().casefold()
    found = [identity for identity, name in clusters.items() if wanted in (identity, name)]
    found = found or [identity for identity, name in clusters.items() if wanted in name]
    if len(found) != 1:
        what = "several clusters are" if found else "no cluster is"
        raise UnknownNameError(f"{what} called {asked}; there are {', '.join(found or clusters)}")
    return str(found[0])
