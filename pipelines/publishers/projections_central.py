"""Projections Central: the states' long-term occupational projections, as bulk file or as pages of its JSON service.

Jobs are rounded to tens, openings are the average of a year. Each state publishes in its own time, so every row has its
years. The lists also hold the nation (STFIPS 0) of their cycle: a table of its own, for comparisons within one cycle.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import BadInputError
from pipelines.publishers.common import SOC_PATTERN, Read, Table, Written, named_table, read_table
from pipelines.publishers.own_projections import in_place_of, is_own, read_own
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import SourceDeclaration, Vintage
from pipelines.workbooks import collapse

SOURCE = "projections_central"
TABLES = ("projections_central", "projections_central_nation")
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
_YEARS = {"base_year": "BaseYear", "projected_year": "ProjYear"}
# Some bulk files lack these.
_OPTIONAL = {"area": "Area", "change_jobs": "Change", **_YEARS}
_LINK = {"link": "StateURL"}
_COLUMNS = {**_KEY, **_FIGURES, **_OPTIONAL}

_FORMS = {
    **dict.fromkeys(("base_jobs", "projected_jobs", "annual_openings"), r"^[0-9]{1,10}$"),
    "change_jobs": r"^-?[0-9]{1,10}$",
    "growth_pct": r"^-?[0-9]{1,9}(?:\.[0-9]{1,10})?$",
    **dict.fromkeys(_YEARS, r"^[0-9]{4}$"),
}

ALL_OCCUPATIONS = "00-0000"
#: Short-term lists are for two years ahead, long-term ones for ten.
SHORT_TERM_YEARS = 4
#: In 2022-32, all occupations of a state have at most 1.002 times the jobs and openings of its total.
_MOST_OF_TOTAL = 1.02
_HALF_TEN = 5
_GROWTH_SLACK = 0.06

_PAGE = re.compile(r"(?:long|short)_term_(?P<fips>[0-9]{1,2}).*\.json", re.IGNORECASE)

_fault = partial(BadInputError, source=SOURCE)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The states' projections as raw.projections_central, the nation's of each cycle as raw.projections_central_nation.

    From the bulk file or from the pages of the service, with states' own lists in place of theirs. Raises BadInputError
    as `parse_bulk`, `parse_api`, `read_own` and `in_place_of`.
    """
    listed = read_lists({name: path for name, path in files.items() if not is_own(name)})
    tables = {name: read_own(path, SOURCE) for name, path in files.items() if is_own(name)}
    own = {name: _checked(table.with_frame(_figures(table))) for name, table in tables.items()}
    listed = in_place_of(listed, own, SOURCE)
    refuse_length(listed, files, lambda years: years > SHORT_TERM_YEARS, "a short-term list; name it short_term")
    states = only_states(listed)
    area_id = pl.col("state_fips").replace_strict(postal_code_of_fips()).alias("area_id")
    cells = states.select(area_id, pl.exclude("state_fips")).sort("area_id", "soc_code")
    years = states.select("base_year", "projected_year").unique().sort(pl.all()).rows()
    periods = ", ".join(f"{base}-{projected % 100:02d}" for base, projected in years)
    named = sorted(postal_code_of_fips()[frame["state_fips"][0]] for frame in own.values())
    title = f"{periods} by state" + (f", with their own lists of {', '.join(named)}" if named else "")
    given = {"projections_central": cells, "projections_central_nation": _nation(listed)}
    if not own:
        return source.vintage_of(periods, title), given
    return Vintage(vintage=title, reference_period=periods), given


def refuse_length(listed: pl.DataFrame, files: Iterable[str], fits: Callable[[pl.Expr], pl.Expr], problem: str) -> None:
    """Raise BadInputError where a list is for another number of years than `fits` allows."""
    years = pl.col("projected_year") - pl.col("base_year")
    other = listed.filter(~fits(years)).select("base_year", "projected_year").unique().sort(pl.all())
    if other.height:
        base, projected = other.row(0)
        raise _fault(file=", ".join(sorted(files)[:3]), problem=problem, value=f"{base} to {projected}")


def read_lists(files: Mapping[str, Path]) -> pl.DataFrame:
    """The rows of all states and the nation, from the bulk file or from the pages of the service."""
    if all(_PAGE.fullmatch(name) is None for name in files):
        (path,) = files.values()
        return _bulk(path, years_in_name(path))
    pages: dict[str, list[Path]] = {}
    # page 0 has no number in its name; of the others, 10 comes after 9
    for name, path in sorted(files.items(), key=lambda file: (len(file[0]), file[0])):
        found = _PAGE.fullmatch(name)
        assert found is not None
        pages.setdefault(found["fips"], []).append(path)
    return pl.concat(_api(pages[fips], fips) for fips in sorted(pages))


def only_states(listed: pl.DataFrame) -> pl.DataFrame:
    """The rows of states, without the nation's."""
    return listed.filter(pl.col("state_fips") != NATION_FIPS)


def _nation(listed: pl.DataFrame) -> pl.DataFrame:
    """The nation's rows by cycle, each once; the lists of several states repeat them.

    An occupation is left out of a cycle in which the lists give different figures for it: nothing is compared with it.
    """
    key = ["soc_code", "base_year", "projected_year"]
    rows = listed.filter(pl.col("state_fips") == NATION_FIPS).drop("state_fips").unique()
    return rows.filter(~pl.struct(key).is_duplicated()).sort(key)


def refuse_parts(tables: Mapping[str, pl.DataFrame | Written], files: Iterable[str]) -> None:
    """Refuse a state whose occupations have more jobs or openings together than its total.

    They may have fewer: small occupations are not published.
    """
    states = tables["projections_central"]
    assert isinstance(states, pl.DataFrame)
    is_total = pl.col("soc_code") == ALL_OCCUPATIONS
    for name in ("base_jobs", "projected_jobs", "annual_openings"):
        sums = states.group_by("area_id").agg(
            pl.col(name).filter(is_total).sum().alias("total"),
            pl.col(name).filter(~is_total).sum().alias("parts"),
            pl.len().alias("rows"),
        )
        # figures are rounded to tens: six standard deviations of their sum
        over = sums.filter(
            (pl.col("total") > 0)
            & (pl.col("parts") > _MOST_OF_TOTAL * pl.col("total") + 6 * 10 * (pl.col("rows") / 12).sqrt())
        )
        if over.height:
            area, total, found, _ = over.sort("area_id").row(0)
            problem = f"the occupations have more {name} together than the {total:,} of the state's total"
            raise _fault(file=", ".join(sorted(files)[:3]), place=f"state {area}", problem=problem, value=f"{found:,}")


def parse_bulk(path: Path, *, period: tuple[int, int] | None = None) -> pl.DataFrame:
    """Parse the bulk file, comma- or tab-separated, all states in one: the states' rows, in the publisher's order.

    Columns: state_fips (two digits), soc_code (as published: SOC 2018, combined codes and some
    states' own; 00-0000 is the total), title, base_jobs, projected_jobs, change_jobs, growth_pct (over the whole
    period), annual_openings (average of a year), base_year, projected_year, status (STATUSES). Status `rounded` is a
    row with 0 jobs in the base year beside growth, openings or later jobs: there are fewer than five jobs, and growth
    cannot be computed from them.

    `period` gives base and projected year for a file without these columns.
    Without a column of change, it is the difference of the (rounded) jobs. Raises BadInputError for other columns,
    blanks, malformed numbers, unknown states, a key listed twice, and different years in one state.
    """
    return only_states(_bulk(path, period))


def _bulk(path: Path, period: tuple[int, int] | None) -> pl.DataFrame:
    """The rows of states and the nation (state_fips 00) of the bulk file."""
    table = read_table(path, SOURCE, _KEY | _FIGURES, _OPTIONAL | _LINK)
    has_years = [name for name in _YEARS if name in table.headers]
    if len(has_years) == 1 or (not has_years and period is None):
        problem = "neither columns BaseYear and ProjYear nor two years in the file's name: its period is not known"
        raise _fault(file=path.name, place="line 1", problem=problem, value=list(table.headers.values()))
    if not has_years and period is not None:
        years = (pl.lit(str(year)).alias(name) for name, year in zip(_YEARS, period, strict=True))
        table = replace(table, frame=table.frame.with_columns(years), headers={**table.headers, **_YEARS})
    return _checked(table.with_frame(_figures(table)))


def years_in_name(path: Path) -> tuple[int, int] | None:
    """Base and projected year in the name of a bulk file (2022_2032, 2022-32); None when it does not give two years."""
    years = re.search(r"(?<![0-9])([12][0-9]{3})[^0-9a-z]+((?:[12][0-9])?[0-9]{2})(?![0-9])", path.stem, re.IGNORECASE)
    if years is None:
        return None
    base, projected = years.groups()
    return int(base), int(base[: 4 - len(projected)] + projected)


def page_count(first: bytes | Path) -> int:
    """The number of pages of a list, from its page 0; 0 when it has no rows yet. Raises BadInputError as parse_api."""
    file = first.name if isinstance(first, Path) else "page 0"
    rows, pager = _answer(first.read_bytes() if isinstance(first, Path) else first, file)
    total = _count(pager, "total_items", file)
    if total == 0 and not rows:
        return 0
    pages = _count(pager, "total_pages", file) if "total_pages" in pager else math.ceil(total / max(len(rows), 1))
    if not 1 <= pages <= max(total, 1):
        problem = f"an impossible number of pages for {total} rows"
        raise _fault(file=file, place="pager.total_pages", problem=problem, value=pages)
    return pages


def parse_api(pages: Sequence[bytes | Path], *, fips: str) -> pl.DataFrame:
    """Parse all pages that the service gave for one state, from page 0 on; columns as parse_bulk.

    `fips` is the state asked for, with or without leading zero. Raises BadInputError as parse_bulk, and for answers
    without data ('No results found.', a web page), an unknown or missing field, a page that is missing or repeated, a
    row of another state, and another number of rows than the service states.
    """
    return only_states(_api(pages, fips))


def _api(pages: Sequence[bytes | Path], fips: str) -> pl.DataFrame:
    """The rows of the state and the nation (state_fips 00) in the pages of a state."""
    wanted = fips.zfill(2)
    if wanted not in (*postal_code_of_fips(), NATION_FIPS):
        raise _fault(file=f"fips {fips}", problem="unknown FIPS code", value=wanted)
    tables = [_page(page, at) for at, page in enumerate(pages)]
    if not tables:
        raise _fault(file=f"fips {fips}", problem="no pages")
    for table, _ in tables:
        strays = ~pl.col("state_fips").str.zfill(2).is_in([wanted, NATION_FIPS])
        table.refuse(strays, "state_fips", f"a row of another state than the one asked for, {wanted}")
    frame = pl.concat([_figures(table).select(pl.exclude("row")) for table, _ in tables])
    file = f"fips {fips}, pages 0 to {len(pages) - 1}"
    whole = Table(frame.with_row_index("row", offset=1), _COLUMNS, SOURCE, file, "row")
    # first: the service repeats its last page, which then has too many rows, too
    rows = _checked(whole)
    totals = {total for _, total in tables}
    if totals != {frame.height}:
        stated = ", ".join(map(str, sorted(totals)))
        raise _fault(file=file, problem=f"{frame.height} rows where pager.total_items says {stated}")
    return rows


def _page(page: bytes | Path, at: int) -> tuple[Table, int]:
    """One page as a table of text, and the number of rows of all pages that it states."""
    file = page.name if isinstance(page, Path) else f"page {at}"
    rows, pager = _answer(page.read_bytes() if isinstance(page, Path) else page, file)
    total = _count(pager, "total_items", file)
    current = _count(pager, "current_page", file)
    if current != at:
        problem = f"expected page {at}: a page is missing, repeated or out of order"
        raise _fault(file=file, place="pager.current_page", problem=problem, value=current)
    fault = partial(_fault, file=file, place="rows")
    if not rows:
        raise fault(problem="a page without rows", value=total)
    try:
        frame = pl.DataFrame(rows, infer_schema_length=None, strict=False)
    except (pl.exceptions.PolarsError, TypeError, ValueError, OverflowError) as error:
        raise fault(
            problem="the rows are not a table: values of several kinds in a field, or a number out of range"
        ) from error
    odd = [name for name, dtype in frame.schema.items() if not (dtype in (pl.String, pl.Null) or dtype.is_numeric())]
    if odd:
        raise fault(problem="a field that holds neither text nor numbers", value=odd)
    text = frame.select(collapse(pl.all().cast(pl.String))).with_row_index("row", offset=1)
    present = {name: name for name in frame.columns}
    table = named_table(text, present, _COLUMNS, _LINK, (SOURCE, file, "rows", "row"))
    return table, total


def _answer(raw: bytes, file: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The list `rows` and the object `pager` of a page of JSON."""
    fault = partial(_fault, file=file)
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        raise fault(problem="the answer is empty (zero bytes)")
    if "no results found" in text[:200].lower():
        problem = "no results: the state has not published, or the service does not take items_per_page as asked"
        raise fault(problem=problem, value=text[:80])
    if text.startswith("<"):
        raise fault(problem="an HTML page, not data", value=text[:60])
    try:
        answer = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_finite, parse_float=_finite)
    except _NoJsonError as error:
        raise fault(problem=f"not JSON: {error}", value=text[-60:]) from error
    except (ValueError, RecursionError) as error:
        raise fault(problem="not JSON, or cut short", value=text[-60:]) from error
    rows, pager = (answer.get("rows"), answer.get("pager")) if isinstance(answer, dict) else (None, None)
    if not isinstance(rows, list) or not isinstance(pager, dict):
        raise fault(problem="no object with 'rows' and 'pager'", value=text[:60])
    if not all(isinstance(row, dict) for row in rows):
        raise fault(place="rows", problem="a row that is not an object")
    return rows, pager


class _NoJsonError(ValueError):
    """What Python's reader takes, and JSON is not."""


def _without_repeats(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises _NoJsonError for a field that it gives twice."""
    found = dict(fields)
    if len(found) < len(fields):
        raise _NoJsonError(f"an object gives a field twice among {', '.join(name for name, _ in fields)}")
    return found


def _finite(number: str) -> float:
    """A number of JSON with a fraction or exponent. Raises _NoJsonError for NaN and for what no float holds."""
    if not math.isfinite(value := float(number)):
        raise _NoJsonError(f"{number[:20]} is no number of JSON")
    return value


def _count(pager: Mapping[str, Any], field: str, file: str) -> int:
    value = pager.get(field)
    if isinstance(value, bool) or not re.fullmatch("[0-9]{1,9}", str(value)):
        raise _fault(file=file, place=f"pager.{field}", problem="not a number of 0 or more", value=value)
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
    # jobs are rounded to tens, growth to tenths
    low = 100 * ((later - _HALF_TEN) / (jobs + _HALF_TEN) - 1) - _GROWTH_SLACK
    high = 100 * ((later + _HALF_TEN) / (jobs - _HALF_TEN) - 1) + _GROWTH_SLACK
    table.refuse(
        (jobs >= 2 * _HALF_TEN) & ~growth.is_between(low, high), "growth_pct", "not the growth of the jobs beside it"
    )
    if "change_jobs" in names:
        # the nation's jobs are rounded to hundreds
        step = pl.when(fips.str.zfill(2) == NATION_FIPS).then(10).otherwise(1)
        gap = (later - jobs - pl.col("change_jobs").cast(pl.Int64)).abs()
        table.refuse(gap > 3 * _HALF_TEN * step, "change_jobs", "not the change of the jobs beside it")
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


def _checked(table: Table) -> pl.DataFrame:
    """The rows of states and the nation. Refuses repeated keys and different years in one state."""
    table.refuse_duplicates(["state_fips", "soc_code"], "soc_code", "the same state and occupation listed twice")
    for name in _YEARS:
        table.refuse(pl.col(name) != pl.col(name).first().over("state_fips"), name, "different years in one state")
    return table.frame.drop("row")
