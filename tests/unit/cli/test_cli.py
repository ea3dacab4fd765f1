"""The command: what it lists, and errors as one message and an exit code, without a traceback."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import duckdb
import polars as pl
import pytest

from pipelines.archive.store import Attempt
from pipelines.cli import archive, console
from pipelines.cli import main as cli
from pipelines.cli import run as run_command
from pipelines.errors import (
    BadInputError,
    BusyError,
    ContractError,
    GateError,
    LmiError,
    NoReleaseError,
    SettingError,
    Stopped,
)
from pipelines.intake import crosswalks
from pipelines.intake.fetch import Outcome
from pipelines.paths import CROSSWALKS, FRAMEWORK, POLICIES, PROJECT
from pipelines.release.lock import hold
from tests.unit.publishers.workbooks import sample

COMMANDS = {
    "run", "status", "validate", "sources", "policies", "flags", "programs", "dictionary", "catalogue", "dev", "bundle",
    "report", "clusters", "export", "notebook", "archive", "overlay", "releases", "init", "site",
}  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: object
    out: str
    err: str


Lmi = Callable[..., Ran]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def lmi(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lmi:
    """Runs `main` in this process with a data folder of its own; the environment is put back afterwards."""
    for name in [name for name in os.environ if name.startswith("LMI_")]:
        monkeypatch.delenv(name)
    for name in ("LMI_SOURCE", "LMI_FILES_DIR"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("LMI_DATA_DIR", str(data))
    for each in (console.out, console.err):
        monkeypatch.setattr(each, "width", 200)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lmi", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return Ran(ended.value.code, told.out, told.err)

    return run


def _is_one_message(ran: Ran) -> bool:
    return "Traceback" not in ran.err and len(re.findall("error:", ran.err)) == 1 and ran.out == ""


def test_help_lists_the_commands_and_what_they_do(lmi: Lmi) -> None:
    ran = lmi("--help")
    assert ran.code == 0
    listed = re.findall(r"^\W*([a-z]+)  +([A-Z].*\.)", ran.out, re.MULTILINE)
    assert {name for name, _ in listed} == COMMANDS
    assert listed[0][0] == "run"


def test_help_says_the_same_in_the_list_and_at_the_command(lmi: Lmi) -> None:
    listed = dict(re.findall(r"^\W*([a-z]+)  +([A-Z].*\.)", lmi("--help").out, re.MULTILINE))
    for command in COMMANDS:
        assert listed[command] in lmi(command, "--help").out


def test_only_the_module_of_the_command_is_imported() -> None:
    for arguments, imported in ((["--help"], set()), (["status", "--help"], {"release", "console", "targets"})):
        code = (
            "import sys; from pipelines.cli.main import app; app(sys.argv[1:], standalone_mode=False);"
            "print([name for name in sys.modules if name.startswith('pipelines.cli.')], file=sys.stderr);"
            "print([name for name in ('dagster', 'polars', 'duckdb') if name in sys.modules], file=sys.stderr)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=PROJECT, capture_output=True, text=True, check=True
        )
        modules, heavy = ran.stderr.splitlines()[-2:]
        assert set(re.findall(r"pipelines\.cli\.(\w+)", modules)) == {"main", *imported}
        assert heavy == "[]"


def test_the_version_is_that_of_the_project(lmi: Lmi) -> None:
    declared = re.search(r'^version = "(.+)"$', (PROJECT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    assert lmi("--version") == Ran(0, f"lmi {declared[1]}\n", "")


def test_a_state_begins_with_a_folder_that_the_commands_accept(lmi: Lmi, tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    ran = lmi("init", str(folder), "--state", "Oregon")
    assert (ran.code, ran.err) == (0, "")
    assert f"Wrote {folder / '.env'}\n" in ran.out
    assert "The overlay has no faults." in lmi("overlay", "check", str(folder / "overlay")).out
    # the folder above it is not the overlay: the message says where it is
    above = lmi("overlay", "check", str(folder))
    assert above.code == 3
    assert f"lmi overlay check {folder / 'overlay'}" in above.err
    assert lmi("policies", str(folder / "overlay" / "oregon_rule.yml")).code == 0
    assert _is_one_message(again := lmi("init", str(folder)))
    assert again.code == 1
    assert "The files are Ohio's, as an example" in lmi("init", str(tmp_path / "example")).out


def test_a_misspelt_command_is_answered_with_a_suggestion(lmi: Lmi) -> None:
    ran = lmi("statsu")
    assert ran.code == 2
    assert "'status'" in ran.err


@pytest.mark.parametrize("command", [*sorted(COMMANDS), "bundle build", "bundle crosswalks"])
def test_every_command_has_help(lmi: Lmi, command: str) -> None:
    ran = lmi(*command.split(), "--help")
    assert ran.code == 0
    assert f"lmi {command}" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("releases prune --keep few", "a whole number is wanted, such as 2"),
        ("report OH --paper a3", "'a3' is not one of 'letter', 'a4'."),
        ("archive fetch --source soc --year x", "No such option: --year"),
    ],
)
def test_a_wrong_option_is_told_without_words_of_the_library(lmi: Lmi, arguments: str, told: str) -> None:
    ran = lmi(*arguments.split())
    said = " ".join(ran.err.replace("│", " ").split())
    assert (ran.code, told in said) == (2, True), said
    assert not [word for word in ("Value error", "Input should be", "unable to parse") if word in said]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("report OH --out ohio.html", "ohio.html is the name of a file, and a folder is wanted; write --out ohio"),
        ("export OH --out oh.xlsx", "oh.xlsx is the name of a file, and a folder is wanted; write --out oh"),
        ("site --out -", "- is no name of a folder, and a folder is wanted; write --out lmi"),
        ("init ours.zip", "ours.zip is the name of a file, and a folder is wanted; write lmi init ours"),
        ("status --data-dir lmi.duckdb", "and a folder is wanted; write --data-dir lmi"),
        (f"bundle build {FRAMEWORK} --out bundle.zip", "and a folder is wanted; write --out bundle"),
        ("flags OH --csv -", "- is no name of a file"),
        ("programs OH --parquet /dev/null", "/dev/null cannot be written: it is a device or a pipe; give the name of"),
        ("dictionary --out /dev/null", "/dev/null cannot be written: it is a device or a pipe; give the name of a"),
        (f"catalogue --out {FRAMEWORK}", "it is a folder; give the name of a file"),
    ],
)
def test_a_name_that_takes_no_file_or_folder_is_told_before_any_work(
    lmi: Lmi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = lmi(*arguments.split())
    assert (ran.code, told in ran.err, ran.err.count("\n")) == (2, True, 1), ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_dash_is_standard_output_for_a_document(lmi: Lmi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert lmi("dictionary", "--out", "-") == lmi("dictionary")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["dictionary", "catalogue"])
def test_a_document_that_a_full_disk_cuts_leaves_no_folder(
    lmi: Lmi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    ran = lmi(command, "--out", str(tmp_path / "new" / "below" / "document"))
    assert (ran.code, "document cannot be written: no space is left" in ran.err) == (9, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["releases prune", "archive prune", "archive verify", "releases list", "status"])
def test_looking_after_a_data_folder_that_is_not_there_makes_none(lmi: Lmi, data: Path, command: str) -> None:
    assert lmi(*command.split()).code in (0, NoReleaseError.exit_code)
    assert not data.exists()


@pytest.mark.parametrize(
    "arguments",
    ["publish", "run --fast", "run --data-dir", "bundle build /no/such/folder", "bundle build", "bundle pack"],
)
def test_wrong_use_ends_with_2(lmi: Lmi, data: Path, arguments: str) -> None:
    ran = lmi(*arguments.split())
    assert ran.code == 2
    assert "Error" in ran.err
    assert not data.exists()


def test_a_process_of_its_own_ends_with_the_code_too(data: Path) -> None:
    command = [sys.executable, "-m", "pipelines.cli", "run", "--source", "guessed", "--data-dir", str(data)]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    for word in ("'guessed'", "'bundled'", "'files'"):
        assert word in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not data.exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [(LmiError, 1), (ContractError, 4), (GateError, 5), (BusyError, 6), (NoReleaseError, 7)],
)
def test_every_kind_of_error_has_its_exit_code(
    lmi: Lmi, monkeypatch: pytest.MonkeyPatch, error: type[LmiError], code: int
) -> None:
    def fail() -> None:
        raise error("this went wrong")

    monkeypatch.setattr(cli, "app", fail)
    ran = lmi()
    assert (ran.code, ran.err) == (code, "error: this went wrong\n")


def test_a_message_is_told_to_the_letter(lmi: Lmi, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[red] does not look like ^[a-z][a-z0-9_]*$ in [/data/x] " + "and so on " * 40

    def fail() -> None:
        raise BadInputError(source="oews", file="oe.area", place="line 7", problem=text, value=["[bold]", "[/]"])

    monkeypatch.setattr(cli, "app", fail)
    ran = lmi()
    assert ran.code == 3
    assert ran.err == f"error: oews: oe.area: line 7: {text} (found '[bold]', '[/]')\n"


def test_a_bug_is_told_as_one_and_how_to_report_it(lmi: Lmi, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("of https://us:S3CRET@mirror \x1b[2J")

    monkeypatch.setattr(cli, "app", fail)
    ran = lmi()
    assert ran.code == 1
    for words in ("Traceback", "ZeroDivisionError", "error: this is a bug of the project", "SECURITY.md"):
        assert words in ran.err
    assert not {"S3CRET", "\x1b"} & set(re.findall("S3CRET|\x1b", ran.err))
    assert (PROJECT / "SECURITY.md").is_file()


def _because(cause: Exception) -> Exception:
    """As Dagster tells of an exception in a step."""
    error = RuntimeError("Error occurred while executing op")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/d/x"), "/d/x.*no space is left; free some"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/d/x"), "/d/x.*share of the disk is used up; free some"),
        (OSError(errno.EFBIG, "File too large"), "takes no file so large"),
        (OSError(errno.EROFS, "Read-only file system", "/d"), "/d: nothing can be written on that disk"),
        (PermissionError(errno.EACCES, "Permission denied", "/d"), "/d.*this user may not"),
        (
            NotADirectoryError(errno.ENOTDIR, "Not a directory", "/d/x"),
            "/d/x: what should be a folder on the way to it is a file",
        ),
        (OSError(errno.EMFILE, "Too many open files"), "too many files are open at once; lift the limit"),
        (MemoryError(), "the memory is used up; end other"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"), "the memory is used up"),
        (duckdb.FatalException('Could not write all bytes to file "/d/l.duckdb": wrote 0/4096: No space left'), "/d/l"),
        (sqlite3.OperationalError("database or disk is full"), "no space is left"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "this user may not"),
        (pl.exceptions.ComputeError("No space left on device (os error 28)"), "no space is left"),
    ],
    ids=str,
)
def test_a_fault_of_the_machine_is_one_message_whoever_says_so(
    lmi: Lmi, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    for raised in (error, _because(error)):

        def fail(raised: Exception = raised) -> None:
            raise raised

        monkeypatch.setattr(cli, "app", fail)
        ran = lmi()
        assert ran.code == 9
        assert _is_one_message(ran)
        assert re.search(says, ran.err)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_command_says_one_line(lmi: Lmi, monkeypatch: pytest.MonkeyPatch, by: signal.Signals) -> None:
    def work() -> None:
        try:
            signal.raise_signal(by)
        except BaseException as stop:  # as libraries do
            raise RuntimeError("interrupted") from stop

    def plain() -> None:
        signal.raise_signal(by)

    for app in (work, plain):
        monkeypatch.setattr(cli, "app", app)
        ran = lmi()
        assert (ran.code, ran.out, ran.err) == (128 + by, "", "stopped; there is no release\n")


def test_warnings_of_a_run_are_one_line_that_says_where_the_rest_is() -> None:
    found = [
        "marts.occupation_flag policies_discriminate: found jobs_listed=a 90.0 % in 24 places, b 1 %: c; expected: 10",
        "raw.membership memberships_as_downloaded: found soc_code=11-1011; expected: none",
    ]
    told = run_command._in_short(found)
    assert told == (
        "2: policies_discriminate, memberships_as_downloaded; `lmi status` and the check pages say what was found"
    )


def test_a_stop_that_a_library_swallowed_is_told_in_the_end(lmi: Lmi, monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        with suppress(Stopped):
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(cli, "app", work)
    ran = lmi()
    assert (ran.code, ran.err) == (128 + signal.SIGTERM, "stopped; there is no release\n")
    assert Stopped.by is None  # the next command in this process was not stopped


def test_a_signal_that_the_caller_has_ignored_stops_nothing(lmi: Lmi, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `nohup lmi run &`, which goes on when its terminal is closed."""
    monkeypatch.setattr(cli, "app", lambda: signal.raise_signal(signal.SIGHUP))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        ran = lmi()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (ran.code, ran.err) == (0, "")


def test_a_port_in_use_is_told_before_a_server_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=rf"port {port} .*in use.*--port"):
            console.require_free(port)
    console.require_free(port)
    for number in (-1, 0, 65_536, 99_999):
        with pytest.raises(SettingError, match=f"^{number} is no port; give one from 1 to 65535 with --port$"):
            console.require_free(number)


def test_a_notebook_needs_a_release(lmi: Lmi) -> None:
    ran = lmi("notebook", "--headless")
    assert ran.code == 7
    assert _is_one_message(ran)


SERVER = """
import sys
from pipelines.cli import console, main
main.app = lambda: console.serve([sys.executable, "-c", "import time; print('serving', flush=True); time.sleep(60)"])
main.main()
"""


@pytest.mark.parametrize("command", ["--help", "policies", "policies --json", "sources", "dictionary", "init --help"])
def test_output_that_nobody_reads_ends_as_a_closed_pipe_does(command: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [sys.executable, "-m", "pipelines.cli.main", *command.split()],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=os.environ | {"LMI_DATA_DIR": str(tmp_path)},
        check=False,
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_a_message_that_nobody_reads_ends_as_a_closed_pipe_does(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [sys.executable, "-m", "pipelines.cli.main", "status"],
        stdout=writing,
        stderr=writing,
        env=os.environ | {"LMI_DATA_DIR": str(tmp_path)},
        check=False,
    )
    os.close(writing)
    assert ran.returncode == 141


@pytest.mark.parametrize(("closed", "code"), [("init --help >&-", 0), ("status >&-", 7), ("status 2>&-", 7)])
def test_a_stream_that_the_caller_closed_is_no_fault(closed: str, code: int, tmp_path: Path) -> None:
    ran = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m pipelines.cli.main {closed}'],
        capture_output=True,
        env=os.environ | {"LMI_DATA_DIR": str(tmp_path)},
        check=False,
    )
    assert (ran.returncode, ran.stdout, b"Traceback" in ran.stderr) == (code, b"", False)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_ends_with_its_command(data: Path, by: signal.Signals) -> None:
    environment = os.environ | {"LMI_DATA_DIR": str(data)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == b"serving\n"
        command.send_signal(by)
        # ends when the server has ended, too, which holds the same pipe
        assert command.stdout.read() == b"stopped; there is no release\n"
    assert command.returncode == 128 + by


def test_nothing_follows_what_a_command_said(tmp_path: Path) -> None:
    """DuckDB's library lists objects that somebody still holds at the end."""
    held = "import ctypes, duckdb; ctypes.pythonapi.Py_IncRef(ctypes.py_object(duckdb.connect()))\n"
    noise = subprocess.run([sys.executable, "-c", held], capture_output=True, text=True, check=True).stderr
    assert "leaked" in noise
    code = held + "from pipelines.cli import main\nmain.app = lambda: print('result')\nmain.main()"
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("result\n", "")


# --- looking for vintages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("failed", [True, False])
def test_archive_fetch_ends_with_8_when_a_source_failed_and_sums_up(
    lmi: Lmi, monkeypatch: pytest.MonkeyPatch, failed: bool
) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    found = [Outcome("soc", Attempt(at=at, outcome="new", message="2018 accepted"))]
    if failed:
        error = BadInputError(source="onet_clusters", file="All.csv", problem="a web page")
        found.append(Outcome("onet_clusters", Attempt(at=at, outcome="failed", message=str(error)), error))
    monkeypatch.setattr(archive, "look", lambda *_: found)
    ran = lmi("archive", "fetch")
    last = ran.out.splitlines()[-1]
    if failed:
        assert (ran.code, last) == (8, "2 looked for: 1 new, 0 unchanged, 1 failed (onet_clusters)")
    else:
        assert (ran.code, last) == (0, "1 looked for: 1 new, 0 unchanged, 0 failed")


@pytest.mark.parametrize("command", ["status", "validate"])
def test_without_a_release(lmi: Lmi, command: str) -> None:
    ran = lmi(command)
    assert ran.code == 7
    assert _is_one_message(ran)
    assert "run `lmi run` first" in ran.err


def test_a_database_that_is_not_there(lmi: Lmi, tmp_path: Path) -> None:
    ran = lmi("validate", str(tmp_path / "none.duckdb"))
    assert ran.code == 7
    assert _is_one_message(ran)
    assert "none.duckdb does not exist" in ran.err


def test_a_file_that_is_no_database(lmi: Lmi, tmp_path: Path) -> None:
    path = tmp_path / "lmi.duckdb"
    path.write_bytes(b"<html>not a database</html>" * 100)
    ran = lmi("validate", str(path))
    assert ran.code == 7
    assert _is_one_message(ran)
    assert "lmi.duckdb is not a readable release: it is no DuckDB database" in ran.err
    assert ran.err.startswith("error: ")
    assert "Error" not in ran.err


def test_a_database_that_is_cut_short_or_of_other_tables(lmi: Lmi, tmp_path: Path) -> None:
    path = tmp_path / "lmi.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.sql("create table other as select * from range(100000)")
    ran = lmi("validate", str(path))
    assert (ran.code, _is_one_message(ran)) == (7, True)
    assert "another version of this project made it" in ran.err
    path.write_bytes(path.read_bytes()[:20_000])
    ran = lmi("validate", str(path))
    assert (ran.code, _is_one_message(ran)) == (7, True)
    assert "it is cut short" in ran.err


def test_a_setting_that_is_not_valid_is_named(lmi: Lmi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMI_SOURCE", "guessed")
    ran = lmi("status")
    assert ran.code == 2
    assert _is_one_message(ran)
    assert "LMI_SOURCE" in ran.err
    assert "'guessed'" in ran.err


def test_a_data_folder_that_is_in_use(lmi: Lmi, data: Path) -> None:
    with hold(data):
        ran = lmi("run")
    assert ran.code == 6
    assert _is_one_message(ran)
    assert str(data) in ran.err


def test_files_that_are_not_there(lmi: Lmi, data: Path, tmp_path: Path) -> None:
    ran = lmi("run", "--files", str(tmp_path / "nowhere"))
    assert ran.code == 2
    assert _is_one_message(ran)
    assert str(tmp_path / "nowhere") in ran.err
    assert not (data / "releases").exists()


def test_a_folder_with_none_of_the_files(lmi: Lmi, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = lmi("run", "--files", str(tmp_path / "empty"))
    assert ran.code == 3
    assert "holds none of the publishers' files" in ran.err
    assert "Job Zones.txt in place of Job Zones.xlsx" in ran.err


def test_an_option_goes_before_the_environment(lmi: Lmi, tmp_path: Path) -> None:
    other = tmp_path / "other"
    ran = lmi("status", "--data-dir", str(other))
    assert str(other / "releases") in ran.err


def test_a_bundle_is_not_built_from_an_incomplete_folder(lmi: Lmi, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    ran = lmi("bundle", "build", str(tmp_path / "files"), "--out", str(tmp_path / "bundle"))
    assert ran.code == 3
    assert _is_one_message(ran)
    assert "soc_structure_2018.xlsx" in ran.err
    assert not (tmp_path / "bundle").exists()


def test_crosswalks_need_the_workbooks(lmi: Lmi, tmp_path: Path) -> None:
    ran = lmi("bundle", "crosswalks", str(tmp_path))
    assert ran.code == 1
    assert _is_one_message(ran)
    assert "holds none of Advance CTE's workbooks" in ran.err


def test_one_workbook_of_two_is_not_enough(lmi: Lmi, tmp_path: Path) -> None:
    (tmp_path / "SOC_Career_Clusters_Crosswalk.xlsx").write_bytes(b"x")
    ran = lmi("bundle", "crosswalks", str(tmp_path))
    assert ran.code == 3
    assert "NAICS_Subclusters_Crosswalk.xlsx" in ran.err


def test_crosswalks_of_the_publishers_workbooks_change_nothing(
    lmi: Lmi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbooks = tmp_path / "workbooks"
    workbooks.mkdir()
    for name in ("SOC_Career_Clusters_Crosswalk.xlsx", "NAICS_Subclusters_Crosswalk.xlsx"):
        shutil.copyfile(sample(f"advance_cte/{name}"), workbooks / name)
    reference = tmp_path / "reference"
    for folder in (CROSSWALKS, FRAMEWORK):
        shutil.copytree(folder, reference / folder.name)
    monkeypatch.setattr(crosswalks, "REFERENCE", reference)
    written = reference / "crosswalks" / "soc_sub_cluster.csv"
    written.unlink()
    ran = lmi("bundle", "crosswalks", str(workbooks))
    assert (ran.code, ran.err) == (0, "")
    assert "1,203 memberships" in ran.out
    assert written.read_bytes() == (CROSSWALKS / "soc_sub_cluster.csv").read_bytes()


def test_sources_lists_publishers_files_and_vintages(lmi: Lmi) -> None:
    ran = lmi("sources")
    assert ran.code == 0
    for words in ("oews", "May 2025", "oe.data.0.Current", "U.S. Census Bureau", "career_clusters", "in reference/"):
        assert words in ran.out


def test_dictionary_goes_to_a_file_or_to_the_screen(lmi: Lmi, tmp_path: Path) -> None:
    shown = lmi("dictionary")
    assert shown.code == 0
    assert shown.out.startswith("# Data dictionary")
    target = tmp_path / "dictionary [a-z].md"
    written = lmi("dictionary", "--out", str(target))
    assert (written.code, written.err) == (0, "")
    assert "dictionary [a-z].md" in written.out
    assert target.read_text(encoding="utf-8").rstrip() == shown.out.rstrip()


# --- overlays -----------------------------------------------------------------------------------------------------


def test_an_overlay_without_faults_is_told_with_what_to_mind_and_what_shows_it(lmi: Lmi, tmp_path: Path) -> None:
    head = "state_id: CT\ntitle: A small one\nsource: A test of ours\nas_of: 2026\n"
    (tmp_path / "overlay.yml").write_text(
        f"{head}overlay_id: small\nregions:\n  new: Capitol [region]\n", encoding="utf-8"
    )
    (tmp_path / "regions.csv").write_text("region_id,area_id,share_pct\nnew,09110,\n", encoding="utf-8")
    ran = lmi("overlay", "check", str(tmp_path))
    assert ran.code == 0
    told = " ".join(ran.out.split())
    # neither colons nor brackets of a name mean anything to the console
    assert "Region CT:new Capitol [region] counties: 1; areas in full: none" in told
    assert "- CT:new: the county reference has 09110 from 2024; years before QCEW uses that have no figures" in told
    assert f"LMI_OVERLAY_DIR={quote(str(tmp_path))} lmi run" in told
    assert "lmi export --state CT --out FOLDER all tables of CT, with rows of its regions" in told


def test_all_faults_of_an_overlay_are_one_message(lmi: Lmi, tmp_path: Path) -> None:
    (tmp_path / "overlay.yml").write_text(
        "state_id: CT\ntitle: yes\nas_of: 2_026\nsource: &a A test\n", encoding="utf-8"
    )
    ran = lmi("overlay", "check", str(tmp_path))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.splitlines() == [
        "error: 3 faults",
        "  overlay: overlay.yml: line 2: title: at least 5 characters are wanted (found 'yes')",
        "  overlay: overlay.yml: line 3: as_of: a whole number is wanted, in plain digits without quotes, such as "
        "2026; perhaps 2026 (found '2_026')",
        "  overlay: overlay.yml: line 4: an anchor: leave it out, and write the value where it is needed (found '&a')",
    ]


# --- policies ----------------------------------------------------------------------------------------------------


def test_policies_are_listed_with_their_rules_and_sources(lmi: Lmi) -> None:
    ran = lmi("policies")
    assert ran.code == 0
    for told in ("oregon_workforce_pell", "Neutral default", "https://topjobs.ohio.gov/", "as of 2021", "not defined"):
        assert told in ran.out


def test_one_policy_is_shown_in_full(lmi: Lmi) -> None:
    ran = lmi("policies", "colorado_tier_1")
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "High-wage median annual wage of at least $64,875.20" in told
    assert "In-demand number of annual openings above 40; and projected growth over the period above 10%" in told
    assert "An occupation is listed when all of the flags are true." in told
    assert "Dollars of 2021" in told
    assert "https://copolicy.org/" in told


def test_an_address_is_not_cut_where_the_terminal_is_narrow(lmi: Lmi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.out, "width", 60)
    ran = lmi("policies", "oregon")
    address = "https://www.qualityinfo.org/-/data-sources-and-limitations-for-career-explorer"
    assert address in "".join(ran.out.split())


def test_an_unknown_policy_says_which_there_are_and_how_a_file_is_given(lmi: Lmi) -> None:
    ran = lmi("policies", "ohi")
    assert ran.code == 2
    assert "no policy is called ohi; there are bright_outlook," in ran.err
    assert "./ohi.yml" in ran.err


def test_a_copied_and_edited_preset_is_valid(lmi: Lmi, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yml"
    mine.write_text((POLICIES / "ohio.yml").read_text(encoding="utf-8").replace("name: ohio", "name: mine"))
    ran = lmi("policies", str(mine))
    assert ran.code == 0
    assert f"{mine} is a valid policy." in ran.out
    assert "To mind - what a rule lists is not known without a release that has its area" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("factor: 0.8", "facter: 0.8", "mine.yml: line 13: unknown key facter"),
        ("factor: 0.8", "factor: 80%", "mine.yml: line 13: factor: a number is wanted, in plain digits"),
        (
            "measure: wage_p50_usd",
            "measure: median",
            "mine.yml: line 10: measure: one of these is wanted: 'wage_mean_usd'",
        ),
        ("state_id: OH", "state_id: OI", "mine.yml: line 3: no state or territory has this postal code (found 'OI')"),
    ],
)
def test_a_broken_policy_is_named_with_file_line_and_reason(
    lmi: Lmi, tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = (POLICIES / "ohio.yml").read_text(encoding="utf-8").replace("name: ohio", "name: mine")
    (tmp_path / "mine.yml").write_text(text.replace(old, new))
    ran = lmi("policies", str(tmp_path / "mine.yml"))
    assert ran.code == BadInputError.exit_code
    assert _is_one_message(ran)
    assert told in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("report OH --state WY", "give one place, OH or --state WY"),
        ("flags", "as in `lmi flags OH`: state or territory by postal code or name"),
        ("export", "as in `lmi export OH`"),
        ("programs", "as in `lmi programs OH`"),
        ("report OH --all", "or --all"),
        ("clusters OH --industries", "--industries needs a --cluster"),
    ],
)
def test_a_place_is_given_once(lmi: Lmi, arguments: str, told: str) -> None:
    ran = lmi(*arguments.split())
    assert ran.code == 2
    assert told in " ".join(re.sub("[│╭╮╰╯─]", " ", ran.err).split())


def test_json_is_nothing_but_json(lmi: Lmi) -> None:
    policies = json.loads(lmi("policies", "--json").out)
    assert {row["policy"] for row in policies} == {path.stem for path in POLICIES.glob("*.yml")}
    (ohio,) = json.loads(lmi("policies", "ohio", "--json").out)
    # Ohio TopJobs lists what pays and grows; it asks for no skill
    assert (ohio["state_id"], ohio["list_flags"], ohio["high_skill_rule"]) == ("OH", "high_wage, in_demand", None)
    sources = {row["source"]: row for row in json.loads(lmi("sources", "--json").out)}
    assert sources["oews"]["bundled"]["released_on"] == "2026-05-15"
    assert "oe.area" in sources["oews"]["files"]
    assert sources["onet_clusters"]["bundled"] is None


def test_a_policy_that_has_a_list_says_what_is_listed(lmi: Lmi) -> None:
    _, _, ohio = lmi("policies").out.partition("Ohio TopJobs")
    assert "An occupation is listed when it is high-wage and in-demand." in ohio.partition("source")[0] or (
        "An occupation is listed when all of the flags are true." in ohio.partition("source")[0]
    )
