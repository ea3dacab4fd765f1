"""Reads the folder of an overlay. A broken one is refused with file, line and problem."""

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import polars_schema, read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.files import file_sha256
from pipelines.overlays.memberships import MEMBERSHIPS_CSV, read_memberships
from pipelines.overlays.model import FILE, SOURCE, OverlayFile
from pipelines.overlays.regions import REGIONS_CSV, Regions, read_regions
from pipelines.paths import BUNDLE, REFERENCE
from pipelines.policies.model import POLICIES, Policy, load_policy
from pipelines.tables import TableName
from pipelines.yaml_files import ModelFile, read_model

NODE = TableName("seed", "overlay_node")
#: Frameworks of core.framework_membership that are no overlay's.
_FRAMEWORKS = ("national", "industries_only")
#: Ids with a meaning of their own in the tables.
_RESERVED = ("all", "no_home", "unassigned")


@dataclass(frozen=True)
class Overlay:
    """An overlay without faults.

    `nodes` are all its clusters and sub-clusters, `changes` the rows of memberships.csv, `memberships` all memberships
    of the occupations that OEWS publishes; their columns are those of the tables in the schema `seed`.
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
        """Whether figures by cluster differ from the framework's; new names alone change none."""
        return bool(self.file.left_out or self.file.clusters or self.file.sub_clusters) or not self.changes.is_empty()


def overlay_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file in an overlay's folder, by name. Raises BadInputError when there is no such folder."""
    _refuse_no_folder(folder)
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return {path.name: file_sha256(path) for path in paths}


def read_overlay(folder: Path, areas: pl.DataFrame) -> Overlay:
    """The overlay of a folder, compared with `areas` (rows of raw.oews_area). Raises BadInputError for a fault."""
    files = overlay_files(folder)
    read = read_model(folder / FILE, OverlayFile, SOURCE)
    overlay_id = read.model.overlay_id or folder.resolve().name
    if re.fullmatch("[a-z][a-z0-9_]*", overlay_id) is None or overlay_id in _FRAMEWORKS:
        problem = "not an overlay id: give overlay_id in small letters, digits and underscores, or rename the folder"
        raise read.fault(problem, "overlay_id", value=overlay_id)
    if read.model.state_id not in areas.filter(area_type="state")["area_id"].to_list():
        raise read.fault("no state or territory has this postal code", "state_id", value=read.model.state_id)
    policy = _policy(read, folder)
    _refuse_unread_files(files, policy)
    clusters, sub_clusters = (
        read_csv(contracts()[TableName("reference", name)], REFERENCE) for name in ("cluster", "sub_cluster")
    )
    _refuse_faults(read, clusters, sub_clusters)
    nodes = _nodes(read.model, clusters, sub_clusters)
    _refuse_empty_clusters(read, nodes)
    changes, memberships = read_memberships(folder, nodes, sub_clusters)
    return Overlay(
        overlay_id=overlay_id,
        file=read.model,
        nodes=nodes,
        changes=changes,
        memberships=memberships,
        regions=read_regions(folder, read, areas),
        policy=policy,
        files=files,
    )


def known_areas() -> pl.DataFrame:
    """The bundled areas, with which an overlay is compared before a run: rows of raw.oews_area."""
    return pl.read_parquet(BUNDLE / "raw" / "oews_area.parquet", glob=False)


def look_over(folder: Path) -> None:
    """Find the faults of an overlay before a run begins. Raises BadInputError as read_overlay does.

    An overlay with areas that the bundle does not know is left to the run, whose vintage may have them.
    """
    bundled = known_areas()
    listed = folder / REGIONS_CSV
    codes = listed.read_text(encoding="utf-8", errors="replace") if listed.is_file() else ""
    if not set(re.findall(r"\b[CN]\d{5,7}\b", codes)) - set(bundled["area_id"]):
        read_overlay(folder, bundled)


def overlay_policy(folder: Path) -> tuple[Policy, str] | None:
    """The default policy of an overlay and its state, or None without one. Raises BadInputError as read_overlay."""
    _refuse_no_folder(folder)
    read = read_model(folder / FILE, OverlayFile, SOURCE)
    policy = _policy(read, folder)
    return None if policy is None else (policy, read.model.state_id)


def _refuse_no_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise BadInputError(source=SOURCE, file=str(folder), problem="there is no such folder (LMI_OVERLAY_DIR)")


def _policy(read: ModelFile[OverlayFile], folder: Path) -> Policy | None:
    """The default policy: a file of the folder, or a preset."""
    name = read.model.default_policy
    if name is None:
        return None
    own, preset = folder / f"{name}.yml", POLICIES / f"{name}.yml"
    if own.is_file() and preset.is_file():
        problem = f"{own.name} of this folder has the name of a preset; give it another name"
        raise read.fault(problem, "default_policy", value=name)
    if own.is_file():
        policy = load_policy(own)
        if policy.state_id not in (None, read.model.state_id):
            problem = f"{own.name} is a policy of {policy.state_id}, and the overlay is of {read.model.state_id}"
            raise read.fault(problem, "default_policy", value=name)
        return policy.model_copy(update={"state_id": read.model.state_id})
    if preset.is_file():
        return load_policy(preset)
    presets = ", ".join(path.stem for path in sorted(POLICIES.glob("*.yml")))
    problem = f"neither a file {name}.yml of this folder nor a preset; the presets are {presets}"
    raise read.fault(problem, "default_policy", value=name)


def _refuse_unread_files(files: dict[str, str], policy: Policy | None) -> None:
    known = {FILE, MEMBERSHIPS_CSV, REGIONS_CSV, f"{policy.name}.yml" if policy else FILE}
    for name in files:
        if name.endswith((".yml", ".yaml", ".csv")) and name not in known:
            problem = f"nothing reads this file; an overlay has {FILE}, {MEMBERSHIPS_CSV}, {REGIONS_CSV} and its policy"
            raise BadInputError(source=SOURCE, file=name, problem=problem)


def _left_out(overlay: OverlayFile, sub_clusters: pl.DataFrame) -> set[str]:
    """Ids that the overlay leaves out; a cluster takes its sub-clusters with it."""
    of_clusters = sub_clusters.filter(pl.col("cluster_id").is_in(overlay.left_out))["sub_cluster_id"]
    return {*overlay.left_out, *of_clusters}


def _refuse_faults(read: ModelFile[OverlayFile], clusters: pl.DataFrame, sub_clusters: pl.DataFrame) -> None:
    """Raise BadInputError for an id in overlay.yml that is unknown, taken or left out."""
    overlay = read.model
    framework = {*clusters["cluster_id"], *sub_clusters["sub_cluster_id"]}
    gone = _left_out(overlay, sub_clusters)
    unknown = "the framework has no cluster or sub-cluster with this id"
    for position, identity in enumerate(overlay.left_out):
        if identity not in framework:
            raise read.fault(unknown, "left_out", position, value=identity)
    for identity in overlay.names:
        if identity not in framework:
            raise read.fault(unknown, "names", identity, value=identity)
        if identity in gone:
            raise read.fault("named, but left out", "names", identity, value=identity)
    taken = {*framework, *_RESERVED}
    own_ids = [(("clusters", place, "cluster_id"), own.cluster_id) for place, own in enumerate(overlay.clusters)]
    own_ids += [
        (("sub_clusters", place, "sub_cluster_id"), own.sub_cluster_id)
        for place, own in enumerate(overlay.sub_clusters)
    ]
    for place, identity in own_ids:
        if identity in taken:
            raise read.fault("this id is taken; a cluster or sub-cluster needs its own", *place, value=identity)
        taken.add(identity)
    kept = {*clusters["cluster_id"]} - gone | {own.cluster_id for own in overlay.clusters}
    for position, own in enumerate(overlay.sub_clusters):
        if own.cluster_id not in kept:
            problem = "left out" if own.cluster_id in gone else "neither the framework nor this file has this cluster"
            raise read.fault(problem, "sub_clusters", position, "cluster_id", value=own.cluster_id)


def _nodes(overlay: OverlayFile, clusters: pl.DataFrame, sub_clusters: pl.DataFrame) -> pl.DataFrame:
    """All clusters and sub-clusters of the overlay."""
    gone = _left_out(overlay, sub_clusters)
    kept = [
        (identity, overlay.names.get(identity, name), False, crosses)
        for identity, name, crosses in clusters.select("cluster_id", "cluster_name", "is_cross_cutting").iter_rows()
        if identity not in gone
    ]
    kept += [(own.cluster_id, own.cluster_name, True, own.is_cross_cutting) for own in overlay.clusters]
    crosses_of = {identity: crosses for identity, _, _, crosses in kept}
    parts = [
        (cluster, identity, overlay.names.get(identity, name), False)
        for cluster, identity, name in sub_clusters.select(
            "cluster_id", "sub_cluster_id", "sub_cluster_name"
        ).iter_rows()
        if identity not in gone
    ]
    parts += [(own.cluster_id, own.sub_cluster_id, own.sub_cluster_name, True) for own in overlay.sub_clusters]
    rows = [("cluster", identity, "all", *about) for identity, *about in kept]
    rows += [("sub_cluster", *part, crosses_of[part[0]]) for part in parts]
    return pl.DataFrame(rows, schema=polars_schema(contracts()[NODE]), orient="row")


def _refuse_empty_clusters(read: ModelFile[OverlayFile], nodes: pl.DataFrame) -> None:
    with_parts = set(nodes.filter(level="sub_cluster")["cluster_id"])
    own = [cluster.cluster_id for cluster in read.model.clusters]
    for position, identity in enumerate(own):
        if identity not in with_parts:
            raise read.fault("a cluster needs at least one sub-cluster", "clusters", position, value=identity)
    for empty in sorted(set(nodes["cluster_id"]) - with_parts):
        raise read.fault("all its sub-clusters are left out: leave out the cluster", "left_out", value=empty)
