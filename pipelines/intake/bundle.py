"""The bundled vintage: raw tables as Parquet in `reference/bundle/`, pinned by a manifest."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.archive.find import find_files
from pipelines.contracts.enforce import write_frame
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.files import file_sha256
from pipelines.intake.raw import RAW_SOURCES, RawSource, SourceFile, Written, parse_source
from pipelines.paths import BUNDLE
from pipelines.sources import Vintage, declared_sources
from pipelines.tables import TableName, parquet_path

MANIFEST = "manifest.json"

#: The bundle is committed, so it is worth packing well.
COMPRESSION_LEVEL = 19


class BundledTable(BaseModel):
    """A Parquet file of the bundle."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rows: int
    bytes: int
    sha256: str


class BundledSource(BaseModel):
    """A source of the bundle: where it comes from and which tables it makes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    publisher: str
    title: str
    url: str
    vintage: Vintage
    files: tuple[SourceFile, ...]
    tables: dict[str, BundledTable]


class Manifest(BaseModel):
    """What the bundle holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sources: dict[str, BundledSource]


def read_manifest(folder: Path = BUNDLE) -> Manifest:
    """The bundle's manifest. Raises BadInputError when it is missing or not valid."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise BadInputError(source="bundle", file=str(path), problem="the bundle has no manifest") from error
    except ValidationError as error:
        raise BadInputError(source="bundle", file=str(path), problem=f"the manifest is not valid: {error}") from error


def verify_table(table: TableName, bundled: BundledTable, folder: Path = BUNDLE) -> Path:
    """The path of a bundled table whose bytes are those of the manifest. Raises BadInputError otherwise."""
    path = parquet_path(folder, table)
    where = path.relative_to(folder).as_posix()
    if not path.is_file():
        raise BadInputError(source="bundle", file=where, problem="the file is missing")
    found = file_sha256(path)
    if found != bundled.sha256:
        problem = f"the file is not the one in the manifest (sha256 {bundled.sha256}); restore it from the repository"
        raise BadInputError(source="bundle", file=where, problem=problem, value=found)
    return path


def copy_source(source: str, staging: Path, folder: Path = BUNDLE) -> BundledSource:
    """Copy the verified tables of a bundled source into the staging folder."""
    bundled = read_manifest(folder).sources[source]
    for name, entry in bundled.tables.items():
        table = TableName.parse(name)
        path = verify_table(table, entry, folder)
        target = parquet_path(staging, table)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(".tmp")
        shutil.copyfile(path, temporary)
        temporary.replace(target)
    return bundled


def write_source(source: str, files: dict[str, Path], folder: Path, compression_level: int) -> BundledSource:
    """Parse a source's files, write its raw tables, held to their contracts, and describe them as the manifest does.

    Raises BadInputError that names source, file, place and value; the tables of before are untouched then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".parsing-") as scratch:
        return _write(parse_source(source, files, Path(scratch)), folder, compression_level)


def _write(raw: RawSource, folder: Path, compression_level: int) -> BundledSource:
    declared = declared_sources()[raw.source]
    tables = {}
    for table, content in raw.tables.items():
        if isinstance(content, Written):
            path = parquet_path(folder, table)
            path.parent.mkdir(parents=True, exist_ok=True)
            content.path.replace(path)
        else:
            path = write_frame(contracts()[table], content, folder, compression_level)
        tables[str(table)] = BundledTable(rows=content.height, bytes=path.stat().st_size, sha256=file_sha256(path))
    return BundledSource(
        publisher=declared.publisher,
        title=declared.title,
        url=declared.url,
        vintage=raw.vintage,
        files=raw.files,
        tables=tables,
    )


def build(files: Path, folder: Path = BUNDLE) -> Manifest:
    """Rebuild the bundle from a folder of publishers' files: the same bytes from the same files."""
    sources: dict[str, BundledSource] = {}
    for source in RAW_SOURCES:
        found = find_files(source, files)
        if not found:
            names = ", ".join(declared_sources()[source].file_names)
            raise BadInputError(source=source, file=names, place=str(files), problem="not found in the folder")
        sources[source] = write_source(source, found, folder, COMPRESSION_LEVEL)
    manifest = Manifest(sources=sources)
    write_manifest(manifest, folder)
    return manifest


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest of a folder of tables."""
    content: dict[str, Any] = manifest.model_dump(mode="json")
    (folder / MANIFEST).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
