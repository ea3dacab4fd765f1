"""Projections Central: the states' long-term occupational projections, as bulk file or as pages of its JSON service.

Figures are whole jobs rounded to tens, openings the average of a year. States publish in cycles of their own, so the
years stand in every row. The nation comes in the same lists as the states (STFIPS 0) and is kept apart here.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import BadInputError
from pipelines.files import require_text
from pipelines.publishers.common import SOC_PATTERN, Table, collapse, match_columns
from pipelines.publishers.states import postal_code_of_fips

SOURCE = "projections_central"
NATION_FIPS = "00"
NATION_NAME = "United States"
STATUSES = ("ok", "rounded")

_KEY = {"state_fips": "STFIPS", "soc_code": "OccCode", "title": "Title"}
_FIGURES = {
    "base_jobs": "Base",
    "projected_jobs": "Projected",
    "growth_pct": "PercentChange",
    "annual_openings": "AvgAnnualOpenings",
}
# The bulk file has been seen without these.
_AREA = {"area": "Area"}
_CHANGE = {"change_jobs": "Change"}
_YEARS = {"base_year": "BaseYear", "projected_year": "ProjYear"}
_LINK = {"link": "StateURL"}
_COLUMNS = {**_KEY, **_FIGURES, **_AREA, **_CHANGE, **_YEARS}

_WHOLE = r"^[0-9]+$"
_SIGNED_WHOLE = r"^-?[0-9]+$"
_DECIMAL = r"^-?[0-9]+(?:\.[0-9]+)?$"
_YEAR = r"^[0-9]{4}$"
_FORMS = {
    "base_jobs": _WHOLE,
    "projected_jobs": _WHOLE,
    "annual_openings": _WHOLE,
    "change_jobs": _SIGNED_WHOLE,
    "growth_pct": _DECIMAL,
    "base_year": _YEAR,
    "projected_year": _YEAR,
}


@dataclass(frozen=True)
class CentralTables:
    """Projections of `states` (with territories) and of the `nation`, each in the publisher's order.

    Columns of both: state_fips (two digits, '00' for the nation), soc_code (as published: SOC 2018, combined and
    some states' own codes; 00-0000 is the total), title, base_jobs, projected_jobs, change_jobs, growth_pct (over
    the whole period), annual_openings (average of a year), base_year, projected_year, status (STATUSES).

    `rounded` is a row with 0 jobs in the base year beside growth, openings or jobs later: the publisher rounds to
    tens, so there are fewer than five jobs, and growth cannot be worked out again from the jobs.
    """

    states: pl.DataFrame
    nation: pl.DataFrame


def parse_bulk(path: Path, *, period: tuple[int, int] | None = None) -> CentralTables:
    """Parse the bulk file, comma- or tab-separated, all states in one.

    `period` gives base and projected year to a file without these columns, and must not be given to a file with
    them. Without the column of change, it is the difference of the two (rounded) years. Raises BadInputError for
    other columns, blanks, letters in numbers, unknown states, a key listed twice, two cycles in one state.
    """
    table = read_delimited(path, SOURCE, _KEY | _FIGURES, {**_AREA, **_CHANGE, **_YEARS, **_LINK})
    has_years = [name for name in _YEARS if name in table.headers]
    if len(has_years) == 1 or bool(has_years) == (period is not None):
        raise BadInputError(
            source=SOURCE,
            file=path.name,
            place="line 1",
            problem="the years must stand in BaseYear and ProjYear, or be given with the file, and not both",
            value={"columns": list(table.headers.values()), "given": period},
        )
    if period is not None:
        years = (pl.lit(str(year)).alias(name) for name, year in zip(_YEARS, period, strict=True))
        headers = {**table.headers, **_YEARS}
        table = Table(table.frame.with_columns(years), headers, SOURCE, path.name, table.row_word)
    return _split(_figures(table), table)


def years_in_name(path: Path) -> tuple[int, int] | None:
    """Base and projected year in the name of a bulk file without columns of years; None for a file that has them.

    Raises BadInputError when neither says them.
    """
    require_text(path, SOURCE)
    with path.open("rb") as file:
        header = file.readline().decode("utf-8", "replace")
    if any(name in header for name in _YEARS.values()):
        return None
    years = re.findall("(?<![0-9])[12][0-9]{3}(?![0-9])", path.stem)
    if len(years) != len(_YEARS):
        raise BadInputError(
            source=SOURCE,
            file=path.name,
            place="line 1",
            problem="neither columns BaseYear and ProjYear nor two years in the file's name: its period is not known",
            value=header.strip()[:120],
        )
    base, projected = years
    return int(base), int(projected)


def page_count(first: bytes | Path) -> int:
    """How many pages the service has of a list, by its page 0; none when the list has no rows yet.

    Raises BadInputError as parse_api for an answer that is no data, and for a number of pages that cannot be.
    """
    file = first.name if isinstance(first, Path) else "page 0"
    rows, pager = _answer(first.read_bytes() if isinstance(first, Path) else first, file)
    total = _count(pager, "total_items", file)
    if total == 0 and not rows:
        return 0
    pages = _count(pager, "total_pages", file) if "total_pages" in pager else math.ceil(total / max(len(rows), 1))
    if not 1 <= pages <= max(total, 1):
        problem = f"no number of pages for {total} rows"
        raise BadInputError(source=SOURCE, file=file, place="pager.total_pages", problem=problem, value=pages)
    return pages


def parse_api(pages: Sequence[bytes | Path], *, fips: str) -> CentralTables:
    """Parse all pages that the service gave for one area, from page 0 on.

    `fips` is the area asked for, with or without leading zero ('0' for the nation); a row of another state is
    refused, rows of the nation are kept apart. Raises BadInputError as parse_bulk, and for answers that are no
    data ('No results found.', a web page), an unknown or missing field, a page that is missing or repeated, and
    another number of rows than the service names.
    """
    wanted = fips.zfill(2)
    _require_known(wanted, f"fips {fips}")
    tables = [_page(page, at) for at, page in enumerate(pages)]
    if not tables:
        raise BadInputError(source=SOURCE, file=f"fips {fips}", problem="no pages")
    for table, _ in tables:
        strays = ~pl.col("state_fips").str.zfill(2).is_in([wanted, NATION_FIPS])
        table.refuse(strays, "state_fips", f"a row of another state than the one asked for, {wanted}")
    frame = pl.concat([_figures(table).select(pl.exclude("row")) for table, _ in tables])
    totals = {total for _, total in tables}
    whole = Table(
        frame.with_row_index("row", offset=1),
        _COLUMNS,
        SOURCE,
        f"fips {fips}, pages 0 to {len(pages) - 1}",
        "row",
    )
    # a key listed twice says more than a wrong number of rows: the service repeats its last page
    _refuse_duplicates(whole)
    if totals != {frame.height}:
        raise BadInputError(
            source=SOURCE,
            file=whole.file,
            problem=f"{frame.height} rows where pager.total_items says {', '.join(map(str, sorted(totals)))}",
        )
    return _split(whole.frame, whole)


def read_delimited(
    path: Path, source: str, columns: Mapping[str, str], optional: Mapping[str, str] | None = None
) -> Table:
    """Read a comma- or tab-separated file with a header as text: our name -> pattern of the publisher's name.

    Blank lines and columns with neither name nor values do not count. Raises BadInputError for a file that is not
    UTF-8 text or does not end its last line, lines longer than the header, other columns, and no rows.
    """
    require_text(path, source)
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if not raw.endswith(b"\n"):
        raise BadInputError(
            source=source,
            file=path.name,
            place=f"line {len(raw.splitlines())}",
            problem="the last line does not end: the file is cut short",
        )
    tabs = b"\t" in raw.split(b"\n", 1)[0]
    try:
        cells = pl.read_csv(
            raw,
            has_header=False,
            infer_schema=False,
            separator="\t" if tabs else ",",
            quote_char=None if tabs else '"',
        )
    except pl.exceptions.PolarsError as error:
        problem = f"not a table in UTF-8 text: {str(error).splitlines()[0]}"
        raise BadInputError(source=source, file=path.name, problem=problem) from error
    cells = cells.select(collapse(pl.all())).with_row_index("row", offset=1)
    body = cells.slice(1).filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    if not body.height:
        raise BadInputError(source=source, file=path.name, problem="no rows under the header")
    present = {
        column: cells[column][0] or ""
        for column in cells.columns[1:]
        if cells[column][0] is not None or body[column].null_count() < body.height
    }
    return _named(body, present, columns, optional or {}, (source, path.name, "line 1", "line"))


def _named(
    body: pl.DataFrame,
    present: Mapping[str, str],
    columns: Mapping[str, str],
    optional: Mapping[str, str],
    where: tuple[str, str, str, str],
) -> Table:
    """The table under our names; `where` is source, file, place of the header, word for a row."""
    source, file, place, row_word = where
    extra = {
        name: pattern for name, pattern in optional.items() if any(re.fullmatch(pattern, x) for x in present.values())
    }
    wanted = {**columns, **extra}
    taken = match_columns(present, wanted, source=source, file=file, place=place)
    frame = body.select("row", *(pl.col(taken[name]).alias(name) for name in wanted))
    return Table(frame, {name: present[taken[name]] for name in wanted}, source, file, row_word)


def _page(page: bytes | Path, at: int) -> tuple[Table, int]:
    """One page as a table of text, and how many rows the service says there are in all."""
    file = page.name if isinstance(page, Path) else f"page {at}"
    rows, pager = _answer(page.read_bytes() if isinstance(page, Path) else page, file)
    total = _count(pager, "total_items", file)
    current = _count(pager, "current_page", file)
    if current != at:
        raise BadInputError(
            source=SOURCE,
            file=file,
            place="pager.current_page",
            problem=f"expected page {at}: a page is missing, repeated or out of order",
            value=current,
        )
    if not rows:
        raise BadInputError(source=SOURCE, file=file, place="rows", problem="a page without rows", value=total)
    try:
        frame = pl.DataFrame(rows, infer_schema_length=None, strict=False)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        problem = f"the rows are not a table: {error}"
        raise BadInputError(source=SOURCE, file=file, place="rows", problem=problem) from error
    odd = [name for name, dtype in frame.schema.items() if not (dtype in (pl.String, pl.Null) or dtype.is_numeric())]
    if odd:
        problem = "a field that holds neither text nor numbers"
        raise BadInputError(source=SOURCE, file=file, place="rows", problem=problem, value=odd)
    text = frame.select(collapse(pl.all().cast(pl.String))).with_row_index("row", offset=1)
    present = {name: name for name in frame.columns}
    table = _named(text, present, _COLUMNS, _LINK, (SOURCE, file, "rows", "row"))
    return table, total


def _answer(raw: bytes, file: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The list `rows` and the object `pager` of a page of JSON."""
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        raise BadInputError(source=SOURCE, file=file, problem="the answer is empty (zero bytes)")
    if "no results found" in text[:200].lower():
        raise BadInputError(
            source=SOURCE,
            file=file,
            problem="no results: the state has not published, or the service does not take items_per_page as asked",
            value=text[:80],
        )
    if text.startswith("<"):
        raise BadInputError(source=SOURCE, file=file, problem="an HTML page, not data", value=text[:60])
    try:
        answer = json.loads(text)
    except ValueError as error:
        problem = f"not JSON, or cut short: {error}"
        raise BadInputError(source=SOURCE, file=file, problem=problem, value=text[-60:]) from error
    rows, pager = (answer.get("rows"), answer.get("pager")) if isinstance(answer, dict) else (None, None)
    if not isinstance(rows, list) or not isinstance(pager, dict):
        raise BadInputError(source=SOURCE, file=file, problem="no object with 'rows' and 'pager'", value=text[:60])
    if not all(isinstance(row, dict) for row in rows):
        raise BadInputError(source=SOURCE, file=file, place="rows", problem="a row that is not an object")
    return rows, pager


def _count(pager: Mapping[str, Any], field: str, file: str) -> int:
    value = pager.get(field)
    if isinstance(value, bool) or not re.fullmatch("[0-9]+", str(value)):
        raise BadInputError(
            source=SOURCE, file=file, place=f"pager.{field}", problem="not a number of 0 or more", value=value
        )
    return int(str(value))


def _figures(table: Table) -> pl.DataFrame:
    """The rows with their final types, and `row` and `area` for later messages."""
    names = [name for name in _COLUMNS if name in table.headers]
    table.refuse_blanks(names)
    fips = pl.col("state_fips")
    table.refuse(~fips.str.contains("^[0-9]{1,2}$"), "state_fips", "not a FIPS code of a state")
    known = [*postal_code_of_fips(), NATION_FIPS]
    table.refuse(~fips.str.zfill(2).is_in(known), "state_fips", "unknown FIPS code")
    table.refuse(~pl.col("soc_code").str.contains(SOC_PATTERN), "soc_code", "not a SOC code")
    for name in names:
        if name in _FORMS:
            table.refuse(~pl.col(name).str.contains(_FORMS[name]), name, "not a plain number")
    base, projected = pl.col("base_year").cast(pl.Int64), pl.col("projected_year").cast(pl.Int64)
    table.refuse(base >= projected, "projected_year", "not after the base year")
    if "area" in names:
        is_nation = fips.str.zfill(2) == NATION_FIPS
        table.refuse(is_nation != (pl.col("area") == NATION_NAME), "area", "the area's name does not fit its FIPS code")
    jobs, later = pl.col("base_jobs").cast(pl.Int64), pl.col("projected_jobs").cast(pl.Int64)
    growth, openings = pl.col("growth_pct").cast(pl.Float64), pl.col("annual_openings").cast(pl.Int64)
    contradictory = (jobs == 0) & ((growth != 0) | (later != 0) | (openings != 0))
    return table.frame.select(
        "row",
        fips.str.zfill(2),
        "soc_code",
        "title",
        jobs,
        later,
        pl.col("change_jobs").cast(pl.Int64) if "change_jobs" in names else (later - jobs).alias("change_jobs"),
        growth,
        openings,
        base,
        projected,
        pl.when(contradictory).then(pl.lit("rounded")).otherwise(pl.lit("ok")).alias("status"),
    )


def _refuse_duplicates(table: Table) -> None:
    table.refuse_duplicates(["state_fips", "soc_code"], "soc_code", "the same state and occupation listed twice")


def _split(figures: pl.DataFrame, table: Table) -> CentralTables:
    """States and nation apart, once keys and cycles are known to be sound."""
    whole = table.with_frame(figures)
    _refuse_duplicates(whole)
    for name in _YEARS:
        whole.refuse(pl.col(name) != pl.col(name).first().over("state_fips"), name, "two cycles in one state")
    rows = figures.drop("row")
    is_nation = pl.col("state_fips") == NATION_FIPS
    return CentralTables(rows.filter(~is_nation), rows.filter(is_nation))


def _require_known(fips: str, file: str) -> None:
    known: Iterable[str] = (*postal_code_of_fips(), NATION_FIPS)
    if fips not in known:
        raise BadInputError(source=SOURCE, file=file, problem="unknown FIPS code", value=fips)
