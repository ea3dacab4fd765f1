"""Says what an overlay would do, before any figure is made with it."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.overlays.memberships import framework_memberships
from pipelines.overlays.read import Overlay
from pipelines.paths import BUNDLE
from pipelines.release.manifest import newest_release
from pipelines.settings import Settings

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Described:
    """What an overlay does: facts by name, and tables with a title and the names of their columns."""

    facts: list[tuple[str, str]]
    tables: list[tuple[str, tuple[str, ...], Rows]]


def describe(overlay: Overlay, settings: Settings) -> Described:
    """What the overlay does; with jobs and names of the newest release in the data folder where there is one."""
    national = framework_memberships()
    before = _clusters_of(national)
    after = _clusters_of(overlay.memberships)
    compared = (
        before.join(after, on="soc_code", how="left", suffix="_after")
        .with_columns(pl.col("sub_clusters_after").fill_null(""))
        .sort("soc_code")
    )
    changed = compared.filter(pl.col("sub_clusters") != pl.col("sub_clusters_after"))
    weighted = overlay.memberships.filter(pl.col("given_weight").is_not_null())["soc_code"].unique()
    unplaced = compared.filter(pl.col("sub_clusters_after") == "")
    occupations = _occupations()
    listed = (
        compared.filter(pl.col("soc_code").is_in([*changed["soc_code"].to_list(), *weighted.to_list()]))
        .join(occupations, on="soc_code", how="left")
        .sort("soc_code")
    )
    file = overlay.file
    nodes = overlay.nodes
    own = {level: nodes.filter(is_own=True, level=level).height for level in ("cluster", "sub_cluster")}
    kept = {level: nodes.filter(level=level).height for level in ("cluster", "sub_cluster")}
    bases = f"unduplicated:{overlay.overlay_id}, duplicated:{overlay.overlay_id}"
    facts = [
        ("Overlay", f"{overlay.overlay_id}: {file.title}"),
        ("State", file.state_id),
        ("Source", f"{file.source}, {file.as_of}"),
        ("Clusters", f"{kept['cluster']}, of them {own['cluster']} of its own; {len(file.names)} ids have other names"),
        ("Sub-clusters", f"{kept['sub_cluster']}, of them {own['sub_cluster']} of its own"),
        ("Left out", ", ".join(file.left_out) or "nothing"),
        (
            "Occupations",
            f"{changed.height} in other sub-clusters than in the framework, {weighted.len()} with own weights",
        ),
        ("In no cluster", ", ".join(unplaced["soc_code"]) or "none"),
        ("Figures", f"additional rows with basis {bases}" if overlay.changes_groups else "no basis of its own"),
        ("Regions", str(overlay.regions.regions.height)),
        ("Default policy", file.default_policy or "none"),
    ]
    return Described(
        facts,
        [
            (
                "Occupations that change",
                ("code", "occupation", "jobs in the state", "framework", "overlay"),
                [
                    (
                        row["soc_code"],
                        row["occupation_name"] or "",
                        "" if row["employment"] is None else f"{row['employment']:,}",
                        row["sub_clusters"],
                        row["sub_clusters_after"] or "none",
                    )
                    for row in _with_jobs(listed, settings, file.state_id).iter_rows(named=True)
                ],
            ),
            (
                "Regions",
                ("region", "name", "counties", "areas in full", "areas by share", "areas left out"),
                _region_rows(overlay),
            ),
        ],
    )


def _clusters_of(memberships: pl.DataFrame) -> pl.DataFrame:
    joined = pl.col("sub_cluster_id").sort().str.join(", ")
    return memberships.group_by("soc_code").agg(joined.alias("sub_clusters"))


def _occupations() -> pl.DataFrame:
    names = pl.read_parquet(BUNDLE / "raw" / "oews_occupation.parquet")
    return names.filter(occupation_group="detailed").select("soc_code", "occupation_name")


def _with_jobs(occupations: pl.DataFrame, settings: Settings, state_id: str) -> pl.DataFrame:
    """The occupations with their jobs in the state, as the newest release has them; missing without a release."""
    release = newest_release(settings)
    if release is None:
        return occupations.with_columns(employment=pl.lit(None, pl.Int64))
    with duckdb.connect(str(release.database), read_only=True) as connection:
        cells = connection.sql("select area_id, soc_code, employment from core.oews_area_occupation").pl()
    jobs = cells.filter(area_id=state_id).select("soc_code", "employment")
    return occupations.join(jobs, on="soc_code", how="left", maintain_order="left")


def _region_rows(overlay: Overlay) -> Rows:
    rows: Rows = []
    for area_id, name, _ in overlay.regions.regions.iter_rows():
        members = overlay.regions.members.filter(region_area_id=area_id)
        areas = members.filter(pl.col("area_type") != "county")
        by_share = areas.filter(treatment="by_share")
        rows.append(
            (
                area_id,
                name,
                str(members.filter(area_type="county").height),
                ", ".join(areas.filter(treatment="whole")["area_id"]) or "none",
                ", ".join(f"{area} {share:g} %" for area, share in by_share.select("area_id", "share_pct").iter_rows())
                or "none",
                ", ".join(areas.filter(treatment="left_out")["area_id"]) or "none",
            )
        )
    return rows
