"""The National Center for Education Statistics' IPEDS completions, one zip per award year.

No raw table is made of them yet; the files are only checked.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import ZIP_FAULTS
from pipelines.publishers.common import CIP_PATTERN, Read, Table, named_table
from pipelines.sources import SourceDeclaration
from pipelines.texts import csv_rows
from pipelines.workbooks import collapse

SOURCE = "ipeds"
TABLES: tuple[str, ...] = ()
CHECKED = ("ipeds",)

_COLUMNS = {
    "unit_id": "UNITID",
    "cip_code": "CIPCODE",
    "major_number": "MAJORNUM",
    "award_level": "AWLEVEL",
    "completions": "CTOTALT",
}
#: The code of an institution's total over all programs.
_ALL_PROGRAMS = "99"


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """Check the files; the newest names the vintage."""
    parsed = {completions_year(path): parse_completions(path) for path in files.values()}
    newest = max(parsed)
    return source.vintage_of(str(newest), f"completions of {newest - 1}-{newest % 100:02d}"), {"ipeds": parsed[newest]}


def completions_year(path: Path) -> int:
    """The year in which the award year of a file ended: 2024 for C2024_A.zip, July 2023 to June 2024."""
    named = re.fullmatch(r"C([12][0-9]{3})_A\.zip", path.name)
    if named is None:
        raise BadInputError(source=SOURCE, file=path.name, problem="expected a name like C2024_A.zip")
    return int(named[1])


def parse_completions(path: Path) -> pl.DataFrame:
    """Parse completions: unit_id, cip_code, major_number (1 first, 2 second majors), award_level, completions.

    One row per institution, program, major and award level; code 99 is an institution's total. A revised file in the
    same zip is ignored. Raises BadInputError for a damaged zip, missing columns, blanks, malformed codes, counts that
    are not whole numbers, and a row listed twice.
    """
    fault = partial(BadInputError, source=SOURCE, file=path.name)
    member = f"c{completions_year(path)}_a.csv"
    try:
        with ZipFile(path) as archive:
            content = archive.read(member)
    except KeyError as error:
        raise fault(problem=f"no {member} in the zip") from error
    except ZIP_FAULTS as error:
        raise fault(problem=f"the zip is damaged: {error}") from error
    table = _table(content, path.name)
    table.refuse_blanks(list(_COLUMNS))
    table.refuse(~pl.col("unit_id").str.contains("^[0-9]{6}$"), "unit_id", "not an institution")
    is_code = pl.col("cip_code").str.contains(CIP_PATTERN) | (pl.col("cip_code") == _ALL_PROGRAMS)
    table.refuse(~is_code, "cip_code", "not a CIP code")
    table.refuse(~pl.col("major_number").is_in(["1", "2"]), "major_number", "neither first nor second majors")
    for name in ("award_level", "completions"):
        table.refuse(~pl.col(name).str.contains("^[0-9]{1,9}$"), name, "not a whole number")
    key = ["unit_id", "cip_code", "major_number", "award_level"]
    table.refuse_duplicates(key, "cip_code", "listed twice")
    numbers = ("major_number", "award_level", "completions")
    return table.frame.select(pl.col(name).cast(pl.Int64) if name in numbers else name for name in _COLUMNS)


def _table(content: bytes, file: str) -> Table:
    """The columns in use, as text; the others are counts by race and sex, and marks of imputed values."""
    fault = partial(BadInputError, source=SOURCE, file=file)
    rows = csv_rows(content.decode("utf-8-sig", "replace"), fault)
    line, header = next(rows, (1, []))
    names = {place: name.strip().upper() for place, name in enumerate(header)}
    present = {f"column_{place}": name for place, name in names.items() if name in _COLUMNS.values()}
    used = [place for place in names if f"column_{place}" in present]
    kept = []
    for number, row in rows:
        if len(row) != len(header):
            problem = f"{len(row)} cells where the header has {len(header)}"
            raise fault(place=f"line {number}", problem=problem, value=",".join(row)[:120])
        kept.append((number, *(row[place] for place in used)))
    schema = {"row": pl.UInt32, **dict.fromkeys(present, pl.String)}
    body = pl.DataFrame(kept, schema=schema, orient="row").select("row", collapse(pl.exclude("row")))
    table = named_table(body, present, _COLUMNS, {}, (SOURCE, file, f"line {line}", "line"))
    if body.is_empty():
        raise fault(problem="no rows under the header")
    return table
