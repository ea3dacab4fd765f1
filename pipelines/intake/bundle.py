"""The bundled vintages: raw tables as Parquet in `reference/bundle/`, with a manifest of their checksums."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipelines.archive.find import find_all
from pipelines.contracts.enforce import write_frame
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError, UnknownNameError
from pipelines.files import atomic, content_sha256, copy, file_sha256, files_of, made_folder, remove, scratch
from pipelines.intake.whole import Tables, refuse_partial
from pipelines.models import Strict, why_unread
from pipelines.paths import BUNDLE
from pipelines.publishers.common import Written
from pipelines.publishers.registry import raw_sources, read
from pipelines.sources import Vintage, declared_sources
from pipelines.tables import TableName, parquet_path

MANIFEST = "manifest.json"

#: The bundle is committed, so it is compressed as far as possible.
COMPRESSION_LEVEL = 19


@dataclass(frozen=True)
class SourceFile:
    """A publisher's file, described."""

    name: str
    sha256: str
    bytes: int


class BundledTable(Strict):
    """A table of the bundle, a Parquet file or a folder of such."""

    rows: int
    bytes: int
    sha256: str


class BundledSource(Strict):
    """A source's vintage, the publisher's files, and the raw tables made of them."""

    publisher: str
    title: str
    url: str
    vintage: Vintage
    files: tuple[SourceFile, ...]
    tables: dict[str, BundledTable]


class Manifest(Strict):
    """What the bundle holds."""

    sources: dict[str, BundledSource]


def read_manifest(folder: Path = BUNDLE) -> Manifest:
    """The bundle's manifest. Raises BadInputError when it is missing or not valid."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise BadInputError(source="bundle", file=str(path), problem="the bundle has no manifest") from error
    except ValidationError as error:
        raise BadInputError(
            source="bundle", file=str(path), problem=f"the manifest is not valid: {why_unread(error)}"
        ) from error


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest of a folder of tables."""
    content = json.dumps(manifest.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    with atomic(folder / MANIFEST) as path:
        path.write_text(content, encoding="utf-8")


def verify_table(table: TableName, bundled: BundledTable, folder: Path = BUNDLE) -> Path:
    """The path of a bundled table. Raises BadInputError unless its checksum is that of the manifest."""
    path = parquet_path(folder, table)
    where = path.relative_to(folder).as_posix()
    if not path.exists():
        raise BadInputError(source="bundle", file=where, problem="the file is missing")
    found = content_sha256(path)
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
        with atomic(parquet_path(staging, table)) as temporary:
            copy(path, temporary)
    return bundled


def bundled_tables(source: str) -> dict[str, Path]:
    """The paths of a source's bundled tables by their names."""
    bundled = read_manifest().sources.get(source)
    tables = [] if bundled is None else [TableName.parse(name) for name in bundled.tables]
    return {table.name: parquet_path(BUNDLE, table) for table in tables}


def write_source(
    source: str,
    files: Mapping[str, Path],
    folder: Path,
    compression_level: int,
    checksums: Mapping[str, str] | None = None,
    *,
    before: Tables | None = None,
    fetched: bool = False,
    years: Mapping[str, Path] | None = None,
) -> BundledSource:
    """Write the raw tables of a source's files and describe them; `checksums` are those known of the files, by name.

    They are held against `before`, the tables of the edition before, and as `fetched` files if they are. `years` are
    rows of years that were read before. Raises BadInputError that names source, file, place and value, and
    ContractError; older tables then stay.
    """
    known = checksums or {}
    described = tuple(
        SourceFile(name, known.get(name) or file_sha256(path), path.stat().st_size)
        for name, path in sorted(files.items())
    )
    folder.mkdir(parents=True, exist_ok=True)
    with scratch(".parsing-", folder) as place:
        vintage, contents = read(source, files, place, years)
        assert vintage is not None
        made = {table.name: content for table, content in contents.items()}
        refuse_partial(source, files, made, before or {}, fetched=fetched)
        tables = {}
        for table, content in contents.items():
            if isinstance(content, Written):
                path = parquet_path(folder, table)
                with atomic(path) as temporary:
                    content.path.replace(temporary)
            else:
                path = write_frame(contracts()[table], content, folder, compression_level)
            size = sum(file.stat().st_size for file in files_of(path))
            tables[str(table)] = BundledTable(rows=content.height, bytes=size, sha256=content_sha256(path))
    declared = declared_sources()[source]
    return BundledSource(
        publisher=declared.publisher,
        title=declared.title,
        url=declared.url,
        vintage=vintage,
        files=described,
        tables=tables,
    )


def build(files: Path, folder: Path = BUNDLE, sources: Sequence[str] | None = None) -> Manifest:
    """Build the bundle from a folder of publishers' files; with `sources`, only these, and the others stay.

    The same files make the same bytes. Raises BadInputError when files are missing, and as write_source.
    """
    for source in sources or ():
        if source not in raw_sources():
            raise UnknownNameError(f"{source} makes no raw tables; the sources that do are {', '.join(raw_sources())}")
    known = read_manifest(folder).sources if sources and (folder / MANIFEST).exists() else {}
    chosen = sources or [source for source in raw_sources() if declared_sources()[source].bundled]
    found = find_all(files, chosen)
    for source, its_files in found.items():
        if not its_files:
            names = ", ".join(declared_sources()[source].file_names)
            raise BadInputError(source=source, file=names, place=str(files), problem="not found in the folder")
    # tables are of no use without the manifest
    with made_folder(folder, whole=True):
        built = {source: write_source(source, found[source], folder, COMPRESSION_LEVEL) for source in chosen}
        held = {**known, **built}
        manifest = Manifest(sources={source: held[source] for source in raw_sources() if source in held})
        write_manifest(manifest, folder)
    tables = {TableName.parse(name) for source in manifest.sources.values() for name in source.tables}
    for path in set(folder.glob("*/*.parquet")) - {parquet_path(folder, table) for table in tables}:
        remove(path)
    return manifest
