"""Reads the folder of an overlay. A broken one is refused with file, line and problem."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import LINE, polars_schema, read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, attempt, refuse
from pipelines.files import file_sha256
from pipelines.model_files import ModelFile, read_model
from pipelines.overlays.memberships import MEMBERSHIPS_CSV, membership_faults, memberships_under, read_changes
from pipelines.overlays.model import FILE, SOURCE, OverlayFile
from pipelines.overlays.programs import (
    LINKS_CSV,
    SECONDARY_CSV,
    Programs,
    bundled_pairs,
    programs_of,
    read_links,
    read_secondary,
)
from pipelines.overlays.regions import REGIONS_CSV, Regions, read_listed, regions_of
from pipelines.paths import BUNDLE, POLICIES, REFERENCE
from pipelines.policies.model import Policy, load_policy
from pipelines.tables import TableName

NODE = TableName("seed", "overlay_node")
#: Frameworks of core.framework_membership that are no overlay's.
_FRAMEWORKS = ("national", "industries_only")
#: Ids with a meaning of their own in the tables.
_RESERVED = ("all", "no_home", "unassigned")
#: How files end that somebody may believe to be read.
_OVERLAY_LIKE = (".yml", ".yaml", ".csv", ".tsv", ".xls", ".xlsx", ".csv.txt", ".yml.txt")


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
    programs: Programs
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


def read_overlay(folder: Path, areas: pl.DataFrame, pairs: pl.DataFrame | None = None) -> Overlay:
    """The overlay of a folder, compared with `areas` (rows of raw.oews_area) and `pairs` (raw.cip_soc; the bundled).

    Raises BadInputError with all faults.
    Faults of how files are written come first; what files say is compared when all can be read.
    """
    files = overlay_files(folder)
    written: list[BadInputError] = []
    read = attempt(written, lambda: read_model(folder / FILE, OverlayFile, SOURCE))
    changes = attempt(written, lambda: read_changes(folder))
    listed = attempt(written, lambda: read_listed(folder))
    links = attempt(written, lambda: read_links(folder))
    secondary = attempt(written, lambda: read_secondary(folder))
    faults: list[BadInputError] = []
    policy = None
    if read is not None:
        faults += _unknown_state(read, areas)
        # of a state that nobody knows no area can be looked for
        is_state = not faults
        policy = attempt(faults, lambda: _policy(read, folder))
        faults += _unread_files(files, read.model)
    if written:
        refuse([*faults, *written])
    assert read is not None
    assert changes is not None
    assert links is not None
    assert secondary is not None
    clusters, sub_clusters = framework_nodes()
    overlay_id = read.model.overlay_id or folder.resolve().name
    faults += _faults(read, overlay_id, clusters, sub_clusters)
    nodes = _nodes(read.model, clusters, sub_clusters)
    faults += _empty_clusters(read, nodes)
    memberships = None
    if faults:
        # one of the state's own that is named, but not placed, is meant all the same
        named = {*nodes["sub_cluster_id"], *(own.sub_cluster_id for own in read.model.sub_clusters)}
        faults += membership_faults(changes, named, sub_clusters)
    else:
        memberships = attempt(faults, lambda: memberships_under(changes, nodes, sub_clusters))
    regions = attempt(faults, lambda: regions_of(read, listed, areas)) if is_state else None
    known = bundled_pairs() if pairs is None else pairs
    programs = attempt(faults, lambda: programs_of(links, secondary, nodes, known))
    refuse(faults)
    assert memberships is not None
    assert regions is not None
    assert programs is not None
    return Overlay(
        overlay_id=overlay_id,
        file=read.model,
        nodes=nodes,
        changes=changes.drop(LINE),
        memberships=memberships,
        regions=regions,
        programs=programs,
        policy=policy,
        files=files,
    )


def framework_nodes() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The framework's clusters and sub-clusters."""
    names = (TableName("reference", name) for name in ("cluster", "sub_cluster"))
    clusters, sub_clusters = (read_csv(contracts()[name], REFERENCE) for name in names)
    return clusters, sub_clusters


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
    if not own.is_file() and not preset.is_file():
        presets = ", ".join(path.stem for path in sorted(POLICIES.glob("*.yml")))
        problem = f"neither a file {name}.yml of this folder nor a preset; the presets are {presets}"
        raise read.fault(problem, "default_policy", value=name)
    policy = load_policy(own if own.is_file() else preset)
    if policy.state_id not in (None, read.model.state_id):
        of, advice = f"preset {name}", "; copy it into this folder under another name and give it your state_id"
        if own.is_file():
            of, advice = own.name, ""
        problem = f"{of} is a policy of {policy.state_id}, and the overlay is of {read.model.state_id}{advice}"
        raise read.fault(problem, "default_policy", value=name)
    return policy.model_copy(update={"state_id": read.model.state_id}) if own.is_file() else policy


def _unknown_state(read: ModelFile[OverlayFile], areas: pl.DataFrame) -> Iterator[BadInputError]:
    if read.model.state_id not in areas.filter(area_type="state")["area_id"].to_list():
        problem = "no state or territory has this postal code"
        yield read.fault(problem, "state_id", value=read.model.state_id)


def _unread_files(files: Mapping[str, str], overlay: OverlayFile) -> Iterator[BadInputError]:
    policy = FILE if overlay.default_policy is None else f"{overlay.default_policy}.yml"
    tables = (MEMBERSHIPS_CSV, REGIONS_CSV, LINKS_CSV, SECONDARY_CSV)
    known = {FILE, *tables, policy}
    for name in files:
        if name.lower().endswith(_OVERLAY_LIKE) and name not in known:
            problem = f"nothing reads this file; an overlay has {FILE}, {', '.join(tables)} and its policy"
            yield BadInputError(source=SOURCE, file=name, problem=problem)


def _left_out(overlay: OverlayFile, sub_clusters: pl.DataFrame) -> set[str]:
    """Ids that the overlay leaves out; a cluster takes its sub-clusters with it."""
    of_clusters = sub_clusters.filter(pl.col("cluster_id").is_in(overlay.left_out))["sub_cluster_id"]
    return {*overlay.left_out, *of_clusters}


def _faults(
    read: ModelFile[OverlayFile], overlay_id: str, clusters: pl.DataFrame, sub_clusters: pl.DataFrame
) -> Iterator[BadInputError]:
    """Ids in overlay.yml that are unknown, taken or left out."""
    overlay = read.model
    framework = {*clusters["cluster_id"], *sub_clusters["sub_cluster_id"]}
    gone = _left_out(overlay, sub_clusters)
    unknown = "the framework has no cluster or sub-cluster with this id"
    if re.fullmatch("[a-z][a-z0-9_]*", overlay_id) is None or overlay_id in _FRAMEWORKS:
        problem = "not an overlay id: give overlay_id in small letters, digits and underscores, or rename the folder"
        yield read.fault(problem, "overlay_id", value=overlay_id)
    for position, identity in enumerate(overlay.left_out):
        if identity not in framework:
            yield read.fault(unknown, "left_out", position, value=identity)
    for identity in overlay.names:
        if identity not in framework:
            yield read.fault(unknown, "names", identity, value=identity)
        elif identity in gone:
            yield read.fault("named, but left out", "names", identity, value=identity)
    yield from _taken(read, {*framework, *_RESERVED})
    kept = {*clusters["cluster_id"]} - gone | {own.cluster_id for own in overlay.clusters}
    for position, own in enumerate(overlay.sub_clusters):
        if own.cluster_id not in kept:
            problem = "left out" if own.cluster_id in gone else "neither the framework nor this file has this cluster"
            yield read.fault(problem, "sub_clusters", position, "cluster_id", value=own.cluster_id)


def _taken(read: ModelFile[OverlayFile], taken: set[str]) -> Iterator[BadInputError]:
    """Ids of the state's own that stand for something else."""
    own_ids = [(("clusters", place, "cluster_id"), own.cluster_id) for place, own in enumerate(read.model.clusters)]
    own_ids += [
        (("sub_clusters", place, "sub_cluster_id"), own.sub_cluster_id)
        for place, own in enumerate(read.model.sub_clusters)
    ]
    for place, identity in own_ids:
        if identity in taken:
            yield read.fault("this id is taken; a cluster or sub-cluster needs its own", *place, value=identity)
        taken.add(identity)


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
    # one in a cluster that is not there is a fault, and told as such
    rows += [("sub_cluster", *part, crosses_of[part[0]]) for part in parts if part[0] in crosses_of]
    return pl.DataFrame(rows, schema=polars_schema(contracts()[NODE]), orient="row")


def _empty_clusters(read: ModelFile[OverlayFile], nodes: pl.DataFrame) -> Iterator[BadInputError]:
    with_parts = set(nodes.filter(level="sub_cluster")["cluster_id"])
    own = [cluster.cluster_id for cluster in read.model.clusters]
    for position, identity in enumerate(own):
        if identity not in with_parts:
            yield read.fault("a cluster needs at least one sub-cluster", "clusters", position, value=identity)
    for empty in sorted(set(nodes["cluster_id"]) - with_parts - set(own)):
        yield read.fault("all its sub-clusters are left out: leave out the cluster", "left_out", value=empty)
