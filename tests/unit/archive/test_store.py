"""The archive keeps publishers' files whole, whatever stops it."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.archive.store import Archive, ArchivedFile, ArchivedVintage, ArchiveManifest, Attempt, described
from pipelines.errors import BadInputError, BusyError

NOW = datetime(2026, 5, 20, 12, 30, tzinfo=UTC)
# checksums of `printf one | sha256sum`, `printf two | sha256sum`
SHA_OF_ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
SHA_OF_TWO = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
# of `printf '%s  a.txt\n%s  b.txt\n' SHA_OF_ONE SHA_OF_TWO | sha256sum`
SHA_OF_BOTH = "408e5b7a92221a051491158c0d15a8d6594bb09115cf53e0a1359e7a05321f40"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "data" / "archive")


def put(archive: Archive, name: str, content: bytes) -> ArchivedFile:
    with archive.temporary() as folder:
        path = folder / "download"
        path.write_bytes(content)
        file = described(path, name, NOW).model_copy(update={"url": f"https://a.example/{name}"})
        archive.put(path, file)
        return file


def edition(*files: ArchivedFile, source: str = "soc", vintage: str = "2018") -> ArchivedVintage:
    return ArchivedVintage(
        source=source,
        vintage=vintage,
        reference_period=vintage,
        released_on=date(2026, 5, 15),
        notes=None,
        origin="fetched",
        accepted_at=NOW,
        files=files,
    )


def everything(archive: Archive) -> set[str]:
    return {path.relative_to(archive.folder).as_posix() for path in archive.folder.rglob("*") if path.is_file()}


def damage(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def test_an_archive_that_is_not_there_is_empty_and_stays_so(archive: Archive) -> None:
    assert archive.manifest() == ArchiveManifest(editions={}, attempts={})
    assert archive.newest("soc") is None
    assert archive.vintages("soc") == ()
    assert archive.verify() == []
    assert not archive.folder.exists()


def test_a_file_is_put_under_its_content_and_name(archive: Archive) -> None:
    file = put(archive, "list.xlsx", b"one")
    assert file == ArchivedFile(
        name="list.xlsx",
        url="https://a.example/list.xlsx",
        sha256=SHA_OF_ONE,
        bytes=3,
        last_modified=None,
        retrieved_at=NOW,
    )
    path = archive.path(file)
    assert path == archive.folder / "objects" / SHA_OF_ONE / "list.xlsx"
    assert path.read_bytes() == b"one"
    assert path.stat().st_mode & 0o777 == 0o444
    assert archive.is_whole(file)
    assert everything(archive) == {f"objects/{SHA_OF_ONE}/list.xlsx"}


def test_the_same_content_is_kept_once(archive: Archive) -> None:
    path = archive.path(put(archive, "list.xlsx", b"one"))
    inode = path.stat().st_ino
    assert archive.path(put(archive, "list.xlsx", b"one")) == path
    assert path.stat().st_ino == inode
    put(archive, "other.xlsx", b"one")
    assert everything(archive) == {f"objects/{SHA_OF_ONE}/{name}.xlsx" for name in ("list", "other")}


@pytest.mark.parametrize("content", [b"", b"on", b"two", b"one more"])
def test_a_damaged_file_is_replaced(archive: Archive, content: bytes) -> None:
    file = put(archive, "list.xlsx", b"one")
    damage(archive.path(file), content)
    assert not archive.is_whole(file)
    put(archive, "list.xlsx", b"one")
    assert archive.is_whole(file)


def test_a_file_that_is_not_the_one_announced_stays_out(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "download"
    path.write_bytes(b"one")
    file = described(path, "list.xlsx", NOW)
    assert (file.sha256, file.bytes) == (SHA_OF_ONE, 3)
    with pytest.raises(BadInputError, match="changed on its way") as caught:
        archive.put(path, file.model_copy(update={"sha256": SHA_OF_TWO}))
    assert (caught.value.file, caught.value.value) == ("list.xlsx", SHA_OF_ONE)
    assert path.read_bytes() == b"one"
    assert not archive.folder.exists()
    archive.put(path, file)
    assert not path.exists()


def test_a_file_on_another_file_system_is_copied(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "download"
    path.write_bytes(b"one")
    replace = Path.replace

    def replace_within_archive(self: Path, target: Path) -> Path:
        if not self.is_relative_to(archive.folder):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_within_archive)
    file = described(path, "list.xlsx", NOW)
    archive.put(path, file)
    assert archive.is_whole(file)
    assert archive.path(file).stat().st_mode & 0o777 == 0o444
    assert not path.exists()
    assert everything(archive) == {f"objects/{SHA_OF_ONE}/list.xlsx"}


def test_another_fault_of_the_disk_is_not_hidden(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "download"
    path.write_bytes(b"one")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="Input/output"):
        archive.put(path, described(path, "list.xlsx", NOW))
    assert path.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "/b", "a/", "a//b", "a/../b", "../b", "a\\b", "a\0b"])
def test_a_name_does_not_lead_out_of_its_folder(archive: Archive, name: str) -> None:
    with pytest.raises(ValidationError, match="not the name of a file"):
        put(archive, name, b"one")
    assert everything(archive) == set()


def test_a_name_may_have_folders_and_nothing_is_left_of_them(archive: Archive) -> None:
    names = ("2023/a/area/48000.csv", "2024/a/area/48000.csv")
    for number, name in enumerate(names):
        file = put(archive, name, str(number).encode())
        assert archive.path(file).parts[-4:] == Path(name).parts
        archive.add(edition(file, source="qcew", vintage=name[:4]))
    archive.prune(1)
    assert [path.parts[-4] for path in (archive.folder / "objects").rglob("*.csv")] == ["2024"]
    assert not list((archive.folder / "objects").rglob("2023"))


def test_times_are_utc() -> None:
    central = datetime(2026, 5, 20, 7, 30, tzinfo=timezone(timedelta(hours=-5)))
    attempt = Attempt(at=central, outcome="unchanged", message=None)
    assert attempt.model_dump(mode="json")["at"] == "2026-05-20T12:30:00Z"
    assert attempt.at.tzinfo is UTC
    with pytest.raises(ValidationError, match="timezone"):
        Attempt(at=datetime(2026, 5, 20), outcome="unchanged", message=None)


def test_the_key_of_a_vintage_is_that_of_its_content(archive: Archive) -> None:
    a, b = put(archive, "a.txt", b"one"), put(archive, "b.txt", b"two")
    assert edition(a).key == SHA_OF_ONE
    assert edition(a, b).key == edition(b, a, vintage="another").key == SHA_OF_BOTH
    c = put(archive, "c.txt", b"two")
    assert edition(a, c).key != SHA_OF_BOTH
    with pytest.raises(ValidationError, match="two files of one name"):
        edition(a, a)
    with pytest.raises(ValidationError, match="files"):
        edition()


def test_vintages_are_kept_oldest_first(archive: Archive) -> None:
    first, second = edition(put(archive, "a", b"one")), edition(put(archive, "a", b"two"))
    for each in (first, second):
        archive.add(each)
    again = Archive(archive.folder)
    assert again.vintages("soc") == (first, second)
    assert again.newest("soc") == second
    assert again.newest("naics") is None
    # the publisher took the second one back
    back = first.model_copy(update={"accepted_at": NOW + timedelta(days=1)})
    archive.add(back)
    assert again.vintages("soc") == (second, back)
    archive.add(edition(put(archive, "a", b"one"), source="naics"))
    assert again.newest("soc") == back


def test_a_vintage_without_its_files_is_not_added(archive: Archive) -> None:
    file = put(archive, "list.xlsx", b"one")
    archive.path(file).unlink()
    with pytest.raises(BadInputError, match="missing in the archive"):
        archive.add(edition(file))
    assert archive.newest("soc") is None


def test_the_last_attempt_is_kept(archive: Archive) -> None:
    first = edition(put(archive, "a", b"one"))
    archive.add(first)
    failed = Attempt(at=NOW, outcome="failed", message="404, página perdida")
    archive.note_attempt("soc", Attempt(at=NOW, outcome="new", message=None))
    archive.note_attempt("naics", Attempt(at=NOW, outcome="unchanged", message=None))
    archive.note_attempt("soc", failed)
    manifest = archive.manifest()
    assert manifest.attempts == {"soc": failed, "naics": Attempt(at=NOW, outcome="unchanged", message=None)}
    assert manifest.vintages == {"soc": (first,)}
    archive.add(first)
    assert archive.manifest().attempts == manifest.attempts


def test_a_manifest_that_was_not_replaced_stays_as_it_was(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.add(edition(put(archive, "a", b"one")))
    before = (archive.folder / "manifest.json").read_bytes()
    second = edition(put(archive, "a", b"two"))

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        archive.add(second)
    assert (archive.folder / "manifest.json").read_bytes() == before
    assert not [name for name in everything(archive) if name.startswith("temporary/")]


def test_a_reader_of_the_manifest_sees_it_whole(archive: Archive) -> None:
    archive.add(edition(put(archive, "a", b"one")))
    path = archive.folder / "manifest.json"
    before = path.read_bytes()
    second = edition(put(archive, "a", b"two"))
    with path.open("rb") as reader:
        archive.add(second)
        assert reader.read() == before
    assert path.read_bytes() != before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: "",
        lambda content: content[: len(content) // 2],
        lambda content: "<html></html>",
        lambda content: content.replace('"vintage"', '"colour"'),
        lambda content: content.replace('"fetched"', '"found"'),
        lambda content: content.replace('"name": "list.xlsx"', '"name": "../../list.xlsx"'),
        lambda content: content.replace(SHA_OF_ONE, "../" + SHA_OF_ONE),
    ],
)
def test_a_spoiled_manifest_is_named(archive: Archive, spoil: Callable[[str], str]) -> None:
    archive.add(edition(put(archive, "list.xlsx", b"one")))
    path = archive.folder / "manifest.json"
    content = path.read_text(encoding="utf-8")
    path.write_text(spoil(content), encoding="utf-8")
    with pytest.raises(BadInputError, match="manifest cannot be read") as caught:
        archive.newest("soc")
    assert (caught.value.source, caught.value.file) == ("archive", str(path))


def test_files_are_handed_out_whole(archive: Archive) -> None:
    a, b = put(archive, "a.txt", b"one"), put(archive, "b.txt", b"two")
    both = edition(a, b)
    assert archive.files(both) == {"a.txt": archive.path(a), "b.txt": archive.path(b)}
    damage(archive.path(b), b"twp")
    with pytest.raises(BadInputError) as caught:
        archive.files(both)
    assert (caught.value.source, caught.value.file) == ("soc", "b.txt")
    assert caught.value.place == f"objects/{SHA_OF_TWO}/b.txt"
    assert caught.value.problem.startswith("damaged in the archive; the next live run fetches it again")
    archive.path(b).unlink()
    with pytest.raises(BadInputError, match="missing in the archive"):
        archive.files(both)


def test_the_manifest_keeps_the_keys_of_existing_archives(archive: Archive) -> None:
    only = edition(put(archive, "list.xlsx", b"one"))
    archive.add(only)
    archive.note_attempt("soc", Attempt(at=NOW, outcome="new", message=None))
    path = archive.folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert list(content) == ["editions", "attempts"]
    assert list(content["editions"]["soc"][0]) == [
        "source", "vintage", "reference_period", "released_on", "notes", "origin", "accepted_at", "files",
    ]  # fmt: skip
    assert Archive(archive.folder).vintages("soc") == (only,)


def test_what_a_killed_write_of_the_manifest_leaves_is_removed(archive: Archive) -> None:
    archive.add(edition(put(archive, "list.xlsx", b"one")))
    left = archive.folder / ".manifest.json.123.tmp"
    left.write_text("{", encoding="utf-8")
    with archive.hold():
        assert not left.exists()
    assert len(archive.vintages("soc")) == 1


def test_verify_finds_what_is_missing_damaged_and_unused(archive: Archive) -> None:
    a, b, c = (put(archive, name, name.encode() * 3) for name in "abc")
    archive.add(edition(a))
    archive.add(edition(a, b))
    archive.add(edition(c, source="naics"))
    assert archive.verify() == []
    damage(archive.path(a), b"aab")
    archive.path(c).unlink()
    left = put(archive, "left", b"one")
    faults = archive.verify()
    assert {(fault.kind, fault.path) for fault in faults} == {
        ("damaged", archive.path(a)),
        ("missing", archive.path(c)),
        ("unused", archive.path(left)),
    }
    assert len(faults) == 3


def test_prune_keeps_the_newest_vintages_and_their_files(archive: Archive) -> None:
    shared = put(archive, "shared", b"shared by all")
    editions = [edition(put(archive, "a", f"edition {at}".encode()), shared) for at in range(3)]
    for each in editions:
        archive.add(each)
    other = edition(put(archive, "b", b"other"), source="naics")
    archive.add(other)
    archive.note_attempt("soc", Attempt(at=NOW, outcome="new", message=None))
    put(archive, "left", b"left over")
    # `vintage 0` has 9 bytes, `left over` too
    assert archive.prune(keep=2) == (2, 18)
    assert archive.manifest().vintages == {"soc": tuple(editions[1:]), "naics": (other,)}
    assert set(archive.manifest().attempts) == {"soc"}
    assert archive.verify() == []
    assert len(list((archive.folder / "objects").iterdir())) == 4
    assert archive.prune(keep=2) == (0, 0)
    assert archive.prune(keep=1) == (1, 9)
    assert archive.files(editions[2])["shared"].read_bytes() == b"shared by all"
    with pytest.raises(ValueError, match="at least one"):
        archive.prune(keep=0)


def test_prune_of_nothing(archive: Archive) -> None:
    assert archive.prune(keep=1) == (0, 0)
    assert not archive.folder.exists()


def test_a_temporary_folder_goes_at_the_end_and_after_an_error(archive: Archive) -> None:
    with archive.temporary() as folder:
        (folder / "below").mkdir()
        (folder / "below" / "download").write_bytes(b"one")
        (folder / "below" / "download").chmod(0o444)
        assert folder.is_relative_to(archive.folder)
        with archive.temporary() as another:
            assert another != folder
    assert not folder.exists()
    with pytest.raises(RuntimeError), archive.temporary() as folder:
        raise RuntimeError
    assert not folder.exists()


def test_one_holder_at_a_time(archive: Archive) -> None:
    with archive.hold():
        started = time.monotonic()
        with pytest.raises(BusyError, match="in use by another process"), Archive(archive.folder).hold():
            pass
        assert time.monotonic() - started < 1
        with archive.temporary() as folder:
            (folder / "download").write_bytes(b"one")
            with pytest.raises(BusyError), Archive(archive.folder).hold():
                pass
            assert (folder / "download").read_bytes() == b"one"
    with pytest.raises(RuntimeError), archive.hold():
        raise RuntimeError
    with archive.hold():
        pass


def test_another_process_holds_the_archive_until_it_is_killed(archive: Archive) -> None:
    archive.folder.mkdir(parents=True)
    left = archive.folder / "temporary" / "left"
    left.mkdir(parents=True)
    (left / "download").write_bytes(b"half")
    program = (
        "import sys, time; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print('held', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(archive.folder / ".lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(BusyError), archive.hold():
            pass
        assert left.exists()
        child.kill()
        child.wait()
    with archive.hold():
        assert not left.exists()


#: What the operating system is asked for; a child is killed right before one of these.
STEPS = ("open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.copyfile", "shutil.rmtree")


def in_child(work: Callable[[], None]) -> int:
    """The process id of a child that does the work and ends with 0, or with 1 when it fails."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def two_editions(archive: Archive, number: int) -> None:
    """Puts two vintages of two files, one of them shared, and keeps the newest two."""
    with archive.hold():
        shared = put(archive, "shared", b"shared" * 1000)
        for half in (0, 1):
            file = put(archive, "list", f"{number} {half}".encode() * 100_000)
            archive.add(edition(file, shared, vintage=f"{number} {half}"))
        archive.prune(2)


def assert_whole(archive: Archive) -> None:
    """The manifest can be read and names whole files, and the next process can work on."""
    assert [fault for fault in archive.verify() if fault.kind != "unused"] == []
    with archive.hold():
        assert not list(archive.folder.glob("temporary/*"))


def test_killed_at_any_step_the_archive_is_whole(archive: Archive) -> None:
    two_editions(archive, 0)
    for step in range(1, 500):

        def work(step: int = step) -> None:
            count = 0

            def watch(event: str, _: object) -> None:
                nonlocal count
                if event in STEPS:
                    count += 1
                    if count == step:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(watch)
            two_editions(archive, step)

        _, status = os.waitpid(in_child(work), 0)
        assert_whole(archive)
        newest = archive.newest("soc")
        assert newest is not None
        assert len(archive.files(newest)) == 2
        if os.WIFEXITED(status):
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
    assert os.WIFEXITED(status)
    assert os.WEXITSTATUS(status) == 0
    # a file is opened, made, moved and so on far more often than this
    assert step > 20
    assert newest.vintage == f"{step} 1"
    assert archive.verify() == []


def test_killed_at_any_time_the_archive_is_whole(archive: Archive) -> None:
    two_editions(archive, 0)
    dice = random.Random(20260520)

    def work() -> None:
        number = 0
        while True:
            number += 1
            two_editions(archive, number)

    for _ in range(6):
        child = in_child(work)
        time.sleep(dice.uniform(0.01, 0.12))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert_whole(archive)
    with archive.hold():
        archive.prune(1)
    assert archive.verify() == []


def test_the_manifest_is_plain_json(archive: Archive) -> None:
    archive.add(edition(put(archive, "list.xlsx", b"one")))
    content = json.loads((archive.folder / "manifest.json").read_bytes())
    (entry,) = content["editions"]["soc"]
    assert (entry["accepted_at"], entry["released_on"]) == ("2026-05-20T12:30:00Z", "2026-05-15")
    assert entry["files"][0]["sha256"] == SHA_OF_ONE


def _keep(archive: Archive, key: str, content: bytes) -> Path:
    with archive.temporary() as folder:
        (folder / "raw").mkdir()
        (folder / "raw" / "soc.parquet").write_bytes(content)
        (folder / "manifest.json").write_bytes(b"{}")
        archive.keep_tables("soc", key, folder)
    return archive.folder / "parsed" / "soc" / key


def test_kept_tables_are_found_by_their_key(archive: Archive) -> None:
    assert archive.kept_tables("soc", "k1") is None
    folder = _keep(archive, "k1", b"one")
    assert archive.kept_tables("soc", "k1") == folder
    assert (archive.kept_tables("soc", "k"), archive.kept_tables("naics", "k1")) == (None, None)
    newer = _keep(archive, "k2", b"two")
    assert (archive.kept_tables("soc", "k1"), archive.kept_tables("soc", "k2")) == (None, newer)
    assert not folder.exists()
    assert archive.verify() == []
    assert archive.prune(1) == (0, 0)
    assert archive.kept_tables("soc", "k2") == newer


@pytest.mark.parametrize("step", ["shutil.rmtree", "pathlib.Path.replace"])
def test_a_process_killed_while_it_keeps_tables_leaves_no_fault(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    _keep(archive, "k1", b"one")
    folder = archive.folder / "temporary" / "x"
    folder.mkdir(parents=True)
    (folder / "soc.parquet").write_bytes(b"two")
    record = archive._record_tables

    def record_and_die(source: str, files: dict[str, str]) -> None:
        record(source, files)
        monkeypatch.setattr(step, _die)

    monkeypatch.setattr(archive, "_record_tables", record_and_die)
    with pytest.raises(KeyboardInterrupt):
        archive.keep_tables("soc", "k2", folder)
    monkeypatch.undo()
    assert {fault.kind for fault in archive.verify()} <= {"unused"}
    assert archive.kept_tables("soc", "k1") is None


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_kept_tables_edited_with_their_manifest_are_found_and_not_used(archive: Archive) -> None:
    folder = _keep(archive, "k1", b"one")
    table, manifest = folder / "raw" / "soc.parquet", folder / "manifest.json"
    table.write_bytes(b"two")
    manifest.write_bytes(b'{"raw.soc": "the checksum of two"}')
    assert {(fault.kind, fault.path) for fault in archive.verify()} == {("damaged", table), ("damaged", manifest)}
    assert archive.kept_tables("soc", "k1") is None
    table.unlink()
    assert ("missing", table) in {(fault.kind, fault.path) for fault in archive.verify()}


def test_kept_tables_that_nobody_recorded_are_unused(archive: Archive) -> None:
    folder = _keep(archive, "k1", b"one")
    extra = folder.parent / "k9" / "raw.parquet"
    extra.parent.mkdir()
    extra.write_bytes(b"two")
    assert [(fault.kind, fault.path) for fault in archive.verify()] == [("unused", extra)]
    assert archive.kept_tables("soc", "k9") is None
    assert archive.prune(1) == (1, 3)
    assert not extra.parent.exists()
    (archive.folder / "parsed.json").write_text("{", encoding="utf-8")
    assert archive.kept_tables("soc", "k1") is None
