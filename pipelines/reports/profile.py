"""An area of a release as sections read it: what several of them show is read here, the rest by each for itself."""

from functools import cached_property
from typing import Any

import polars as pl

from pipelines.reports.areas import NATION, Area
from pipelines.reports.format import month
from pipelines.reports.release import Release, is_counted_once
from pipelines.reports.rows import Row, by, rows

CLUSTERS = "marts.cluster_indicators"
OUTLOOK = "marts.cluster_outlook"
#: How many of its largest occupations each cluster shows.
OCCUPATIONS = 8


class Profile:
    """An area on the basis and by the policy of a release."""

    def __init__(self, release: Release, area: Area) -> None:
        self.release, self.area = release, area
        self.title, self.place = area.title, area.place
        #: What sections know of the area, by section.
        self.facts: dict[str, dict[str, Any]] = {}

    def frame(self, query: str, **parameters: object) -> pl.DataFrame:
        """The area's rows in the answer to a query of `sql/reports`."""
        return self.release.of(self.area.area_id, query, "area_id", **parameters)

    def rows(self, query: str, table: str, **parameters: object) -> list[Row]:
        """The same as rows of a published table."""
        return rows(table, self.frame(query, **parameters))

    @property
    def once(self) -> bool:
        """Whether every job counts once, so that clusters add up."""
        return is_counted_once(self.release.basis)

    @property
    def scheme(self) -> str:
        """What places occupations in clusters."""
        overlay = self.release.overlay
        return str(overlay["overlay_title"]) if overlay else "The National Career Clusters Framework"

    @property
    def state(self) -> Area | None:
        """The state that the area is, or is in; None for the nation."""
        return self.area if self.area.is_state else self.release.areas.get(self.area.state_id or "")

    @property
    def state_id(self) -> str:
        """Its id; `US` for the nation."""
        return self.state.area_id if self.state else self.area.area_id

    @property
    def citation(self) -> str:
        """How to cite the figures of the area: the same words for the same release."""
        release = self.release.facts
        return (
            f"Career Cluster LMI ({release['published_at']:%Y}). {self.title}: labor market by Career Cluster, jobs "
            f"and wages of {month(str(release['period']))}. Release {release['release_id']}."
        )

    @property
    def policy(self) -> dict[str, Any] | None:
        """The policy that the area is judged by."""
        return self.release.policies.get(self.release.policy_of(self.area) or "")

    @cached_property
    def weights_of(self) -> Area:
        """The area whose weights share an occupation's jobs among clusters: the nation, or the state."""
        largest = self.frame("occupations", per_cluster=OCCUPATIONS)
        return self.release.areas[largest["weights_of"][0]] if len(largest) else self.release.areas[NATION]

    @property
    def whose(self) -> str:
        """The same inside a sentence: `the nation's`."""
        return f"{self.weights_of.place}'s"

    @cached_property
    def total(self) -> Row:
        """All jobs of the area."""
        return rows(CLUSTERS, self.frame("clusters").filter(level="all"))[0]

    @property
    def total_name(self) -> str:
        """What the total is called in tables."""
        return "All jobs of its areas" if self.area.area_type == "region" else "All jobs, as published"

    @cached_property
    def cluster_frame(self) -> pl.DataFrame:
        """Clusters, the largest first; those without a figure of jobs last."""
        return self.frame("clusters").filter(level="cluster")

    @cached_property
    def clusters(self) -> list[Row]:
        """The same as rows."""
        return rows(CLUSTERS, self.cluster_frame)

    @property
    def ranked(self) -> list[Row]:
        """Clusters that have a figure of jobs, the largest first."""
        return [row for row in self.clusters if row.is_there("employment")]

    def ordered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows of clusters in the order of the clusters by jobs, so that all charts of a page rank them alike."""
        order = self.cluster_frame.select("cluster_id").with_row_index("rank")
        return frame.join(order, on="cluster_id", maintain_order="left").sort("rank", maintain_order=True)

    @cached_property
    def sub_clusters(self) -> list[Row]:
        """Sub-clusters, the largest of each cluster first."""
        return rows(CLUSTERS, self.frame("clusters").filter(level="sub_cluster"))

    def best(self, column: str) -> list[Row]:
        """Clusters by a figure, the highest first; without those that are to be read with care."""
        there = [row for row in self.clusters if row.is_there(column) and not row.is_weak]
        return sorted(there, key=lambda row: -row[column])

    @cached_property
    def outlook(self) -> list[Row]:
        """Projections of the clusters, the most openings first."""
        return [row for row in self.rows("outlook", OUTLOOK) if row["level"] == "cluster"]

    @cached_property
    def weighed_outlook(self) -> list[Row]:
        """The same with whether other figures contradict them, as `is_contradicted`."""
        return [
            Row(row.table, {**row.values, "is_contradicted": row["cluster_id"] in self.contradicted})
            for row in self.outlook
        ]

    @cached_property
    def outlook_total(self) -> Row | None:
        """Projections of all jobs."""
        return next((row for row in self.rows("outlook", OUTLOOK) if row["level"] == "all"), None)

    @cached_property
    def contradicted(self) -> dict[str, Row]:
        """Clusters whose projections begin with less than half of the jobs that OEWS counts, with these jobs.

        Projections count self-employed people too, so they should begin with more.
        """
        jobs = {row["cluster_id"]: row for row in self.ranked}
        known = (row for row in self.outlook if row["cluster_id"] in jobs and row.is_there("growth_pct"))
        pairs = ((row, jobs[row["cluster_id"]]) for row in known)
        return {row["cluster_id"]: counted for row, counted in pairs if row["base_jobs"] < 0.5 * counted["employment"]}

    @cached_property
    def beyond(self) -> frozenset[str]:
        """Clusters whose projections begin with more than twice the jobs of employees that OEWS counts.

        Most of their openings are of self-employed people and farms, which the jobs beside them leave out.
        """
        jobs = {row["cluster_id"]: row["employment"] for row in self.ranked}
        known = (row for row in self.outlook if row["cluster_id"] in jobs and row.is_there("annual_openings"))
        return frozenset(row["cluster_id"] for row in known if row["base_jobs"] > 2 * jobs[row["cluster_id"]])

    @cached_property
    def shares(self) -> dict[str, dict[str, Row]]:
        """Shares of jobs that the policy flags: by cluster (`all` for all jobs) and flag."""
        if self.policy is None:
            return {}
        found = self.rows("flag_shares", "marts.cluster_flag_share", policy=self.policy["policy"])
        return {cluster: {row["flag"]: row for row in group} for cluster, group in by(found, "cluster_id").items()}

    @cached_property
    def parts(self) -> list[Row]:
        """Metro and nonmetro areas that a region's figures are made of, and those left out of them."""
        found = self.release.of(self.area.area_id, "region_parts", key="region_area_id")
        return rows("reference.region_member", found)


def profiles(release: Release, areas: list[Area]) -> list[Profile]:
    """Profiles of areas; each query is run once for all of them. Raises UnknownNameError, as `Release.choose`."""
    release.choose([area.area_id for area in areas])
    return [Profile(release, area) for area in areas]
