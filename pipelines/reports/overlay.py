"""What an overlay would change, as `lmi overlay check` shows it before any figure is made with it."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.overlays.memberships import framework_memberships
from pipelines.overlays.read import Overlay
from pipelines.paths import BUNDLE
from pipelines.release.manifest import newest_release
from pipelines.settings import Settings
from pipelines.tables import quote


@dataclass(frozen=True)
class Described:
    """What an overlay does: facts by name, and tables with a title and the names of their columns."""

    facts: list[tuple[str, str]]
    tables: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]


def describe(overlay: Overlay, settings: Settings) -> Described:
    """What the overlay does; with the jobs of the newest release in the data folder where there is one."""
    compared = (
        _sub_clusters(framework_memberships())
        .join(_sub_clusters(overlay.memberships), on="soc_code", how="left", suffix="_after")
        .with_columns(pl.col("sub_clusters_after").fill_null("none"))
        .sort("soc_code")
    )
    changed = compared.filter(pl.col("sub_clusters") != pl.col("sub_clusters_after"))["soc_code"]
    weighted = overlay.memberships.filter(pl.col("given_weight").is_not_null())["soc_code"].unique()
    listed = compared.filter(pl.col("soc_code").is_in([*changed, *weighted]))
    named = _with_jobs(listed, settings, overlay.file.state_id).fill_null("")
    occupations = named.select("soc_code", "occupation_name", "employment", "sub_clusters", "sub_clusters_after")
    regions = [_region(overlay, area_id, name) for area_id, name, _ in overlay.regions.regions.iter_rows()]
    of_occupation = ("code", "occupation", "jobs in the state", "framework", "overlay")
    of_region = ("region", "name", "counties", "areas in full", "areas by share", "areas left out")
    return Described(
        _facts(overlay, compared, changed.len(), weighted.len()),
        [("Occupations that change", of_occupation, occupations.rows()), ("Regions", of_region, regions)],
    )


def _facts(overlay: Overlay, compared: pl.DataFrame, changed: int, weighted: int) -> list[tuple[str, str]]:
    file, nodes = overlay.file, overlay.nodes
    unplaced = compared.filter(sub_clusters_after="none")["soc_code"]
    bases = f"unduplicated:{overlay.overlay_id}, duplicated:{overlay.overlay_id}"

    def counted(level: str) -> str:
        kept = nodes.filter(level=level)
        return f"{kept.height}, of them {kept.filter(is_own=True).height} of its own"

    return [
        ("Overlay", f"{overlay.overlay_id}: {file.title}"),
        ("State", file.state_id),
        ("Source", f"{file.source}, {file.as_of}"),
        ("Clusters", f"{counted('cluster')}; {len(file.names)} ids have other names"),
        ("Sub-clusters", counted("sub_cluster")),
        ("Left out", ", ".join(file.left_out) or "nothing"),
        ("Occupations", f"{changed} in other sub-clusters than in the framework, {weighted} with own weights"),
        ("In no cluster", ", ".join(unplaced) or "none"),
        ("Figures", f"additional rows with basis {bases}" if overlay.changes_groups else "no basis of its own"),
        ("Regions", str(overlay.regions.regions.height)),
        ("Default policy", file.default_policy or "none"),
    ]


def _sub_clusters(memberships: pl.DataFrame) -> pl.DataFrame:
    joined = pl.col("sub_cluster_id").sort().str.join(", ")
    return memberships.group_by("soc_code").agg(joined.alias("sub_clusters"))


def _with_jobs(occupations: pl.DataFrame, settings: Settings, state_id: str) -> pl.DataFrame:
    """The occupations with their names, and their jobs in the state as text where there is a release."""
    names = pl.read_parquet(BUNDLE / "raw" / "oews_occupation.parquet", glob=False).filter(occupation_group="detailed")
    named = occupations.join(names.select("soc_code", "occupation_name"), on="soc_code", how="left").sort("soc_code")
    release = newest_release(settings)
    if release is None:
        return named.with_columns(employment=pl.lit(""))
    with duckdb.connect(str(release.database), read_only=True) as connection:
        jobs = connection.table("core.oews_area_occupation").filter(f"area_id = {quote(state_id)}")
        cells = jobs.project("soc_code, format('{:,}', employment) as employment").pl()
    return named.join(cells, on="soc_code", how="left", maintain_order="left")


def _region(overlay: Overlay, area_id: str, name: str) -> tuple[str, ...]:
    members = overlay.regions.members.filter(region_area_id=area_id)
    areas = members.filter(pl.col("area_type") != "county")
    treated = {key: areas.filter(treatment=key) for key in ("whole", "by_share", "left_out")}
    shares = (f"{area} {share:g} %" for area, share in treated["by_share"].select("area_id", "share_pct").iter_rows())
    listed = (treated["whole"]["area_id"], shares, treated["left_out"]["area_id"])
    counties = str(members.filter(area_type="county").height)
    return area_id, name, counties, *(", ".join(items) or "none" for items in listed)
