"""Years of QCEW, each read by itself and kept, so that a year that is added is the only one that is read."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from pipelines.archive.store import Archive, ArchivedFile, ArchivedVintage
from pipelines.errors import BadInputError
from pipelines.files import atomic, file_sha256, scratch
from pipelines.intake.select import SourceInput
from pipelines.publishers import qcew
from pipelines.settings import Settings
from pipelines.tables import TableName
from pipelines.warehouse.slices import year_files

TABLE = TableName("raw", "qcew")


def year_path(staging: Path, year: str) -> Path:
    """Where the rows of a year lie in the staging folder."""
    return staging / "raw" / "qcew_year" / f"{year}.parquet"


def years(taken: SourceInput) -> dict[str, dict[str, str]]:
    """What a run takes of QCEW by year: names and checksums of files.

    None where it takes the bundled table, or files that do not name their year.
    """
    if taken.archived is not None:
        return _by_year({file.name: file.sha256 for file in taken.archived.files})
    return _by_year(taken.checksums or {})


def _by_year(checksums: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found = qcew.parts(checksums) if checksums else {}
    return {year: {name: checksums[name] for name in names} for year, names in found.items() if year}


def stage_year(taken: SourceInput, year: str, settings: Settings) -> Path:
    """Read a year's files and stage its rows. Raises BadInputError as read, and for a file that changed meanwhile."""
    checksums, target = years(taken)[year], year_path(settings.staging, year)
    target.parent.mkdir(parents=True, exist_ok=True)
    if taken.archived is not None:
        vintage = taken.archived.model_copy(update={"files": _named(taken.archived.files, checksums)})
        files = Archive(settings.archive).files(vintage)
    else:
        files = {name: path for name, path in (taken.files or {}).items() if name in checksums}
    with scratch(".parsing-", target.parent) as place:
        made = qcew.read_part(files, place / "year")
        for name, path in files.items():
            if file_sha256(path) != checksums[name]:
                raise BadInputError(source=qcew.SOURCE, file=name, problem="the file changed during the run; run again")
        made.replace(target)
    return target


def _named(files: Iterable[ArchivedFile], names: Iterable[str]) -> tuple[ArchivedFile, ...]:
    chosen = frozenset(names)
    return tuple(file for file in files if file.name in chosen)


def kept_years(checksums: Mapping[str, str], before: ArchivedVintage, table: Path, folder: Path) -> dict[str, Path]:
    """The rows of years whose files are those of the vintage before: files of its table, or made of it in a folder."""
    known = _by_year({file.name: file.sha256 for file in before.files})
    same = [year for year, files in _by_year(checksums).items() if known.get(year) == files]
    if table.is_file() and len(known) == 1:
        return dict.fromkeys(same, table)
    found = {str(year): files[0] for year, files in year_files(table, [int(year) for year in same]).items()}
    for year in same:
        if year not in found:  # small years are in one file
            found[year] = folder / f"{year}.parquet"
            with atomic(found[year]) as path:
                pl.scan_parquet(table, glob=False).filter(pl.col("year") == int(year)).sink_parquet(path)
    return found
