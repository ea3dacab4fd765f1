"""What a valid overlay leaves without effect: regions without figures, names that show nowhere, idle lists."""

from collections.abc import Iterator

import polars as pl

from pipelines.overlays.memberships import framework_memberships
from pipelines.overlays.read import Overlay, framework_nodes, known_areas
from pipelines.overlays.regions import known_counties
from pipelines.policies.effects import remarks as policy_remarks
from pipelines.policies.model import Policy


def has_occupations(members: pl.DataFrame) -> bool:
    """Whether a region of these members has figures by occupation: whether a metro or nonmetro area counts in it."""
    return not members.filter((pl.col("area_type") != "county") & (pl.col("treatment") != "left_out")).is_empty()


def has_industries(members: pl.DataFrame) -> bool:
    """Whether a region of these members can have figures by industry: whether its counties are known."""
    return not members.filter(area_type="county").is_empty()


def remarks(overlay: Overlay) -> list[str]:
    """What a person should know of an overlay without faults, in sentences."""
    regions = overlay.regions
    of_regions = [
        f"{region}: {said}"
        for region in regions.regions["region_area_id"]
        for said in _of_region(regions.members.filter(region_area_id=region))
    ]
    return [
        *_of_lists(overlay),
        *_of_same_names(overlay),
        *_of_sub_clusters(overlay),
        *_of_programs(overlay),
        *_of_shares(regions.listed),
        *_of_policy(overlay.policy),
        *of_regions,
    ]


def _of_policy(policy: Policy | None) -> Iterator[str]:
    """What the overlay's policy says in vain; a preset says nothing in vain."""
    if policy is not None:
        yield from (f"{policy.name}.yml: {said}" for said in policy_remarks(policy))


def _of_shares(listed: pl.DataFrame) -> Iterator[str]:
    """Shares that may be meant as 1 or a part of it."""
    for region, area, share in listed.select("region_id", "area_id", "share_pct").iter_rows():
        if share is not None and share <= 1:
            said = f"counts by {share:g} percent of its jobs"
            yield f"regions.csv: {area} {said} in {region}; write {100 * share:g} if {100 * share:g} percent is meant."


def _of_region(members: pl.DataFrame) -> Iterator[str]:
    counties = members.filter(area_type="county")["area_id"].to_list()
    by_occupation, by_industry = has_occupations(members), has_industries(members)
    if not by_occupation:
        beyond = ", ".join(members.filter(treatment="left_out")["area_id"])
        why = f" ({beyond} reaches beyond it; give its share_pct in regions.csv)" if beyond else ""
        yield f"no metro or nonmetro area counts in it{why}, so it has no figures by occupation and no report."
    if not by_industry:
        yield "the counties of its areas are not known in full, so it has no figures by industry."
    yield from _of_changes(counties)


def _of_changes(counties: list[str]) -> Iterator[str]:
    """What is said of county codes that ended or began: years without their land, and years of other land."""
    known = known_counties()
    listed = known.filter(pl.col("county_fips").is_in(counties))
    for territory in listed["territory_id"].drop_nulls().unique(maintain_order=True):
        codes = known.filter(territory_id=territory)
        all_before = codes.filter(pl.col("first_year").is_null())["county_fips"].to_list()
        all_after = codes.filter(pl.col("last_year").is_null())["county_fips"].to_list()
        before, after = ([code for code in each if code in counties] for each in (all_before, all_after))
        # a county that came out of others ended none of their codes
        last = codes.select(pl.coalesce(pl.col("last_year").min(), pl.col("first_year").min() - 1)).item()
        lost = "no figures by industry" if set(counties) <= {*before, *after} else "figures without that land"
        # QCEW may change its codes in another year, and figures follow the codes that it has in each year
        if not before:
            new = ", ".join(after)
            yield f"the county reference has {new} from {last + 1}; years before QCEW uses that have {lost}."
        elif not after:
            old = ", ".join(before)
            yield f"the county reference has {old} until {last}; years in which QCEW no longer uses that have {lost}."
        else:
            is_same = (before, after) == (all_before, all_after)
            other = (
                "other land, so figures before and after are not compared. The same land: "
                f"{', '.join(all_before)} and then {', '.join(all_after)}."
            )
            yield (
                f"it is {', '.join(before)} until {last}, then {', '.join(after)} by the county reference "
                "(figures follow the codes that QCEW has in each year), which is "
                f"{'the same land.' if is_same else other}"
            )


def _of_lists(overlay: Overlay) -> Iterator[str]:
    file, (clusters, sub_clusters) = overlay.file, framework_nodes()
    names = dict(clusters.select("cluster_id", "cluster_name").iter_rows())
    names |= dict(sub_clusters.select("sub_cluster_id", "sub_cluster_name").iter_rows())
    if same := [identity for identity, name in file.names.items() if names[identity] == name]:
        yield f"names: {', '.join(same)} has the framework's own name."
    if file.names and not overlay.changes_groups:
        yield "names: without other clusters or memberships the overlay has no basis, so its names show nowhere."
    parents = dict(sub_clusters.select("sub_cluster_id", "cluster_id").iter_rows())
    if twice := [identity for identity in file.left_out if parents.get(identity) in file.left_out]:
        yield f"left_out: {', '.join(twice)} goes with its cluster already."
    has_programs = overlay.programs.links.height + overlay.programs.secondary.height > 0
    if not (overlay.changes_groups or file.names or file.regions or file.default_policy or has_programs):
        yield "the overlay changes nothing: it has no names, clusters, memberships, regions, programs or policy."


def _of_same_names(overlay: Overlay) -> Iterator[str]:
    """Two clusters, sub-clusters or regions that a reader cannot tell apart, and regions called as another area."""
    identity = pl.when(level="cluster").then("cluster_id").otherwise("sub_cluster_id")
    nodes = overlay.nodes.select("level", identity.alias("id"), "node_name")
    regions, areas = overlay.regions.regions, known_areas()
    found: dict[tuple[str, str], list[str]] = {}
    for level, node, name in nodes.iter_rows():
        found.setdefault((level.replace("_", "-"), name.casefold()), []).append(node)
    for area, name in (
        *regions.select("region_area_id", "area_name").iter_rows(),
        *areas.select("area_id", "area_name").iter_rows(),
    ):
        found.setdefault(("area", name.casefold()), []).append(area)
    for (kind, name), same in found.items():
        if len(same) > 1:
            yield f"{', '.join(same)} have one name ({name}), so that nobody can tell these {kind}s apart."


def _of_programs(overlay: Overlay) -> Iterator[str]:
    if unlinked := overlay.programs.unlinked:
        yield f"program_links.csv: {', '.join(unlinked)} is left without an occupation, so its awards are unlinked."


def _of_sub_clusters(overlay: Overlay) -> Iterator[str]:
    """Sub-clusters that no occupation is in, though in the framework one is, and weights that change nothing."""
    if overlay.memberships.is_empty():
        yield "no occupation is in any cluster of the overlay, so its basis has no figures and no report."
        return
    placed, before = set(overlay.memberships["sub_cluster_id"]), set(framework_memberships()["sub_cluster_id"])
    parts = overlay.nodes.filter(level="sub_cluster").select("sub_cluster_id", "is_own").rows()
    if empty := sorted(part for part, is_own in parts if part not in placed and (is_own or part in before)):
        yield f"no occupation is in {', '.join(empty)}, so it has no figures."
    single = overlay.memberships.group_by("soc_code").len().filter(len=1)["soc_code"].to_list()
    kept = overlay.changes.filter(pl.col("soc_code").is_in(single), change="keep")
    if len(kept):
        codes = ", ".join(kept["soc_code"])
        yield f"memberships.csv: {codes} is in one sub-cluster only, so that keeping it there changes nothing."
