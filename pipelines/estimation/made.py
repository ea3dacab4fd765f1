"""Tables that estimates make, and the order in which these and the SQL tables are made.

A table stands here where SQL cannot say its method: `make` is a pure function of its upstream tables. It gives a large
table in pieces, in the order of its key, so that neither the table nor what it reads has to fit into memory.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polars as pl

from pipelines.contracts.enforce import STAGED, write_pieces
from pipelines.contracts.model import contracts
from pipelines.estimation.accuracy_tables import make_accuracy, make_constants
from pipelines.estimation.industry_tables import make_fill
from pipelines.estimation.industry_trial import make_fill_accuracy
from pipelines.estimation.program_tables import make_program_wages
from pipelines.estimation.spread import SPREAD
from pipelines.estimation.tables import Frames, make_estimates, make_percentiles
from pipelines.files import atomic
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.parts import parts
from pipelines.warehouse.slices import YEAR, keep_files, part_file, year_files
from pipelines.warehouse.spark import session, write
from pipelines.warehouse.sql_tables import SqlTable, in_order, sql_tables
from pipelines.warehouse.staging import Staged, stage_frame, stage_sql, stamp

#: Staged tables by name, to be read.
Scans = Mapping[str, pl.LazyFrame]
#: Tables by name, whole or in pieces.
Results = Mapping[str, pl.DataFrame | Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Made:
    """Tables that one function makes at once, and those that it reads."""

    name: str
    description: str
    tables: tuple[TableName, ...]
    upstream: frozenset[TableName]
    make: Callable[[Scans], Results]


def _of_frames(make: Callable[[Frames], dict[str, pl.DataFrame]]) -> Callable[[Scans], Results]:
    """Read all tables in whole first."""
    return lambda scans: make({name: scan.collect() for name, scan in scans.items()})


def _made(
    name: str,
    description: str,
    tables: list[str],
    upstream: list[str],
    make: Callable[[Scans], Results],
) -> Made:
    made, read = (tuple(TableName.parse(one) for one in some) for some in (tables, upstream))
    return Made(name, description, made, frozenset(read), make)


_QCEW = ["core.qcew_cell", "core.qcew_industry", "reference.area"]
_OEWS = ["core.occupation_wage", "core.oews_industry_part", "reference.area", "reference.oews_occupation"]
_ESTIMATED = [*_OEWS, "core.occupation_estimate", "core.occupation_group"]

MADE = (
    _made(
        "oews_estimate",
        "Jobs, mean wages and wage distributions of all occupations in all OEWS areas, withheld ones estimated",
        ["core.occupation_estimate", "core.wage_distribution", "core.wage_scale"],
        _OEWS,
        _of_frames(make_estimates),
    ),
    _made(
        "group_percentile",
        "Wage percentiles of every group of occupations in every area, from the wage distributions",
        ["core.group_percentile"],
        [
            "core.area_group_scheme",
            "core.area_part",
            "core.occupation_estimate",
            "core.occupation_group",
            "core.wage_distribution",
            "core.wage_scale",
        ],
        _of_frames(make_percentiles),
    ),
    _made(
        "program_wage",
        "The median wage of the occupations that each program of study leads to, in the nation and the states",
        ["core.program_wage"],
        [
            "core.occupation_estimate",
            "core.wage_distribution",
            "core.wage_scale",
            "core.program_link",
            "reference.area",
        ],
        _of_frames(make_program_wages),
    ),
    _made(
        "oews_interval",
        "The constant of the intervals of estimated jobs, fitted on published cells that are hidden",
        ["core.interval_constant"],
        [*_ESTIMATED, "reference.method_parameter"],
        _of_frames(make_constants),
    ),
    _made(
        "oews_accuracy",
        "How far estimates lie from published figures that they do not see, and how often intervals hold",
        ["core.oews_interval_accuracy", "quality.method_accuracy"],
        [*_ESTIMATED, "core.interval_constant", "core.wage_distribution", "core.wage_scale"],
        _of_frames(make_accuracy),
    ),
    _made(
        "qcew_fill",
        "Jobs of withheld QCEW cells, estimated inside their bounds",
        ["core.qcew_fill"],
        _QCEW,
        make_fill,
    ),
    _made(
        "qcew_accuracy",
        "How far estimates of QCEW cells lie from published figures that they do not see",
        ["core.qcew_fill_accuracy"],
        _QCEW,
        make_fill_accuracy,
    ),
)


def made_tables() -> dict[TableName, Made]:
    """What makes each table that is made here."""
    return {table: made for made in MADE for table in made.tables}


def _stage_made(
    made: Made, staging: Path, input_sha256: str, same: Collection[int], spark: str | None
) -> dict[TableName, Staged]:
    """Make tables from their staged upstream tables and stage them; a table by year without the `same` years."""
    if spark is not None and made.name in SPREAD:
        (table,) = made.tables
        write(SPREAD[made.name](session(spark), staging), parquet_path(staging, table))
        return {table: stamp(staging, table, input_sha256)}
    scans = {str(name): pl.scan_parquet(parquet_path(staging, name), glob=False) for name in sorted(made.upstream)}
    columns = contracts()[made.tables[0]].parts
    years = [part.value for part in parts(staging, sorted(made.upstream), columns)] if columns[:1] == (YEAR,) else []
    if len(years) > 1:
        (table,) = made.tables
        _stage_years(made, scans, staging, list(dict.fromkeys(years)), year_files(parquet_path(staging, table), same))
        return {table: stamp(staging, table, input_sha256)}
    found = made.make(scans)
    return {table: _stage(table, found[str(table)], staging, input_sha256) for table in made.tables}


def _stage_years(
    made: Made, scans: Scans, staging: Path, years: list[str | None], kept: Mapping[str | None, list[Path]]
) -> None:
    """Make a table as a folder with a file for each year, from the rows of the year, or the file that is kept of it."""
    (table,) = made.tables
    dated = [name for name, scan in scans.items() if YEAR in scan.collect_schema()]
    with atomic(parquet_path(staging, table)) as folder:
        folder.mkdir()
        for year in years:
            if year in kept:
                keep_files(kept[year], folder)
                continue
            own = {name: _of_year(parquet_path(staging, TableName.parse(name)), int(year or 0)) for name in dated}
            rows = cast(Iterator[pl.DataFrame], made.make({**scans, **own})[str(table)])
            write_pieces(contracts()[table], rows, folder / part_file(year, 0), STAGED)


def _of_year(path: Path, year: int) -> pl.LazyFrame:
    """The rows of a year in a staged table, from the files of the year alone where there are such."""
    files = year_files(path, [year]).get(str(year))
    return pl.scan_parquet(files or path, glob=False).filter(pl.col(YEAR) == year)


def _stage(table: TableName, rows: pl.DataFrame | Iterator[pl.DataFrame], staging: Path, input_sha256: str) -> Staged:
    if isinstance(rows, pl.DataFrame):
        return stage_frame(contracts()[table], rows, staging, input_sha256)
    write_pieces(contracts()[table], rows, parquet_path(staging, table), STAGED)
    return stamp(staging, table, input_sha256)


def steps() -> list[SqlTable | Made]:
    """All SQL tables and estimates, upstream before downstream. Raises ContractError when they run in a circle."""
    makers: dict[TableName, SqlTable | Made] = {**sql_tables(), **made_tables()}
    order = in_order({name: maker.upstream for name, maker in makers.items()}, "SQL and estimates")
    return list(dict.fromkeys(makers[name] for name in order))


def stage_step(
    step: SqlTable | Made,
    staging: Path,
    input_sha256: str,
    memory_limit: str,
    same: Collection[int] = (),
    *,
    spark: str | None = None,
) -> dict[TableName, Staged]:
    """Make the tables of one step; of one that is made by year, the `same` years are kept in the file that is there.

    `spark` is the master of the Spark that makes them, always whole; without one they are made on this machine.
    """
    if isinstance(step, Made):
        return _stage_made(step, staging, input_sha256, same, spark)
    return {step.table: stage_sql(step, staging, input_sha256, memory_limit, same, spark=spark)}
