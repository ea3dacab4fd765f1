"""Files on disk: written in one step, hashed, and checked to be what their names say."""

import errno
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipelines.errors import BadInputError, refused_by_machine
from pipelines.texts import is_utf_16

#: What reading a damaged zip raises; RuntimeError stands for encryption and compression that Python cannot read.
ZIP_FAULTS = (BadZipFile, EOFError, OSError, RuntimeError, zlib.error)

_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
#: How a zip begins, and how one without files does.
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP_MAGIC = b"\x1f\x8b"
_HEAD_BYTES = 65_536
#: What is said of a publisher's file that somebody saved in another encoding.
IN_UTF_16 = "the text is in UTF-16: get the publisher's own file, or save it as UTF-8 (in Excel: CSV UTF-8)"
#: The same of one whose lines end otherwise than any publisher's.
ENDS_IN_CR = "the lines end with CR alone, as on an old Macintosh: get the publisher's own file, or save it with CRLF"
#: Files of a zip that a message names.
_NAMED = 5


def sync(path: Path) -> None:
    """Write a file, or the names in a folder, through to the disk, so that they survive a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def made_folder(folder: Path, *, whole: bool = False) -> Iterator[None]:
    """Make a folder, with those above it, for the block; what was made is removed again if the block fails.

    Folders that hold a finished file stay, unless the folder is of use as a `whole` only: then a new one goes with all
    that it holds. One that was there before always stays. Raises OSError.
    """
    new = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        if whole and new:
            shutil.rmtree(folder, ignore_errors=True)
        for each in new:
            with suppress(OSError):  # it holds a finished file, or was never made
                each.rmdir()
        raise


@contextmanager
def atomic(target: Path, *, durable: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside `target`, which replaces `target` when the block ends without an error.

    A reader sees the old file or the new one. The temporary file is removed in every case. With `durable` the new file
    also survives a power failure. Either may be a folder; then what is there is removed first. A link is followed, and
    a file keeps its mode. Raises OSError for what is neither file nor folder, such as a device or a pipe.
    """
    target = place_of(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        if durable:
            sync(temporary)
        if temporary.is_dir() or target.is_dir():
            remove(target)
        elif target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
        if durable:
            sync(target.parent)
    finally:
        remove(temporary)


@contextmanager
def scratch(prefix: str = "lmi-", folder: Path | None = None) -> Iterator[Path]:
    """A new folder for the block, in `folder` or where temporary files go; it is removed again whatever happens.

    Python's own stays where a signal comes between the making of the folder and the block. Raises OSError.
    """
    made = (folder or Path(tempfile.gettempdir())) / f"{prefix}{uuid4().hex}"
    try:
        made.mkdir(mode=0o700)
        yield made
    finally:
        remove(made)


def place_of(target: Path) -> Path:
    """Where a new file is put for `target`: where a link leads. Raises OSError for a device, a pipe or a socket."""
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise OSError(errno.EINVAL, "this is a device or a pipe, not a file", str(target))
    return target.resolve() if target.is_symlink() else target


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that it holds, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@cache
def _links() -> "tempfile.TemporaryDirectory[str]":
    """A folder that is removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="lmi-")


@cache
def plain_name(folder: Path) -> Path:
    """The folder by a name without "?", at which Dagster ends the path of a file that it makes."""
    if "?" not in str(folder):
        return folder
    link = Path(tempfile.mkdtemp(dir=_links().name)) / "folder"
    link.symlink_to(folder.absolute())
    return link


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that it holds, to a place where nothing is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def files_of(path: Path) -> list[Path]:
    """A file by itself, or the files of a folder in the order of their names."""
    return sorted(path.iterdir()) if path.is_dir() else [path]


def content_sha256(path: Path) -> str:
    """The SHA-256 of a file, or one for all files of a folder."""
    return combined_sha256({file.name: file_sha256(file) for file in files_of(path)})


def leading_files(path: Path, sha256: str) -> int:
    """How many of the first files of a folder have together a checksum that `content_sha256` gave; 0 where none have.

    One for a file that has it.
    """
    checksums = {file.name: file_sha256(file) for file in files_of(path)}
    names = list(checksums)
    found = (end for end in range(len(names), 0, -1) if _of(checksums, names[:end]) == sha256)
    return next(found, 0)


def _of(checksums: Mapping[str, str], names: Sequence[str]) -> str:
    return combined_sha256({name: checksums[name] for name in names})


def combined_sha256(files: Mapping[str, str]) -> str:
    """One checksum for a set of files (name to checksum): the file's own for one file, else that of their list."""
    if len(files) == 1:
        return next(iter(files.values()))
    listing = "".join(f"{checksum}  {name}\n" for name, checksum in sorted(files.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def is_litter(name: str) -> bool:
    """Whether a file, by its path in a folder or a zip, is one that a computer adds by itself, as Finder does."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith("._") or last.lower() in _LITTER


def is_zip(path: Path) -> bool:
    """Whether a file exists and begins as a zip archive does."""
    if not path.is_file():
        return False
    with path.open("rb") as handle:
        return handle.read(4) in _ZIP_MAGIC


def zip_problem(error: Exception, what: str = "zip archive") -> str:
    """What is wrong with a zip or workbook that cannot be read (one of ZIP_FAULTS), in words of the project."""
    if isinstance(error, OSError):
        return f"the {what} cannot be read: {refused_by_machine(error)}"
    if isinstance(error, RuntimeError):
        return f"the {what} is encrypted, or compressed as no publisher does; make it again without a password"
    return f"the {what} is cut short or damaged; get the file again"


def zip_members(archive: ZipFile) -> list[ZipInfo]:
    """The files of a zip, without folders and without what computers add by themselves."""
    return [each for each in archive.infolist() if not each.is_dir() and not is_litter(each.filename)]


def last_name(member: ZipInfo) -> str:
    """The name of a file of a zip without the folders that somebody has put around it."""
    return member.filename.rsplit("/", 1)[-1]


def listed_names(members: Sequence[ZipInfo]) -> str:
    """The names of a zip's files for a message: the first few, and how many more there are."""
    names = ", ".join(each.filename for each in members[:_NAMED])
    return f"{names} and {len(members) - _NAMED} more" if len(members) > _NAMED else names


def _head(path: Path, source: str) -> bytes:
    """The first bytes of a file. Raises BadInputError when it is missing, empty or a web page."""
    if not path.is_file():
        raise BadInputError(source=source, file=path.name, problem="the file is missing")
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES)
    if not head:
        raise BadInputError(source=source, file=path.name, problem="the file is empty (zero bytes)")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text and len(head) < _HEAD_BYTES:
        raise BadInputError(source=source, file=path.name, problem="the file holds nothing but white space")
    if text.startswith(b"<"):
        raise BadInputError(
            source=source,
            file=path.name,
            place="line 1",
            problem="an HTML or XML page instead of data: the server probably answered with an error page",
            value=text[:60].decode("utf-8", "replace"),
        )
    return head


def require_workbook(path: Path, source: str) -> None:
    """Raise BadInputError unless `path` is a complete .xlsx workbook."""
    fault = partial(BadInputError, source=source, file=path.name)
    head = _head(path, source)
    if not head.startswith(_ZIP_MAGIC):
        raise fault(problem="the file is not an .xlsx workbook", value=head[:16])
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            broken = archive.testzip()
    except ZIP_FAULTS as error:
        raise fault(problem=zip_problem(error, "workbook")) from error
    if broken is not None:
        raise fault(problem="a part of the workbook is damaged", value=broken)
    if "xl/workbook.xml" not in names:
        raise fault(problem="a zip archive, but not an .xlsx workbook")


def require_text(path: Path, source: str) -> None:
    """Raise BadInputError unless `path` is plain text with lines: not empty, HTML, zip, gzip, UTF-16 or binary."""
    head = _head(path, source)
    if is_utf_16(head):
        raise BadInputError(source=source, file=path.name, problem=IN_UTF_16)
    for magic, kind in ((_ZIP_MAGIC, "a zip archive"), (_GZIP_MAGIC, "a gzip file")):
        if head.startswith(magic):
            raise BadInputError(source=source, file=path.name, problem=f"expected plain text, but this is {kind}")
    if b"\0" in head:
        line = head.count(b"\n", 0, head.index(b"\0")) + 1
        raise BadInputError(source=source, file=path.name, place=f"line {line}", problem="NUL byte in a text file")
    if b"\r" in head and b"\n" not in head:
        raise BadInputError(source=source, file=path.name, place="line 1", problem=ENDS_IN_CR)
