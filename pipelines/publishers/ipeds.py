"""The National Center for Education Statistics' IPEDS: completions by institution, program and award level."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import ZIP_FAULTS, last_name, listed_names, zip_members, zip_problem
from pipelines.publishers.common import CIP_PATTERN, Read, Table, read_csv_columns
from pipelines.sources import SourceDeclaration

SOURCE = "ipeds"
TABLES = ("ipeds_completions", "ipeds_institution")

_COMPLETIONS = {
    "unit_id": "UNITID",
    "cip_code": "CIPCODE",
    "major_number": "MAJORNUM",
    "award_level": "AWLEVEL",
    "awards": "CTOTALT",
    "awards_men": "CTOTALM",
    "awards_women": "CTOTALW",
}
_INSTITUTION = {
    "unit_id": "UNITID",
    "institution_name": "INSTNM",
    "state_id": "STABBR",
    "county_fips": "COUNTYCD",
    "control": "CONTROL",
}
_COUNTS = ("awards", "awards_men", "awards_women")
_KEY = ["unit_id", "major_number", "award_level"]
_UNIT_ID = "^[0-9]{6}$"
#: The code of an institution's total over all programs; codes of two and four digits are subtotals.
_ALL_PROGRAMS = "99"
_SUBTOTAL = r"^[0-9]{2}(?:\.[0-9]{2})?$"
#: Award levels since 2020, and those that they replaced: 1, 9, 10 and 11.
_AWARD_LEVELS = [str(level) for level in (*range(1, 12), 17, 18, 19, 20, 21)]
#: What IPEDS writes for a county that does not exist.
_NO_COUNTY = "-2"
_CONTROLS = {"1": "public", "2": "private_nonprofit", "3": "private_for_profit"}


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """First-major awards of each year, and institutions as of their newest list. The newest year names the vintage.

    Raises BadInputError when the years of completions are not consecutive, or the newest has no list of institutions.
    """
    years = {_year(path, "C{}_A"): path for path in files.values() if path.name.startswith("C")}
    lists = {_year(path, "HD{}"): path for path in files.values() if path.name.startswith("HD")}
    if not years or max(years) not in lists:
        missing = f"HD{max(years)}.zip" if years else f"C{max(lists)}_A.zip"
        have = ", ".join(sorted(files))
        problem = "missing; completions need the institutions of their newest year"
        raise BadInputError(source=SOURCE, file=missing, problem=problem, value=have)
    newest, oldest = max(years), min(years)
    if gaps := [f"C{year}_A.zip" for year in range(oldest, newest) if year not in years]:
        raise BadInputError(source=SOURCE, file=", ".join(gaps), problem="missing between other years")
    listed = {year: parse_institutions(path) for year, path in lists.items()}
    awarded = {
        year: _first_majors(path, listed[year]["unit_id"].to_list() if year in listed else None)
        for year, path in sorted(years.items())
    }
    _refuse_same_years(awarded, years)
    completions = pl.concat(frame.with_columns(award_year=pl.lit(year, pl.Int64)) for year, frame in awarded.items())
    columns = ["award_year", "unit_id", "cip_code", "award_level", "awards", "awards_women"]
    dated = (frame.with_columns(listed_year=pl.lit(year, pl.Int64)) for year, frame in listed.items())
    institutions = pl.concat(dated).sort("unit_id", "listed_year").unique("unit_id", keep="last")
    return source.vintage_of(str(newest), f"completions of {newest - 1}-{newest % 100:02d}"), {
        "ipeds_completions": completions.select(columns).sort("cip_code", "award_level", "unit_id", "award_year"),
        "ipeds_institution": institutions.sort("unit_id"),
    }


def _year(path: Path, stem: str) -> int:
    """The year in a file's name: 2024 for C2024_A.zip, the awards of July 2023 to June 2024."""
    named = re.fullmatch(stem.format("([12][0-9]{3})") + r"\.zip", path.name)
    if named is None:
        raise BadInputError(source=SOURCE, file=path.name, problem=f"expected a name like {stem.format(2024)}.zip")
    return int(named[1])


def _first_majors(path: Path, institutions: Sequence[str] | None) -> pl.DataFrame:
    """Awards by institution, program and award level; a second major is not another award."""
    rows = parse_completions(path, institutions).filter((pl.col("major_number") == 1) & (pl.col("awards") > 0))
    return rows.drop("major_number")


def _refuse_same_years(awarded: Mapping[int, pl.DataFrame], years: Mapping[int, Path]) -> None:
    """No two years have the same awards: one of the files would be of another year than its name says."""
    for year, frame in awarded.items():
        before = awarded.get(year - 1)
        if before is not None and frame.equals(before):
            problem = "it has the same rows as the file of the year before; one of them is of another year"
            raise BadInputError(source=SOURCE, file=years[year].name, problem=problem, value=years[year - 1].name)


def parse_completions(path: Path, institutions: Sequence[str] | None = None) -> pl.DataFrame:
    """Parse completions: unit_id, cip_code, major_number, award_level, awards, awards_women, by program of six digits.

    major_number is 1 for first and 2 for second majors. Revised figures in the same zip take the place of the first
    ones. Raises BadInputError for a damaged zip, missing columns, blanks, malformed codes, counts that are not whole
    numbers, men and women that do not add up, a row listed twice, programs that do not add up to the institution's
    total, and an institution that is not among `institutions`, the list of the same year.
    """
    table = read_csv_columns(_member(path, f"c{_year(path, 'C{}_A')}_a"), _COMPLETIONS, source=SOURCE, file=path.name)
    table.refuse_blanks(list(_COMPLETIONS))
    table.refuse(~pl.col("unit_id").str.contains(_UNIT_ID), "unit_id", "not an institution")
    if institutions is not None:
        is_listed = pl.col("unit_id").is_in(institutions)
        table.refuse(~is_listed, "unit_id", "not in the year's list of institutions; a total of several is none")
    is_program = pl.col("cip_code").str.contains(CIP_PATTERN)
    table.refuse(~is_program & ~pl.col("cip_code").str.contains(_SUBTOTAL), "cip_code", "not a CIP code")
    table.refuse(~pl.col("major_number").is_in(["1", "2"]), "major_number", "neither first nor second majors")
    for name in ("award_level", *_COUNTS):
        table.refuse(~pl.col(name).str.contains("^[0-9]{1,9}$"), name, "not a whole number")
    table.refuse(~pl.col("award_level").str.strip_chars_start("0").is_in(_AWARD_LEVELS), "award_level", "not a level")
    table.refuse_duplicates(["cip_code", *_KEY], "cip_code", "listed twice")
    numbers = ["major_number", "award_level", *_COUNTS]
    frame = table.frame.with_columns(pl.col(numbers).cast(pl.Int64))
    table = table.with_frame(frame)
    table.refuse(
        pl.col("awards") != pl.col("awards_men") + pl.col("awards_women"), "awards", "not the sum of men and women"
    )
    _refuse_other_totals(table)
    columns = ["unit_id", "cip_code", "major_number", "award_level", "awards", "awards_women"]
    return frame.filter(is_program).select(columns)


def _refuse_other_totals(table: Table) -> None:
    """Programs add up to the institution's total of each award level: no code has lost a zero, no row is missing."""
    is_total = pl.col("cip_code") == _ALL_PROGRAMS
    programs = table.frame.filter(pl.col("cip_code").str.contains(CIP_PATTERN))
    sums = programs.group_by(_KEY).agg(pl.col("awards").sum().alias("sum"), pl.col("row").min().alias("first"))
    both = table.frame.filter(is_total).join(sums, on=_KEY, how="left").with_columns(pl.col("sum").fill_null(0))
    table.with_frame(both).refuse(
        pl.col("awards") != pl.col("sum"), "awards", "the institution's programs do not add up to its total"
    )
    without = programs.join(table.frame.filter(is_total), on=_KEY, how="anti").sort("row")
    table.with_frame(without).refuse(pl.lit(value=True), "cip_code", "the institution has no total of this award level")


def parse_institutions(path: Path) -> pl.DataFrame:
    """Parse a list of institutions: unit_id, institution_name, state_id, county_fips (None where none), control.

    Raises BadInputError for a damaged zip, missing columns, blanks, malformed codes and an institution listed twice.
    """
    table = read_csv_columns(_member(path, f"hd{_year(path, 'HD{}')}"), _INSTITUTION, source=SOURCE, file=path.name)
    table.refuse_blanks(list(_INSTITUTION))
    table.refuse(~pl.col("unit_id").str.contains(_UNIT_ID), "unit_id", "not an institution")
    table.refuse(~pl.col("state_id").str.contains("^[A-Z]{2}$"), "state_id", "not a postal code")
    has_county = pl.col("county_fips") != _NO_COUNTY
    is_code = pl.col("county_fips").str.contains("^[0-9]{4,5}$")
    table.refuse(has_county & ~is_code, "county_fips", "not a county")
    table.refuse_duplicates(["unit_id"], "unit_id", "listed twice")
    county = pl.when(has_county).then(pl.col("county_fips").str.zfill(5)).alias("county_fips")
    control = pl.col("control").replace_strict(_CONTROLS, default="not_given")
    return table.frame.select("unit_id", "institution_name", "state_id", county, control)


def _member(path: Path, stem: str) -> bytes:
    """A zip's table: the revised one (c2024_a_rv.csv) where the publisher has put it beside the first."""
    fault = partial(BadInputError, source=SOURCE, file=path.name)
    try:
        with ZipFile(path) as archive:
            members = zip_members(archive)
            for wanted in (f"{stem}_rv.csv", f"{stem}.csv"):
                found = [each for each in members if last_name(each).lower() == wanted]
                if len(found) > 1:
                    raise fault(problem=f"more than one {wanted} in the zip", value=listed_names(found))
                if found:
                    return archive.read(found[0])
    except ZIP_FAULTS as error:
        raise fault(problem=zip_problem(error)) from error
    raise fault(problem=f"no {stem}.csv in the zip: get it as the publisher has it", value=listed_names(members))
