"""What a valid overlay leaves without effect: regions without figures, names that show nowhere, idle lists."""

from collections.abc import Iterator

import polars as pl

from pipelines.overlays.memberships import framework_memberships
from pipelines.overlays.read import Overlay, framework_nodes
from pipelines.overlays.regions import known_counties

#: Codes of counties that ended: the year of the change, and the codes that have the land since. Those that began with a
#: change. Source: Census Bureau, Substantial Changes to Counties and County Equivalent Entities.
_ENDED = {
    "02201": (2008, "02130, 02195, 02198 and 02275"),
    "02232": (2007, "02105 and 02230"),
    "02261": (2019, "02063 and 02066"),
    "02270": (2015, "02158"),
    "02280": (2008, "02195 and 02275"),
    "12025": (1997, "12086"),
    "46113": (2015, "46102"),
    "51515": (2013, "51019"),
    "51560": (2001, "51005"),
    "51780": (1995, "51083"),
}
_BEGAN = {
    "02063": 2019,
    "02066": 2019,
    "02105": 2007,
    "02158": 2015,
    "02195": 2008,
    "02198": 2008,
    "02230": 2007,
    "02275": 2008,
    "08014": 2001,
    "12086": 1997,
    "46102": 2015,
}


def has_occupations(members: pl.DataFrame) -> bool:
    """Whether a region of these members has figures by occupation: whether a metro or nonmetro area counts in it."""
    return not members.filter((pl.col("area_type") != "county") & (pl.col("treatment") != "left_out")).is_empty()


def has_industries(members: pl.DataFrame) -> bool:
    """Whether a region of these members can have figures by industry in any year."""
    counties = members.filter(area_type="county")["area_id"].to_list()
    ended, began = [_ENDED[code][0] for code in counties if code in _ENDED], [_BEGAN.get(code, 0) for code in counties]
    return bool(counties) and not (ended and max(began) >= min(ended))


def remarks(overlay: Overlay) -> list[str]:
    """What a person should know of an overlay without faults, in sentences."""
    regions = overlay.regions
    of_regions = [
        f"{region}: {said}"
        for region in regions.regions["region_area_id"]
        for said in _of_region(regions.members.filter(region_area_id=region))
    ]
    return [*_of_lists(overlay), *_of_sub_clusters(overlay), *of_regions]


def _of_region(members: pl.DataFrame) -> Iterator[str]:
    counties = members.filter(area_type="county")["area_id"].to_list()
    by_occupation, by_industry = has_occupations(members), has_industries(members)
    if not by_occupation:
        beyond = ", ".join(members.filter(treatment="left_out")["area_id"])
        why = f" ({beyond} reaches beyond it; give its share_pct in regions.csv)" if beyond else ""
        yield f"no metro or nonmetro area counts in it{why}, so it has no figures by occupation and no report."
    if not counties:
        yield "the counties of its areas are not known in full, so it has no figures by industry."
    else:
        yield from _of_years(counties)
    if not by_occupation and not by_industry:
        yield "it never has a figure."


def _of_years(counties: list[str]) -> Iterator[str]:
    """What is said of counties that QCEW does not have in every year."""
    if split := [code for code in counties if code in _ENDED]:
        last = min(_ENDED[code][0] for code in split)
        later = [code for code in counties if _BEGAN.get(code, 0) >= last]
        for code in split:
            yield f"{code} ended in {_ENDED[code][0]}; its land is in {_ENDED[code][1]} since."
        if later:
            both = f"{', '.join(split)} and {', '.join(later)}"
            yield f"{both} are in no year of QCEW together, so it has no figures by industry: list the old or the new."
        else:
            yield f"so it has no figures by industry of years after {last}."
    elif begun := [code for code in counties if code in _BEGAN]:
        yield f"{', '.join(begun)} began in {max(_BEGAN[code] for code in begun)}: figures by industry begin then."
    spans = known_counties().filter(pl.col("county_fips").is_in(counties))
    old, new = (
        dict(spans.drop_nulls(year).select("county_fips", year).iter_rows()) for year in ("last_year", "first_year")
    )
    until = f"{', '.join(old)} (until {min(old.values(), default=0)})"
    since = f"{', '.join(new)} (from {max(new.values(), default=0)})"
    if old and new:
        yield (
            f"{until} and {since} are in no year of QCEW together: its figures by industry before and after are of "
            "different land and do not compare. List the old or the new."
        )
    elif old:
        yield f"{until}: no figures by industry of later years."
    elif new:
        yield f"{since}: no figures by industry of earlier years."


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
    if not (overlay.changes_groups or file.names or file.regions or file.default_policy):
        yield "the overlay changes nothing: it has no names, clusters, memberships, regions or policy."


def _of_sub_clusters(overlay: Overlay) -> Iterator[str]:
    """Sub-clusters that no occupation is in, though in the framework one is, and weights that change nothing."""
    placed, before = set(overlay.memberships["sub_cluster_id"]), set(framework_memberships()["sub_cluster_id"])
    parts = overlay.nodes.filter(level="sub_cluster").select("sub_cluster_id", "is_own").rows()
    if empty := sorted(part for part, is_own in parts if part not in placed and (is_own or part in before)):
        yield f"no occupation is in {', '.join(empty)}, so it has no figures."
    single = overlay.memberships.group_by("soc_code").len().filter(len=1)["soc_code"].to_list()
    kept = overlay.changes.filter(pl.col("soc_code").is_in(single), change="keep")
    if len(kept):
        codes = ", ".join(kept["soc_code"])
        yield f"memberships.csv: {codes} is in one sub-cluster only, so that keeping it there changes nothing."
