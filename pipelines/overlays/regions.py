"""Regions of an overlay: lists of counties, of metro and nonmetro areas, or both, and the areas of OEWS in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts.enforce import LINE, polars_schema, read_csv, read_lines
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, refuse
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


def read_listed(folder: Path) -> pl.DataFrame | None:
    """The rows of regions.csv with their lines; None without the file. Raises BadInputError as `read_lines`."""
    table = contracts()[LISTED].model_copy(update={"csv": REGIONS_CSV})
    return read_lines(table, folder, source=SOURCE) if (folder / REGIONS_CSV).exists() else None


def known_counties() -> pl.DataFrame:
    """Counties with their state, metro area and, where known, their first and last year."""
    return read_csv(contracts()[TableName("seed", "county")], REFERENCE)


def regions_of(read: ModelFile[OverlayFile], listed: pl.DataFrame | None, areas: pl.DataFrame) -> Regions:
    """The regions that overlay.yml names and regions.csv lists. Raises BadInputError with all faults of both."""
    named = read.model.regions
    if listed is None:
        if named:
            raise read.fault(f"regions are named, but the folder has no {REGIONS_CSV}", "regions")
        return Regions(*(pl.DataFrame(schema=polars_schema(contracts()[name])) for name in (REGION, LISTED, MEMBER)))
    faults = [
        read.fault(f"{REGIONS_CSV} lists nothing for this region", "regions", region, value=region)
        for region in named
        if region not in listed["region_id"]
    ]
    counties = known_counties()
    typed = _typed(listed, read.model, areas, counties)
    unfit = {fault.place: fault for fault in _unfit(typed, read.model)}
    fit = typed.filter(~pl.format("line {}", LINE).is_in(list(unfit)))
    # what is wrong with a region as a whole is told where its counties are known
    unclear = typed.filter(pl.col("area_type").is_null())["region_id"].to_list()
    clear = fit.filter(~pl.col("region_id").is_in(unclear))
    of_rows = [*unfit.values(), *_never_together(fit, counties), *_wrong_shares(clear, counties)]
    faults += sorted(of_rows, key=lambda fault: int(fault.place.removeprefix("line ")))
    refuse(faults)
    members = _members(typed, counties)
    state = read.model.state_id
    regions = pl.DataFrame(
        [(f"{state}:{region}", name, state) for region, name in sorted(named.items())],
        schema=polars_schema(contracts()[REGION]),
        orient="row",
    )
    identity = pl.concat_str(pl.lit(f"{state}:"), pl.col("region_id"))
    return Regions(
        regions,
        listed.drop(LINE),
        members.select(identity.alias("region_area_id"), pl.exclude("region_id")),
    )


def _fault(row: dict[str, Any], problem: str, column: str) -> BadInputError:
    return line_fault(REGIONS_CSV, row[LINE], problem, row[column])


def _typed(listed: pl.DataFrame, overlay: OverlayFile, areas: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """The rows with the type of each area, null for an unknown one, and whether the state has a part of it."""
    state_fips = areas.filter(area_id=overlay.state_id)["state_code"].item()
    # a metro area across state lines is listed under one state but lies in each
    metros_here = counties.filter(state_fips=state_fips)["cbsa_area_id"].drop_nulls().to_list()
    known = pl.concat(
        [
            areas.filter(pl.col("area_type").is_in(["metro", "nonmetro"])).select("area_id", "area_type", "state_code"),
            counties.select(area_id="county_fips", area_type=pl.lit("county"), state_code="state_fips"),
        ]
    )
    is_here = (pl.col("state_code") == state_fips) | pl.col("area_id").is_in(metros_here)
    return listed.join(known, on="area_id", how="left", maintain_order="left").with_columns(is_here=is_here)


def _unfit(typed: pl.DataFrame, overlay: OverlayFile) -> Iterator[BadInputError]:
    """Rows that no region can have, each with the first thing that is wrong with it."""
    for row in typed.iter_rows(named=True):
        if row["region_id"] not in overlay.regions:
            yield _fault(row, "overlay.yml does not name this region under regions", "region_id")
        elif row["area_type"] is None:
            problem = "there is no county, metro or nonmetro area with this code (39049, C18140, N3900001)"
            yield _fault(row, problem, "area_id")
        elif not row["is_here"]:
            yield _fault(row, f"an area of another state than {overlay.state_id}", "area_id")
        elif row["area_type"] == "county" and row["share_pct"] is not None:
            problem = "a county is in the region as a whole; only metro and nonmetro areas can have a share"
            yield _fault(row, problem, "share_pct")


def _never_together(typed: pl.DataFrame, counties: pl.DataFrame) -> Iterator[BadInputError]:
    """Counties of a region that began after others of it ended, unless the region has all codes of the land of either.

    Such a region would be other land in each time, and no year would have all of it. One fault for each change of
    codes, at the first row with a code that began.
    """
    years = counties.select("first_year", "last_year", "territory_id", area_id="county_fips")
    listed = typed.filter(area_type="county").join(years, on="area_id", how="left", maintain_order="left")
    for (_,), region in listed.group_by(["region_id"], maintain_order=True):
        loose = region.filter(~pl.col("territory_id").is_in(_covered(region, counties)))
        ended = loose.filter(pl.col("last_year").is_not_null())
        began = loose.filter(pl.col("first_year").is_not_null())
        for (territory, first), rows in began.group_by(["territory_id", "first_year"], maintain_order=True):
            if not (gone := ended.filter(pl.col("last_year") < first)).is_empty():
                since = ", ".join(rows["area_id"])
                problem = (
                    f"no year has all counties of the region by the county reference: it has {since} from {first}, "
                    f"{_until(gone)}; list counties of one time, or also the rest of the land that changed: "
                    f"{_missing_codes(region, counties, str(territory))}"
                )
                yield _fault(rows.row(0, named=True), problem, "area_id")


def _until(gone: pl.DataFrame) -> str:
    """Codes with the last year of each, those of one year together."""
    ends = gone.group_by("last_year", maintain_order=True).agg("area_id").iter_rows()
    return ", ".join(f"{', '.join(codes)} until {last}" for last, codes in ends)


def _missing_codes(region: pl.DataFrame, counties: pl.DataFrame, territory: str) -> str:
    """The codes of a territory, before and after its change, that a region does not list."""
    codes = counties.filter(territory_id=territory)["county_fips"]
    return ", ".join(code for code in codes if code not in region["area_id"])


def _covered(region: pl.DataFrame, counties: pl.DataFrame) -> list[str]:
    """The territories of which a region lists all codes."""
    territories = region["territory_id"].drop_nulls().unique().to_list()
    codes = {each: counties.filter(territory_id=each)["county_fips"].to_list() for each in territories}
    return [each for each, all_codes in codes.items() if set(all_codes) <= set(region["area_id"])]


def _members(listed: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """Every member of each region, listed or derived, and how it counts.

    A region of counties gets the metro areas that are in it as a whole; a region of areas gets the counties of its
    metro areas.
    """
    county_metro = _county_metro(counties)
    parts: list[pl.DataFrame] = []
    for region, own_counties, own_areas in _regions(listed):
        if own_counties.is_empty():
            parts.append(_of_areas(region, own_areas, county_metro))
        else:
            outside = _touched(own_counties["area_id"].to_list(), county_metro)
            parts.append(_of_counties(region, own_counties, own_areas, outside))
    return pl.concat(parts).sort("region_id", "area_id")


def _regions(listed: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Each region with its rows of counties and those of metro and nonmetro areas."""
    for (region,), rows in listed.group_by(["region_id"], maintain_order=True):
        is_county = pl.col("area_type") == "county"
        yield str(region), rows.filter(is_county), rows.filter(~is_county)


def _wrong_shares(listed: pl.DataFrame, counties: pl.DataFrame) -> Iterator[BadInputError]:
    """Areas of regions of counties whose share is missing, or cannot be what it says."""
    county_metro = _county_metro(counties)
    for _, own_counties, own_areas in _regions(listed):
        if not own_counties.is_empty():
            yield from _unshared(own_areas, _touched(own_counties["area_id"].to_list(), county_metro))


def _county_metro(counties: pl.DataFrame) -> pl.DataFrame:
    return counties.filter(pl.col("cbsa_area_id").is_not_null()).select("county_fips", "cbsa_area_id")


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


def _touched(inside: list[str], county_metro: pl.DataFrame) -> dict[str, list[str]]:
    """The metro areas with a county inside, each with its counties that are not."""
    is_inside = pl.col("county_fips").is_in(inside)
    outside = pl.col("county_fips").filter(~is_inside).sort()
    touched = county_metro.group_by("cbsa_area_id").agg(outside=outside, within=is_inside.sum())
    return dict(touched.filter(pl.col("within") > 0).select("cbsa_area_id", "outside").iter_rows())


def _unshared(own_areas: pl.DataFrame, outside: Mapping[str, list[str]]) -> Iterator[BadInputError]:
    """The same of one region; `outside` are the metro areas in it, each with its counties that are not."""
    for row in own_areas.iter_rows(named=True):
        metro, share, is_metro = row["area_id"], row["share_pct"], row["area_type"] == "metro"
        beyond = ", ".join(outside.get(metro, []))
        if is_metro and metro not in outside:
            yield _fault(row, "the region lists none of its counties", "area_id")
        elif share is None and not is_metro:
            problem = "give in share_pct the percent of its jobs that are in the region (100 for all of them)"
            yield _fault(row, problem, "area_id")
        elif share is None and beyond:
            yield _fault(row, f"only partly in the region: {beyond} not listed; give share_pct", "area_id")
        elif share == 100 and is_metro and beyond:
            yield _fault(row, f"not all of it can be in the region: {beyond} not listed", "share_pct")


def _of_counties(
    region: str, own_counties: pl.DataFrame, own_areas: pl.DataFrame, outside: Mapping[str, list[str]]
) -> pl.DataFrame:
    """A region of counties, with the metro areas in it. One that reaches beyond it counts only by a given share."""
    given = own_areas.select("area_id", "area_type", "share_pct").rows()
    rows = [(area, kind, share or 100.0, _treatment(share), True) for area, kind, share in given]
    said = {row[0] for row in rows}
    rows += [
        (metro, "metro", 0.0, "left_out", False) if beyond else (metro, "metro", 100.0, "whole", False)
        for metro, beyond in outside.items()
        if metro not in said
    ]
    return _rows(region, rows + [(county, "county", 100.0, "whole", True) for county in own_counties["area_id"]])


def _rows(region: str, rows: list[tuple[str, str, float, str, bool]]) -> pl.DataFrame:
    schema = {name: kind for name, kind in polars_schema(contracts()[MEMBER]).items() if name != "region_area_id"}
    return pl.DataFrame(rows, schema=schema, orient="row").select(pl.lit(region).alias("region_id"), pl.all())
