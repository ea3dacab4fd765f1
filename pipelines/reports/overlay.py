"""What an overlay would change, as `lmi overlay check` shows it before any figure is made with it."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.overlays.effects import has_industries, has_occupations, remarks
from pipelines.overlays.memberships import framework_memberships
from pipelines.overlays.read import Overlay
from pipelines.paths import BUNDLE
from pipelines.release.record import newest_release
from pipelines.settings import Settings
from pipelines.tables import quote

#: What is told of an occupation that changes.
OCCUPATION = ("code", "occupation", "jobs in the state", "framework", "overlay")
#: What is told of a link that changes.
LINK = ("program", "title", "occupation", "title", "change", "reason")


@dataclass(frozen=True)
class Described:
    """What an overlay does: facts by name, occupations and links that change, facts of each region, what to mind.

    An occupation has the columns of `OCCUPATION`, a link those of `LINK`. Each command stands with what it shows after
    a run.
    """

    facts: list[tuple[str, str]]
    occupations: list[tuple[str, ...]]
    links: list[tuple[str, ...]]
    regions: dict[str, list[tuple[str, str]]]
    remarks: list[str]
    commands: list[tuple[str, str]]


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
    return Described(
        _facts(overlay, compared, changed.len(), weighted.len()),
        occupations.rows(),
        _links(overlay),
        {f"{area_id} {name}": _region(overlay, area_id) for area_id, name, _ in overlay.regions.regions.iter_rows()},
        remarks(overlay),
        list(_commands(overlay)),
    )


def _commands(overlay: Overlay) -> Iterator[tuple[str, str]]:
    """What shows the overlay's figures after a run with it."""
    state, of_state = overlay.file.state_id, f"--state {overlay.file.state_id}"
    if overlay.changes_groups and not overlay.memberships.is_empty():
        basis = f"--basis unduplicated:{overlay.overlay_id}"
        yield f"lmi report {of_state} {basis}", "report by its clusters and names"
        yield f"lmi export {of_state} {basis} --out FOLDER", "tables by its clusters and names"
    for region in overlay.regions.regions["region_area_id"]:
        if has_occupations(overlay.regions.members.filter(region_area_id=region)):
            yield f"lmi report {of_state} --area {region}", "report of the region"
    if overlay.file.regions:
        yield f"lmi export {of_state} --out FOLDER", f"all tables of {state}, with rows of its regions"
    if overlay.policy is not None:
        yield f"lmi flags {of_state}", f"occupations by {overlay.policy.name}"


def _facts(overlay: Overlay, compared: pl.DataFrame, changed: int, weighted: int) -> list[tuple[str, str]]:
    file, nodes = overlay.file, overlay.nodes
    regions = overlay.regions.regions.height
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
        ("Regions", f"{regions}; by industry from QCEW of counties, which the bundle lacks" if regions else "0"),
        ("Program links", _counted_links(overlay.programs.links)),
        ("Secondary programs", _secondary(overlay.programs.secondary)),
        ("Default policy", file.default_policy or "none"),
    ]


def _counted_links(links: pl.DataFrame) -> str:
    dropped, added = (links.filter(action=action).height for action in ("drop", "add"))
    return (
        f"{dropped} dropped, {added} added; only the state's figures change" if dropped or added else "the publisher's"
    )


def _secondary(secondary: pl.DataFrame) -> str:
    years = secondary["school_year"].unique().sort().to_list()
    if not years:
        return "none"
    clusters = secondary["cluster_id"].n_unique()
    return f"concentrators of {clusters} clusters in {', '.join(years)}; they stand beside awards"


def _links(overlay: Overlay) -> list[tuple[str, ...]]:
    """The links that change, with titles."""
    programs = pl.read_parquet(BUNDLE / "raw" / "cip.parquet", glob=False).select("cip_code", "cip_title")
    return (
        overlay.programs.links.join(programs, on="cip_code", how="left")
        .join(_occupation_names(), on="soc_code", how="left")
        .sort("cip_code", "soc_code")
        .select("cip_code", "cip_title", "soc_code", "occupation_name", "action", "reason")
        .fill_null("")
        .rows()
    )


def _occupation_names() -> pl.DataFrame:
    names = pl.read_parquet(BUNDLE / "raw" / "oews_occupation.parquet", glob=False).filter(occupation_group="detailed")
    return names.select("soc_code", "occupation_name")


def _sub_clusters(memberships: pl.DataFrame) -> pl.DataFrame:
    joined = pl.col("sub_cluster_id").sort().str.join(", ")
    return memberships.group_by("soc_code").agg(joined.alias("sub_clusters"))


def _with_jobs(occupations: pl.DataFrame, settings: Settings, state_id: str) -> pl.DataFrame:
    """The occupations with their names, and their jobs in the state as text where there is a release."""
    named = occupations.join(_occupation_names(), on="soc_code", how="left").sort("soc_code")
    release = newest_release(settings)
    if release is None:
        return named.with_columns(employment=pl.lit(""))
    with duckdb.connect(str(release.database), read_only=True) as connection:
        jobs = connection.table("core.oews_area_occupation").filter(f"area_id = {quote(state_id)}")
        cells = jobs.project("soc_code, format('{:,}', employment) as employment").pl()
    return named.join(cells, on="soc_code", how="left", maintain_order="left")


def _region(overlay: Overlay, area_id: str) -> list[tuple[str, str]]:
    """Facts of a region."""
    members = overlay.regions.members.filter(region_area_id=area_id)
    areas = members.filter(pl.col("area_type") != "county")
    treated = {key: areas.filter(treatment=key) for key in ("whole", "by_share", "left_out")}
    shares = [f"{area} {share:g} %" for area, share in treated["by_share"].select("area_id", "share_pct").iter_rows()]
    kinds = {"by occupation": has_occupations(members), "by industry": has_industries(members)}
    listed: dict[str, list[str]] = {
        "areas in full": treated["whole"]["area_id"].to_list(),
        "areas by share": shares,
        "areas left out": treated["left_out"]["area_id"].to_list(),
        "figures": [kind for kind, has in kinds.items() if has],
    }
    counties = str(members.filter(area_type="county").height)
    return [("counties", counties), *((word, ", ".join(items) or "none") for word, items in listed.items())]
