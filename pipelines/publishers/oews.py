"""BLS Occupational Employment and Wage Statistics, flat files of https://download.bls.gov/pub/time.series/oe/.

A series id is `OE` + seasonal `U` + area type (1) + area (7) + industry (6) + occupation (6) + datatype (2). The data
file has one figure per line. The tables have one row per area and occupation, or per industry and occupation of the
nation, and a status beside every figure. The publisher describes the layout in oe.txt.
"""

import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from polars import selectors as cs

from pipelines.errors import BadInputError
from pipelines.files import require_text
from pipelines.publishers.common import Read, Table, Written, line_chunks, match_columns, read_tab_table
from pipelines.publishers.states import postal_code_of_fips
from pipelines.sources import SourceDeclaration

SOURCE = "oews"
TABLES = (
    "oews_area",
    "oews_industry",
    "oews_occupation",
    "oews_release",
    "oews_area_occupation",
    "oews_industry_occupation",
)
DATA_FILE = "oe.data.0.Current"
FILES = (DATA_FILE, "oe.area", "oe.datatype", "oe.footnote", "oe.industry", "oe.occupation", "oe.release")

NATION = "US"
ALL_INDUSTRIES = "000000"
ALL_OCCUPATIONS = "00-0000"

STATUSES = ("ok", "withheld", "top_coded", "not_applicable", "absent")
STATUS_TYPE = pl.Enum(STATUSES)


class Figure(NamedTuple):
    """A datatype: the publisher's code and name, our column, and the column's type."""

    datatype_code: str
    datatype_name: str
    column: str
    dtype: type[pl.Int64] | type[pl.Float64]


FIGURES: tuple[Figure, ...] = (
    Figure("01", "Employment", "employment", pl.Int64),
    Figure("02", "Employment percent relative standard error", "employment_rse_pct", pl.Float64),
    Figure("03", "Hourly mean wage", "wage_mean_hourly_usd", pl.Float64),
    Figure("04", "Annual mean wage", "wage_mean_usd", pl.Int64),
    Figure("05", "Wage percent relative standard error", "wage_rse_pct", pl.Float64),
    Figure("06", "Hourly 10th percentile wage", "wage_p10_hourly_usd", pl.Float64),
    Figure("07", "Hourly 25th percentile wage", "wage_p25_hourly_usd", pl.Float64),
    Figure("08", "Hourly median wage", "wage_p50_hourly_usd", pl.Float64),
    Figure("09", "Hourly 75th percentile wage", "wage_p75_hourly_usd", pl.Float64),
    Figure("10", "Hourly 90th percentile wage", "wage_p90_hourly_usd", pl.Float64),
    Figure("11", "Annual 10th percentile wage", "wage_p10_usd", pl.Int64),
    Figure("12", "Annual 25th percentile wage", "wage_p25_usd", pl.Int64),
    Figure("13", "Annual median wage", "wage_p50_usd", pl.Int64),
    Figure("14", "Annual 75th percentile wage", "wage_p75_usd", pl.Int64),
    Figure("15", "Annual 90th percentile wage", "wage_p90_usd", pl.Int64),
    Figure("16", "Employment per 1,000 jobs", "jobs_per_1000", pl.Float64),
    Figure("17", "Location Quotient", "location_quotient", pl.Float64),
)
_PERCENTILES = (("06", "07", "08", "09", "10"), ("11", "12", "13", "14", "15"))
_WAGES = ("03", "04", *_PERCENTILES[0], *_PERCENTILES[1])
_WHOLE = tuple(figure.datatype_code for figure in FIGURES if figure.dtype is pl.Int64)

# Footnotes in place of a figure: the status, and words by which the footnote's text is known to mean it still.
_MARKERS = {
    "4": ("not_applicable", "either as hourly wages or annual salaries"),
    "5": ("top_coded", "equal to or greater than"),
    "8": ("withheld", "not released"),
}
# Footnotes beside a number; they explain the method.
_NOTES = ("1", "2", "3")
_FOOTNOTES = ("", *_MARKERS, *_NOTES)

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_OCCUPATION_GROUPS = {"0": "major", "1": "minor", "2": "broad", "3": "detailed"}

_DATA_COLUMNS = ("series_id", "year", "period", "value", "footnote_codes")
_SERIES_LENGTH = 25
_CELL_LENGTH = 23  # the series id without its datatype
_CHUNK_BYTES = 24 * 1024 * 1024
_CHUNKS_AT_ONCE = 2
#: Jobs of the major groups over those in all; withheld groups leave at most an eighth open (a tenth in May 2025).
_PARTS_OF_TOTAL = (0.85, 1.01)
#: 22 groups and the total are each rounded to tens.
_ROUNDING_OF_PARTS = 5 * 23
_MAX_VALUE = 1e12  # above any figure of the publisher, below where Float64 loses whole numbers


_fault = partial(BadInputError, source=SOURCE)


def read(source: SourceDeclaration, files: Mapping[str, Path], scratch: Path) -> Read:
    """The raw tables of TABLES, each sorted by its key.

    raw.oews_area_occupation (area_id, soc_code, period) covers all industries together in every area,
    raw.oews_industry_occupation (industry_code, soc_code, period) each industry in the nation. After the key come the
    columns of FIGURES, each with `<figure>_status` (STATUSES); a figure is null unless published as a number. Units are
    jobs, US dollars an hour (`_hourly_usd`) or a year (`_usd`), percents and ratios. A top-coded wage is at least
    `top_code_hourly_usd` or `top_code_annual_usd` of raw.oews_release.
    """
    for name in FILES:
        if name not in files:
            raise _fault(file=name, problem="the file is missing")
    area = _area(files["oe.area"])
    industry = _industry(files["oe.industry"])
    occupation = _occupation(files["oe.occupation"])
    _check_datatypes(files["oe.datatype"])
    top_codes = _top_codes(files["oe.footnote"])
    release = _release(files["oe.release"])
    period, description = release["period"][0], release["description"][0]
    data = _Data(files[DATA_FILE], area, industry, occupation, period)
    area_occupation, industry_occupation = data.tables()
    tables = {
        "oews_area": area.select("area_id", "area_code", "area_type", "state_code", "area_name").sort("area_id"),
        "oews_industry": industry.sort("industry_code"),
        "oews_occupation": occupation.drop("occupation_code").sort("soc_code"),
        "oews_release": release.with_columns(**top_codes),
        "oews_area_occupation": area_occupation,
        "oews_industry_occupation": industry_occupation,
    }
    texts = {name: frame.with_columns(cs.enum().cast(pl.String)) for name, frame in tables.items()}
    return source.vintage_of(period, description), texts


def refuse_parts(tables: Mapping[str, pl.DataFrame | Written], files: Iterable[str]) -> None:
    """Refuse an area or industry whose major groups have far fewer jobs, or more, than its total.

    The total also counts groups whose jobs are withheld.
    """
    occupation = tables["oews_occupation"]
    for name, key in (("oews_area_occupation", "area_id"), ("oews_industry_occupation", "industry_code")):
        cells = tables[name]
        assert isinstance(cells, pl.DataFrame)
        assert isinstance(occupation, pl.DataFrame)
        jobs, is_total = pl.col("employment"), pl.col("soc_code") == ALL_OCCUPATIONS
        sums = (
            cells.join(occupation.select("soc_code", "occupation_group"), on="soc_code")
            .group_by(key)
            .agg(
                jobs.filter(is_total).sum().alias("total"),
                jobs.filter(pl.col("occupation_group") == "major").sum().alias("parts"),
            )
            .filter(pl.col("total") > 0)
            .sort(key)
        )
        low, high = _PARTS_OF_TOTAL
        parts, total = pl.col("parts"), pl.col("total")
        off = sums.filter((parts < low * total - _ROUNDING_OF_PARTS) | (parts > high * total + _ROUNDING_OF_PARTS))
        if off.height:
            place, jobs_in_all, found = off.row(0)
            problem = f"the major groups do not add up to the {jobs_in_all:,} jobs in all; the file may be cut short"
            raise _fault(file=DATA_FILE, place=f"{key} {place}", problem=problem, value=f"{found:,}")


def _dimension(path: Path, columns: tuple[str, ...], code: str, pattern: str, required: tuple[str, ...]) -> Table:
    table = read_tab_table(path, SOURCE, columns)
    table.refuse_blanks([code, *required])
    table.refuse(~pl.col(code).str.contains(pattern), code, f"a code that does not look like {pattern}")
    table.refuse_duplicates([code], code, "code listed twice")
    return table


def _area(path: Path) -> pl.DataFrame:
    others = ("state_code", "areatype_code", "area_name")
    table = _dimension(path, ("area_code", *others), "area_code", "^[0-9]{7}$", others)
    state, code, kind = pl.col("state_code"), pl.col("area_code"), pl.col("areatype_code")
    table.refuse(~kind.is_in(["N", "S", "M"]), "areatype_code", "unknown area type")
    other_nation = (kind == "N") & ((code != "0000000") | (state != "00"))
    table.refuse(other_nation, "area_code", "a national area other than 0000000 in state 00")
    table.refuse((kind != "N") & ~state.is_in(list(postal_code_of_fips())), "state_code", "unknown FIPS state code")
    table.refuse((kind == "S") & (code != state + "00000"), "area_code", "a state area other than its FIPS + 00000")
    cbsa = code.str.contains("^00[0-9]{5}$") & (code != "0000000")
    rest_of_state = code.str.starts_with(state) & ~code.str.ends_with("00000")
    problem = "neither a metro area (00 + CBSA) nor a nonmetro area (its FIPS + number)"
    table.refuse((kind == "M") & ~cbsa & ~rest_of_state, "area_code", problem)
    area_type = _by_kind(kind, cbsa, *map(pl.lit, ("national", "state", "metro", "nonmetro")))
    ids = (pl.lit(NATION), state.replace(postal_code_of_fips()), "C" + code.str.slice(2), "N" + code)
    area_id = _by_kind(kind, cbsa, *ids)
    columns = ["area_code", "state_code", "area_name", "areatype_code"]
    return table.frame.select(*columns, area_type.alias("area_type"), area_id.alias("area_id"))


def _by_kind(kind: pl.Expr, is_metro: pl.Expr, *values: pl.Expr) -> pl.Expr:
    """The value for the nation, a state, a metro area or a nonmetro area."""
    nation, state, metro, nonmetro = values
    return (
        pl.when(kind == "N").then(nation).when(kind == "S").then(state).when(is_metro).then(metro).otherwise(nonmetro)
    )


def _industry(path: Path) -> pl.DataFrame:
    required = ("industry_name", "display_level")
    columns = ("industry_code", *required, "selectable", "sort_sequence")
    table = _dimension(path, columns, "industry_code", "^[0-9A-Z-]{6}$", required)
    level = pl.col("display_level")
    table.refuse(~level.str.contains("^[0-9]{1,2}$"), "display_level", "not a level")
    return table.frame.select("industry_code", "industry_name", level.cast(pl.Int64))


def _occupation(path: Path) -> pl.DataFrame:
    required = ("occupation_name", "display_level")
    columns = ("occupation_code", *required, "occupation_description", "selectable", "sort_sequence")
    table = _dimension(path, columns, "occupation_code", "^[0-9]{6}$", required)
    code, level = pl.col("occupation_code"), pl.col("display_level")
    table.refuse(~level.is_in(list(_OCCUPATION_GROUPS)), "display_level", "unknown level of occupation")
    soc_code = pl.concat_str(code.str.slice(0, 2), pl.lit("-"), code.str.slice(2))
    group = pl.when(soc_code == ALL_OCCUPATIONS).then(pl.lit("total")).otherwise(level.replace(_OCCUPATION_GROUPS))
    return table.frame.select(soc_code.alias("soc_code"), "occupation_name", group.alias("occupation_group"), code)


def _check_datatypes(path: Path) -> None:
    """Refuse other datatypes than FIGURES, or other names of them."""
    table = _dimension(path, ("datatype_code", "datatype_name"), "datatype_code", "^[0-9]{2}$", ("datatype_name",))
    names = {figure.datatype_code: figure.datatype_name for figure in FIGURES}
    code, name = pl.col("datatype_code"), pl.col("datatype_name")
    table.refuse(~code.is_in(list(names)), "datatype_code", "unknown datatype")
    table.refuse(name != code.replace(names), "datatype_name", "the datatype has changed its name")
    if missing := sorted(set(names) - set(table.frame["datatype_code"])):
        raise _fault(file=path.name, place="column 'datatype_code'", problem="datatypes are missing", missing=missing)


def _top_codes(path: Path) -> dict[str, pl.Expr]:
    """The hourly and annual wage above which wages are top-coded, from the text of the footnote."""
    fault = partial(_fault, file=path.name)
    table = _dimension(path, ("footnote_code", "footnote_text"), "footnote_code", "^[0-9]+$", ("footnote_text",))
    code, text = pl.col("footnote_code"), pl.col("footnote_text")
    unknown = table.frame.filter(~code.is_in([*_MARKERS, *_NOTES]))
    if unknown.height:
        first = unknown.row(0, named=True)
        place = f"line {first['row']}, column 'footnote_code', code {first['footnote_code']}"
        raise fault(place=place, problem="unknown footnote", value=first["footnote_text"])
    for marker, (status, phrase) in _MARKERS.items():
        says_other = (code == marker) & ~text.str.to_lowercase().str.contains(phrase, literal=True)
        problem = f"footnote {marker} no longer says {phrase!r}, so it may no longer mean {status}"
        table.refuse(says_other, "footnote_text", problem)
    texts: dict[str, str] = dict(table.frame.select(code, text).iter_rows())
    if missing := sorted(set(_MARKERS) - set(texts)):
        raise fault(place="column 'footnote_code'", problem="footnotes are missing", missing=missing)
    bounds = []
    for unit in ("hour", "year"):
        found = re.search(rf"\$([0-9][0-9,]*(?:\.[0-9]+)?) per {unit}\b", texts["5"])
        if found is None:
            problem = f"no top-code bound of the form '$... per {unit}'"
            raise fault(place="footnote 5", problem=problem, value=texts["5"])
        bounds.append(float(found[1].replace(",", "")))
    hourly, annual = bounds
    if not annual.is_integer() or not 0 < hourly < annual:
        problem = "top-code bounds that cannot be dollars an hour and whole dollars a year"
        raise fault(place="footnote 5", problem=problem, value=texts["5"])
    return {"top_code_hourly_usd": pl.lit(hourly), "top_code_annual_usd": pl.lit(int(annual), pl.Int64)}


def _release(path: Path) -> pl.DataFrame:
    table = read_tab_table(path, SOURCE, ("release_date", "description"))
    table.refuse_blanks(["release_date", "description"])
    table.refuse(pl.col("row") > pl.col("row").min(), "release_date", "more than one release")
    table.refuse(~pl.col("release_date").str.contains("^[0-9]{4}A01$"), "release_date", "not a year followed by A01")
    row = table.frame.row(0, named=True)
    found = re.fullmatch(rf"({'|'.join(_MONTHS)}) ([0-9]{{4}})", row["description"])
    if found is None or found[2] != row["release_date"][:4]:
        place = f"line {row['row']}, column 'description'"
        problem = f"not a month of the release's year, {row['release_date'][:4]}"
        raise _fault(file=path.name, place=place, problem=problem, value=row["description"])
    period = f"{found[2]}-{_MONTHS.index(found[1]) + 1:02d}"
    named = table.frame.rename({"release_date": "release_code"})
    return named.select(pl.lit(period).alias("period"), "release_code", "description")


#: Where a check fails, the column, and the problem, in which {names} stand for the row's values.
_Check = tuple[pl.Expr, str, str]


class _Data:
    """Reads oe.data.0.Current in chunks of whole lines, so that the whole text is never in memory.

    A cell is an area, industry and occupation. Its figures are nearly always on consecutive lines, so the parts of the
    series id are looked up once for each run of lines of the same cell.
    """

    def __init__(
        self, path: Path, area: pl.DataFrame, industry: pl.DataFrame, occupation: pl.DataFrame, period: str
    ) -> None:
        self.path, self.area, self.industry, self.occupation = path, area, industry, occupation
        self.period = period
        self.year = period[:4]

    def fail(self, place: str, problem: str, value: object = None) -> BadInputError:
        return _fault(file=self.path.name, place=place, problem=problem, value=value)

    def tables(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the figures of areas (all industries) and of the nation's industries, sorted by key."""
        cells, figures = self._read()
        wide = self._widen(cells, figures)
        values = [column for figure in FIGURES for column in (figure.column, f"{figure.column}_status")]
        period = pl.lit(self.period).alias("period")
        across = pl.col("industry_code") == ALL_INDUSTRIES
        areas = (
            wide.filter(across)
            .join(self.area.select("area_code", "area_id"), on="area_code")
            .select("area_id", "soc_code", period, *values)
            .sort("area_id", "soc_code")
        )
        industries = (
            wide.filter(~across).select("industry_code", "soc_code", period, *values).sort("industry_code", "soc_code")
        )
        self._require_totals(areas)
        return areas, industries

    def _read(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return cells (cell, series, area_code, industry_code, soc_code) and figures (cell, datatype, ...)."""
        runs: list[pl.DataFrame] = []
        figures: list[pl.DataFrame] = []
        offset = 0
        for run, figure in self._parsed_chunks():
            runs.append(run)
            figures.append(figure.with_columns(pl.col("run") + offset))
            offset += run.height
        if not figures:
            raise self.fail("line 2", "no data rows under the header")
        run_cells = pl.concat(runs)
        # a cell may have several runs: at the edge of a chunk, or in a file in another order
        cells = run_cells.unique("cell_series").sort("cell_series").with_row_index("cell")
        numbers = run_cells.join(cells, on="cell_series", how="left", maintain_order="left")["cell"]
        long = pl.concat(figures)
        return cells, long.select(numbers.gather(long["run"]), pl.exclude("run"))

    def _parsed_chunks(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Yield what _parse_chunk makes of each chunk, in order. While one is parsed, the next is read."""
        with ThreadPoolExecutor(_CHUNKS_AT_ONCE) as pool:
            waiting: deque[Future[tuple[pl.DataFrame, pl.DataFrame]]] = deque()
            for first_line, count, chunk in self._chunks():
                waiting.append(pool.submit(self._parse_chunk, chunk, first_line, count))
                if len(waiting) > _CHUNKS_AT_ONCE:
                    yield waiting.popleft().result()
            for parsed in waiting:
                yield parsed.result()

    def _chunks(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield (number of the first line, count of lines, bytes of the lines) after checking the header."""
        require_text(self.path, SOURCE)
        with self.path.open("rb") as handle:
            header = handle.readline()
            names = [name.strip() for name in header.decode("utf-8-sig", "replace").split("\t")]
            present = {str(at): name for at, name in enumerate(names)}
            wanted = {name: name for name in _DATA_COLUMNS}
            match_columns(present, wanted, source=SOURCE, file=self.path.name, place="line 1")
            if names != list(_DATA_COLUMNS):
                raise self.fail("line 1", f"the columns are not in the order {', '.join(_DATA_COLUMNS)}", names)
            yield from line_chunks(handle, _CHUNK_BYTES, self.fail)

    def _split(self, chunk: bytes, first_line: int, count: int) -> pl.DataFrame:
        """Return the five fields of each of `count` lines as text, with `line`."""
        try:
            frame = pl.read_csv(
                io.BytesIO(chunk),
                separator="\t",
                has_header=False,
                schema=dict.fromkeys(_DATA_COLUMNS, pl.String),
                quote_char=None,
            )
        except pl.exceptions.PolarsError as error:
            raise self._misfit(chunk, first_line) from error
        # polars fills a short line with nulls and refuses a longer one, so counting tabs finds the short ones
        if frame.height != count or chunk.count(b"\t") != count * (len(_DATA_COLUMNS) - 1):
            raise self._misfit(chunk, first_line)
        return frame.with_columns(pl.all().fill_null("")).with_row_index("line", offset=first_line)

    def _misfit(self, chunk: bytes, first_line: int) -> BadInputError:
        """The error for the line that cannot be split into fields; called only after a failure."""
        for number, line in enumerate(chunk.split(b"\n")[:-1], start=first_line):
            fields = line.count(b"\t") + 1
            shown = line.rstrip(b"\r")[:120].decode("utf-8", "replace")
            if fields != len(_DATA_COLUMNS):
                return self.fail(f"line {number}", f"{fields} fields where there should be 5", shown)
            if not line.isascii():
                return self.fail(f"line {number}", "a byte that is not ASCII", shown)
        return self.fail(f"lines from {first_line}", "the lines cannot be read as tab-separated text")

    def _parse_chunk(self, chunk: bytes, first_line: int, count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the runs of lines of one cell, and the figures with the number of their run in the chunk."""
        lines = self._split(chunk, first_line, count)
        series, value = pl.col("series_id"), pl.col("value")
        lines = lines.with_columns(
            series.str.strip_chars_end(" "),
            value.str.strip_chars(" "),
            # rarely padded, and testing is faster than stripping
            *(
                pl.col(name).str.strip_chars()
                for name, usual in (("year", [self.year]), ("period", ["A01"]), ("footnote_codes", _FOOTNOTES))
                if not lines[name].is_in(usual).all()
            ),
        )
        self._refuse(
            lines,
            (series.str.len_bytes() != _SERIES_LENGTH, "series_id", f"not a series id of {_SERIES_LENGTH} characters"),
            (pl.col("year") != self.year, "year", f"another year than the release's, {self.year}"),
            (pl.col("period") != "A01", "period", "another period than A01"),
        )
        lines = lines.with_columns(
            series.str.slice(0, _CELL_LENGTH).alias("cell_series"),
            series.str.slice(_CELL_LENGTH).alias("datatype"),
        )
        starts = (pl.col("cell_series") != pl.col("cell_series").shift()).fill_null(True)
        lines = lines.with_columns(starts.alias("starts"))
        runs = self._parse_cells(lines.filter("starts").select("line", "series_id", "cell_series"))
        self._check_figures(lines)
        code = pl.col("footnote_codes")
        status = pl.lit(STATUSES.index("ok"), pl.UInt8)
        for marker, (name, _) in _MARKERS.items():
            status = pl.when(code == marker).then(pl.lit(STATUSES.index(name), pl.UInt8)).otherwise(status)
        figures = lines.select(
            (pl.col("starts").cum_sum() - 1).cast(pl.UInt32).alias("run"),
            pl.col("datatype").cast(pl.UInt8),
            value.cast(pl.Float64, strict=False).alias("figure"),
            status.alias("status"),
            pl.col("line").cast(pl.UInt32),
        )
        return runs, figures

    def _parse_cells(self, runs: pl.DataFrame) -> pl.DataFrame:
        """Split the cells' series ids and look their parts up in the lists."""
        series = pl.col("series_id")
        parts = runs.with_columns(
            series.str.slice(2, 1).alias("seasonal"),
            series.str.slice(3, 1).alias("areatype"),
            series.str.slice(4, 7).alias("area_code"),
            series.str.slice(11, 6).alias("industry_code"),
            series.str.slice(17, 6).alias("occupation_code"),
        )
        area = self.area.select("area_code", pl.col("areatype_code").alias("listed_areatype"))
        parts = parts.join(area, on="area_code", how="left", maintain_order="left")
        occupation = self.occupation.select("occupation_code", "soc_code")
        parts = parts.join(occupation, on="occupation_code", how="left", maintain_order="left")
        industry, areatype, listed = (pl.col(name) for name in ("industry_code", "areatype", "listed_areatype"))
        is_series = series.str.contains(r"^OE[A-Z]{2}[0-9]{7}[0-9A-Z-]{6}[0-9]{6}")
        is_industry = industry.is_in(self.industry["industry_code"].implode())
        is_occupation = pl.col("soc_code").is_not_null()
        of_part = (industry != ALL_INDUSTRIES) & (areatype != "N")
        self._refuse(
            parts,
            (~is_series, "series_id", "not a series id: OE, two letters, then area, industry and occupation"),
            (pl.col("seasonal") != "U", "seasonal", "unknown seasonal code in series id {series_id}"),
            (listed.is_null(), "area_code", "area in series id {series_id} is not in oe.area"),
            (listed != areatype, "areatype", "series id {series_id} gives another area type than oe.area"),
            (~is_industry, "industry_code", "industry in series id {series_id} is not in oe.industry"),
            (~is_occupation, "occupation_code", "occupation in series id {series_id} is not in oe.occupation"),
            (of_part, "industry_code", "series id {series_id} gives one industry of a state or local area"),
        )
        return parts.select("cell_series", "area_code", "industry_code", "soc_code")

    def _check_figures(self, lines: pl.DataFrame) -> None:
        """Refuse unknown values and footnotes, and those that do not go together."""
        value, code, datatype = pl.col("value"), pl.col("footnote_codes"), pl.col("datatype")
        dash, marker, is_code = value == "-", code.is_in(list(_MARKERS)), ~code.str.contains("[^0-9]")
        of_wage = code.is_in([key for key, (name, _) in _MARKERS.items() if name != "withheld"])
        number = value.str.contains(r"^[0-9]+(?:\.[0-9]+)?$")
        known = datatype.is_in([figure.datatype_code for figure in FIGURES])
        fraction = number & datatype.is_in(list(_WHOLE)) & value.str.contains(".", literal=True)
        too_large = number & (value.cast(pl.Float64, strict=False) > _MAX_VALUE)
        no_wage = dash & of_wage & ~datatype.is_in(list(_WAGES))
        self._refuse(
            lines,
            (~known, "datatype", "datatype in series id {series_id} is not in oe.datatype"),
            (~is_code, "footnote_codes", "more than one footnote, or not a footnote code"),
            (is_code & ~code.is_in(_FOOTNOTES), "footnote_codes", "unknown footnote"),
            (~dash & ~number, "value", "neither a plain number nor '-'"),
            (fraction, "value", "a decimal where jobs or annual dollars are whole"),
            (too_large, "value", "an implausibly large number"),
            (dash & ~marker, "value", "'-' without a footnote that says why"),
            (number & marker, "footnote_codes", "a number ({value}) with a footnote that stands for a missing one"),
            (no_wage, "footnote_codes", "a footnote about wages on a figure that is not a wage"),
        )

    def _refuse(self, lines: pl.DataFrame, *checks: _Check) -> None:
        """Raise for the first line that fails any of the checks; the first check listed is named."""
        failed = lines.select(bad.fill_null(True).any().alias(str(at)) for at, (bad, _, _) in enumerate(checks)).row(0)
        first: list[tuple[dict[str, Any], str, str]] = [
            (lines.filter(bad.fill_null(True)).row(0, named=True), column, problem)
            for (bad, column, problem), any_failed in zip(checks, failed, strict=True)
            if any_failed
        ]
        if first:
            row, column, problem = min(first, key=lambda fault: int(fault[0]["line"]))
            raise self.fail(f"line {row['line']}, column {column!r}", problem.format(**row), row[column])

    def _widen(self, cells: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
        """Turn one figure per line into one row per cell. Refuses figures given twice and percentiles that fall."""
        same = (pl.col("cell") == pl.col("cell").shift()) & (pl.col("datatype") == pl.col("datatype").shift())
        key = pl.col("cell").cast(pl.UInt64) * 100 + pl.col("datatype")
        if not figures.select(key).to_series().is_sorted():  # the publisher's order spares the sort
            figures = figures.sort(key, "line")
        twice = figures.filter(same).sort("line")
        if twice.height:
            cell, datatype, line = twice.select("cell", "datatype", "line").row(0)
            series_id = f"{cells['cell_series'][cell]}{datatype:02d}"
            raise self.fail(f"line {line}, column 'series_id'", "series id given twice", series_id)
        words = pl.Series(STATUSES, dtype=STATUS_TYPE)
        absent = STATUSES.index("absent")
        columns: list[pl.Series] = []
        for figure in FIGURES:
            part = figures.filter(pl.col("datatype") == int(figure.datatype_code))
            # cells are numbered from 0 in their order
            value = pl.repeat(None, cells.height, dtype=pl.Float64, eager=True).scatter(part["cell"], part["figure"])
            status = pl.repeat(absent, cells.height, dtype=pl.UInt8, eager=True).scatter(part["cell"], part["status"])
            columns.append(value.cast(figure.dtype).alias(figure.column))
            columns.append(words.gather(status).alias(f"{figure.column}_status"))
        wide = cells.with_columns(columns)
        for codes in _PERCENTILES:
            self._require_rising([figure for figure in FIGURES if figure.datatype_code in codes], wide, figures)
        return wide

    def _require_rising(self, percentiles: list[Figure], wide: pl.DataFrame, figures: pl.DataFrame) -> None:
        names = [figure.column for figure in percentiles]
        falls = [pl.col(names[at]) < pl.max_horizontal(names[:at]) for at in range(1, len(names))]
        falling = wide.filter(pl.any_horizontal(falls))
        if not falling.height:
            return
        row = falling.row(0, named=True)
        known = [(figure, row[figure.column]) for figure in percentiles if row[figure.column] is not None]
        at = next(at for at in range(1, len(known)) if known[at][1] < known[at - 1][1])
        figure, value = known[at]
        below, higher = known[at - 1]
        line = figures.filter(cell=row["cell"], datatype=int(figure.datatype_code))["line"][0]
        series_id = f"{row['cell_series']}{figure.datatype_code}"
        problem = f"{figure.datatype_name} of series {series_id} is below {below.datatype_name}, {higher}"
        raise self.fail(f"line {line}, column 'value'", problem, value)

    def _require_totals(self, areas: pl.DataFrame) -> None:
        """Refuse data without the total employment of a listed area: part of the file is missing."""
        totals = areas.filter((pl.col("soc_code") == ALL_OCCUPATIONS) & pl.col("employment").is_not_null())
        lacking = self.area.join(totals, on="area_id", how="anti").sort("area_code")
        if lacking.height:
            shown = [f"{code} {name}" for code, name in lacking.select("area_code", "area_name").head(10).iter_rows()]
            problem = f"{lacking.height} areas of oe.area have no total employment; the file may be cut short"
            raise self.fail(f"series of occupation {ALL_OCCUPATIONS}", problem, shown)
