"""Writes the export of a state: files of each table, one workbook, the dictionary and the notes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.errors import cannot_write
from pipelines.files import made_folder, scratch
from pipelines.reports.areas import find_state
from pipelines.reports.export.digests import digests
from pipelines.reports.export.notes import Notes, markdown, notes
from pipelines.reports.export.summary import summary
from pipelines.reports.export.tables import ExportedTable, dictionary_frame, exported_tables
from pipelines.reports.export.workbook import Workbook
from pipelines.reports.profile import Profile, profiles
from pipelines.reports.release import UNDUPLICATED, Release, open_release
from pipelines.reports.spreadsheets import write_csv, write_parquet


def export_state(
    database: Path,
    state: str,
    folder: Path,
    *,
    shared: bool = False,
    basis: str | None = None,
    on_step: Callable[[str, bool], None] = lambda *_: None,
) -> tuple[list[Path], dict[str, int]]:
    """Write the tables of a state into a folder; files of the same names are replaced once all are complete.

    Returns the files, and the rows of each table.
    `csv/` and `parquet/` have a file for each table and their dictionary, `lmi_OH.xlsx` all of it, `notes_OH.md` how to
    read it. Raises UnknownNameError, NoReleaseError, or MachineError where the folder cannot be written.
    """
    with open_release(database, basis or UNDUPLICATED) as release:
        area = find_state(release.areas.values(), state, release.areas_without_occupations)
        (profile,) = profiles(release, [area])
        areas = release.ask("state_areas", state=area.area_id, shared=shared)
        release.connection.register("exported_area", areas)
        tables = [*digests(profile), *exported_tables(release, basis)]
        about = notes(profile, tables, shared=shared, basis=basis)
        try:
            with made_folder(folder), scratch(".lmi-export-", folder) as building:
                rows = _write(building, profile, tables, about, on_step)
                files = list(_move(building, folder))
        except OSError as error:
            raise cannot_write(folder, error) from error
    return files, rows


def _write(
    folder: Path, profile: Profile, tables: list[ExportedTable], about: Notes, on_step: Callable[[str, bool], None]
) -> dict[str, int]:
    """Write all files of an export into an empty folder; returns the rows of each table."""
    release, state_id = profile.release, profile.area.area_id
    title = f"Labor market by Career Cluster: {profile.area.area_name}"
    rows: dict[str, int] = {}
    for kind in ("csv", "parquet"):
        (folder / kind).mkdir()
    path = folder / f"lmi_{state_id}.xlsx"
    with Workbook(path, title=title, release=release.facts, notes=about, summary=summary(profile)) as workbook:
        for table in tables:
            on_step(table.name, False)
            frame = table.rows(release.connection)
            write_csv(frame, folder / "csv" / f"{state_id}_{table.name}.csv", table.flags)
            write_parquet(frame, folder / "parquet" / f"{state_id}_{table.name}.parquet", _metadata(release, table))
            workbook.add(table, frame)
            rows[table.name] = frame.height
            on_step(table.name, True)
        dictionary = dictionary_frame(tables)
        workbook.add_dictionary(dictionary)
    write_csv(dictionary_frame(tables, in_csv=True), folder / "csv" / f"{state_id}_dictionary.csv")
    write_parquet(dictionary, folder / "parquet" / f"{state_id}_dictionary.parquet")
    (folder / f"notes_{state_id}.md").write_text(markdown(title, about), encoding="utf-8")
    return rows


def _metadata(release: Release, table: ExportedTable) -> dict[str, str]:
    return {
        "release_id": str(release.facts["release_id"]),
        "description": table.contract.description,
        "columns": json.dumps({column.name: [column.unit, column.meaning] for column in table.contract.columns}),
    }


def _move(building: Path, folder: Path) -> Iterator[Path]:
    for path in sorted(building.rglob("*")):
        target = folder / path.relative_to(building)
        if path.is_file():
            with made_folder(target.parent):
                path.replace(target)
            yield target
