"""A published database as reports read it: opened read only, and asked each thing once."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import BusyError, NoReleaseError, UnknownNameError, machine_error, why_unreadable
from pipelines.paths import SQL
from pipelines.policies.defaults import DEFAULT, default_policy
from pipelines.reports.areas import Area
from pipelines.reports.rows import Row

UNDUPLICATED, DUPLICATED = "unduplicated", "duplicated"
#: Tables of policies and what they flag; without one of them a release has no policies.
POLICY_TABLES = ("reference.policy", "marts.occupation_flag", "marts.cluster_flag_share")

#: Tables that every report needs; a section whose own tables are missing says so.
NEEDED = (
    "marts.cluster_indicators",
    "marts.occupation_indicators",
    "core.area_group_scheme",
    "marts.area_soc_allocation",
    "marts.overlay_allocation",
    "reference.area",
    "reference.cluster",
    "reference.overlay",
    "reference.overlay_node",
    "reference.sub_cluster",
    "reference.source_vintage",
    "quality.release",
)


def is_counted_once(basis: str) -> bool:
    """Whether every job counts once on a basis, so that clusters add up."""
    return basis.partition(":")[0] == UNDUPLICATED


def overlay_of(basis: str) -> str | None:
    """The overlay that a basis is of: `ohio` for `unduplicated:ohio`, None for the framework's."""
    return basis.partition(":")[2] or None


def counterpart(basis: str) -> str:
    """The other way to count: `duplicated:ohio` for `unduplicated:ohio`, and the other way round."""
    _, colon, overlay = basis.partition(":")
    return (DUPLICATED if is_counted_once(basis) else UNDUPLICATED) + colon + overlay


@cache
def _query(name: str) -> tuple[str, tuple[str, ...], frozenset[str], bool]:
    """`sql/reports/<name>.sql`: the SQL, its parameters, the tables that it reads, and whether it names nodes."""
    sql = (SQL / "reports" / f"{name}.sql").read_text(encoding="utf-8")
    parameters = tuple(sorted(set(re.findall(r"\$(\w+)", sql))))
    tables = frozenset(re.findall(r"\b(?:from|join) (\w+\.\w+)", sql))
    return sql, parameters, tables, re.search(r"\b(?:from|join) node\b", sql) is not None


class Release:
    """A release on one basis and by one policy.

    Frames are kept: a query is run once for all the areas that are chosen, however often it is asked for. Columns have
    their published names and units (`lmi dictionary`).
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, basis: str = UNDUPLICATED, policy: str | None = None
    ) -> None:
        self.connection, self.basis, self.asked_policy = connection, basis, policy
        self.chosen: list[str] = []
        self._frames: dict[str, pl.DataFrame] = {}
        self._parts: dict[tuple[str, str], dict[Any, pl.DataFrame]] = {}
        #: What is made once for all pages of a release, by its name.
        self.drawn: dict[str, object] = {}

    def choose(self, area_ids: Sequence[str]) -> None:
        """Set the areas that queries are asked about. Raises UnknownNameError where one has no figures on the basis."""
        known = self.ask("bases", areas=list(area_ids))
        with_basis = set(known.filter(basis=self.basis)["area_id"])
        for area_id in area_ids:
            if area_id not in with_basis:
                has = ", ".join(known.filter(area_id=area_id)["basis"])
                where = f"; {self.basis} is of {self.overlay['state_id']} and its areas only" if self.overlay else ""
                raise UnknownNameError(
                    f"--basis {self.basis}: the release has no such figures of {area_id}{where}; it has: {has}"
                )
        self.chosen = list(area_ids)

    def ask(self, name: str, **parameters: object) -> pl.DataFrame:
        """The answer to `sql/reports/<name>.sql`; no rows where the release lacks a table that it reads.

        `areas`, `basis` and `policy` are those of the release unless given.
        """
        return self._frame(name, **parameters)[1]

    def _frame(self, name: str, **parameters: object) -> tuple[str, pl.DataFrame]:
        sql, names, tables, reads_nodes = _query(name)
        given = {"areas": self.chosen, "basis": self.basis, **parameters}
        used = {parameter: given[parameter] for parameter in names}
        key = f"{name} {used}"
        if key not in self._frames and not tables <= self.tables:
            self._frames[key] = pl.DataFrame()
        elif key not in self._frames:
            if reads_nodes and "nodes" not in self.drawn:
                self.drawn["nodes"] = self.connection.register("node", self.ask("nodes"))
            self._frames[key] = self.connection.sql(sql, params=used or None).pl()
        return key, self._frames[key]

    def of(self, area_id: str, name: str, key: str = "area_id", **parameters: object) -> pl.DataFrame:
        """The rows of one area in the answer to a query; no rows where it has none."""
        asked, frame = self._frame(name, **parameters)
        if (asked, key) not in self._parts:
            parts = frame.partition_by(key, as_dict=True) if frame.height else {}
            self._parts[asked, key] = {values[0]: part for values, part in parts.items()}
        return self._parts[asked, key].get(area_id, frame.clear())

    def table(self, name: str) -> list[dict[str, Any]]:
        """All rows of a small table of the release; none where the release lacks it."""
        if name not in self._frames:
            self._frames[name] = self.connection.table(name).pl() if name in self.tables else pl.DataFrame()
        return self._frames[name].to_dicts()

    @cached_property
    def tables(self) -> frozenset[str]:
        """Names of the release's tables and views, with their schemas."""
        rows = self.connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "union all select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        return frozenset(str(name) for (name,) in rows)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The release itself: release_id, published_at, project_version, period."""
        return self.table("quality.release")[0]

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Areas with figures by occupation, the nation first."""
        return {row["area_id"]: Area(**row) for row in self.ask("areas").to_dicts()}

    @property
    def areas_without_occupations(self) -> list[Area]:
        """The other areas: counties, and regions in which no metro or nonmetro area counts."""
        return [Area(**row) for row in self.ask("areas_without_occupations").to_dicts()]

    @cached_property
    def vintages(self) -> dict[str, dict[str, Any]]:
        """The sources of the release, by source."""
        return {row["source"]: row for row in sorted(self.table("reference.source_vintage"), key=lambda r: r["source"])}

    def is_sample(self, source: str) -> bool:
        """Whether the release has but a sample of a source, whose figures then stand in the appendix of a report."""
        return source in self.vintages and self.vintages[source]["status"] == "sample"

    def row(self, table: str, **values: str) -> Row | None:
        """The first row of a small table that has these values; None where the release has none."""
        return next((Row(table, row) for row in self.table(table) if values.items() <= row.items()), None)

    @cached_property
    def overlay(self) -> dict[str, Any] | None:
        """The overlay that the basis is of; None on the framework's."""
        asked = overlay_of(self.basis)
        return next((row for row in self.table("reference.overlay") if row["overlay_id"] == asked), None)

    @cached_property
    def policies(self) -> dict[str, dict[str, Any]]:
        """The policies of the release by name, the neutral default first."""
        rows = self.table("reference.policy") if set(POLICY_TABLES) <= self.tables else []
        rows.sort(key=lambda row: (row["policy"] != DEFAULT, row["state_id"] or "", row["policy"]))
        return {row["policy"]: row for row in rows}

    def policy_of(self, area: Area) -> str | None:
        """The policy asked for, else the one that stands for the area's state."""
        overlays = (row for row in self.table("reference.overlay") if row["state_id"] == area.state_id)
        of_overlay = next((row["default_policy"] for row in overlays if row["default_policy"]), None)
        named = [(name, row["state_id"]) for name, row in self.policies.items()]
        chosen = self.asked_policy or default_policy(area.state_id, named, of_overlay)
        return chosen if chosen in self.policies else None


@contextmanager
def open_release(
    path: Path, basis: str = UNDUPLICATED, policy: str | None = None, needed: Sequence[str] = NEEDED
) -> Iterator[Release]:
    """Open the published database, read only.

    Raises NoReleaseError where there is none, where the file is not a database, or where it lacks one of the tables
    `needed`; BusyError where another program has it open for writing; UnknownNameError for an unknown policy.
    """
    if not path.is_file():
        raise NoReleaseError(f"{path} does not exist; run `lmi run` first")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "lock" in str(error).lower():
            raise BusyError(f"{path} is open for writing in another program; close it and try again") from error
        unreadable = NoReleaseError(
            f"{path} is not a readable release: {why_unreadable(error)}; `lmi run --force` makes a new one"
        )
        raise machine_error(error) or unreadable from error
    with connection:
        release = Release(connection, basis, policy)
        lacking = sorted(set(needed) - release.tables)
        if lacking:
            raise NoReleaseError(
                f"{path} has no table {', '.join(lacking)}: another version of this project made it; "
                "run `lmi run --force` to publish a release that has it"
            )
        if policy is not None and policy not in release.policies:
            if not release.policies:
                raise NoReleaseError(f"--policy {policy}: the release has no policies; run `lmi run --force`")
            raise UnknownNameError(f"{policy} is not a policy of this release; it has: {', '.join(release.policies)}")
        yield release
