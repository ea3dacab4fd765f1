"""The archive: publishers' files by their content, and one manifest of the editions they make up.

- objects/<sha256>/<name>: the name is kept, parsers name the file in errors and need its suffix
- manifest.json: replaced whole, and only after the objects it names are there
- temporary/: downloads on their way in; what a killed process leaves there goes with the next hold
- parsed/: tables made of the newest editions, see pipelines/archive/parsed.py
"""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from filelock import FileLock, Timeout
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import BadInputError, BusyError
from pipelines.files import combined_sha256, file_sha256, sync

#: What errors and `BadInputError.source` call the archive itself.
SOURCE = "archive"

_MANIFEST = "manifest.json"


def _plain(name: str) -> str:
    """A name that stays in its folder; it may have folders of its own, as those of slices have."""
    if any(part in ("", ".", "..") for part in name.split("/")) or any(character in name for character in "\\\0"):
        raise ValueError(f"{name!r} is not the name of a file")
    return name


UtcTime = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
FileName = Annotated[str, AfterValidator(_plain)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchivedFile(_Strict):
    """A publisher's file in the archive; `last_modified` is in the server's words."""

    name: FileName
    url: str | None
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    last_modified: str | None
    retrieved_at: UtcTime


class Edition(_Strict):
    """The files of a source that belong together, accepted as a whole."""

    source: str
    vintage: str
    reference_period: str
    released_on: date | None
    notes: str | None
    origin: Literal["fetched", "by_hand"]
    accepted_at: UtcTime
    files: tuple[ArchivedFile, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_each_name_once(self) -> Self:
        names = [file.name for file in self.files]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.source}: two files of one name among {', '.join(names)}")
        return self

    @property
    def key(self) -> str:
        """The same for the same content, whatever the edition is called."""
        return combined_sha256({file.name: file.sha256 for file in self.files})


class Attempt(_Strict):
    """The last look for a newer edition of a source, and what came of it."""

    at: UtcTime
    outcome: Literal["new", "unchanged", "failed"]
    message: str | None


class ArchiveManifest(_Strict):
    """The editions of each source, oldest first, and the last look at it."""

    editions: dict[str, tuple[Edition, ...]] = {}
    attempts: dict[str, Attempt] = {}


@dataclass(frozen=True)
class Fault:
    """A file that an edition has and the archive has not or not whole, or a file that no edition has."""

    kind: Literal["missing", "damaged", "unused"]
    path: Path


@dataclass(frozen=True)
class Pruned:
    """How many files were removed, and their bytes."""

    count: int
    bytes: int


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they outlast a loss of power."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def _seal(path: Path) -> None:
    """Make a file's bytes outlast a loss of power, and guard them against a slip."""
    sync(path)
    path.chmod(0o444)


class Archive:
    """A folder of publishers' files. Reading needs no lock; whatever changes the archive is done within `hold()`.

    A process may be killed at any moment: the manifest can be read and names whole files only.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._objects = folder / "objects"
        self._temporary = folder / "temporary"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the archive for changes. Raises BusyError at once when it is held; the lock ends with its process."""
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
            yield
        finally:
            lock.release()

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A folder of the archive's for downloads, removed at the end."""
        _make_folder(self._temporary)
        folder = Path(tempfile.mkdtemp(dir=self._temporary))
        try:
            yield folder
        finally:
            # what cannot be removed now is removed by the next hold
            shutil.rmtree(folder, ignore_errors=True)

    def manifest(self) -> ArchiveManifest:
        """What the archive holds; empty when there is none. Raises BadInputError when it cannot be read."""
        path = self.folder / _MANIFEST
        try:
            return ArchiveManifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return ArchiveManifest()
        except (OSError, ValidationError) as error:
            problem = f"the archive's manifest cannot be read; restore it, or move the archive away: {error}"
            raise BadInputError(source=SOURCE, file=str(path), problem=problem) from error

    def newest(self, source: str) -> Edition | None:
        """The newest edition of a source; None when there is none."""
        return next(reversed(self.editions(source)), None)

    def editions(self, source: str) -> tuple[Edition, ...]:
        """All editions of a source, oldest first."""
        return self.manifest().editions.get(source, ())

    def path(self, file: ArchivedFile) -> Path:
        """Where a file lies, or would."""
        return self._objects / file.sha256 / file.name

    def put(
        self,
        temporary: Path,
        name: str,
        *,
        url: str | None,
        last_modified: str | None,
        retrieved_at: datetime,
        sha256: str | None = None,
    ) -> ArchivedFile:
        """Move a file into the archive, where it is read only; a damaged file of the same content is replaced.

        Raises BadInputError and leaves the file when its checksum is not the `sha256` given.
        """
        found = file_sha256(temporary)
        if sha256 not in (None, found):
            problem = f"the file changed on its way into the archive, sha256 {sha256} was expected"
            raise BadInputError(source=SOURCE, file=name, problem=problem, value=found)
        file = ArchivedFile(
            name=name,
            url=url,
            sha256=found,
            bytes=temporary.stat().st_size,
            last_modified=last_modified,
            retrieved_at=retrieved_at,
        )
        if self.is_whole(file):
            temporary.unlink()
        else:
            self._move(temporary, self.path(file))
        return file

    def _move(self, temporary: Path, target: Path) -> None:
        """Move a file to its place in one step, from another file system by way of a copy."""
        _make_folder(target.parent)
        _seal(temporary)
        try:
            temporary.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            with self.temporary() as folder:
                copy = Path(shutil.copyfile(temporary, folder / target.name))
                _seal(copy)
                copy.replace(target)
            temporary.unlink()
        sync(target.parent)

    def add(self, edition: Edition) -> None:
        """Make an edition the newest of its source; one of the same content is replaced.

        Raises BadInputError when a file of it was never put here.
        """
        for file in edition.files:
            path = self.path(file)
            if not path.is_file() or path.stat().st_size != file.bytes:
                raise self._fault(edition, file)
        manifest = self.manifest()
        before = tuple(known for known in manifest.editions.get(edition.source, ()) if known.key != edition.key)
        self._write(manifest.editions | {edition.source: (*before, edition)}, manifest.attempts)

    def note_attempt(self, source: str, attempt: Attempt) -> None:
        """Keep what came of the last look at a source."""
        manifest = self.manifest()
        self._write(manifest.editions, manifest.attempts | {source: attempt})

    def _write(self, editions: dict[str, tuple[Edition, ...]], attempts: dict[str, Attempt]) -> None:
        """Replace the manifest in one step."""
        manifest = ArchiveManifest(editions=editions, attempts=attempts)
        content = json.dumps(manifest.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
        with self.temporary() as folder:
            path = folder / _MANIFEST
            with path.open("w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            path.replace(self.folder / _MANIFEST)
        sync(self.folder)

    def is_whole(self, file: ArchivedFile) -> bool:
        """Whether a file is there, byte for byte."""
        path = self.path(file)
        return path.is_file() and path.stat().st_size == file.bytes and file_sha256(path) == file.sha256

    def files(self, edition: Edition) -> dict[str, Path]:
        """The files of an edition by name, read through. Raises BadInputError for one that is missing or damaged."""
        for file in edition.files:
            if not self.is_whole(file):
                raise self._fault(edition, file)
        return {file.name: self.path(file) for file in edition.files}

    def _fault(self, edition: Edition, file: ArchivedFile) -> BadInputError:
        """The error for a file of an edition that is not whole."""
        path = self.path(file)
        return BadInputError(
            source=edition.source,
            file=file.name,
            place=path.relative_to(self.folder).as_posix(),
            problem=f"{'damaged' if path.is_file() else 'missing'} in the archive; the next live run fetches it again, "
            "or `lmi archive add` brings it in",
        )

    def verify(self, on_file: Callable[[ArchivedFile], None] = lambda _: None) -> list[Fault]:
        """Read every file of every edition; returns the faults, and the files that no edition has.

        `on_file` is told of each file before it is read.
        """
        files = self._referred(self.manifest().editions)
        faults = []
        for path, file in files.items():
            on_file(file)
            if not self.is_whole(file):
                faults.append(Fault("damaged" if path.is_file() else "missing", path))
        return faults + [Fault("unused", path) for path in self._stored() if path not in files]

    def prune(self, keep: int) -> Pruned:
        """Keep the newest `keep` editions of every source; remove the files that no edition has then."""
        if keep < 1:
            raise ValueError("at least one edition of every source is kept")
        manifest = self.manifest()
        kept = {source: editions[-keep:] for source, editions in manifest.editions.items()}
        if kept != manifest.editions:
            # first: a process killed halfway leaves files without an edition, never the other way round
            self._write(kept, manifest.attempts)
        referred = self._referred(kept)
        unused = [path for path in self._stored() if path not in referred]
        size = sum(path.stat().st_size for path in unused)
        for path in unused:
            path.unlink()
        for folder in sorted((path for path in self._objects.rglob("*") if path.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        return Pruned(len(unused), size)

    def _referred(self, editions: dict[str, tuple[Edition, ...]]) -> dict[Path, ArchivedFile]:
        """The files of editions by path; one that several editions share is there once."""
        return {
            self.path(file): file for of_source in editions.values() for edition in of_source for file in edition.files
        }

    def _stored(self) -> list[Path]:
        """All files that lie in the archive, in order of their paths."""
        return sorted(path for path in self._objects.rglob("*") if path.is_file())
