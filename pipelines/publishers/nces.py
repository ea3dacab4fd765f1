"""National Center for Education Statistics: programs of study (CIP) and their occupations, and IPEDS completions.

No table is made of them yet: the files are held to their form, so that an archived edition can be read.
"""

import re
from pathlib import Path
from zipfile import ZipFile

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import ZIP_FAULTS
from pipelines.publishers.common import SOC_PATTERN, Table, collapse, match_columns, read_sheet_table

CIP_SOC = "cip_soc"
IPEDS = "ipeds"
CIP_PATTERN = r"^[0-9]{2}\.[0-9]{4}$"

_COMPLETIONS = {
    "unit_id": "UNITID",
    "cip_code": "CIPCODE",
    "major_number": "MAJORNUM",
    "award_level": "AWLEVEL",
    "completions": "CTOTALT",
}
#: Totals of an institution stand under this code, beside its programs.
_ALL_PROGRAMS = "99"


def parse_cip_soc(path: Path) -> pl.DataFrame:
    """Parse the crosswalk of CIP 2020 to SOC 2018: cip_code, cip_title, soc_code, soc_title, one row per pair.

    99.9999 and 99-9999 stand for no match. Raises BadInputError for other columns, blanks, other codes, and a pair
    listed twice.
    """
    columns = {
        "cip_code": "CIP2020Code",
        "cip_title": "CIP2020Title",
        "soc_code": "SOC2018Code",
        "soc_title": "SOC2018Title",
    }
    table = read_sheet_table(path, CIP_SOC, columns, "CIP-SOC")
    table.refuse_blanks(list(columns))
    table.refuse(~pl.col("cip_code").str.contains(CIP_PATTERN), "cip_code", "not a CIP code")
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    table.refuse_duplicates(["cip_code", "soc_code"], "soc_code", "the same pair listed twice")
    return table.frame.select(list(columns))


def completions_year(path: Path) -> int:
    """The year in which the award year of a file of completions ended: 2024 for C2024_A.zip, July 2023 to June 2024."""
    named = re.fullmatch(r"C([12][0-9]{3})_A\.zip", path.name)
    if named is None:
        raise BadInputError(source=IPEDS, file=path.name, problem="expected a name like C2024_A.zip")
    return int(named[1])


def parse_completions(path: Path) -> pl.DataFrame:
    """Parse completions: unit_id, cip_code, major_number (1 first, 2 second majors), award_level, completions.

    One row per institution, program, major and award level; under the code 99 stand an institution's totals. A revised
    file in the same zip is left aside. Raises BadInputError for a damaged zip, missing columns, blanks, other codes,
    counts that are no whole numbers, and a row listed twice.
    """
    member = f"c{completions_year(path)}_a.csv"
    try:
        with ZipFile(path) as archive:
            content = archive.read(member)
    except KeyError as error:
        raise BadInputError(source=IPEDS, file=path.name, problem=f"no {member} in the zip") from error
    except ZIP_FAULTS as error:
        raise BadInputError(source=IPEDS, file=path.name, problem=f"the zip is damaged: {error}") from error
    table = _table(content, path.name)
    whole = "^[0-9]+$"
    table.refuse_blanks(list(_COMPLETIONS))
    table.refuse(~pl.col("unit_id").str.contains("^[0-9]{6}$"), "unit_id", "not an institution")
    is_code = pl.col("cip_code").str.contains(CIP_PATTERN) | (pl.col("cip_code") == _ALL_PROGRAMS)
    table.refuse(~is_code, "cip_code", "not a CIP code")
    table.refuse(~pl.col("major_number").is_in(["1", "2"]), "major_number", "neither first nor second majors")
    for name in ("award_level", "completions"):
        table.refuse(~pl.col(name).str.contains(whole), name, "not a whole number")
    key = ["unit_id", "cip_code", "major_number", "award_level"]
    table.refuse_duplicates(key, "cip_code", "listed twice")
    numbers = ("major_number", "award_level", "completions")
    return table.frame.select(pl.col(name).cast(pl.Int64) if name in numbers else name for name in _COMPLETIONS)


def _table(content: bytes, file: str) -> Table:
    """The columns in use, as text; the many others are counts by race and sex, and marks of what was imputed."""
    try:
        cells = pl.read_csv(content.removeprefix(b"\xef\xbb\xbf"), infer_schema=False, encoding="utf8-lossy")
    except pl.exceptions.PolarsError as error:
        problem = f"not a table: {str(error).splitlines()[0]}"
        raise BadInputError(source=IPEDS, file=file, problem=problem) from error
    names = {name: name.strip().upper() for name in cells.columns}
    wanted = set(_COMPLETIONS.values())
    present = {name: published for name, published in names.items() if published in wanted}
    taken = match_columns(present, _COMPLETIONS, source=IPEDS, file=file, place="line 1")
    if cells.is_empty():
        raise BadInputError(source=IPEDS, file=file, problem="no rows under the header")
    frame = cells.select(collapse(pl.col(taken[name])).alias(name) for name in _COMPLETIONS)
    return Table(frame.with_row_index("row", offset=2), dict(_COMPLETIONS), IPEDS, file, "line")
