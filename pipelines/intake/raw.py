"""Raw tables from a folder of publishers' files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars import selectors as cs

from pipelines.contracts.enforce import write_pieces
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.files import file_sha256
from pipelines.publishers import naics, oews, onet, projections, projections_central, qcew, soc
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import SourceDeclaration, Vintage, declared_sources
from pipelines.tables import TableName
from pipelines.warehouse.engine import sorted_pieces


@dataclass(frozen=True)
class SourceFile:
    """A publisher's file as met."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Written:
    """A raw table that memory does not hold: a Parquet file, held to its contract."""

    path: Path
    height: int


RawTables = dict[TableName, pl.DataFrame | Written]


@dataclass(frozen=True)
class RawSource:
    """The raw tables of one source, and the files and vintage they come from."""

    source: str
    vintage: Vintage
    files: tuple[SourceFile, ...]
    tables: RawTables


def _soc(source: SourceDeclaration, files: dict[str, Path], _: Path) -> tuple[Vintage, RawTables]:
    (path,) = files.values()
    return source.vintages[0], {TableName("raw", "soc"): soc.parse_structure(path)}


def _naics(source: SourceDeclaration, files: dict[str, Path], _: Path) -> tuple[Vintage, RawTables]:
    (path,) = files.values()
    return source.vintages[0], {TableName("raw", "naics"): naics.parse_codes(path)}


def _oews(source: SourceDeclaration, files: dict[str, Path], _: Path) -> tuple[Vintage, RawTables]:
    parsed = oews.parse(files)
    edition = parsed.release.row(0, named=True)
    release = parsed.release.select(
        "period",
        pl.col("release_date").alias("release_code"),
        "description",
        pl.lit(parsed.top_code_hourly_usd, pl.Float64).alias("top_code_hourly_usd"),
        pl.lit(parsed.top_code_annual_usd, pl.Int64).alias("top_code_annual_usd"),
    )
    frames = {
        "oews_area": parsed.area,
        "oews_industry": parsed.industry,
        "oews_occupation": parsed.occupation,
        "oews_release": release,
        "oews_area_occupation": parsed.area_occupation,
        "oews_industry_occupation": parsed.industry_occupation,
    }
    vintage = source.vintage_of(edition["period"], edition["description"])
    tables = {TableName("raw", name): frame.with_columns(cs.enum().cast(pl.String)) for name, frame in frames.items()}
    order = contracts()[TableName("raw", "oews_area")].column_names
    return vintage, {**tables, TableName("raw", "oews_area"): tables[TableName("raw", "oews_area")].select(order)}


#: Rows of QCEW that are taken: all sizes of establishments together, of the nation, states and counties.
_QCEW_KEPT = (
    (pl.col("size_code") == "0")
    & pl.col("agglvl_code").str.contains("^[157][0-8]$")
    # counties that the publisher could not tell have no place of their own
    & ~pl.col("area_fips").str.contains("^[0-9]{2}99[0-9]$")
)


#: Rows of annual averages made of quarters that are one frame.
_QCEW_FRAME_ROWS = 500_000


def _qcew_cells(annual: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame of annual averages as raw.qcew has them."""
    places = {"US000": "US"} | {f"{state}000": postal_code for state, postal_code in postal_code_of_fips().items()}
    return annual.select(
        pl.col("area_fips").replace(places).alias("area_id"),
        "own_code",
        pl.col("industry_code").alias("naics_code"),
        # the total of all owners stands at the depth of the owners' totals
        (pl.col("agglvl_code").str.slice(1, 1).cast(pl.Int64) - 1).clip(0).alias("depth"),
        "year",
        pl.col("establishments").cast(pl.Float64),
        "employment",
        pl.col("wages_usd").cast(pl.Float64),
        "status",
    )


#: Industries at each depth below all of an owner, in words.
_QCEW_DEPTHS = ("domains", "supersectors", "sectors", *(f"{digits}-digit industries" for digits in (3, 4, 5, 6)))


def _refuse_parts_of_areas(table: Path, place: str) -> None:
    """Raise for slices by industry that lack some: the industries of every depth have all of an owner's establishments.

    `place` is where the slices of a {year} lie. Establishments are published where jobs are withheld, and each row is
    rounded.
    """
    summed = (
        pl.scan_parquet(table)
        .filter(pl.col("own_code") != "0")
        .group_by("year", "area_id", "own_code", "depth")
        .agg(pl.col("establishments").sum(), pl.len().alias("rows"))
        .collect(engine="streaming")
    )
    owner = ["year", "area_id", "own_code"]
    # half a unit a row and for the total at the most, of many rows no more than six standard deviations of their sum
    addends = pl.col("rows") + 1
    rounding = pl.min_horizontal(0.5 * addends, 6 * (addends / 12).sqrt())
    every_depth = summed.select(owner).unique().join(pl.DataFrame({"depth": range(8)}), how="cross")
    total = summed.filter(pl.col("depth") == 0).select(*owner, total="establishments")
    lacking = (
        every_depth.join(summed, on=[*owner, "depth"], how="left")
        .join(total, on=owner, how="left")
        .with_columns(pl.col("establishments", "rows").fill_null(0))
        .filter(pl.col("total").is_null() | ((pl.col("establishments") - pl.col("total")).abs() > rounding))
        .sort(*owner, "depth")
    )
    if lacking.is_empty():
        return
    found = lacking.row(0, named=True)
    whole = "slices by industry make a whole only with those of all codes of every level; "
    raise BadInputError(
        source=qcew.SOURCE,
        file=place.format(year=found["year"]),
        place=f"area {found['area_id']}, owner {found['own_code']}",
        problem=whole + "all industries (10.csv) are missing"
        if found["total"] is None
        else f"{whole}{_QCEW_DEPTHS[found['depth'] - 1]} add up to fewer or more establishments than the "
        f"{found['total']:.0f} of all industries",
        value=None if found["total"] is None else f"{found['establishments']:.0f}",
    )


def _qcew(source: SourceDeclaration, files: dict[str, Path], scratch: Path) -> tuple[Vintage, RawTables]:
    table = contracts()[TableName("raw", "qcew")]
    paths = [files[name] for name in sorted(files)]
    quarterly = [name for name in sorted(files) if qcew.is_quarterly(name)]
    if quarterly and len(quarterly) < len(files):
        raise BadInputError(
            source=qcew.SOURCE,
            file=quarterly[0],
            problem="quarterly files and annual ones cannot be taken together",
            value=", ".join(sorted(files.keys() - {*quarterly})),
        )
    published = scratch / "published.parquet"
    if quarterly:
        qcew.refuse_lone_quarters(quarterly)
        qcew.write_quarterly(paths, published, keep=_QCEW_KEPT)
        qcew.refuse_short_years(pl.scan_parquet(published).select("year", "qtr").unique().collect())
        order = sorted(qcew.CELL, key=lambda name: name != "year")
        pieces = qcew.annual_in_pieces(sorted_pieces(published, order))
    else:
        # years of all counties are more than memory holds
        qcew.write_annual(paths, published, keep=_QCEW_KEPT)
        pieces = sorted_pieces(published, ("year", "area_fips", "own_code", "industry_code"))
    written = Written(*write_pieces(table, map(_qcew_cells, pieces), scratch))
    published.unlink()
    if any("/industry/" in name for name in files):
        _refuse_parts_of_areas(written.path, "{year}/1 to 4/industry" if quarterly else "{year}/a/industry")
    newest = str(pl.scan_parquet(written.path).select(pl.col("year").max()).collect().item())
    vintage = source.vintage_of(newest, f"annual averages of {newest}")
    if quarterly and written.height <= _QCEW_FRAME_ROWS:  # as the bundle has it
        return vintage, {table.table: pl.read_parquet(written.path).sort("year", "area_id", "own_code", "naics_code")}
    return vintage, {table.table: written}


def _period(base_year: int, projected_year: int) -> str:
    """2024-34 for the years 2024 and 2034."""
    return f"{base_year}-{projected_year % 100:02d}"


def _projections(source: SourceDeclaration, files: dict[str, Path], _: Path) -> tuple[Vintage, RawTables]:
    workbook = files[source.file_names[0]]
    (assignments,) = (path for path in files.values() if path != workbook)
    tables = projections.parse_occupation(workbook)
    education = projections.parse_education(assignments)
    if (base_year := education["base_year"][0]) != tables.base_year:
        raise BadInputError(
            source=projections.SOURCE,
            file=assignments.name,
            problem=f"of another edition than {workbook.name}, whose base year is {tables.base_year}",
            value=base_year,
        )
    period = _period(tables.base_year, tables.projected_year)
    frames = {"ep_occupation": tables.occupation, "ep_separations": tables.separations, "ep_education": education}
    return source.vintage_of(period, period), {TableName("raw", name): frame for name, frame in frames.items()}


def _projections_central(source: SourceDeclaration, files: dict[str, Path], _: Path) -> tuple[Vintage, RawTables]:
    if files.keys() <= {file.name for file in source.instead}:
        (path,) = files.values()
        states = projections_central.parse_bulk(path, period=projections_central.years_in_name(path)).states
    else:
        pages: dict[str, list[Path]] = {}
        # page 0 has no number in its name; of the others, 10 comes after 9
        for path in sorted(files.values(), key=lambda path: (len(path.name), path.name)):
            pages.setdefault(path.stem.split("_")[2], []).append(path)
        states = pl.concat(projections_central.parse_api(pages[fips], fips=fips).states for fips in sorted(pages))
    cells = states.select(
        pl.col("state_fips").replace_strict(postal_code_of_fips()).alias("area_id"), pl.exclude("state_fips")
    ).sort("area_id", "soc_code")
    cycles = [_period(*years) for years in states.select("base_year", "projected_year").unique().sort(pl.all()).rows()]
    vintage = source.vintage_of(", ".join(cycles), f"{', '.join(cycles)} by state")
    return vintage, {TableName("raw", "projections_central"): cells}


def _onet(source: SourceDeclaration, files: dict[str, Path], _: Path) -> tuple[Vintage, RawTables]:
    zones, crosswalk = (files[name] for name in source.file_names)
    rated = onet.parse_job_zones(zones)
    # the files name no edition: the newest rating is all they say of their time
    newest = str(rated["date"].max())
    by_soc = onet.job_zone_by_soc(rated, onet.parse_onet_to_soc(crosswalk))
    return source.vintage_of(newest, f"job zones rated up to {newest}"), {TableName("raw", "onet_job_zone"): by_soc}


_PARSERS: dict[str, Callable[[SourceDeclaration, dict[str, Path], Path], tuple[Vintage, RawTables]]] = {
    "soc": _soc,
    "naics": _naics,
    "oews": _oews,
    "qcew": _qcew,
    "projections": _projections,
    "projections_central": _projections_central,
    "onet": _onet,
}

#: Sources whose files make raw tables.
RAW_SOURCES = tuple(_PARSERS)


def parse_source(source: str, files: dict[str, Path], scratch: Path) -> RawSource:
    """Parse the files of one source; a table that memory does not hold is written to the folder `scratch`.

    Raises BadInputError that names source, file, place and value.
    """
    ordered = sorted(files.items())
    with ThreadPoolExecutor(max_workers=1) as pool:
        checksums = pool.map(file_sha256, [path for _, path in ordered])
        vintage, tables = _PARSERS[source](declared_sources()[source], files, scratch)
        described = tuple(
            SourceFile(name, checksum, path.stat().st_size)
            for (name, path), checksum in zip(ordered, checksums, strict=True)
        )
    return RawSource(source, vintage, described, tables)
