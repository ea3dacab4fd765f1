"""Reads an overlay's folder and refuses a broken one: file, line, and what is wrong."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import polars_schema, read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.files import file_sha256
from pipelines.overlays.model import FILE, SOURCE, OverlayFile
from pipelines.overlays.regions import REGIONS_CSV, Regions, read_regions
from pipelines.paths import BUNDLE, REFERENCE
from pipelines.policies.model import POLICIES, Policy, load_policy
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_csv, stage_sql
from pipelines.yaml_files import ModelFile, read_model

MEMBERSHIPS_CSV = "memberships.csv"
CHANGE = TableName("seed", "overlay_change")
#: Weights of an occupation add up to 1 within this.
WEIGHT_TOLERANCE = 1e-6
#: Whose memberships the tables call those of the framework itself.
NATIONAL = "national"
#: Ids that stand for something else in the tables.
_RESERVED = ("all", "unassigned")


@dataclass(frozen=True)
class Overlay:
    """An overlay without faults.

    `nodes` are all clusters and sub-clusters under it, `changes` the rows of memberships.csv, `memberships` all
    memberships of the occupations that OEWS publishes, as the tables of the same names in the schema `seed` have them.
    """

    overlay_id: str
    file: OverlayFile
    nodes: pl.DataFrame
    changes: pl.DataFrame
    memberships: pl.DataFrame
    regions: Regions
    policy: Policy | None
    files: dict[str, str]

    @property
    def changes_groups(self) -> bool:
        """Whether figures by cluster differ under the overlay: names alone change none."""
        return bool(self.file.left_out or self.file.clusters or self.file.sub_clusters) or not self.changes.is_empty()


def overlay_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an overlay's folder, by name. Raises BadInputError when there is no such folder."""
    if not folder.is_dir():
        raise BadInputError(source=SOURCE, file=str(folder), problem="there is no such folder (LMI_OVERLAY_DIR)")
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return {path.name: file_sha256(path) for path in paths}


def read_overlay(folder: Path, areas: pl.DataFrame) -> Overlay:
    """The overlay of a folder, held against the framework, occupations and areas (as raw.oews_area has them).

    Raises BadInputError that names file, line and what is wrong, for the first fault met.
    """
    files = overlay_files(folder)
    read = read_model(folder / FILE, OverlayFile, SOURCE)
    overlay_id = read.model.overlay_id or folder.resolve().name
    if re.fullmatch("[a-z][a-z0-9_]*", overlay_id) is None or overlay_id == NATIONAL:
        problem = "no id for an overlay: give overlay_id in small letters, digits and underscores, or rename the folder"
        raise read.fault(problem, "overlay_id", value=overlay_id)
    states = areas.filter(area_type="state")["area_id"].to_list()
    if read.model.state_id not in states:
        raise read.fault("no state or territory has this postal code", "state_id", value=read.model.state_id)
    known = {FILE, MEMBERSHIPS_CSV, REGIONS_CSV}
    policy = _policy(read, folder)
    if policy is not None and f"{policy.name}.yml" in files:
        known.add(f"{policy.name}.yml")
    for name in files:
        if name.endswith((".yml", ".yaml", ".csv")) and name not in known:
            problem = f"nothing reads this file; an overlay has {FILE}, {MEMBERSHIPS_CSV}, {REGIONS_CSV} and its policy"
            raise BadInputError(source=SOURCE, file=name, problem=problem)
    nodes = _nodes(read)
    changes = _changes(folder, nodes, read.model)
    return Overlay(
        overlay_id=overlay_id,
        file=read.model,
        nodes=nodes,
        changes=changes.drop("line"),
        memberships=_memberships(changes, nodes),
        regions=read_regions(folder, read, areas),
        policy=policy,
        files=files,
    )


def known_areas() -> pl.DataFrame:
    """The areas that an overlay is held against before a run: those of the bundle, as raw.oews_area has them."""
    return pl.read_parquet(BUNDLE / "raw" / "oews_area.parquet")


def look_over(folder: Path) -> None:
    """Find the faults of an overlay before a run begins, but for areas that only the run's own edition may know.

    Raises BadInputError as read_overlay does.
    """
    bundled = known_areas()
    listed = folder / REGIONS_CSV
    codes = listed.read_text(encoding="utf-8", errors="replace") if listed.is_file() else ""
    unknown = set(re.findall(r"\b[CN]\d{5,7}\b", codes)) - set(bundled["area_id"])
    if not unknown:
        read_overlay(folder, bundled)


def overlay_policy(folder: Path) -> tuple[Policy, str] | None:
    """The default policy of an overlay and the state it is of; None where it has none. Raises as read_overlay does."""
    read = read_model(folder / FILE, OverlayFile, SOURCE)
    policy = _policy(read, folder)
    return None if policy is None else (policy, read.model.state_id)


def _policy(read: ModelFile[OverlayFile], folder: Path) -> Policy | None:
    """The default policy: of the folder, or else a preset."""
    name = read.model.default_policy
    if name is None:
        return None
    own, preset = folder / f"{name}.yml", POLICIES / f"{name}.yml"
    if own.is_file() and preset.is_file():
        problem = f"both a file {own.name} of this folder and a preset; give your own another name"
        raise read.fault(problem, "default_policy", value=name)
    if own.is_file():
        policy = load_policy(own)
        if policy.state_id not in (None, read.model.state_id):
            problem = f"{own.name} is a rule of {policy.state_id}, and the overlay is of {read.model.state_id}"
            raise read.fault(problem, "default_policy", value=name)
        return policy.model_copy(update={"state_id": read.model.state_id})
    if preset.is_file():
        return load_policy(preset)
    presets = ", ".join(path.stem for path in sorted(POLICIES.glob("*.yml")))
    problem = f"neither a file {name}.yml of this folder nor a preset; the presets are {presets}"
    raise read.fault(problem, "default_policy", value=name)


# --- clusters and sub-clusters ---------------------------------------------------------------------------------------


def _framework() -> tuple[pl.DataFrame, pl.DataFrame]:
    clusters, sub_clusters = (contracts()[TableName("reference", name)] for name in ("cluster", "sub_cluster"))
    return read_csv(clusters, REFERENCE), read_csv(sub_clusters, REFERENCE)


def _nodes(read: ModelFile[OverlayFile]) -> pl.DataFrame:
    """All clusters and sub-clusters under the overlay, as seed.overlay_node has them."""
    overlay = read.model
    clusters, sub_clusters = _framework()
    home = dict(sub_clusters.select("sub_cluster_id", "cluster_id").iter_rows())
    framework = {*clusters["cluster_id"], *home}
    for position, identity in enumerate(overlay.left_out):
        if identity not in framework:
            raise read.fault(
                "the framework has no cluster or sub-cluster of this id", "left_out", position, value=identity
            )
    gone = {*overlay.left_out, *(each for each, cluster in home.items() if cluster in overlay.left_out)}
    for identity in overlay.names:
        if identity not in framework:
            raise read.fault(
                "the framework has no cluster or sub-cluster of this id", "names", identity, value=identity
            )
        if identity in gone:
            raise read.fault("named, but left out", "names", identity, value=identity)
    _refuse_taken_ids(read, framework)
    kept = {*clusters["cluster_id"]} - gone | {own.cluster_id for own in overlay.clusters}
    for position, own in enumerate(overlay.sub_clusters):
        if own.cluster_id not in kept:
            problem = "left out" if own.cluster_id in gone else "neither the framework nor this file has such a cluster"
            raise read.fault(problem, "sub_clusters", position, "cluster_id", value=own.cluster_id)
    rows = [
        ("cluster", identity, "all", overlay.names.get(identity, name), False, crosses)
        for identity, name, crosses in clusters.select("cluster_id", "cluster_name", "is_cross_cutting").iter_rows()
        if identity not in gone
    ]
    rows += [
        ("cluster", own.cluster_id, "all", own.cluster_name, True, own.is_cross_cutting) for own in overlay.clusters
    ]
    crosses_of = {row[1]: row[5] for row in rows}
    rows += [
        ("sub_cluster", cluster, identity, overlay.names.get(identity, name), False, crosses_of[cluster])
        for identity, cluster, name in sub_clusters.select(
            "sub_cluster_id", "cluster_id", "sub_cluster_name"
        ).iter_rows()
        if identity not in gone
    ]
    rows += [
        ("sub_cluster", own.cluster_id, own.sub_cluster_id, own.sub_cluster_name, True, crosses_of[own.cluster_id])
        for own in overlay.sub_clusters
    ]
    with_parts = {row[1] for row in rows if row[0] == "sub_cluster"}
    for position, cluster in enumerate(overlay.clusters):
        if cluster.cluster_id not in with_parts:
            problem = "a cluster needs a sub-cluster, even if it is its only one"
            raise read.fault(problem, "clusters", position, value=cluster.cluster_id)
    for empty in sorted(kept - with_parts):
        raise read.fault("all its sub-clusters are left out: leave out the cluster", "left_out", value=empty)
    return pl.DataFrame(rows, schema=polars_schema(contracts()[TableName("seed", "overlay_node")]), orient="row")


def _refuse_taken_ids(read: ModelFile[OverlayFile], framework: set[str]) -> None:
    taken = {*framework, *_RESERVED}
    own = [("clusters", position, "cluster_id", each.cluster_id) for position, each in enumerate(read.model.clusters)]
    own += [
        ("sub_clusters", position, "sub_cluster_id", each.sub_cluster_id)
        for position, each in enumerate(read.model.sub_clusters)
    ]
    for key, position, field, identity in own:
        if identity in taken:
            problem = "this id is taken; an own cluster or sub-cluster needs one of its own"
            raise read.fault(problem, key, position, field, value=identity)
        taken.add(identity)


# --- memberships -----------------------------------------------------------------------------------------------------


def framework_memberships() -> pl.DataFrame:
    """The framework's memberships, as reference.soc_sub_cluster has them, of the codes that OEWS publishes."""
    target = TableName("reference", "soc_sub_cluster")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for upstream in sql_tables()[target].upstream:
            stage_csv(contracts()[upstream], folder, "")
        stage_sql(sql_tables()[target], folder, "", "500MB")
        found = pl.read_parquet(parquet_path(folder, target))
    unpublished = read_csv(contracts()[TableName("seed", "soc_combined")], REFERENCE)["member_code"]
    return found.select("soc_code", "cluster_id", "sub_cluster_id").filter(
        ~pl.col("soc_code").is_in(unpublished.to_list())
    )


def _changes(folder: Path, nodes: pl.DataFrame, overlay: OverlayFile) -> pl.DataFrame:
    """The rows of memberships.csv with the line each stands on."""
    table = contracts()[CHANGE].model_copy(update={"csv": MEMBERSHIPS_CSV})
    if not (folder / MEMBERSHIPS_CSV).is_file():
        return pl.DataFrame(schema={**polars_schema(table), "line": pl.Int64()})
    rows = read_csv(table, folder, source=SOURCE).with_columns(line=pl.int_range(2, pl.len() + 2))

    def refuse(fault: pl.Expr, problem: str, column: str) -> None:
        for row in rows.filter(fault).head(1).iter_rows(named=True):
            text = problem.format(**row)
            raise BadInputError(
                source=SOURCE, file=MEMBERSHIPS_CSV, place=f"line {row['line']}", problem=text, value=row[column]
            )

    combined = read_csv(contracts()[TableName("seed", "soc_combined")], REFERENCE)
    listed = framework_memberships()
    rows = rows.join(
        combined.select(soc_code="member_code", within="combined_code"),
        on="soc_code",
        how="left",
        maintain_order="left",
    )
    refuse(
        pl.col("within").is_not_null(),
        "OEWS publishes this occupation only together with others, as {within}: name that code",
        "soc_code",
    )
    refuse(
        ~pl.col("soc_code").is_in(listed["soc_code"].to_list()),
        "there is no detailed occupation of this code in SOC 2018 or OEWS",
        "soc_code",
    )
    nodes = nodes.filter(level="sub_cluster")
    _, sub_clusters = _framework()
    refuse(
        pl.col("sub_cluster_id").is_in(sub_clusters["sub_cluster_id"].to_list())
        & ~pl.col("sub_cluster_id").is_in(nodes["sub_cluster_id"].to_list()),
        f"{FILE} leaves this sub-cluster out",
        "sub_cluster_id",
    )
    refuse(
        ~pl.col("sub_cluster_id").is_in(nodes["sub_cluster_id"].to_list()),
        f"neither the framework nor {FILE} has a sub-cluster of this id",
        "sub_cluster_id",
    )
    key = ["soc_code", "sub_cluster_id"]
    rows = rows.join(listed.select(*key, is_listed=True), on=key, how="left", maintain_order="left")
    is_listed = pl.col("is_listed").is_not_null()
    refuse((pl.col("change") == "add") & is_listed, "{soc_code} is in this sub-cluster already", "sub_cluster_id")
    refuse((pl.col("change") != "add") & ~is_listed, "{soc_code} is not in this sub-cluster", "sub_cluster_id")
    refuse((pl.col("change") == "remove") & pl.col("weight").is_not_null(), "what is removed has no weight", "weight")
    refuse(
        (pl.col("change") == "keep") & pl.col("weight").is_null(),
        "keep is for giving a weight; a membership that does not change needs no row",
        "change",
    )
    _refuse_odd_weights(rows, _memberships(rows, nodes))
    return rows.select(*polars_schema(table), "line")


def _refuse_odd_weights(changes: pl.DataFrame, memberships: pl.DataFrame) -> None:
    """Where an occupation has weights, each of its memberships has one and they add up to 1."""
    summed = (
        memberships.group_by("soc_code")
        .agg(
            total=pl.col("given_weight").sum(),
            given=pl.col("given_weight").count(),
            without=pl.col("sub_cluster_id").filter(pl.col("given_weight").is_null()),
        )
        .filter(pl.col("given") > 0)
    )
    first = changes.filter(pl.col("weight").is_not_null()).group_by("soc_code").agg(pl.col("line").min())
    for row in summed.join(first, on="soc_code").sort("line").iter_rows(named=True):
        place = f"line {row['line']}"
        if row["without"]:
            problem = (
                f"{row['soc_code']} has weights for some of its sub-clusters only; none is given for "
                f"{', '.join(sorted(row['without']))} (a row with change keep gives one)"
            )
            raise BadInputError(source=SOURCE, file=MEMBERSHIPS_CSV, place=place, problem=problem)
        if abs(row["total"] - 1) > WEIGHT_TOLERANCE:
            problem = f"the weights of {row['soc_code']} add up to {row['total']:.10g}, not to 1"
            raise BadInputError(source=SOURCE, file=MEMBERSHIPS_CSV, place=place, problem=problem)


def _memberships(changes: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """All memberships under the overlay, as seed.overlay_membership has them."""
    key = ["soc_code", "sub_cluster_id"]
    removed = changes.filter(change="remove")
    given = changes.select(*key, given_weight="weight").filter(pl.col("given_weight").is_not_null())
    own = nodes.filter(level="sub_cluster").select("cluster_id", "sub_cluster_id")
    listed = framework_memberships().select(*key, is_added=pl.lit(value=False))
    added = changes.filter(change="add").select(*key, is_added=pl.lit(value=True))
    return (
        pl.concat([listed, added])
        .join(removed, on=key, how="anti")
        # what is in no node of the overlay is left out
        .join(own, on="sub_cluster_id")
        .join(given, on=key, how="left")
        .select("soc_code", "cluster_id", "sub_cluster_id", "is_added", "given_weight")
        .sort(key)
    )
