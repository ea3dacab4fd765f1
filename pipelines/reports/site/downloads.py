"""The files of a site: the release as it was published, and the exports of states, with their checksums."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from markupsafe import Markup

from pipelines.errors import NoReleaseError
from pipelines.files import file_sha256, scratch
from pipelines.release.manifest import DATABASE, Release
from pipelines.reports.areas import Area
from pipelines.reports.blocks import Line, Table, name_cell
from pipelines.reports.export.write import export_state

#: What each file of a release is; the others are listed by their name.
_CALLED = {
    DATABASE: "All tables, as a DuckDB database",
    "manifest.json": "Manifest: sources, tables and checksums",
    "dictionary.md": "Dictionary: every table and column",
    "catalogue.html": "Catalogue: the dictionary with a search",
    "validation.json": "Results of the checks",
    "diff.md": "What changed since the release before",
    "diff.json": "The same, for programs",
    "data.json": "Description for portals, DCAT-US 1.1",
    "dcat-us-3.json": "Description for portals, DCAT-US 3.0",
    "datapackage.json": "Description as a Data Package",
    "croissant.json": "Description in Croissant",
}
#: The folders of an export, which become archives.
_KINDS = {"csv": "CSV", "parquet": "Parquet"}


@dataclass(frozen=True)
class Download:
    """A file: its address in the site, what it is, its size in bytes and its SHA-256."""

    file: str
    title: str
    size: int
    sha256: str


def download(folder: Path, file: str, title: str) -> Download:
    """A file of the site in a folder."""
    path = folder / file
    return Download(file, title, path.stat().st_size, file_sha256(path))


def copy_release(release: Release, folder: Path) -> list[Download]:
    """Copy the files of a release into `release/` of a folder, the database first.

    Raises NoReleaseError for a file that is not as the manifest says.
    """
    known = {DATABASE: release.manifest.database_sha256, **release.manifest.files}
    target = folder / "release"
    target.mkdir()
    names = [path.name for path in sorted(release.folder.iterdir()) if path.is_file()]
    found = []
    for name in sorted(names, key=lambda name: [*_CALLED].index(name) if name in _CALLED else len(_CALLED)):
        shutil.copyfile(release.folder / name, target / name)
        sha256 = file_sha256(target / name)
        if known.get(name, sha256) != sha256:
            raise NoReleaseError(
                f"{release.folder / name} is not the file that was published; restore it, or publish again with "
                "`lmi run --force`"
            )
        found.append(Download(f"release/{name}", _CALLED.get(name, name), (target / name).stat().st_size, sha256))
    return found


def _archives(area: Area) -> dict[str, str]:
    """The files of a state's export: what each is, by its name."""
    return {
        f"lmi_{area.area_id}.xlsx": "Excel",
        **{f"lmi_{area.area_id}_{kind}.zip": called for kind, called in _KINDS.items()},
        f"notes_{area.area_id}.md": "Notes",
    }


def write_export(database: Path, area: Area, folder: Path) -> None:
    """Write the export of a state into `downloads/` of a folder: workbook, notes, and CSV and Parquet as archives."""
    target = folder / "downloads"
    with scratch(".export-", folder) as made:
        export_state(database, area.area_id, made)
        for kind in _KINDS:
            with ZipFile(made / f"lmi_{area.area_id}_{kind}.zip", "w", ZIP_DEFLATED) as archive:
                for path in sorted((made / kind).iterdir()):
                    archive.write(path, path.name)
        for file in _archives(area):
            (made / file).replace(target / file)


def exported(areas: Iterable[Area], folder: Path) -> list[tuple[Area, list[Download]]]:
    """What `write_export` wrote of states."""
    return [
        (
            area,
            [download(folder, f"downloads/{name}", title) for name, title in _archives(area).items()],
        )
        for area in areas
    ]


def listed(downloads: Iterable[Download], label: str) -> Table:
    """Files as a table: what each is, its size and its checksum."""
    lines = [
        Line(
            [
                name_cell(Markup('<a href="{}">{}</a>').format(each.file, each.title)),
                Markup("<td>{}</td>").format(in_words(each.size)),
                Markup('<td class="text sha">{}</td>').format(each.sha256),
            ]
        )
        for each in downloads
    ]
    return Table(label, [("File", False), ("Size", False), ("SHA-256", True)], lines)


def in_words(size: int) -> str:
    """A size in bytes in words."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB" if size >= 1e3 else f"{size} bytes"


def checksums(downloads: Iterable[Download]) -> str:
    """The files with their checksums, as `sha256sum -c` reads them."""
    return "".join(f"{each.sha256}  {each.file}\n" for each in downloads)
