"""Programs of an overlay: links to occupations that it drops or adds, and concentrators of secondary schools."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines.contracts.enforce import LINE, polars_schema, read_lines, write_frame
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, refuse
from pipelines.files import scratch
from pipelines.overlays.memberships import combined_codes, framework_memberships, listed_memberships
from pipelines.overlays.model import SOURCE, line_fault
from pipelines.paths import BUNDLE
from pipelines.tables import TableName, parquet_path
from pipelines.warehouse.sql_tables import sql_tables
from pipelines.warehouse.staging import stage_sql

LINKS_CSV = "program_links.csv"
SECONDARY_CSV = "secondary_programs.csv"
LINK_CHANGE = TableName("seed", "program_link_change")
SECONDARY = TableName("seed", "secondary_program")
#: The publisher's pairs of programs and occupations, which links are compared with.
PAIRS = TableName("raw", "cip_soc")
#: How the code of general studies begins, whose awards are shared to no occupation.
_GENERAL_STUDIES = "24."

_KEY = ["cip_code", "soc_code"]


@dataclass(frozen=True)
class Programs:
    """The rows of program_links.csv and of secondary_programs.csv, in the columns of their tables.

    `unlinked` are programs that the state leaves without an occupation.
    """

    links: pl.DataFrame
    secondary: pl.DataFrame
    unlinked: list[str]


def bundled_pairs() -> pl.DataFrame:
    """The bundled pairs, with which links are compared before a run: rows of raw.cip_soc."""
    return pl.read_parquet(BUNDLE / "raw" / "cip_soc.parquet", glob=False)


def read_links(folder: Path) -> pl.DataFrame:
    """The rows of program_links.csv with their lines; none without the file. Raises BadInputError as `read_lines`."""
    return _read(folder, LINK_CHANGE, LINKS_CSV)


def read_secondary(folder: Path) -> pl.DataFrame:
    """The rows of secondary_programs.csv with their lines; none without it. Raises BadInputError as `read_lines`."""
    return _read(folder, SECONDARY, SECONDARY_CSV)


def _read(folder: Path, name: TableName, file: str) -> pl.DataFrame:
    table = contracts()[name].model_copy(update={"csv": file})
    if (folder / file).exists():
        return read_lines(table, folder, source=SOURCE)
    return pl.DataFrame(schema={LINE: pl.Int64(), **polars_schema(table)})


def programs_of(links: pl.DataFrame, secondary: pl.DataFrame, nodes: pl.DataFrame, pairs: pl.DataFrame) -> Programs:
    """The programs of an overlay.

    `links` and `secondary` are the rows of its files with their lines, `nodes` its clusters and sub-clusters, `pairs`
    the rows of raw.cip_soc. Raises BadInputError with all faults of both files.
    """
    used = pl.DataFrame(schema=dict.fromkeys(_KEY, pl.String())) if links.is_empty() else _used(pairs)
    refuse([*_link_faults(links, used, pairs), *_secondary_faults(secondary, nodes)])
    dropped, added = (links.filter(action=action).select(_KEY) for action in ("drop", "add"))
    left = pl.concat([used.join(dropped, on=_KEY, how="anti"), added])
    unlinked = sorted(set(dropped["cip_code"]) - set(left["cip_code"]))
    return Programs(links.drop(LINE), secondary.drop(LINE), unlinked)


def _used(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that awards are shared by, under the codes that figures have: cip_code, soc_code."""
    target = TableName("reference", "cip_soc")
    with scratch() as folder:
        given = {PAIRS: pairs, TableName("reference", "soc_sub_cluster"): listed_memberships()}
        given[TableName("seed", "soc_combined")] = combined_codes()
        for table, frame in given.items():
            write_frame(contracts()[table], frame, folder)
        stage_sql(sql_tables()[target], folder, "", "500MB")
        found = pl.read_parquet(parquet_path(folder, target), glob=False)
    return found.filter(link_use="used").select(_KEY).unique()


def _link_faults(links: pl.DataFrame, used: pl.DataFrame, pairs: pl.DataFrame) -> Iterator[BadInputError]:
    """The first fault of each row of program_links.csv, in the order of the rows."""
    within = dict(combined_codes().select("member_code", "combined_code").iter_rows())
    programs, occupations = set(pairs["cip_code"]), set(framework_memberships()["soc_code"])
    in_use = set(used.select(_KEY).iter_rows())
    for row in links.iter_rows(named=True):
        program, occupation, action = row["cip_code"], row["soc_code"], row["action"]
        is_used = (program, occupation) in in_use
        for fault, column, problem in (
            (program not in programs, "cip_code", "CIP 2020 has no program with this code"),
            (
                program.startswith(_GENERAL_STUDIES),
                "cip_code",
                "general studies prepare for further study, so that their awards go to no occupation",
            ),
            (
                occupation in within,
                "soc_code",
                f"OEWS publishes this occupation only together with others, as {within.get(occupation)}: use that code",
            ),
            (
                occupation not in occupations,
                "soc_code",
                "there is no detailed occupation with this code in SOC 2018 or OEWS",
            ),
            (
                action == "drop" and not is_used,
                "soc_code",
                f"no award of {program} goes to this occupation, so there is nothing to drop; its links with link_use "
                "used are in reference.cip_soc",
            ),
            (action == "add" and is_used, "soc_code", f"{program} leads to this occupation already"),
        ):
            if fault:
                yield line_fault(LINKS_CSV, row[LINE], problem, row[column])
                break


def _secondary_faults(secondary: pl.DataFrame, nodes: pl.DataFrame) -> Iterator[BadInputError]:
    """The first fault of each row of secondary_programs.csv, in the order of the rows."""
    clusters = set(nodes["cluster_id"])
    for row in secondary.iter_rows(named=True):
        year = row["school_year"]
        if row["cluster_id"] not in clusters:
            problem = "the overlay has no cluster with this id; the ids are in reference.cluster"
            yield line_fault(SECONDARY_CSV, row[LINE], problem, row["cluster_id"])
        elif (int(year[2:4]) + 1) % 100 != int(year[5:]):
            problem = "a school year is two years in a row, as in 2023-24"
            yield line_fault(SECONDARY_CSV, row[LINE], problem, year)
        elif int(year[:4]) > datetime.now(UTC).year:
            yield line_fault(SECONDARY_CSV, row[LINE], "nobody has counted this school year: it has not begun", year)
