"""Regions of an overlay: lists of counties, of metro and nonmetro areas, or both, and the areas of OEWS in them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts.enforce import polars_schema, read_csv, read_lines
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.model_files import ModelFile
from pipelines.overlays.model import SOURCE, OverlayFile, line_fault
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

REGIONS_CSV = "regions.csv"
LISTED = TableName("seed", "region_listed")
REGION = TableName("seed", "region")
MEMBER = TableName("reference", "region_member")


@dataclass(frozen=True)
class Regions:
    """The regions, the rows of regions.csv, and all members of the regions, in the columns of their tables."""

    regions: pl.DataFrame
    listed: pl.DataFrame
    members: pl.DataFrame


def read_regions(folder: Path, read: ModelFile[OverlayFile], areas: pl.DataFrame) -> Regions:
    """The regions that overlay.yml names and regions.csv lists. Raises BadInputError with file, line and problem."""
    named = read.model.regions
    if not (folder / REGIONS_CSV).is_file():
        if named:
            raise read.fault(f"regions are named, but the folder has no {REGIONS_CSV}", "regions")
        return Regions(*(pl.DataFrame(schema=polars_schema(contracts()[name])) for name in (REGION, LISTED, MEMBER)))
    table = contracts()[LISTED].model_copy(update={"csv": REGIONS_CSV})
    listed = read_lines(table, folder, source=SOURCE)
    for region in named:
        if region not in listed["region_id"]:
            raise read.fault(f"{REGIONS_CSV} lists nothing for this region", "regions", region, value=region)
    counties = read_csv(contracts()[TableName("seed", "county")], REFERENCE)
    listed = _known(listed, read.model, areas, counties)
    members = _members(listed, counties)
    state = read.model.state_id
    regions = pl.DataFrame(
        [(f"{state}:{region}", name, state) for region, name in sorted(named.items())],
        schema=polars_schema(contracts()[REGION]),
        orient="row",
    )
    identity = pl.concat_str(pl.lit(f"{state}:"), pl.col("region_id"))
    return Regions(
        regions,
        listed.select(list(polars_schema(table))),
        members.select(identity.alias("region_area_id"), pl.exclude("region_id")),
    )


def _fault(row: dict[str, Any], problem: str, column: str) -> BadInputError:
    return line_fault(REGIONS_CSV, row["line"], problem, row[column])


def _known(listed: pl.DataFrame, overlay: OverlayFile, areas: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """The rows with the type of each area. Raises BadInputError for an unknown area, or one of another state."""
    state_fips = areas.filter(area_id=overlay.state_id)["state_code"].item()
    metros_here = counties.filter(state_fips=state_fips)["cbsa_area_id"].drop_nulls().to_list()
    known = pl.concat(
        [
            areas.filter(pl.col("area_type").is_in(["metro", "nonmetro"])).select("area_id", "area_type", "state_code"),
            counties.select(area_id="county_fips", area_type=pl.lit("county"), state_code="state_fips"),
        ]
    )
    found = listed.join(known, on="area_id", how="left", maintain_order="left")
    for row in found.iter_rows(named=True):
        if row["region_id"] not in overlay.regions:
            raise _fault(row, "overlay.yml does not name this region under regions", "region_id")
        if row["area_type"] is None:
            problem = "there is no county, metro or nonmetro area with this code (39049, C18140, N3900001)"
            raise _fault(row, problem, "area_id")
        # a metro area across state lines is listed under one state but lies in each
        if row["state_code"] != state_fips and row["area_id"] not in metros_here:
            raise _fault(row, f"an area of another state than {overlay.state_id}", "area_id")
        if row["area_type"] == "county" and row["share_pct"] is not None:
            raise _fault(
                row, "a county is in the region as a whole; only metro and nonmetro areas can have a share", "share_pct"
            )
    return found


def _members(listed: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """Every member of each region, listed or derived, and how it counts.

    A region of counties gets the metro areas that are in it as a whole; a region of areas gets the counties of its
    metro areas.
    """
    county_metro = counties.filter(pl.col("cbsa_area_id").is_not_null()).select("county_fips", "cbsa_area_id")
    parts = []
    for (region,), rows in listed.group_by(["region_id"], maintain_order=True):
        own_counties = rows.filter(area_type="county")
        own_areas = rows.filter(pl.col("area_type") != "county")
        if own_counties.is_empty():
            parts.append(_of_areas(str(region), own_areas, county_metro))
        else:
            parts.append(_of_counties(str(region), own_counties, own_areas, county_metro))
    return pl.concat(parts).sort("region_id", "area_id")


def _of_areas(region: str, own_areas: pl.DataFrame, county_metro: pl.DataFrame) -> pl.DataFrame:
    """A region of metro and nonmetro areas. It gets counties only when all of its area is known by county."""
    whole = own_areas.filter((pl.col("area_type") == "metro") & (pl.col("share_pct").fill_null(100) == 100))
    inside = county_metro.filter(pl.col("cbsa_area_id").is_in(whole["area_id"].to_list()))
    if whole.height < own_areas.height:
        inside = inside.clear()
    return _rows(
        region,
        [
            (row["area_id"], row["area_type"], row["share_pct"] or 100.0, _treatment(row["share_pct"]), True)
            for row in own_areas.iter_rows(named=True)
        ]
        + [(county, "county", 100.0, "whole", False) for county in inside["county_fips"]],
    )


def _treatment(share_pct: float | None) -> str:
    return "whole" if share_pct is None or share_pct == 100 else "by_share"


def _of_counties(
    region: str, own_counties: pl.DataFrame, own_areas: pl.DataFrame, county_metro: pl.DataFrame
) -> pl.DataFrame:
    """A region of counties, with the metro areas in it. One that reaches beyond it counts only by a given share."""
    inside = own_counties["area_id"].to_list()
    touched = (
        county_metro.group_by("cbsa_area_id")
        .agg(
            outside=pl.col("county_fips").filter(~pl.col("county_fips").is_in(inside)).sort(),
            within=pl.col("county_fips").is_in(inside).sum(),
        )
        .filter(pl.col("within") > 0)
    )
    outside = dict(touched.select("cbsa_area_id", "outside").iter_rows())
    rows: list[tuple[str, str, float, str, bool]] = []
    for row in own_areas.iter_rows(named=True):
        metro, share = row["area_id"], row["share_pct"]
        if row["area_type"] == "metro" and metro not in outside:
            raise _fault(row, "the region lists none of its counties", "area_id")
        if share is None and row["area_type"] == "nonmetro":
            problem = "give in share_pct the percent of its jobs that are in the region (100 for all of them)"
            raise _fault(row, problem, "area_id")
        if share is None and outside[metro]:
            problem = f"only partly in the region: {', '.join(outside[metro])} not listed; give share_pct"
            raise _fault(row, problem, "area_id")
        if share == 100 and row["area_type"] == "metro" and outside[metro]:
            problem = f"not all of it can be in the region: {', '.join(outside[metro])} not listed"
            raise _fault(row, problem, "share_pct")
        rows.append((metro, row["area_type"], share or 100.0, _treatment(share), True))
    said = {row[0] for row in rows}
    rows += [
        (metro, "metro", 0.0, "left_out", False) if beyond else (metro, "metro", 100.0, "whole", False)
        for metro, beyond in outside.items()
        if metro not in said
    ]
    return _rows(region, rows + [(county, "county", 100.0, "whole", True) for county in inside])


def _rows(region: str, rows: list[tuple[str, str, float, str, bool]]) -> pl.DataFrame:
    schema = {name: kind for name, kind in polars_schema(contracts()[MEMBER]).items() if name != "region_area_id"}
    return pl.DataFrame(rows, schema=schema, orient="row").select(pl.lit(region).alias("region_id"), pl.all())
