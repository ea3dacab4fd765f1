"""The archive: publishers' files, stored by their checksum, and a manifest of the vintages they belong to.

- objects/<sha256>/<name>: the file under its own name, which readers show in errors
- manifest.json: replaced in one step, after the objects it names are there
- temporary/: downloads on their way in; emptied when the archive is next held
- parsed/: the raw tables of the newest vintages, see pipelines/intake/parsed.py
- parsed.json: the checksums of the files in parsed/, by source and path

The manifest's key for vintages is `editions`, which existing archives have.
"""

import errno
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from filelock import FileLock, Timeout
from pydantic import AfterValidator, AwareDatetime, Field, RootModel, ValidationError, model_validator

from pipelines.errors import BadInputError, BusyError, printable
from pipelines.files import atomic, combined_sha256, file_sha256, sync
from pipelines.models import Strict, why_unread
from pipelines.sources import Vintage

#: The source that errors of the archive itself name.
SOURCE = "archive"

_MANIFEST = "manifest.json"
_PARSED = "parsed.json"


def _plain(name: str) -> str:
    """A name that stays in its folder; it may begin with folders, as the names of slices do."""
    if any(part in ("", ".", "..") for part in name.split("/")) or any(character in name for character in "\\\0"):
        raise ValueError(f"{name!r} is not the name of a file")
    return name


UtcTime = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
Origin = Literal["fetched", "by_hand"]
Shown = Annotated[str, AfterValidator(printable)]
FileName = Annotated[str, AfterValidator(_plain)]


class ArchivedFile(Strict):
    """A publisher's file in the archive; `last_modified` is the server's header.

    `url` is where the file was fetched, `asked_url` the address that led there by redirects. Neither holds a login.
    """

    name: FileName
    url: str | None
    asked_url: str | None = None
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    last_modified: str | None
    retrieved_at: UtcTime


def described(path: Path, name: str, at: datetime) -> ArchivedFile:
    """A file that was not fetched by us, as the archive's manifest has it."""
    size = path.stat().st_size
    return ArchivedFile(name=name, url=None, sha256=file_sha256(path), bytes=size, last_modified=None, retrieved_at=at)


class ArchivedVintage(Strict):
    """A vintage of a source in the archive: files that were accepted together."""

    source: str
    vintage: Shown
    reference_period: Shown
    released_on: date | None
    notes: str | None
    origin: Origin
    accepted_at: UtcTime
    files: tuple[ArchivedFile, ...] = Field(min_length=1)

    @classmethod
    def of(cls, source: str, vintage: Vintage, origin: Origin, at: datetime, files: list[ArchivedFile]) -> Self:
        """A vintage that was accepted at a time."""
        named = vintage.model_dump(include={"vintage", "reference_period", "released_on"})
        return cls(source=source, **named, notes=None, origin=origin, accepted_at=at, files=tuple(files))

    @model_validator(mode="after")
    def _has_each_name_once(self) -> Self:
        names = [file.name for file in self.files]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.source}: two files of one name among {', '.join(names)}")
        return self

    @property
    def key(self) -> str:
        """A checksum of the files' content."""
        return combined_sha256({file.name: file.sha256 for file in self.files})


class Attempt(Strict):
    """The last look for a newer vintage of a source, and its outcome."""

    at: UtcTime
    outcome: Literal["new", "unchanged", "failed"]
    message: Shown | None


class ArchiveManifest(Strict):
    """The vintages of each source, oldest first, and the last look for a newer one."""

    vintages: dict[str, tuple[ArchivedVintage, ...]] = Field({}, alias="editions")
    attempts: dict[str, Attempt] = Field({})

    def newest(self, source: str) -> ArchivedVintage | None:
        """The newest vintage of a source; None when there is none."""
        return next(reversed(self.vintages.get(source, ())), None)


class KeptTables(RootModel[dict[str, dict[str, str]]]):
    """The checksum of each file of the raw tables that are kept, by source and by the file's path."""


@dataclass(frozen=True)
class Fault:
    """A file that is missing or damaged, or one that belongs to nothing."""

    kind: Literal["missing", "damaged", "unused"]
    path: Path


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they survive a power failure."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def _seal(path: Path) -> None:
    """Write a file through to the disk, and make it read-only."""
    sync(path)
    path.chmod(0o444)


class Archive:
    """A folder of publishers' files. Reading needs no lock; changes need `hold()` and survive a kill at any moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._objects = folder / "objects"
        self._temporary = folder / "temporary"
        self._parsed = folder / "parsed"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the archive for changes. Raises BusyError when another process holds it; a killed process frees it."""
        _make_folder(self.folder)
        lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise BusyError(
                f"{self.folder} is in use by another process; wait until it has ended, then run again"
            ) from error
        try:
            if self._temporary.exists():
                shutil.rmtree(self._temporary)
            for name in (_MANIFEST, _PARSED):
                for left_over in self.folder.glob(f".{name}.*.tmp"):
                    left_over.unlink()
            yield
        finally:
            lock.release()

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A folder inside the archive for downloads, removed at the end."""
        _make_folder(self._temporary)
        folder = Path(tempfile.mkdtemp(dir=self._temporary))
        try:
            yield folder
        finally:
            # the next hold removes what cannot be removed now
            shutil.rmtree(folder, ignore_errors=True)

    def manifest(self) -> ArchiveManifest:
        """The manifest; an empty one for a new archive. Raises BadInputError when it cannot be read."""
        path = self.folder / _MANIFEST
        try:
            return ArchiveManifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return ArchiveManifest()
        except (OSError, ValidationError) as error:
            problem = (
                f"the archive's manifest cannot be read; restore it, or move the archive away: {why_unread(error)}"
            )
            raise BadInputError(source=SOURCE, file=str(path), problem=problem) from error

    def newest(self, source: str) -> ArchivedVintage | None:
        """The newest vintage of a source; None when there is none."""
        return self.manifest().newest(source)

    def vintages(self, source: str) -> tuple[ArchivedVintage, ...]:
        """All vintages of a source, oldest first."""
        return self.manifest().vintages.get(source, ())

    def path(self, file: ArchivedFile) -> Path:
        """The path of a file, whether it is there or not."""
        return self._objects / file.sha256 / file.name

    def put(self, temporary: Path, file: ArchivedFile) -> None:
        """Move a file into the archive, read-only, over a damaged copy. Raises BadInputError for another checksum."""
        found = file_sha256(temporary)
        if found != file.sha256:
            problem = f"the file changed on its way into the archive, sha256 {file.sha256} was expected"
            raise BadInputError(source=SOURCE, file=file.name, problem=problem, value=found)
        if self.is_whole(file):
            temporary.unlink()
        else:
            self._move(temporary, self.path(file))

    def _move(self, temporary: Path, target: Path) -> None:
        """Move a file to its place in one step; from another file system, copy it first."""
        _make_folder(target.parent)
        _seal(temporary)
        try:
            temporary.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            with atomic(target) as copy:
                _seal(Path(shutil.copyfile(temporary, copy)))
            temporary.unlink()
        sync(target.parent)

    def add(self, vintage: ArchivedVintage) -> None:
        """Make a vintage the newest, over one of equal content. Raises BadInputError for a file that is not there."""
        for file in vintage.files:
            path = self.path(file)
            if not path.is_file() or path.stat().st_size != file.bytes:
                raise self._fault(vintage, file)
        manifest = self.manifest()
        before = tuple(known for known in manifest.vintages.get(vintage.source, ()) if known.key != vintage.key)
        self._write(manifest.vintages | {vintage.source: (*before, vintage)}, manifest.attempts)

    def note_attempt(self, source: str, attempt: Attempt) -> None:
        """Record the outcome of the last look at a source."""
        manifest = self.manifest()
        self._write(manifest.vintages, manifest.attempts | {source: attempt})

    def _write(self, vintages: dict[str, tuple[ArchivedVintage, ...]], attempts: dict[str, Attempt]) -> None:
        """Replace the manifest in one step."""
        manifest = ArchiveManifest(editions=vintages, attempts=attempts)
        content = json.dumps(manifest.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False) + "\n"
        with atomic(self.folder / _MANIFEST, durable=True) as path:
            path.write_text(content, encoding="utf-8")

    def _kept(self) -> dict[str, dict[str, str]]:
        """What is recorded of the tables that are kept; nothing when that cannot be read, as they can be made again."""
        try:
            return KeptTables.model_validate_json((self.folder / _PARSED).read_bytes()).root
        except (OSError, ValidationError):
            return {}

    def keep_tables(self, source: str, key: str, folder: Path) -> None:
        """Move a folder of raw tables to its place by a key, over those kept of the source, and record its files.

        A process killed halfway leaves tables without a record, never a record without tables.
        """
        target = self._parsed / source / key
        files = {path: file_sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
        named = {f"{key}/{path.relative_to(folder).as_posix()}": checksum for path, checksum in files.items()}
        self._record_tables(source, {})
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.replace(target)
        self._record_tables(source, named)

    def _record_tables(self, source: str, files: dict[str, str]) -> None:
        with atomic(self.folder / _PARSED, durable=True) as path:
            path.write_text(KeptTables(self._kept() | {source: files}).model_dump_json(indent=2), encoding="utf-8")

    def kept_tables(self, source: str, key: str) -> Path | None:
        """The folder of raw tables kept of a source by a key; None unless every file is as it was recorded."""
        recorded = self._kept().get(source, {})
        folder = self._parsed / source
        if not recorded or not all(name.startswith(f"{key}/") for name in recorded):
            return None
        return folder / key if all(_is_same(folder / name, checksum) for name, checksum in recorded.items()) else None

    def is_whole(self, file: ArchivedFile) -> bool:
        """Whether a file is there and has its checksum."""
        path = self.path(file)
        return path.is_file() and path.stat().st_size == file.bytes and file_sha256(path) == file.sha256

    def files(self, vintage: ArchivedVintage) -> dict[str, Path]:
        """The files of a vintage by name, each read and checked. Raises BadInputError for a missing or damaged one."""
        for file in vintage.files:
            if not self.is_whole(file):
                raise self._fault(vintage, file)
        return {file.name: self.path(file) for file in vintage.files}

    def _fault(self, vintage: ArchivedVintage, file: ArchivedFile) -> BadInputError:
        """The error for a file of a vintage that is missing or damaged."""
        path = self.path(file)
        fault = "damaged" if path.is_file() else "missing"
        problem = f"{fault} in the archive; the next live run fetches it again, or `lmi archive add` adds it"
        place = path.relative_to(self.folder).as_posix()
        return BadInputError(source=vintage.source, file=file.name, place=place, problem=problem)

    def verify(self) -> list[Fault]:
        """Read every file of every vintage, and every table that is kept; returns the faults, and unused files."""
        files = self._referred(self.manifest().vintages)
        broken = [path for path, file in files.items() if not self.is_whole(file)]
        tables = self._tables()
        broken += [path for path, checksum in tables.items() if not _is_same(path, checksum)]
        faults = [Fault("damaged" if path.is_file() else "missing", path) for path in broken]
        return faults + [Fault("unused", path) for path in self._stored() if path not in files and path not in tables]

    def prune(self, keep: int) -> tuple[int, int]:
        """Keep the newest `keep` vintages of every source; returns the number and bytes of the files removed."""
        if keep < 1:
            raise ValueError("at least one vintage of every source is kept")
        manifest = self.manifest()
        kept = {source: vintages[-keep:] for source, vintages in manifest.vintages.items()}
        if kept != manifest.vintages:
            # first, so that a process killed halfway leaves files without a vintage, never a vintage without files
            self._write(kept, manifest.attempts)
        referred = self._referred(kept).keys() | self._tables().keys()
        unused = [path for path in self._stored() if path not in referred]
        size = sum(path.stat().st_size for path in unused)
        for path in unused:
            path.unlink()
        folders = [path for root in (self._objects, self._parsed) for path in root.rglob("*") if path.is_dir()]
        for folder in sorted(folders, reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        return len(unused), size

    def _referred(self, vintages: dict[str, tuple[ArchivedVintage, ...]]) -> dict[Path, ArchivedFile]:
        """The files of vintages by path."""
        return {self.path(file): file for known in vintages.values() for vintage in known for file in vintage.files}

    def _tables(self) -> dict[Path, str]:
        """The checksums of the files of kept tables, by path."""
        return {
            self._parsed / source / name: checksum
            for source, files in self._kept().items()
            for name, checksum in files.items()
        }

    def _stored(self) -> list[Path]:
        """All files in the archive, sorted by path."""
        return sorted(path for root in (self._objects, self._parsed) for path in root.rglob("*") if path.is_file())


def _is_same(path: Path, sha256: str) -> bool:
    return path.is_file() and file_sha256(path) == sha256
