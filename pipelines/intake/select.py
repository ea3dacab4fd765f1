"""Selects what a run takes of each source. Files are found and hashed here, once for the whole run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.archive.find import accepted_names, find_all, left_over
from pipelines.archive.store import Archive, ArchivedVintage
from pipelines.errors import BadInputError, LmiError, SettingError
from pipelines.files import file_sha256
from pipelines.intake.bundle import BundledSource, read_manifest
from pipelines.publishers import career_clusters
from pipelines.publishers.registry import raw_sources, tables_of
from pipelines.settings import Settings, Source
from pipelines.sources import declared_sources


@dataclass(frozen=True)
class SourceInput:
    """What a run takes of a source: a vintage of the archive, else files of a folder, else bundled tables.

    None of them: the source is optional and its tables are empty.
    """

    source: str
    archived: ArchivedVintage | None = None
    files: Mapping[str, Path] | None = None
    checksums: Mapping[str, str] | None = None
    bundled: BundledSource | None = None

    @property
    def lines(self) -> list[str]:
        """Names and checksums of the files or bundled tables."""
        if self.archived is not None:
            return [f"{file.name} {file.sha256}" for file in self.archived.files]
        if self.checksums:
            return [f"{name} {checksum}" for name, checksum in sorted(self.checksums.items())]
        tables = {} if self.bundled is None else self.bundled.tables
        return [f"{name} {table.sha256}" for name, table in sorted(tables.items())]


@dataclass(frozen=True)
class RunInputs:
    """What a run takes of all sources: of those with raw tables by name, and of the downloaded memberships."""

    sources: Mapping[str, SourceInput]
    memberships: ArchivedVintage | None = None

    @property
    def lines(self) -> list[str]:
        """One line for each file or bundled table, which begins with the name of its source."""
        return [
            *(f"{name} {line}" for name, source in self.sources.items() for line in source.lines),
            *self.membership_lines,
        ]

    @property
    def membership_lines(self) -> list[str]:
        """The lines of the downloaded memberships."""
        files = self.memberships.files if self.memberships is not None else ()
        return [f"{career_clusters.SOURCE} {file.name} {file.sha256}" for file in files]


def select_inputs(settings: Settings) -> RunInputs:
    """The inputs of a run: of the archive (live) or of a folder (files), else bundled tables, else empty ones.

    A live run takes only optional sources from the bundle. Tables are empty only for an optional source whose contracts
    allow it. Raises LmiError or BadInputError for any other source that is not there, and for a folder without files.
    """
    bundled = read_manifest().sources
    if settings.source is Source.LIVE:
        manifest = Archive(settings.archive).manifest()
        taken = {}
        for source in raw_sources():
            archived = manifest.newest(source)
            if archived is not None:
                taken[source] = SourceInput(source, archived=archived)
            elif declared_sources()[source].optional:
                taken[source] = _from_bundle(source, bundled.get(source))
            else:
                problem = "the archive has no vintage; `lmi archive fetch` or `lmi archive add` adds one"
                raise LmiError(f"{source}: {problem}")
        return RunInputs(taken, manifest.newest(career_clusters.SOURCE))
    files = _files(settings.files_dir) if settings.source is Source.FILES else {}
    taken = {source: _from_bundle(source, bundled.get(source)) for source in raw_sources() if not files.get(source)}
    for source, found in files.items():
        if found:
            checksums = {name: file_sha256(path) for name, path in found.items()}
            taken[source] = SourceInput(source, files=found, checksums=checksums)
    return RunInputs({source: taken[source] for source in raw_sources()})


def origins(inputs: RunInputs) -> dict[str, list[str]]:
    """Where a run on a folder took each source from, in words, with the sources and the number of their files."""
    found: dict[str, list[str]] = {"From the folder": [], "From the bundle": [], "Without figures": []}
    for name, source in inputs.sources.items():
        if source.files:
            found["From the folder"].append(f"{name} ({len(source.files)} file{'s' * (len(source.files) > 1)})")
        else:
            found["Without figures" if source.bundled is None else "From the bundle"].append(name)
    return {origin: names for origin, names in found.items() if names}


def not_taken(settings: Settings, inputs: RunInputs) -> dict[str, str]:
    """The files of the settings' folder that a run did not take, each with the reason; none without a folder."""
    if settings.source is not Source.FILES or settings.files_dir is None:
        return {}
    return left_over(settings.files_dir, {source: taken.files or {} for source, taken in inputs.sources.items()})


def _files(folder: Path | None) -> dict[str, dict[str, Path]]:
    """The files of each source in the folder of the settings."""
    if folder is None or not folder.is_dir():
        given = "none is given" if folder is None else f"{folder} is not a folder"
        raise SettingError(
            f"source `files` needs a folder with the publishers' files (LMI_FILES_DIR or --files); {given}"
        )
    found = find_all(folder, raw_sources())
    if not any(found.values()):
        problem = f"the folder holds none of the publishers' files. The names accepted are\n{accepted_names(found)}"
        raise BadInputError(source="files", file=str(folder), problem=problem)
    return found


def _from_bundle(source: str, bundled: BundledSource | None) -> SourceInput:
    """The bundled tables of a source, or none when it can do without."""
    tables = tables_of(source)
    if bundled is not None and set(bundled.tables) == {str(table.table) for table in tables}:
        return SourceInput(source, bundled=bundled)
    declared = declared_sources()[source]
    if bundled is None and declared.optional and all(table.may_be_empty for table in tables):
        return SourceInput(source)
    what = "the bundle does not hold this source" if bundled is None else "the bundle holds other tables of this source"
    problem = f"{what}; `lmi bundle build --source {source} FOLDER` makes them from the publisher's files"
    raise BadInputError(source=source, file=", ".join(declared.file_names), problem=problem)
