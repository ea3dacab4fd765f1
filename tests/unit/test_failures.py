"""Reports of failed runs, also to a webhook."""

import http.server
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import BusyError, FetchError
from pipelines.release.failures import KEPT, failure_report, write_report
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
    assert "none could be written" in caught.value.__notes__[0]


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
