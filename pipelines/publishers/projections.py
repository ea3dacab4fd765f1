"""BLS Employment Projections: the occupation workbook and the table of education and training assignments.

Tables are found by their title, because the publisher renumbers them (worker characteristics moved from Table 1.7 to
Table 1.2). The years are read from the column names. The codes are those of the National Employment Matrix (NEM): SOC
codes, some of them combined. Jobs and openings stay in thousands with one decimal, as published.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines.contracts.assignments import EDUCATION, EXPERIENCE, TRAINING
from pipelines.errors import BadInputError
from pipelines.publishers.common import SOC_PATTERN, Read, Table, sheet_table
from pipelines.sources import SourceDeclaration
from pipelines.workbooks import collapse, read_sheets

SOURCE = "projections"
TABLES = ("ep_occupation", "ep_separations", "ep_education")
ALL_OCCUPATIONS = "00-0000"
LINE_ITEM, SUMMARY = "Line item", "Summary"
WAGE_STATUSES = ("ok", "top_coded", "absent")

# Figures that both tables of the workbook have.
_SHARED = (
    "base_jobs_thousand",
    "projected_jobs_thousand",
    "change_thousand",
    "change_pct",
    "annual_openings_thousand",
)
_SIGNED = ("change_thousand", "change_pct")
#: The publisher's mark of a missing value.
_DASH = "—"
_ASSIGNMENTS = {"entry_education": EDUCATION, "work_experience": EXPERIENCE, "on_the_job_training": TRAINING}

#: The matrix has the codes of SOC 2018 since this base year.
_FIRST_BASE_YEAR = 2019

_OCCUPATION_TITLE = r"Table 1\.[0-9]+ Occupational projections, .* and worker characteristics, .*"
_SEPARATIONS_TITLE = r"Table 1\.[0-9]+ Occupational separations and openings, .*"
_EDUCATION_TITLE = r"Table 5\.[0-9]+ Education and training assignments by detailed occupation, .*"

_MARK = r"(?:[\[(][0-9]+[\])])?"
_TO = "[\u2013-]"  # an en dash or a hyphen
_PERIOD_COLUMN = rf"^Employment change, numeric, ([0-9]{{4}}){_TO}([0-9]{{2}}|[0-9]{{4}}){_MARK}$"
# Names of columns, whose years `_dated` fills in.
_KEY_COLUMNS = {
    "nem_title": "{base} National Employment Matrix title",
    "nem_code": "{base} National Employment Matrix code",
}
_SHARED_COLUMNS = _KEY_COLUMNS | {
    "occupation_type": "Occupation type",
    "base_jobs_thousand": "Employment, {base}{mark}",
    "projected_jobs_thousand": "Employment, {projected}{mark}",
    "change_thousand": "Employment change, numeric, {period}{mark}",
    "change_pct": "Employment change, percent, {period}{mark}",
    "annual_openings_thousand": "Occupational openings, {annual}",
}
_ASSIGNMENT_COLUMNS = {
    "entry_education": "Typical education needed for entry{mark}",
    "work_experience": "Work experience in a related occupation{mark}",
    "on_the_job_training": "Typical on-the-job training needed to attain competency in the occupation{mark}",
}
# the wage may be of a later year than the base
_OCCUPATION_COLUMNS = (
    _SHARED_COLUMNS | {"median_wage_usd": "Median annual wage,(?: dollars,)? [0-9]{{4}}{mark}"} | _ASSIGNMENT_COLUMNS
)
_SEPARATIONS_COLUMNS = _SHARED_COLUMNS | {
    "exit_rate_pct": "Labor force exit rate, {annual}",
    "transfer_rate_pct": "Occupational transfer rate, {annual}",
    "separation_rate_pct": "Total occupational separations rate, {annual}",
    "annual_exits_thousand": "Labor force exits, {annual}",
    "annual_transfers_thousand": "Occupational transfers, {annual}",
    "annual_separations_thousand": "Total occupational separations, {annual}",
}
# Columns that some vintages have; they are not read.
_HANDBOOK_COLUMN = {"handbook": r"Related Occupational Outlook Handbook \(OOH\) content.*"}
_UNREAD_COLUMNS = _HANDBOOK_COLUMN | {
    "base_distribution": "Employment distribution, percent, {base}{mark}",
    "projected_distribution": "Employment distribution, percent, {projected}{mark}",
    "self_employed": "Percent self[ -]employed, {base}{mark}",
}
_FOOTER = r"^(?:Footnotes?:|[\[(][0-9]+[\])] |Note: |Source: )"
_NUMBER = r"^-?[0-9]{1,9}(?:\.[0-9]{1,17})?$"
_TOP_CODE = r"^(?:>=|≥) ?\$([0-9]{1,3}(?:,[0-9]{3}){0,2})$"

# Published figures are rounded to 0.1, so each may be off by 0.05; the slack covers binary fractions.
_HALF_STEP = 0.05
_SLACK = 1e-6
# Six standard deviations of one rounding error: for a sum of many, far below the worst case.
_SIX_SIGMA = 6 * 0.1 / 12**0.5


_fault = partial(BadInputError, source=SOURCE)
#: Sheets of a workbook by name.
Sheets = Mapping[str, pl.DataFrame]


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The raw tables of TABLES. Raises BadInputError for a table of assignments of another vintage, too."""
    workbook = next(path for name, path in files.items() if name.startswith("occupation"))
    # until the edition of 2022-32, one workbook holds both
    assignments = next((path for path in files.values() if path != workbook), workbook)
    occupation, separations, base_year, projected_year = parse_occupation(workbook)
    education = parse_education(assignments)
    if (found := education["base_year"][0]) != base_year:
        problem = f"of another vintage than {workbook.name}, whose base year is {base_year}"
        raise _fault(file=assignments.name, problem=problem, value=found)
    _refuse_other_assignments(education, occupation, assignments.name)
    period = f"{base_year}-{projected_year % 100:02d}"
    tables = {"ep_occupation": occupation, "ep_separations": separations, "ep_education": education}
    return source.vintage_of(period, period), tables


def _refuse_other_assignments(education: pl.DataFrame, occupation: pl.DataFrame, file: str) -> None:
    """Refuse assignments of other occupations than the line items, or others than those beside the projections."""
    items = occupation.filter(pl.col("occupation_type") == LINE_ITEM)
    if differ := sorted(set(items["nem_code"]) ^ set(education["nem_code"])):
        problem = f"{len(differ)} line items stand in one of the tables of projections and assignments only"
        raise _fault(file=file, problem=problem, value=differ[:10])
    both = education.join(items, on="nem_code", suffix="_beside")
    for name in _ASSIGNMENTS:
        other = both.filter(~pl.col(name).eq_missing(pl.col(f"{name}_beside")))
        if other.height:
            problem = f"another {name} than beside the projections"
            raise _fault(file=file, place=f"code {other['nem_code'][0]}", problem=problem, value=other[name][0])


class EpTables(NamedTuple):
    """The tables raw.ep_occupation and raw.ep_separations, and their base and projected year.

    Both have one row per NEM code in the publisher's order, with nem_code, nem_title, occupation_type (LINE_ITEM, or
    SUMMARY for a group of line items), base_year and projected_year. `_thousand` are thousands of jobs, openings or
    persons; `annual_` are averages of a year, not sums of the decade; `_pct` are percents. A wage is null unless its
    status (WAGE_STATUSES) is ok; a top-coded one is at least median_wage_top_code_usd. An assignment is null where the
    publisher has a dash; 'None' is a value. Exits are persons who leave the labor force, transfers those who leave for
    another occupation.
    """

    occupation: pl.DataFrame
    separations: pl.DataFrame
    base_year: int
    projected_year: int


def parse_occupation(path: Path) -> EpTables:
    """Parse the occupation workbook.

    Raises BadInputError for missing, ambiguous or unknown tables, columns, marks, codes and words, for figures that
    contradict each other beyond rounding, and for line items that do not add up to the total.
    """
    sheets = read_sheets(path, SOURCE)
    _refuse_old_edition(sheets, path)
    found = _titled_sheet(sheets, path, _OCCUPATION_TITLE, unit="in thousands")
    years = _years(found, path)
    table = _table(found, path, _dated(_OCCUPATION_COLUMNS, *years), _dated(_UNREAD_COLUMNS, *years))
    occupation = _occupation(table, years)
    _refuse_partial_total(table.with_frame(occupation.with_columns(table.frame["row"])))

    found = _titled_sheet(sheets, path, _SEPARATIONS_TITLE, unit="in thousands")
    table = _table(found, path, _dated(_SEPARATIONS_COLUMNS, *years), {})
    return EpTables(occupation, _separations(table, years, occupation), *years)


def parse_education(path: Path) -> pl.DataFrame:
    """Parse the education and training assignments (Table 5.4): one row per line item, in the publisher's order.

    Columns: nem_code, nem_title, base_year, entry_education, work_experience, on_the_job_training (null for a
    dash; 'None' is a value). Other tables of the workbook are ignored. Raises BadInputError as parse_occupation.
    """
    sheets = read_sheets(path, SOURCE)
    _refuse_old_edition(sheets, path)
    found = _titled_sheet(sheets, path, _EDUCATION_TITLE)
    table = _table(found, path, _dated(_KEY_COLUMNS | _ASSIGNMENT_COLUMNS, "[0-9]{4}"), _HANDBOOK_COLUMN)
    years = {table.headers[name][:4] for name in _KEY_COLUMNS}
    if len(years) > 1:
        place = table.row_word.removesuffix(", row")
        raise _fault(file=path.name, place=place, problem="two base years", value=sorted(years))
    base_year = pl.lit(int(years.pop()), pl.Int64).alias("base_year")
    return table.frame.select("nem_code", "nem_title", base_year, *_assignments(table))


def openings_deviation(separations: pl.DataFrame) -> pl.DataFrame:
    """Openings less growth + exits + transfers, per year: nem_code, deviation_thousand (rounding explains 0.155)."""
    growth = pl.col("change_thousand") / (pl.col("projected_year") - pl.col("base_year"))
    parts = growth + pl.col("annual_exits_thousand") + pl.col("annual_transfers_thousand")
    return separations.select("nem_code", (pl.col("annual_openings_thousand") - parts).alias("deviation_thousand"))


def _titled_sheet(sheets: Sheets, path: Path, title: str, unit: str = "") -> Sheets:
    """The one sheet whose first words match `title`, which must name the `unit`."""
    first = collapse(pl.first()).drop_nulls().first()
    titles = {sheet: cells.select(first).item() or "" for sheet, cells in sheets.items() if cells.width}
    found = [sheet for sheet in titles if re.fullmatch(title, titles[sheet])]
    if len(found) != 1:
        raise _fault(
            file=path.name,
            place=f"sheets {', '.join(map(repr, titles))}",
            problem=f"{len(found) or 'no'} tables with the title {title!r}, expected one",
            value=[titles[sheet] for sheet in found] or list(titles.values()),
        )
    (sheet,) = found
    if unit not in titles[sheet]:
        problem = f"the title does not say that the figures are {unit}"
        raise _fault(file=path.name, place=f"sheet {sheet!r}", problem=problem, value=titles[sheet])
    return {sheet: sheets[sheet]}


def _refuse_old_edition(sheets: Sheets, path: Path) -> None:
    """Refuse an edition before the first that this module reads, and name both."""
    titles = (
        cells.select(collapse(pl.first()).drop_nulls().first()).item() for cells in sheets.values() if cells.width
    )
    for title in titles:
        named = re.search(rf"([12][0-9]{{3}})(?:{_TO}([0-9]{{2,4}})| and projected ([0-9]{{4}}))", title or "")
        if named and int(named[1]) < _FIRST_BASE_YEAR:
            problem = (
                f"the workbook is of the edition {named[1]}-{(named[2] or named[3])[-2:]}; the editions taken are "
                f"those from {_FIRST_BASE_YEAR}-{(_FIRST_BASE_YEAR + 10) % 100} on, whose codes are of SOC 2018"
            )
            raise _fault(file=path.name, problem=problem, value=title)


def _years(found: Sheets, path: Path) -> tuple[int, int]:
    """The base and the projected year, from the name of the column of change."""
    ((sheet, cells),) = found.items()
    fault = partial(_fault, file=path.name, place=f"sheet {sheet!r}")
    names = cells.select(collapse(pl.all())).unpivot()["value"].drop_nulls()
    periods = names.str.extract_groups(_PERIOD_COLUMN).struct.unnest().drop_nulls()
    if periods.height != 1:
        raise fault(problem=f"{periods.height or 'no'} columns 'Employment change, numeric, <years>', expected one")
    base, projected = periods.row(0)
    years = int(base), int(base[: 4 - len(projected)] + projected)
    if years[1] <= years[0]:
        raise fault(problem="the projected year is not after the base year", value=years)
    return years


def _dated(columns: Mapping[str, str], base: int | str, projected: int = 0) -> dict[str, str]:
    """The patterns of columns with their years filled in."""
    period = f"{base}{_TO}(?:{projected}|{projected % 100:02d})"
    words = {"base": base, "projected": projected, "period": period, "mark": _MARK}
    annual = f"{period} annual average{_MARK}"
    return {name: pattern.format(**words, annual=annual) for name, pattern in columns.items()}


def _table(found: Sheets, path: Path, columns: Mapping[str, str], optional: Mapping[str, str]) -> Table:
    """The rows that have a code. Every other row must be a note under the table."""
    table = sheet_table(found, columns, optional, SOURCE, path.name)
    code, title = pl.col("nem_code"), pl.col("nem_title")
    note = pl.all_horizontal(pl.exclude("row", "nem_title").is_null()) & title.str.contains(_FOOTER).fill_null(False)
    table.refuse(code.is_null() & ~note, "nem_title", "a row without a code that is not a footnote")
    table.refuse(~note & note.cum_sum().gt(0), "nem_code", "a row below the footnotes")
    if not table.frame["nem_title"].str.starts_with("Source: ").any():
        problem = "the line 'Source: ...' that ends the table is missing: the sheet may be cut short"
        raise _fault(file=path.name, place=table.row_word.removesuffix(", row"), problem=problem)
    table = table.with_frame(table.frame.filter(code.is_not_null()))
    table.refuse_blanks(list(columns))
    table.refuse(~code.str.contains(SOC_PATTERN), "nem_code", "not a code of the form 11-1011")
    table.refuse_duplicates(["nem_code"], "nem_code", "code listed twice")
    return table


def _occupation(table: Table, years: tuple[int, int]) -> pl.DataFrame:
    wage = pl.col("median_wage_usd")
    unknown = ~wage.str.contains(r"^[0-9]{1,7}$") & ~wage.str.contains(_TOP_CODE) & (wage != _DASH)
    problem = "neither whole dollars, nor a top code like '>=$239,200', nor a dash"
    table.refuse(unknown, "median_wage_usd", problem)
    top_code = wage.str.extract(_TOP_CODE).str.replace_all(",", "").cast(pl.Int64)
    status = pl.when(wage == _DASH).then(pl.lit("absent")).when(top_code.is_not_null()).then(pl.lit("top_coded"))
    # the year ends the column's name, before any footnote mark
    wage_year = int(re.sub(rf"{_MARK}$", "", table.headers["median_wage_usd"])[-4:])
    frame = table.frame.select(
        *_identity(table, years),
        *_numbers(table, _SHARED),
        wage.cast(pl.Int64, strict=False),
        status.otherwise(pl.lit("ok")).alias("median_wage_status"),
        top_code.alias("median_wage_top_code_usd"),
        pl.lit(wage_year, pl.Int64).alias("median_wage_year"),
        *_assignments(table),
    )
    checked = table.with_frame(frame.with_columns(table.frame["row"]))
    change = pl.col("projected_jobs_thousand") - pl.col("base_jobs_thousand")
    off = (change - pl.col("change_thousand")).abs() > 3 * _HALF_STEP + _SLACK
    checked.refuse(off, "change_thousand", "not the difference of the two years")
    return frame


def _separations(table: Table, years: tuple[int, int], occupation: pl.DataFrame) -> pl.DataFrame:
    rates = ["exit_rate_pct", "transfer_rate_pct", "separation_rate_pct"]
    flows = ["annual_exits_thousand", "annual_transfers_thousand", "annual_separations_thousand"]
    frame = table.frame.select("row", *_identity(table, years), *_numbers(table, [*_SHARED, *rates, *flows]))
    both = ["occupation_type", *_SHARED]
    other = occupation.select("nem_code", *(pl.col(name).alias(f"other_{name}") for name in both))
    joined = table.with_frame(frame.join(other, on="nem_code", how="left", maintain_order="left"))
    joined.refuse(pl.col("other_occupation_type").is_null(), "nem_code", "a code that the table of projections lacks")
    for name in both:
        differs = pl.col(name) != pl.col(f"other_{name}")
        joined.refuse(differs, name, "another value than in the table of projections")
    lacking = occupation.join(frame, on="nem_code", how="anti")["nem_code"].to_list()
    if lacking:
        place = table.row_word.removesuffix(", row")
        problem = f"{len(lacking)} codes of the table of projections have no separations"
        raise _fault(file=table.file, place=place, problem=problem, value=lacking[:10])
    # three rounded figures, and the rounded change divided by the years
    span = years[1] - years[0]
    off = openings_deviation(frame)["deviation_thousand"].abs() > (3 + 1 / span) * _HALF_STEP + _SLACK
    wrong = pl.col("row").is_in(frame["row"].filter(off).implode())
    table.with_frame(frame).refuse(
        wrong, "annual_openings_thousand", "openings are not growth + exits + transfers per year"
    )
    columns = ["change_thousand", *rates, *flows, "annual_openings_thousand"]
    return frame.select("nem_code", "nem_title", "occupation_type", "base_year", "projected_year", *columns)


def _identity(table: Table, years: tuple[int, int]) -> list[pl.Expr]:
    """Expressions of the columns that name a row."""
    kind = pl.col("occupation_type")
    table.refuse(~kind.is_in([LINE_ITEM, SUMMARY]), "occupation_type", f"neither {LINE_ITEM!r} nor {SUMMARY!r}")
    base, projected = (pl.lit(year, pl.Int64) for year in years)
    title = pl.col("nem_title").str.replace(rf" ?{_MARK}$", "")
    return [pl.col("nem_code"), title, kind, base.alias("base_year"), projected.alias("projected_year")]


def _numbers(table: Table, names: Sequence[str]) -> list[pl.Expr]:
    """Expressions of figures in thousands or percents; only changes may be negative."""
    for name in names:
        table.refuse(~pl.col(name).str.contains(_NUMBER), name, "not a plain number")
        if name not in _SIGNED:
            table.refuse(pl.col(name).str.starts_with("-"), name, "a negative number")
    return [pl.col(name).cast(pl.Float64) for name in names]


def _assignments(table: Table) -> list[pl.Expr]:
    """Expressions of the three assignments, their dashes as nulls."""
    for name, words in _ASSIGNMENTS.items():
        table.refuse(~pl.col(name).is_in([*words, _DASH]), name, "not one of the publisher's words")
    return [pl.when(pl.col(name) != _DASH).then(name).alias(name) for name in _ASSIGNMENTS]


def _refuse_partial_total(table: Table) -> None:
    """Refuse a table without its total, or whose line items do not add up to it."""
    total = table.frame.filter(pl.col("nem_code") == ALL_OCCUPATIONS)
    items = table.frame.filter(pl.col("occupation_type") == LINE_ITEM)
    place = table.row_word.removesuffix(", row")
    if total.height != 1:
        raise _fault(file=table.file, place=place, problem=f"no row {ALL_OCCUPATIONS}")
    for name in ("base_jobs_thousand", "projected_jobs_thousand"):
        gap = items[name].sum() - total[name][0]
        if abs(gap) > _SIX_SIGMA * (items.height + 1) ** 0.5 + _SLACK:
            raise _fault(
                file=table.file,
                place=f"{place}, column {table.headers[name]!r}",
                problem=f"the {items.height} line items do not add up to row {ALL_OCCUPATIONS}",
                value=f"{gap:+.1f} thousand",
            )
