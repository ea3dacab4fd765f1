"""Reports of failed runs, also to a webhook."""

import errno
import http.server
import json
import os
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from pipelines.errors import BusyError, FetchError, LmiError, MachineError, Stopped
from pipelines.release import failures
from pipelines.release.failures import KEPT, STUCK_AFTER, failure_report, write_report
from pipelines.settings import Settings


def _fail(settings: Settings, error: BaseException) -> None:
    with failure_report(settings):
        raise error


def test_a_failure_is_reported_with_its_reason_and_what_to_do_and_goes_on(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(FetchError) as caught:
        _fail(settings, FetchError("https://example.gov/oe.data", "the server answered 403"))
    (report,) = settings.failures.iterdir()
    text = report.read_text(encoding="utf-8")
    for words in ("https://example.gov/oe.data", "403", "Exit code: 8", "lmi archive add", "there is no release yet"):
        assert words in text
    assert str(report) in caught.value.__notes__[0]


def test_another_run_at_work_is_no_failure(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(BusyError):
        _fail(settings, BusyError("in use"))
    assert not settings.failures.exists()


def test_old_reports_are_removed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    for number in range(KEPT + 3):
        last = write_report(settings, f"Run {number}", ValueError("no"))
    assert len(list(settings.failures.iterdir())) == KEPT
    assert last.exists()


@pytest.mark.parametrize("name", ["backup", "lost+found"])
def test_a_folder_that_is_no_release_silences_no_report(tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=tmp_path)
    (settings.releases / name).mkdir(parents=True)
    report = write_report(settings, "A run", ValueError("no"))
    assert report is not None
    assert "there is no release yet" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("spoil", ["release", "record"])
def test_releases_that_cannot_be_read_silence_no_report(tmp_path: Path, spoil: str) -> None:
    settings = Settings(data_dir=tmp_path)
    (settings.releases / "20261102T060000Z-aaaaaaaa").mkdir(parents=True)
    if spoil == "record":
        (tmp_path / "releases.json").write_text("{", encoding="utf-8")
    report = write_report(settings, "A run", ValueError("no"))
    assert report is not None
    text = report.read_text(encoding="utf-8")
    assert "Published: the newest release cannot be read" in text
    assert "ValueError: no" in text


def test_a_report_that_cannot_be_written_hides_nothing(tmp_path: Path) -> None:
    """A file where the folder should be: root may write into any folder."""
    settings = Settings(data_dir=tmp_path)
    settings.failures.write_text("", encoding="utf-8")
    with pytest.raises(FetchError, match="403") as caught:
        _fail(settings, FetchError("https://example.gov/oe.data", "the server answered 403"))
    assert "no report could be written" in caught.value.__notes__[0]


def test_the_webhook_is_told(tmp_path: Path) -> None:
    told: list[Any] = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings = Settings(data_dir=tmp_path, webhook_url=f"http://127.0.0.1:{server.server_address[1]}/")
        write_report(settings, "A run", ValueError("the figure is not a number"))
    assert "the figure is not a number" in told[0]["text"]


def test_a_webhook_that_does_not_answer_is_told_in_the_report(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, webhook_url="http://127.0.0.1:9/")
    report = write_report(settings, "A run", ValueError("no"))
    assert "posting to the webhook failed" in report.read_text(encoding="utf-8")


def _written(settings: Settings, ago: timedelta) -> None:
    """A run that wrote something the last time so long ago."""
    path = settings.staging / "core" / "area.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    at = (datetime.now(UTC) - ago).timestamp()
    os.utime(path, (at, at))


def test_a_run_that_holds_the_folder_and_does_not_go_on_is_reported_once(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    _written(settings, STUCK_AFTER - timedelta(minutes=1))
    for reports in (0, 1, 1):
        with pytest.raises(BusyError):
            _fail(settings, BusyError("in use by process 7"))
        assert len(list(settings.failures.glob("*.md"))) == reports
        if reports == 0:
            _written(settings, STUCK_AFTER + timedelta(minutes=1))
    (report,) = settings.failures.iterdir()
    text = report.read_text(encoding="utf-8")
    for words in ("A run that does not end failed", "process 7", "nothing was written since", "End its process"):
        assert words in text


def test_asking_for_a_lock_and_dagsters_daemon_are_no_progress(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    _written(settings, STUCK_AFTER + timedelta(minutes=1))
    others = (".run.lock", "archive/.lock", "archive/hosts/a.lock", "archive/hosts/a.free_at", "dagster/schedules.db")
    for name in others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with pytest.raises(BusyError):
        _fail(settings, BusyError("in use"))
    assert len(list(settings.failures.iterdir())) == 1


def test_a_command_that_was_stopped_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(Stopped):
        _fail(settings, Stopped())
    monkeypatch.setattr(Stopped, "by", 2)
    with pytest.raises(RuntimeError):
        _fail(settings, RuntimeError("what a library makes of a signal"))
    assert not settings.failures.exists()


def test_a_full_disk_is_told_as_one_and_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=tmp_path)
    full = OSError(errno.ENOSPC, "No space left on device", "/data/lmi.duckdb")

    def no_report(*_: object, **__: object) -> None:
        raise full

    monkeypatch.setattr(failures, "atomic", no_report)
    with pytest.raises(MachineError, match=r"lmi\.duckdb.*no space is left; free some") as caught:
        _fail(settings, full)
    assert caught.value.exit_code == 9
    assert str(tmp_path) in str(caught.value)
    assert "no report could be written" in caught.value.__notes__[0]


def test_secrets_and_control_characters_are_in_no_report(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        webhook_url="http://127.0.0.1:9/services/T00/S3CRETHOOK",
        base_urls={"https://www.bls.gov": "https://us:pass-word@mirror.example"},
    )
    said = "url: /services/T00/S3CRETHOOK, pass-word, https://us:pass-word@mirror.example/x \x1b[2J\x07"
    text = write_report(settings, "A run", ValueError(said)).read_text(encoding="utf-8")
    for secret in ("S3CRETHOOK", "pass-word", "\x1b", "\x07"):
        assert secret not in text
    assert "mirror.example" in text


def _answer_once(answer: bytes, again: bytes = b"") -> tuple[str, list[bytes]]:
    """A server's address for one connection, and what it received."""
    listener = socket.create_server(("127.0.0.1", 0))
    received: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, listener:
            received.append(connection.recv(65_536))
            connection.sendall(answer)
            try:
                while again:
                    connection.sendall(again)
                    threading.Event().wait(0.01)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/hook", received


@pytest.mark.parametrize(
    ("answer", "again", "says"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n", b"", "answered 302, a redirect, which is not"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n", b"", "answered 302, a redirect"),
        (b"HTTP/1.1 500 \x1b[2J\r\n\r\n", b"", "answered 500"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a", "failed: RefusedError"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "failed: RefusedError"),
        (b"no HTTP at all\r\n\r\n", b"", "failed: ConnectionError"),
    ],
    ids=["redirect", "broken redirect", "error", "dripping headers", "100 Continue", "nonsense"],
)
def test_a_webhook_that_misbehaves_is_told_in_the_report_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, again: bytes, says: str
) -> None:
    monkeypatch.setattr(failures, "WEBHOOK_SECONDS", 0.4)
    url, received = _answer_once(answer, again)
    began = monotonic()
    report = write_report(Settings(data_dir=tmp_path, webhook_url=url), "A run", LmiError("no"))
    assert monotonic() - began < 3
    assert says in report.read_text(encoding="utf-8")
    assert len(received) == 1
