"""Memberships of an overlay: those of the framework with the changes of memberships.csv."""

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import LINE, polars_schema, read_csv, read_lines
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, refuse
from pipelines.files import scratch
from pipelines.overlays.model import FILE, SOURCE, line_fault
from pipelines.paths import REFERENCE
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_csv, stage_sql

MEMBERSHIPS_CSV = "memberships.csv"
CHANGE = TableName("seed", "overlay_change")
#: Weights of an occupation must add up to 1 within this.
WEIGHT_TOLERANCE = 1e-6

_KEY = ["soc_code", "sub_cluster_id"]


@cache
def listed_memberships() -> pl.DataFrame:
    """The framework's memberships, as rows of reference.soc_sub_cluster."""
    target = TableName("reference", "soc_sub_cluster")
    with scratch() as folder:
        for upstream in sql_tables()[target].upstream:
            stage_csv(contracts()[upstream], folder, "")
        stage_sql(sql_tables()[target], folder, "", "500MB")
        return pl.read_parquet(parquet_path(folder, target), glob=False)


@cache
def framework_memberships() -> pl.DataFrame:
    """The framework's memberships of the occupations that OEWS publishes: soc_code, cluster_id, sub_cluster_id."""
    unpublished = combined_codes()["member_code"].to_list()
    return (
        listed_memberships()
        .select("soc_code", "cluster_id", "sub_cluster_id")
        .filter(~pl.col("soc_code").is_in(unpublished))
    )


def read_changes(folder: Path) -> pl.DataFrame:
    """The rows of memberships.csv with their lines; none without the file. Raises BadInputError as `read_lines`."""
    table = contracts()[CHANGE].model_copy(update={"csv": MEMBERSHIPS_CSV})
    if (folder / MEMBERSHIPS_CSV).exists():
        return read_lines(table, folder, source=SOURCE)
    return pl.DataFrame(schema={LINE: pl.Int64(), **polars_schema(table)})


def memberships_under(changes: pl.DataFrame, nodes: pl.DataFrame, framework: pl.DataFrame) -> pl.DataFrame:
    """All memberships under an overlay, as a table in the schema `seed`.

    `changes` are the rows of memberships.csv, `nodes` the clusters and sub-clusters of the overlay, `framework` the
    framework's sub-clusters. Raises BadInputError with file, line and problem of every fault.
    """
    sub_clusters = nodes.filter(level="sub_cluster").select("cluster_id", "sub_cluster_id")
    faults = _faults(changes, sub_clusters["sub_cluster_id"].to_list(), framework)
    # weights are added up for the occupations of which no row is at fault
    at_fault = changes.filter(pl.col(LINE).is_in(list(faults)))["soc_code"].to_list()
    sound = changes.filter(~pl.col("soc_code").is_in(at_fault))
    memberships = _changed(framework_memberships(), sound, sub_clusters)
    faults |= _odd_weights(sound, memberships)
    refuse(faults[line] for line in sorted(faults))
    return memberships


def membership_faults(
    changes: pl.DataFrame, named: Collection[str], framework: pl.DataFrame
) -> Iterator[BadInputError]:
    """The faults of rows of memberships.csv, weights apart, where overlay.yml itself is at fault.

    `named` are the ids of the sub-clusters that the overlay has or means to have.
    """
    faults = _faults(changes, named, framework)
    yield from (faults[line] for line in sorted(faults))


def combined_codes() -> pl.DataFrame:
    """Codes that OEWS publishes only together, rows of seed.soc_combined."""
    return read_csv(contracts()[TableName("seed", "soc_combined")], REFERENCE)


def _faults(changes: pl.DataFrame, named: Collection[str], framework: pl.DataFrame) -> dict[int, BadInputError]:
    """The first of the faults below of each row, by its line."""
    listed = framework_memberships()

    def is_in(column: str, known: pl.DataFrame) -> pl.Expr:
        return pl.col(column).is_in(known[column].to_list())

    within = combined_codes().select(soc_code="member_code", within="combined_code")
    rows = changes.join(within, on="soc_code", how="left", maintain_order="left").join(
        listed.select(*_KEY, is_listed=True), on=_KEY, how="left", maintain_order="left"
    )
    change, is_listed, has_weight = pl.col("change"), pl.col("is_listed").is_not_null(), pl.col("weight").is_not_null()
    is_known = pl.col("sub_cluster_id").is_in(list(named))
    found: dict[int, BadInputError] = {}
    for fault, column, problem in (
        (
            pl.col("within").is_not_null(),
            "soc_code",
            "OEWS publishes this occupation only together with others, as {within}: use that code",
        ),
        (
            ~is_in("soc_code", listed),
            "soc_code",
            "there is no detailed occupation with this code in SOC 2018 or OEWS",
        ),
        (is_in("sub_cluster_id", framework) & ~is_known, "sub_cluster_id", f"{FILE} leaves this sub-cluster out"),
        (~is_known, "sub_cluster_id", f"neither the framework nor {FILE} has a sub-cluster with this id"),
        ((change == "add") & is_listed, "sub_cluster_id", "{soc_code} is in this sub-cluster already"),
        ((change != "add") & ~is_listed, "sub_cluster_id", "{soc_code} is not in this sub-cluster"),
        ((change == "remove") & has_weight, "weight", "a removed membership has no weight"),
        (
            (change == "keep") & ~has_weight,
            "change",
            "keep needs a weight; a membership that does not change needs no row",
        ),
    ):
        for row in rows.filter(fault).iter_rows(named=True):
            said = line_fault(MEMBERSHIPS_CSV, row[LINE], problem.format(**row), row[column])
            found.setdefault(row[LINE], said)
    return found


def _changed(listed: pl.DataFrame, changes: pl.DataFrame, sub_clusters: pl.DataFrame) -> pl.DataFrame:
    """All memberships under the overlay; those in sub-clusters that it leaves out are gone."""
    removed = changes.filter(change="remove")
    added = changes.filter(change="add").select(*_KEY, is_added=pl.lit(value=True))
    given = changes.select(*_KEY, given_weight="weight").filter(pl.col("given_weight").is_not_null())
    return (
        pl.concat([listed.select(*_KEY, is_added=pl.lit(value=False)), added])
        .join(removed, on=_KEY, how="anti")
        .join(sub_clusters, on="sub_cluster_id")
        .join(given, on=_KEY, how="left")
        .select("soc_code", "cluster_id", "sub_cluster_id", "is_added", "given_weight")
        .sort(_KEY)
    )


def _odd_weights(changes: pl.DataFrame, memberships: pl.DataFrame) -> dict[int, BadInputError]:
    """Occupations with weights in some of their sub-clusters only, or weights that do not add up to 1, by line."""
    found: dict[int, BadInputError] = {}
    summed = (
        memberships.group_by("soc_code")
        .agg(
            total=pl.col("given_weight").sum(),
            given=pl.col("given_weight").count(),
            without=pl.col("sub_cluster_id").filter(pl.col("given_weight").is_null()),
        )
        .filter(pl.col("given") > 0)
    )
    first = changes.filter(pl.col("weight").is_not_null()).group_by("soc_code").agg(pl.col(LINE).min())
    for row in summed.join(first, on="soc_code").sort(LINE).iter_rows(named=True):
        if row["without"]:
            missing = ", ".join(sorted(row["without"]))
            problem = (
                f"{row['soc_code']} has weights for some of its sub-clusters only; none for {missing} "
                "(a row with change keep gives one)"
            )
            found[row[LINE]] = line_fault(MEMBERSHIPS_CSV, row[LINE], problem)
        elif abs(row["total"] - 1) > WEIGHT_TOLERANCE:
            problem = f"the weights of {row['soc_code']} add up to {row['total']:.10g}, not to 1"
            found[row[LINE]] = line_fault(MEMBERSHIPS_CSV, row[LINE], problem)
    return found
