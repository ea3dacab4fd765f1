"""BLS Quarterly Census of Employment and Wages, CSV files of https://data.bls.gov/cew/data/.

A row is a cell: area, owner, industry, level of aggregation and size class in a year or quarter. Annual and quarterly
files come as one file (`singlefile`), by area or industry (with five title columns), and as slices of the open data
service. The layouts differ in titles and in the name of the establishment count, not in meaning. Jobs are counted again
at every level of aggregation. Files are read in pieces, so that a file of any size takes little memory.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import ZipFile

import polars as pl
import pyarrow.parquet as pq

from pipelines.contracts.enforce import write_pieces
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.files import (
    ENDS_IN_CR,
    IN_UTF_16,
    ZIP_FAULTS,
    atomic,
    copy,
    files_of,
    is_zip,
    require_text,
    zip_members,
    zip_problem,
)
from pipelines.publishers.common import SEMICOLONS, Read, Table, Written, line_chunks, match_columns
from pipelines.publishers.duplicates import key_hashes, repeated
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import SourceDeclaration, Vintage
from pipelines.tables import TableName, parquet_path, row_count
from pipelines.texts import is_utf_16
from pipelines.warehouse.engine import sorted_pieces
from pipelines.warehouse.slices import part_file

SOURCE = "qcew"
TABLES = ("qcew",)
STATUSES = ("ok", "withheld")

#: The columns that identify a cell in all quarters of a year.
CELL = ("area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year")
#: The key of a row, in every layout.
KEY = (*CELL, "qtr")

_CODES: dict[str, pl.DataType] = {
    **dict.fromkeys(KEY, pl.String()),
    "year": pl.Int64(),
    "status": pl.String(),
    "establishments": pl.Int64(),
}
ANNUAL_SCHEMA = pl.Schema(
    {**_CODES, "establishments": pl.Float64(), "employment": pl.Float64(), "wages_usd": pl.Int64()}
)
QUARTERLY_SCHEMA = pl.Schema(
    {
        **_CODES,
        **dict.fromkeys(("month1_employment", "month2_employment", "month3_employment", "wages_usd"), pl.Int64()),
    }
)

_TITLES = ("area_title", "own_title", "industry_title", "agglvl_title", "size_title")


class _Layout(NamedTuple):
    """Columns of a file (our name -> pattern of the publisher's), its quarters (a pattern), and the columns kept.

    A column that is not kept is named by its pattern. `figures` are withheld together; establishments never are. `pay`
    is the column of wages per job, for so many `weeks` of the period (1: the whole period).
    """

    columns: Mapping[str, str]
    qtr: str
    figures: tuple[str, ...]
    schema: pl.Schema
    pay: str
    weeks: int


def _layout(measures: Mapping[str, str], qtr: str, schema: pl.Schema, pay: str, weeks: int) -> _Layout:
    """Derive the columns: every measure has a location quotient and a change over the year beside it."""
    columns = {name: name for name in (*KEY, "disclosure_code")}
    columns |= {ours: pattern for pattern, ours in measures.items()}
    columns |= {name: name for name in ("lq_disclosure_code", "oty_disclosure_code")}
    for pattern in measures:
        derived = (f"lq_{pattern}", f"oty_{pattern}_chg", f"oty_{pattern}_pct(?:_chg)?")
        columns |= {name: name for name in derived}
    kept = tuple(name for name in schema if name in measures.values())
    return _Layout(columns, qtr, tuple(name for name in kept if name != "establishments"), schema, pay, weeks)


_ANNUAL = _layout(
    {
        "annual_avg_estabs(?:_count)?": "establishments",
        "annual_avg_emplvl": "employment",
        "total_annual_wages": "wages_usd",
        "taxable_annual_wages": "taxable_annual_wages",
        "annual_contributions": "annual_contributions",
        "annual_avg_wkly_wage": "annual_avg_wkly_wage",
        "avg_annual_pay": "avg_annual_pay",
    },
    "^A$",
    ANNUAL_SCHEMA,
    "avg_annual_pay",
    1,
)
_QUARTERLY = _layout(
    {
        "qtrly_estabs(?:_count)?": "establishments",
        "month1_emplvl": "month1_employment",
        "month2_emplvl": "month2_employment",
        "month3_emplvl": "month3_employment",
        "total_qtrly_wages": "wages_usd",
        "taxable_qtrly_wages": "taxable_qtrly_wages",
        "qtrly_contributions": "qtrly_contributions",
        "avg_wkly_wage": "avg_wkly_wage",
    },
    "^[1-4]$",
    QUARTERLY_SCHEMA,
    "avg_wkly_wage",
    13,
)

_WITHHELD = "N"
# No establishment in the period: the files complete the four quarters of a cell with such rows of zeros. With the
# zeros, industries add up to the level above them to the dollar.
_NO_ESTABLISHMENTS = "-"
_DISCLOSURES = ("", _WITHHELD, _NO_ESTABLISHMENTS)

# total, federal, state, local, international, private, all government, all without federal
_OWNERS = ("0", "1", "2", "3", "4", "5", "8", "9")
_LEVELS = (
    *(f"{area}{depth}" for area in "1457" for depth in "012345678"),  # nation, metro, state, county
    *(f"2{depth}" for depth in "12345678"),  # nation by size of establishment
    *(f"6{depth}" for depth in "1234"),  # states by size of establishment
    "30",  # combined areas
    "80",  # micropolitan areas
    *("91", "92", "93", "94", "95", "96"),  # totals of other kinds, 96 all government of a state
)
_AREA = "^(?:US[0-9A-Z]{3}|CS[0-9]{3}|C[0-9]{3}[0-9A-Z]|[0-9]{5})$"
_COUNTY = "[0-9]{2}(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])"
# a level followed by an area of its kind
_LEVEL_AREA = (
    "^(?:[12].US000|30C[0-9S][0-9]{2}[0-9A-Z]|[48].C[0-9]{3}[0-9A-Z]|[56].[0-9]{2}000|"
    f"7.{_COUNTY}|9[1-5]US[0-9A-Z]{{3}}|96[0-9]{{2}}000)$"
)
_SECTOR = "(?:11|2[1-3]|42|5[1-6]|6[12]|7[12]|81|92|99)"
_SUBSECTOR = "(?:11|2[1-3]|3[1-3]|4[24589]|5[1-6]|6[12]|7[12]|81|92|99)[0-9]"
# the depth of a level followed by an industry of that depth: all, all of an owner, domain, supersector, sector, and
# NAICS of three to six digits
_DEPTH_INDUSTRY = (
    f"^(?:[01]10|210[12]|310[12][0-9]|4(?:{_SECTOR}|31-33|44-45|48-49)|"
    f"5{_SUBSECTOR}|6{_SUBSECTOR}[0-9]|7{_SUBSECTOR}[0-9]{{2}}|8{_SUBSECTOR}[0-9]{{3}})$"
)
_WHOLE = "^[0-9]{1,15}$"

_YEAR_IN_FOLDERS = re.compile(r"(?:^|/)((?:19|20)[0-9]{2})/[a1-4]/(?:area|industry)/[^/]+$")
_YEAR_IN_NAME = re.compile(r"((?:19|20)[0-9]{2})[._]")
_CHUNK_BYTES = 8 * 1024 * 1024
_ROW_GROUP_ROWS = 500_000
_MOST_SUSPECTS = 1_000
#: Up to so many rows of annual averages made of quarters become one frame.
_FRAME_ROWS = 500_000
#: The states and the District of Columbia: a vintage of all of them and the nation is whole.
_STATES = 51
#: So many states or counties are named one by one.
_FEW = 5
#: Sums may be off by this share of their total beside rounding.
_SLACK = 0.002
#: Jobs of an establishment over all areas of the files; in states there are 10 to 20.
_JOBS_OF_ESTABLISHMENT = (2, 500)

_fault = partial(BadInputError, source=SOURCE)


#: The rows that are taken: all sizes of establishments together, of the nation, states and counties.
_KEPT = (
    (pl.col("size_code") == "0")
    & pl.col("agglvl_code").str.contains("^[157][0-8]$")
    # counties that the publisher could not determine are no areas
    & ~pl.col("area_fips").str.contains("^[0-9]{2}99[0-9]$")
)


def read(
    source: SourceDeclaration, files: Mapping[str, Path], scratch: Path, made: Mapping[str, Path] | None = None
) -> Read:
    """Annual averages as raw.qcew, from annual files or from all four quarters of each year.

    `made` are the tables of some years, as `read_part` made them of the same files. The table is written to `scratch`,
    as years of all counties do not fit into memory: as a file, or for several years as a folder with a file of each.
    """
    quarterly = _quarterly(files)
    known = made or {}
    tables = {
        year: known.get(year) or read_part({name: files[name] for name in names}, scratch / f"part{year}")
        for year, names in parts(files).items()
    }
    target = scratch / "years.parquet"
    for year, table in tables.items():
        copy(table, target / part_file(year, 0) if len(tables) > 1 else target)
    written = Written(target, row_count(target))
    vintage = _vintage(source, written.path)
    if quarterly and written.height <= _FRAME_ROWS:  # as the bundle has it
        return vintage, {
            "qcew": pl.read_parquet(written.path, glob=False).sort("year", "area_id", "own_code", "naics_code")
        }
    return vintage, {"qcew": written}


def parts(names: Iterable[str]) -> dict[str, list[str]]:
    """The names of files by the year in them, each of which is read by itself; as one, "", if one names no year."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        year = _YEAR_IN_FOLDERS.search(name) or _YEAR_IN_NAME.match(name.rsplit("/", 1)[-1])
        found.setdefault(year[1] if year else "", []).append(name)
    return {"": sorted(names)} if "" in found else dict(sorted(found.items()))


def read_part(files: Mapping[str, Path], folder: Path) -> Path:
    """Write the rows of raw.qcew that one part of the files holds to `folder`, sorted; returns the Parquet file.

    Raises BadInputError for rows of another year than the part's.
    """
    folder.mkdir(parents=True)
    paths = [files[name] for name in sorted(files)]
    quarterly = _quarterly(files)
    published = folder / "published.parquet"
    refuse_lone_quarters(quarterly)
    write_published(paths, published, quarterly=bool(quarterly), keep=_KEPT)
    if quarterly:
        refuse_short_years(
            pl.scan_parquet(published, glob=False).select("year", "qtr").unique().collect(engine="streaming")
        )
        order = sorted(CELL, key=lambda name: name != "year")
        pieces = annual_in_pieces(sorted_pieces(published, order))
    else:
        pieces = sorted_pieces(published, ("year", "area_fips", "own_code", "industry_code"))
    table = contracts()[TableName("raw", "qcew")]
    written, _ = write_pieces(table, map(_cells, pieces), parquet_path(folder, table.table))
    published.unlink()
    _refuse_other_years(files, written)
    return written


def _quarterly(files: Mapping[str, Path]) -> list[str]:
    """The names of files that hold quarters. Raises BadInputError when only some do."""
    quarterly = [name for name in sorted(files) if _holds_quarters(name, files[name])]
    if quarterly and len(quarterly) < len(files):
        problem = "quarterly files and annual ones cannot be taken together"
        raise _fault(file=quarterly[0], problem=problem, value=", ".join(sorted(files.keys() - {*quarterly})))
    return quarterly


def _refuse_other_years(files: Iterable[str], table: Path) -> None:
    """Raise BadInputError for rows of another year than the one in the names of their files."""
    ((year, names),) = parts(files).items()
    held = pl.scan_parquet(table, glob=False).select("year").unique().collect(engine="streaming")["year"].sort()
    if year and (other := [str(found) for found in held if str(found) != year]):
        problem = f"rows of another year than {year}, which the name of the file says"
        raise _fault(file=", ".join(names[:3]), problem=problem, value=", ".join(other))


def _cells(annual: pl.DataFrame) -> pl.DataFrame:
    """Annual averages in the columns of raw.qcew."""
    places = {"US000": "US"} | {f"{state}000": postal_code for state, postal_code in postal_code_of_fips().items()}
    return annual.select(
        pl.col("area_fips").replace(places).alias("area_id"),
        "own_code",
        pl.col("industry_code").alias("naics_code"),
        # the total of all owners has the depth of the owners' totals
        (pl.col("agglvl_code").str.slice(1, 1).cast(pl.Int64) - 1).clip(0).alias("depth"),
        "year",
        pl.col("establishments").cast(pl.Float64),
        "employment",
        pl.col("wages_usd").cast(pl.Float64),
        "status",
    )


def _vintage(source: SourceDeclaration, table: Path) -> Vintage:
    """The vintage, named by the years and areas that the files hold."""
    held = pl.scan_parquet(table, glob=False).select("year", "area_id").unique().collect(engine="streaming")
    known_years = held["year"].unique().sort().to_list()
    newest = known_years[-1]
    years = f"{newest}" if len(known_years) == 1 else f"{known_years[0]} to {newest}"
    areas = held["area_id"].unique().sort()
    states = areas.filter(areas.str.contains("^[A-Z]{2}$") & (areas != "US")).to_list()
    counties = areas.filter(areas.str.contains("^[0-9]{5}$")).to_list()
    if "US" in areas and len(states) >= _STATES:
        return source.vintage_of(str(newest), f"annual averages of {years}")
    parts = ["the nation"] if "US" in areas else []
    if states:
        parts.append("statewide files of " + _counted(states, "state", "states and territories", states))
    if counties:
        in_states = sorted({postal_code_of_fips().get(county[:2], county[:2]) for county in counties})
        parts.append(_counted(counties, "county", "counties", in_states))
    title = f"{years}, {' and '.join(parts)}"
    declared = next((vintage for vintage in source.vintages if vintage.vintage == title), None)
    notes = f"The files hold annual averages of {title}, and nothing of other areas."
    return declared or Vintage(vintage=title, reference_period=str(newest), notes=notes)


def _counted(areas: Sequence[str], one: str, many: str, names: Sequence[str]) -> str:
    """How many areas there are, with the names if they are few."""
    text = f"{len(areas)} {many}" if len(areas) > 1 else f"1 {one}"
    return text + (f" ({', '.join(names)})" if len(names) <= _FEW else "")


#: The industries of each depth below an owner's total.
_DEPTHS = ("domains", "supersectors", "sectors", *(f"{digits}-digit industries" for digits in (3, 4, 5, 6)))
_OWNER = ["year", "area_id", "own_code"]


def refuse_parts(tables: Mapping[str, pl.DataFrame | Written], files: Iterable[str]) -> None:
    """Raise for a part of an area: owners and the industries of every depth must add up to the total above them.

    Establishments are published where jobs are withheld, so they must be equal; jobs and wages must not be more than
    the total. A file that is cut short, a slice that is missing and a figure with a digit too many do not fit.
    """
    table, file = tables["qcew"], ", ".join(sorted(files)[:3])
    if isinstance(table, pl.DataFrame):
        _refuse_parts_of_areas(table.lazy(), file)
    else:
        for year in files_of(table.path):  # so that memory holds one year at a time
            _refuse_parts_of_areas(pl.scan_parquet(year, glob=False), file)


def _refuse_parts_of_areas(rows: pl.LazyFrame, file: str) -> None:
    total_of_owner = (pl.col("depth") == 0) & (pl.col("own_code") != "0")
    levels = _summed(rows.filter(pl.col("own_code") != "0"), [*_OWNER, "depth"])
    owners = levels.filter(pl.col("depth") == 0)
    every_depth = levels.select(_OWNER).unique().join(pl.DataFrame({"depth": range(1, 8)}), how="cross")
    _refuse_gaps(every_depth.join(levels, on=[*_OWNER, "depth"], how="left"), owners, _OWNER, file)
    area = ["year", "area_id"]
    by_area = _summed(rows.filter(total_of_owner), area).with_columns(pl.lit(0, pl.Int64).alias("depth"))
    all_owners = _summed(rows.filter((pl.col("own_code") == "0") & (pl.col("depth") == 0)), area)
    jobs, establishments = (float(all_owners[name].fill_null(0).sum()) for name in ("employment", "establishments"))
    low, high = _JOBS_OF_ESTABLISHMENT
    if jobs and not low * establishments <= jobs <= high * establishments:
        problem = (
            f"{jobs:,.0f} jobs in {establishments:,.0f} establishments, which cannot be: figures have another unit"
        )
        raise _fault(file=file, problem=problem, value=f"{jobs:,.0f}")
    areas = pl.concat([by_area.select(area), all_owners.select(area)]).unique()
    _refuse_gaps(areas.join(by_area, on=area, how="left"), all_owners, area, file)


_ADDED = ("establishments", "employment", "wages_usd")


def _summed(rows: pl.LazyFrame, key: Sequence[str]) -> pl.DataFrame:
    """The sums of figures by key, and the number of rows; withheld figures add nothing, and of one a total is null."""
    known = (pl.when(pl.len() > pl.col(name).null_count()).then(pl.col(name).sum()).alias(name) for name in _ADDED)
    return rows.group_by(key).agg(pl.len().alias("rows"), *known).collect(engine="streaming")


def _refuse_gaps(parts: pl.DataFrame, totals: pl.DataFrame, key: list[str], file: str) -> None:
    """Raise for the first parts that do not add up to their total."""
    named = totals.select(*key, *(pl.col(name).alias(f"total_{name}") for name in _ADDED))
    # Each figure is rounded: the sum of many is off by six standard deviations at most. The mean of four counts ends in
    # a half in one case of four, which is rounded up: on average an eighth too much.
    addends = pl.col("rows") + 1
    rounding = pl.min_horizontal(0.5 * addends, 6 * (addends / 12).sqrt() + addends / 8)
    compared = parts.join(named, on=key, how="left").with_columns(pl.col("rows", "establishments").fill_null(0))
    gaps = {
        name: pl.col(name) - pl.col(f"total_{name}") - pl.max_horizontal(rounding, _SLACK * pl.col(f"total_{name}"))
        for name in _ADDED
    }
    lacks = pl.col("total_establishments") - pl.col("establishments") - rounding
    found = compared.filter(
        pl.col("total_establishments").is_null()
        | (lacks > _SLACK * pl.col("total_establishments"))
        | pl.any_horizontal(gap.fill_null(0) > 0 for gap in gaps.values())
    ).sort(*key, "depth", nulls_last=True)
    if not found.is_empty():
        raise _gap(found.row(0, named=True), gaps, file)


def _gap(found: Mapping[str, Any], gaps: Mapping[str, pl.Expr], file: str) -> BadInputError:
    """The error for parts that do not add up to their total."""
    what = "owners" if "own_code" not in found else _DEPTHS[found["depth"] - 1]
    place = f"year {found['year']}, area {found['area_id']}"
    place += f", owner {found['own_code']}" if "own_code" in found else ""
    if found["total_establishments"] is None:
        problem = "the row of all industries (10) is missing: a part of the area's rows, or of its slices, is not there"
        return _fault(file=file, place=place, problem=problem)
    words = {"establishments": "establishments", "employment": "jobs", "wages_usd": "dollars of wages"}
    name = next(
        (name for name in gaps if (found[name] or 0) > (1 + _SLACK) * (found[f"total_{name}"] or float("inf"))),
        "establishments",
    )
    problem = (
        f"{what} do not add up to the {found[f'total_{name}']:,.0f} {words[name]} of the row above them: the file is "
        "cut short, a slice is missing (of industries all must be there), or a figure is wrong"
    )
    return _fault(file=file, place=place, problem=problem, value=f"{found[name]:,.0f}")


def write_published(
    paths: Sequence[Path], target: Path, *, quarterly: bool = False, keep: pl.Expr | None = None
) -> int:
    """Write the rows of CSVs and zips of CSVs as Parquet (ANNUAL_SCHEMA, QUARTERLY_SCHEMA), in the publisher's order.

    Annual: `employment` is the average of jobs and `wages_usd` the wages of the year. Quarterly: `month1_employment` to
    `month3_employment` are jobs in the months and `wages_usd` the wages of the quarter; without establishments, the
    status is ok and all are 0. Figures are null where `status` is withheld; `establishments` is always given (0 can be
    an average below a half). `keep`, over the columns of the result, selects the rows to write; all rows are checked.
    Returns the number of rows. Raises BadInputError that names file, line, column and value for anything unknown,
    and for a cell given twice in any of the files; an older `target` then stays as it was.
    """
    layout = _QUARTERLY if quarterly else _ANNUAL
    schema = layout.schema.to_frame().to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    rows = 0
    with atomic(target) as path, pq.ParquetWriter(path, schema, compression="snappy") as writer:
        for frame in _gathered(_frames(paths, layout, keep)):
            writer.write_table(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
            rows += frame.height
    return rows


def annual_in_pieces(pieces: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Make annual averages (ANNUAL_SCHEMA) of quarters: pieces in which the rows of a cell are consecutive.

    Employment is the mean of the twelve months and establishments the mean of the four counts, neither rounded, so that
    cells add up; wages are the sum. A cell with a withheld or missing quarter is withheld, because part of a year is no
    annual average; a missing quarter adds no establishments. A quarter without establishments counts 0 jobs. Raises
    BadInputError for a cell with two rows in a quarter. Call refuse_short_years first.
    """
    held: pl.DataFrame | None = None
    for piece in pieces:
        rows = piece if held is None else pl.concat([held, piece])
        is_last = pl.struct(CELL) == pl.struct(CELL).last()
        held, whole = rows.filter(is_last), rows.filter(~is_last)
        if whole.height:
            yield _annual(whole).sort(KEY)
    if held is not None and held.height:
        yield _annual(held)


def refuse_short_years(quarters: pl.DataFrame) -> None:
    """Raise BadInputError for a year (`year`) without all four quarters (`qtr`)."""
    short = quarters.group_by("year").agg(pl.col("qtr").unique().sort()).filter(pl.col("qtr").list.len() < 4)
    if short.height:
        year, present = short.sort("year").row(0)
        problem = "an annual average needs all four quarters"
        raise _fault(file="quarters", place=f"year {year}", problem=problem, value=", ".join(present))


def _annual(quarters: pl.DataFrame) -> pl.DataFrame:
    months = [pl.col(name) for name in QUARTERLY_SCHEMA if name.startswith("month")]
    cells = quarters.group_by(CELL).agg(
        pl.len().alias("rows"),
        pl.col("qtr").n_unique().alias("quarters"),
        ((pl.col("qtr").n_unique() == 4) & (pl.col("status") == "ok").all()).alias("is_whole"),
        (pl.col("establishments").sum() / 4).alias("establishments"),
        (pl.sum_horizontal(months).sum() / 12).alias("employment"),
        pl.col("wages_usd").sum(),
    )
    twice = cells.filter(pl.col("rows") > pl.col("quarters")).sort(CELL)
    if twice.height:
        cell = "/".join(map(str, twice.select(CELL).row(0)))
        place = f"year {twice['year'][0]}"
        raise _fault(file="quarters", place=place, problem="two rows of one cell in a quarter", value=cell)
    is_whole = pl.col("is_whole")
    return cells.select(
        *CELL,
        pl.lit("A").alias("qtr"),
        pl.when(is_whole).then(pl.lit("ok")).otherwise(pl.lit("withheld")).alias("status"),
        "establishments",
        pl.when(is_whole).then("employment"),
        pl.when(is_whole).then("wages_usd"),
    )


def _frames(paths: Sequence[Path], layout: _Layout, keep: pl.Expr | None) -> Iterator[pl.DataFrame]:
    """Yield typed frames piece by piece; after the last, refuse cells given twice."""
    hashes: list[pl.Series] = []
    for table in _tables(paths, layout):
        hashes.append(key_hashes(table.frame, KEY))
        frame = _typed(table.frame, layout)
        yield frame if keep is None else frame.filter(keep)
    _refuse_duplicates(paths, layout, hashes)


def _gathered(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Join small frames, because each becomes a row group of the Parquet file."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        if sum(each.height for each in waiting) >= _ROW_GROUP_ROWS:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


def _refuse_duplicates(paths: Sequence[Path], layout: _Layout, hashes: list[pl.Series]) -> None:
    """Raise for a cell given twice. Hashes find the suspects; the files are read again only when there are any."""
    suspects = repeated(hashes).head(_MOST_SUSPECTS)
    if not suspects.len():
        return
    met = pl.concat(
        table.frame.filter(key_hashes(table.frame, KEY).is_in(suspects.implode())).select(
            *KEY, "row", pl.lit(table.file).alias("file")
        )
        for table in _tables(paths, layout)
    )
    twice = met.filter(~pl.struct(KEY).is_first_distinct())
    if twice.height:
        second = twice.row(0, named=True)
        first = met.join(twice.head(1), on=KEY, how="semi").row(0, named=True)
        raise _fault(
            file=second["file"],
            place=f"line {second['row']}",
            problem=f"the cell was given before, in line {first['row']} of {first['file']}",
            value="/".join(second[name] for name in KEY),
        )


def _tables(paths: Sequence[Path], layout: _Layout) -> Iterator[Table]:
    """Yield checked pieces of all files as text."""
    for path in paths:
        if is_zip(path):
            yield from _zip_tables(path, layout)
        else:
            require_text(path, SOURCE)
            with path.open("rb") as handle:
                yield from _Csv(_shown(path), handle, layout).tables()


#: A slice, with the folders of its year and quarter as in its address.
_SLICE = re.compile(r"(?P<year>[12][0-9]{3})/(?P<qtr>[a1-4])/(?P<kind>area|industry)/[^/]+\.csv")

_LONE_SLICE = re.compile(r"[A-Z0-9_-]+(?: ?\([0-9]+\))?\.csv", re.IGNORECASE)


def _shown(path: Path) -> str:
    """A file's name; for a slice with the folders of its year and quarter."""
    name = "/".join(path.parts[-4:])
    return name if _SLICE.fullmatch(name) else path.name


def is_quarterly(name: str) -> bool:
    """Whether a file holds quarters, by its name (for a slice with its folders)."""
    found = _SLICE.fullmatch(name)
    return found["qtr"] != "a" if found else "qtrly" in name or ".q1-q4" in name


def _holds_quarters(name: str, path: Path) -> bool:
    """Whether a file holds quarters, by its name or, of a slice without its folders, by its header."""
    if is_quarterly(name) or not _LONE_SLICE.fullmatch(name.rsplit("/", 1)[-1]) or _SLICE.fullmatch(name):
        return is_quarterly(name)
    with path.open("rb") as handle:
        return b"qtrly_estabs" in handle.readline(64 * 1024)


def refuse_lone_quarters(names: Iterable[str]) -> None:
    """Raise BadInputError for a slice by quarter without the other quarters: all its cells would be withheld."""
    present: dict[tuple[str, str], set[str]] = {}
    for name in names:
        if _SLICE.fullmatch(name):
            year, quarter, place = name.split("/", 2)
            present.setdefault((year, place), set()).add(quarter)
    for (year, place), quarters in sorted(present.items()):
        if missing := sorted(set("1234") - quarters):
            problem = "missing; slices by quarter make a year only with all four quarters"
            raise _fault(file=f"{year}/{missing[0]}/{place}", problem=problem, value=", ".join(sorted(quarters)))


def _zip_tables(path: Path, layout: _Layout) -> Iterator[Table]:
    """Yield the pieces of every CSV in a zip archive. Refuses other files in it."""
    fault = partial(_fault, file=path.name)
    try:
        with ZipFile(path) as archive:
            members = zip_members(archive)
            if not members:
                raise fault(problem="the zip archive holds no file")
            for member in members:
                if not member.filename.lower().endswith(".csv"):
                    raise fault(problem="not a CSV in the zip archive", value=member.filename)
                with archive.open(member) as handle:
                    yield from _Csv(f"{path.name}/{member.filename}", handle, layout).tables()
    except ZIP_FAULTS as error:
        raise fault(problem=zip_problem(error)) from error


class _Csv:
    """Reads one CSV in pieces of whole lines: checked Tables of text (blanks are empty strings)."""

    def __init__(self, file: str, handle: IO[bytes], layout: _Layout) -> None:
        self.file, self.handle, self.layout = file, handle, layout
        named = _YEAR_IN_NAME.match(file.rsplit("/", 1)[-1])
        self.year = named[1] if named else None

    def fail(self, place: str, problem: str, value: object = None) -> BadInputError:
        return _fault(file=self.file, place=place, problem=problem, value=value)

    def tables(self) -> Iterator[Table]:
        names, headers = self._header()
        is_empty = True
        for first_line, count, chunk in line_chunks(self.handle, _CHUNK_BYTES, self.fail):
            is_empty = False
            table = Table(self._split(chunk, names, first_line, count), headers, SOURCE, self.file, "line")
            if self.year is None:
                self.year = table.frame["year"][0]
            self._check(table)
            yield table
        if is_empty:
            raise self.fail("line 2", "no data rows under the header")

    def _header(self) -> tuple[list[str], dict[str, str]]:
        """Our names in the order of the file, and the publisher's name of each."""
        line = self.handle.readline(64 * 1024)
        if is_utf_16(line):
            raise self.fail("line 1", IN_UTF_16)
        if not line.strip():
            raise self.fail("line 1", "no header: the file is empty or begins with a blank line")
        if b"\r" in line.rstrip(b"\r\n"):
            raise self.fail("line 1", ENDS_IN_CR)
        if b";" in line and b"," not in line:
            raise self.fail("line 1", SEMICOLONS, line[:60].decode("utf-8", "replace"))
        try:
            published = [name.strip() for name in next(csv.reader([line.decode("utf-8-sig", "replace")], strict=True))]
        except csv.Error as error:
            problem = "the header cannot be read as comma-separated text: a quote opens in it and is not closed"
            raise self.fail("line 1", problem, line[:60].decode("utf-8", "replace")) from error
        columns = dict(self.layout.columns)
        if any(name in _TITLES for name in published):
            columns |= {name: name for name in _TITLES}
        present = {str(at): name for at, name in enumerate(published)}
        taken = match_columns(present, columns, source=SOURCE, file=self.file, place="line 1")
        name_at = {int(at): name for name, at in taken.items()}
        names = [name_at[at] for at in range(len(published))]
        return names, dict(zip(names, published, strict=True))

    def _split(self, chunk: bytes, names: list[str], first_line: int, count: int) -> pl.DataFrame:
        """The columns in use of `count` lines as text, with `row`, the number of the line."""
        used = [*KEY, "disclosure_code", "establishments", *self.layout.figures, self.layout.pay]
        # polars passes over fields too many where it reads some columns only; with just the commas that the lines need,
        # a line has one too many only where another has one too few, and that one lacks its last field
        is_even = chunk.count(b",") == count * (len(names) - 1)
        read = {*used, names[-1]} if is_even else {*names}
        try:
            frame = pl.read_csv(
                io.BytesIO(chunk),
                has_header=False,
                schema=dict.fromkeys(names, pl.String),
                columns=[at for at, name in enumerate(names) if name in read],
                encoding="utf8-lossy",  # only titles have letters beyond ASCII, and they are not read
            )
        except pl.exceptions.PolarsError as error:
            raise self._misfit(chunk, len(names), first_line) from error
        # polars fills a short line with nulls; the last column always has a figure
        if frame.height != count or frame[names[-1]].null_count():
            raise self._misfit(chunk, len(names), first_line)
        texts = pl.col(used).fill_null("")
        # the publisher pads no cell, and to look for blanks costs less than to strip all cells of them
        stripped = texts.str.strip_chars() if b" " in chunk or b"\t" in chunk else texts
        return frame.select(stripped).with_row_index("row", offset=first_line)

    def _misfit(self, chunk: bytes, fields: int, first_line: int) -> BadInputError:
        """The error for the line that cannot be split into fields; called only after a failure."""
        for number, line in enumerate(chunk.decode("utf-8", "replace").split("\n")[:-1], start=first_line):
            shown = line.rstrip("\r")[:120]
            if "\r" in line.rstrip("\r"):
                return self.fail(f"line {number}", "a CR alone stands within the line, where another may begin", shown)
            if line.count('"') % 2:
                return self.fail(f"line {number}", "a quote that is not closed", shown)
            try:
                cells = next(csv.reader([line], strict=True), [])
            except csv.Error:
                return self.fail(f"line {number}", "not comma-separated text: a quote stands within a cell", shown)
            if len(cells) != fields:
                return self.fail(f"line {number}", f"{len(cells)} fields where there should be {fields}", shown)
            if not cells[-1]:
                return self.fail(f"line {number}", "the last field is empty: the line may be cut short", shown)
        return self.fail(f"lines from {first_line}", "the lines cannot be read as comma-separated text")

    def _check(self, table: Table) -> None:
        """Refuse unknown codes, markers and figures, and those that contradict each other."""
        area, own, industry, level, size, year, quarter = map(pl.col, KEY)
        other_total = level.str.starts_with("9")
        depth = pl.when(other_total).then(pl.lit("0")).otherwise(level.str.tail(1))
        stray_area = ~(level + area).str.contains(_LEVEL_AREA)
        stray_industry = ~(depth + industry).str.contains(_DEPTH_INDUSTRY)
        stray_owner = ~other_total & (((own == "0") != (depth == "0")) | (own == "8"))
        stray_size = ~level.str.contains("^[26]") & (size != "0")
        checks = [
            (~area.str.contains(_AREA), "area_fips", "not an area code"),
            (~own.is_in(_OWNERS), "own_code", "unknown ownership"),
            (~level.is_in(_LEVELS), "agglvl_code", "unknown level of aggregation"),
            (stray_area, "agglvl_code", "a level that does not fit the row's kind of area"),
            (stray_industry, "industry_code", "an industry that does not fit its level"),
            (stray_owner, "own_code", "an ownership that does not fit its level"),
            (~size.str.contains("^[0-9]$"), "size_code", "unknown size class"),
            (stray_size, "size_code", "a size class at a level without sizes"),
            (~year.str.contains("^(?:19|20)[0-9]{2}$"), "year", "not a year"),
            (year != self.year, "year", f"not the year of the file, {self.year}"),
            (~quarter.str.contains(self.layout.qtr), "qtr", "a quarter that does not fit the layout"),
        ]
        table.refuse_any([*checks, *self._wrong_figures()])

    def _wrong_figures(self) -> Iterator[tuple[pl.Expr, str, str]]:
        """A text that is no figure is told of first; what is asked of figures passes over it."""
        marker = pl.col("disclosure_code")
        yield ~marker.is_in(_DISCLOSURES), "disclosure_code", "unknown disclosure code"
        none = f"a figure beside {_NO_ESTABLISHMENTS!r}, which stands for no establishments"
        withheld = f"a figure beside {_WITHHELD!r}, which stands for a withheld one"
        for name in ("establishments", *self.layout.figures):
            text = pl.col(name)
            is_figure = text.cast(pl.Int64, strict=False) != 0
            yield text.str.contains("^-[0-9]+$"), name, "a negative figure"
            yield ~text.str.contains(_WHOLE), name, "not a whole number"
            yield (marker == _NO_ESTABLISHMENTS) & is_figure, name, none
            if name != "establishments":
                yield (marker == _WITHHELD) & is_figure, name, withheld
        pay = self.layout.pay
        yield ~pl.col(pay).str.contains(_WHOLE), pay, "not a whole number"
        yield self._strays_from_wages(), pay, "not the wages beside it divided by the jobs beside it"
        empty = (marker == _NO_ESTABLISHMENTS) & pl.col("agglvl_code").is_in(["10", "50"])
        yield empty, "disclosure_code", "a nation or state without a single establishment"

    def _strays_from_wages(self) -> pl.Expr:
        """Whether pay is given, and is not wages over jobs. Annual jobs are rounded; months are whole."""
        months = [pl.col(name).cast(pl.Float64, strict=False) for name in self.layout.figures if name != "wages_usd"]
        jobs, half = pl.mean_horizontal(months), 0.5 if len(months) == 1 else 0.0
        pay, wages = (
            pl.col(self.layout.pay).cast(pl.Float64, strict=False),
            pl.col("wages_usd").cast(pl.Float64, strict=False) / self.layout.weeks,
        )
        return (pay > 0) & (jobs >= 1) & ~pay.is_between(wages / (jobs + half) - 1, wages / (jobs - half) + 1)


def _typed(lines: pl.DataFrame, layout: _Layout) -> pl.DataFrame:
    """Turn checked text into figures; withheld figures, 0 in the files, become null."""
    is_withheld = pl.col("disclosure_code") == _WITHHELD
    return lines.with_columns(
        pl.when(is_withheld).then(pl.lit("withheld")).otherwise(pl.lit("ok")).alias("status"),
        *(pl.when(~is_withheld).then(pl.col(name)).alias(name) for name in layout.figures),
    ).select(pl.col(name).cast(dtype) for name, dtype in layout.schema.items())
