"""The HTTP client against a server on 127.0.0.1 that does what publishers' servers, and networks, do."""

import errno
import hashlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import pytest

from pipelines.archive import http
from pipelines.archive.http import Client, Fetched
from pipelines.errors import FetchError, MissingContactError
from pipelines.paths import PROJECT
from tests.fixtures.publisher_server import PAGE, Behaviour, PublisherServer, html_page, redirect

FILE = "/oe/oe.data"
BODY = bytes(range(256)) * 1_200  # longer than one read, and every place of it differs from its neighbours
CHANGED = datetime(2026, 5, 15, 14, 0, tzinfo=UTC)
LAST_MODIFIED = "Fri, 15 May 2026 14:00:00 GMT"
NEWER = "Sat, 16 May 2026 14:00:00 GMT"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PublisherServer]:
    """A well-behaved publisher with one file."""
    with PublisherServer(tmp_path / "www") as server:
        server.put(FILE, BODY, CHANGED)
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the file is to lie, in a folder of its own."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in" / "oe.data"


@pytest.fixture
def client() -> Iterator[Client]:
    with _client() as client:
        yield client


def _client(**options: Any) -> Client:
    """A client that waits for next to nothing."""
    quick = {"pause_seconds": 0, "connect_timeout": 2, "read_timeout": 2, "attempts": 3, "backoff_seconds": 0.001}
    return Client("analyst@agency.example", **(quick | options))


def _statuses(server: PublisherServer) -> list[int | None]:
    return [request.status for request in server.requests]


def _ranges(server: PublisherServer) -> list[str | None]:
    return [request.headers.get("range") for request in server.requests]


def _assert_whole(fetched: Fetched | None, target: Path, body: bytes = BODY) -> None:
    """The file is the publisher's, is described as it is, and nothing lies beside it."""
    assert fetched is not None
    assert fetched.path == target
    assert target.read_bytes() == body
    assert (fetched.bytes, fetched.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert list(target.parent.iterdir()) == [target]


def _assert_nothing(target: Path) -> None:
    assert list(target.parent.iterdir()) == []


# --- who asks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    [
        None,
        "",
        "agency.example",
        "a@b@c.example",
        "an analyst@agency.example",
        "a@b.example\r\nX: y",
        "@",
        "http://a@b",
    ],
)
def test_without_an_address_no_client_is_made(email: str | None) -> None:
    with pytest.raises(MissingContactError, match="LMI_CONTACT_EMAIL"):
        Client(email)


def test_every_request_says_who_asks_and_takes_the_file_as_it_is(
    server: PublisherServer, client: Client, target: Path
) -> None:
    client.fetch(server.url + FILE, target)
    client.exists(server.url + FILE)
    server.behave("/page", html_page())
    client.text(server.url + "/page")
    for request in server.requests:
        agent = request.headers["user-agent"]
        assert re.fullmatch(r"career-cluster-lmi/\d+\.\d+\.\d+\S* \(contact: analyst@agency\.example\)", agent)
        assert request.headers["accept-encoding"] == "identity"
    assert [request.method for request in server.requests] == ["GET", "HEAD", "GET"]


def test_importing_the_module_does_not_import_requests() -> None:
    code = "import sys, pipelines.archive.http; print({'requests', 'urllib3', 'tenacity'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


# --- a whole file -----------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_and_described(server: PublisherServer, client: Client, target: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    fetched = client.fetch(server.url + FILE, target, on_progress=lambda done, total: seen.append((done, total)))
    _assert_whole(fetched, target)
    assert fetched is not None
    assert fetched.last_modified == LAST_MODIFIED
    assert fetched.content_type == "application/octet-stream"
    assert fetched.final_url == server.url + FILE
    assert seen[0] == (0, len(BODY))
    assert seen[-1] == (len(BODY), len(BODY))
    assert all(before[0] < after[0] for before, after in pairwise(seen))


def test_a_part_left_by_an_earlier_process_is_not_trusted(
    server: PublisherServer, client: Client, target: Path
) -> None:
    target.with_suffix(".data.part").write_bytes(BODY[:1000])
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _ranges(server) == [None]


def test_a_file_without_a_length_is_fetched_to_its_end(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, Behaviour(headers={"Content-Length": ""}))
    totals: set[int | None] = set()
    fetched = client.fetch(server.url + FILE, target, on_progress=lambda _, total: totals.add(total))
    _assert_whole(fetched, target)
    assert totals == {None}


def test_an_empty_file_is_fetched(server: PublisherServer, client: Client, target: Path) -> None:
    server.put(FILE, b"")
    _assert_whole(client.fetch(server.url + FILE, target), target, b"")


def test_a_server_that_keeps_the_connection_open_after_the_last_byte_has_sent_the_file(
    server: PublisherServer, target: Path
) -> None:
    server.behave(FILE, Behaviour(stop_after=len(BODY), stop_with="stall"))
    with _client(read_timeout=0.2) as client:
        _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _statuses(server) == [200]


def test_a_page_with_status_200_is_handed_over_as_what_it_says_it_is(
    server: PublisherServer, client: Client, target: Path
) -> None:
    server.behave(FILE, html_page())
    fetched = client.fetch(server.url + FILE, target)
    _assert_whole(fetched, target, PAGE)
    assert fetched is not None
    assert fetched.content_type == "text/html; charset=utf-8"


def test_a_packed_answer_is_refused(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, Behaviour(headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match=r"compressed \(gzip\)"):
        client.fetch(server.url + FILE, target)
    _assert_nothing(target)


# --- not modified -----------------------------------------------------------------------------------------------------


def test_an_unchanged_file_is_not_fetched_again(server: PublisherServer, client: Client, target: Path) -> None:
    target.write_bytes(b"as it was")
    assert client.fetch(server.url + FILE, target, if_modified_since=LAST_MODIFIED) is None
    assert target.read_bytes() == b"as it was"
    (request,) = server.requests
    assert request.status == 304
    assert request.headers["if-modified-since"] == LAST_MODIFIED
    assert "if-none-match" not in request.headers


def test_a_changed_file_is_fetched(server: PublisherServer, client: Client, target: Path) -> None:
    target.write_bytes(b"as it was")
    server.put(FILE, BODY, CHANGED + timedelta(days=1))
    fetched = client.fetch(server.url + FILE, target, if_modified_since=LAST_MODIFIED)
    _assert_whole(fetched, target)
    assert fetched is not None
    assert fetched.last_modified == NEWER


def test_a_304_that_nobody_asked_for_is_a_failure(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, Behaviour(status=304, body=b""))
    with pytest.raises(FetchError, match="304 Not Modified"):
        client.fetch(server.url + FILE, target)


# --- answers that are no file -----------------------------------------------------------------------------------------


def test_a_refusal_is_not_asked_again_and_names_the_way_out(
    server: PublisherServer, client: Client, target: Path
) -> None:
    server.behave(FILE, Behaviour(status=403))
    with pytest.raises(FetchError, match="refused") as caught:
        client.fetch(server.url + FILE, target)
    message = str(caught.value)
    assert message.startswith(server.url + FILE + ": ")
    assert "403" in message
    assert "LMI_CONTACT_EMAIL" in message
    assert "lmi archive add FILE --source NAME --vintage V" in message
    assert _statuses(server) == [403]
    _assert_nothing(target)


@pytest.mark.parametrize("status", [400, 401, 404, 408, 410, 416, 201, 206, 300])
def test_other_answers_without_the_file_are_not_asked_again(
    server: PublisherServer, client: Client, target: Path, status: int
) -> None:
    server.behave(FILE, Behaviour(status=status))
    with pytest.raises(FetchError, match=str(status)):
        client.fetch(server.url + FILE, target)
    assert _statuses(server) == [status]
    _assert_nothing(target)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_again(server: PublisherServer, client: Client, target: Path, status: int) -> None:
    server.behave(FILE, Behaviour(status=status, times=2))
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _statuses(server) == [status, status, 200]


def test_a_lasting_failure_is_given_up_and_the_file_of_before_stays(
    server: PublisherServer, client: Client, target: Path
) -> None:
    target.write_bytes(b"as it was")
    server.behave(FILE, Behaviour(status=500))
    with pytest.raises(FetchError, match=r"oe\.data: the server answered 500 .* 3 attempts") as caught:
        client.fetch(server.url + FILE, target)
    assert caught.value.url == server.url + FILE
    assert _statuses(server) == [500, 500, 500]
    assert target.read_bytes() == b"as it was"


# --- waiting between attempts -----------------------------------------------------------------------------------------


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of the client, which then take no time but put its clock forward."""
    waits: list[float] = []
    monkeypatch.setattr(http, "sleep", waits.append)
    monkeypatch.setattr(http, "time", lambda: time() + sum(waits))
    return waits


def test_the_backoff_doubles_with_full_jitter(server: PublisherServer, target: Path, waits: list[float]) -> None:
    server.behave(FILE, Behaviour(status=500))
    runs = 30
    with _client(attempts=4, backoff_seconds=2) as client:
        for _ in range(runs):
            with pytest.raises(FetchError):
                client.fetch(server.url + FILE, target)
    assert len(waits) == 3 * runs
    for number, longest in enumerate([2, 4, 8]):
        drawn = waits[number::3]
        assert max(drawn) <= longest
        # By chance false once in 10^9 runs: none of 30 even draws in the upper, or in the lower, half.
        assert max(drawn) > longest / 2
        assert min(drawn) < longest / 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True), 90),
        ("86400", 300),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(days=2), usegmt=True), 300),
    ],
)
def test_retry_after_is_honoured_up_to_five_minutes(
    server: PublisherServer, target: Path, waits: list[float], header: str | Callable[[], str], seconds: int
) -> None:
    value = header if isinstance(header, str) else header()
    server.behave(FILE, Behaviour(status=429, times=1, headers={"Retry-After": value}))
    with _client() as client:
        _assert_whole(client.fetch(server.url + FILE, target), target)
        client.exists(server.url + FILE)
    assert seconds - 2 < sum(waits) <= seconds
    assert _statuses(server) == [429, 200, 200]


@pytest.mark.parametrize("header", ["soon", "-5", "Fri, 15 May 2015 14:00:00 GMT", ""])
def test_an_unusable_retry_after_leaves_the_backoff(
    server: PublisherServer, target: Path, waits: list[float], header: str
) -> None:
    server.behave(FILE, Behaviour(status=429, times=1, headers={"Retry-After": header}))
    with _client(backoff_seconds=2) as client:
        _assert_whole(client.fetch(server.url + FILE, target), target)
    (wait,) = waits
    assert 0 <= wait <= 2


# --- connections that fail --------------------------------------------------------------------------------------------


def test_a_connection_broken_off_before_the_answer_is_tried_again(
    server: PublisherServer, client: Client, target: Path
) -> None:
    server.behave(FILE, Behaviour(refuse="reset", times=2))
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _statuses(server) == [None, None, 200]


def test_a_connection_that_always_breaks_off_is_given_up(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, Behaviour(refuse="reset"))
    with pytest.raises(FetchError, match=r"broke off.*3 attempts"):
        client.fetch(server.url + FILE, target)
    assert len(server.requests) == 3


def test_what_the_caller_was_busy_with_is_no_cause(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, Behaviour(refuse="reset"))
    try:
        raise ConnectionRefusedError("of before")
    except ConnectionRefusedError:
        with pytest.raises(FetchError, match="broke off") as caught:
            client.fetch(server.url + FILE, target)
    assert "of before" not in str(caught.value)


def test_a_silent_server_is_left_after_the_read_timeout(server: PublisherServer, target: Path) -> None:
    server.behave(FILE, Behaviour(refuse="silence", times=1))
    with _client(read_timeout=0.15) as client:
        _assert_whole(client.fetch(server.url + FILE, target), target)
        server.behave(FILE, Behaviour(refuse="silence"))
        with pytest.raises(FetchError, match=r"silent for 0\.15 seconds.*3 attempts"):
            client.fetch(server.url + FILE, target)


def test_a_refused_connection_says_so(server: PublisherServer, client: Client, target: Path) -> None:
    server.stop()
    with pytest.raises(FetchError, match=r"connection was refused.*3 attempts"):
        client.fetch(server.url + FILE, target)
    server.start()
    _assert_whole(client.fetch(server.url + FILE, target), target)


def test_a_host_without_a_name_says_so(client: Client, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def unknown(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError, match=r"publisher\.invalid/oe\.data: .*DNS.*3 attempts"):
        client.fetch("http://publisher.invalid/oe.data", target)
    assert asked == ["publisher.invalid"] * 3


def test_no_secure_connection_names_the_settings_to_look_at(
    server: PublisherServer, client: Client, target: Path
) -> None:
    with pytest.raises(FetchError, match="TLS") as caught:
        client.fetch(server.url.replace("http:", "https:") + FILE, target)
    assert "REQUESTS_CA_BUNDLE" in str(caught.value)
    assert "HTTPS_PROXY" in str(caught.value)


def test_the_usual_variable_for_certificates_is_heeded(
    server: PublisherServer, client: Client, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    with pytest.raises(FetchError, match="the certificates that REQUESTS_CA_BUNDLE names cannot be read"):
        client.fetch(server.url.replace("http:", "https:") + FILE, target)


@pytest.mark.parametrize("url", ["", "oe.data", "ftp://127.0.0.1/oe.data", "http://"])
def test_an_address_that_is_none_is_a_failure_at_once(client: Client, target: Path, url: str) -> None:
    with pytest.raises(FetchError, match="could not be made") as caught:
        client.fetch(url, target)
    assert "attempts" not in str(caught.value)


# --- downloads that break off -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stop_with", ["close", "reset", "stall"])
def test_a_broken_download_is_continued(server: PublisherServer, target: Path, stop_with: Any) -> None:
    server.behave(FILE, Behaviour(times=1, stop_after=200_000, stop_with=stop_with))
    seen: list[int] = []
    with _client(read_timeout=0.2) as client:
        fetched = client.fetch(server.url + FILE, target, on_progress=lambda done, _: seen.append(done))
    _assert_whole(fetched, target)
    assert fetched is not None
    assert fetched.last_modified == LAST_MODIFIED
    assert _statuses(server) == [200, 206]
    assert seen == sorted(seen)
    first, second = _ranges(server)
    assert first is None
    # A reset may overtake the last bytes that were sent.
    assert second in {f"bytes={done}-" for done in seen if 0 < done <= 200_000}
    assert server.requests[1].headers["if-range"] == LAST_MODIFIED


def test_a_download_that_breaks_off_twice_is_continued_twice(
    server: PublisherServer, client: Client, target: Path
) -> None:
    server.behave(FILE, Behaviour(times=2, stop_after=100_000))
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _ranges(server) == [None, "bytes=100000-", "bytes=200000-"]


def test_a_continued_download_does_not_ask_whether_the_file_has_changed(
    server: PublisherServer, client: Client, target: Path
) -> None:
    server.put(FILE, BODY, CHANGED + timedelta(days=1))
    server.behave(FILE, Behaviour(times=1, stop_after=1000))
    _assert_whole(client.fetch(server.url + FILE, target, if_modified_since=LAST_MODIFIED), target)
    assert ["if-modified-since" in request.headers for request in server.requests] == [True, False]


def test_a_file_replaced_meanwhile_is_begun_again(server: PublisherServer, client: Client, target: Path) -> None:
    new = b"new" * 100_000
    server.behave(FILE, Behaviour(times=1, stop_after=200_000), Behaviour(body=new, last_modified=NEWER))
    fetched = client.fetch(server.url + FILE, target)
    _assert_whole(fetched, target, new)
    assert fetched is not None
    assert fetched.last_modified == NEWER
    assert _statuses(server) == [200, 200]


@pytest.mark.parametrize(
    "second",
    [
        Behaviour(times=1, content_range=f"bytes 0-99/{len(BODY)}"),
        Behaviour(times=1, content_range=f"bytes 200000-{len(BODY)}/{len(BODY) + 1}"),
        Behaviour(times=1, content_range=""),
        Behaviour(times=1, body=BODY + b"one more"),
        Behaviour(times=1, headers={"Last-Modified": NEWER}),
        Behaviour(times=1, body=BODY[:1000]),
    ],
    ids=["another start", "another size", "unnamed", "grown", "changed", "shrunk"],
)
def test_a_rest_that_does_not_fit_is_thrown_away(
    server: PublisherServer, client: Client, target: Path, second: Behaviour
) -> None:
    server.behave(FILE, Behaviour(times=1, stop_after=200_000), second)
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _ranges(server) == [None, "bytes=200000-", None]


@pytest.mark.parametrize(
    "first",
    [
        Behaviour(times=1, stop_after=200_000, headers={"Accept-Ranges": "none"}),
        Behaviour(times=1, stop_after=200_000, headers={"Last-Modified": ""}),
        Behaviour(times=1, stop_after=0),
    ],
    ids=["no ranges", "no Last-Modified", "nothing came"],
)
def test_what_cannot_be_continued_is_begun_again(
    server: PublisherServer, client: Client, target: Path, first: Behaviour
) -> None:
    server.behave(FILE, first)
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _ranges(server) == [None, None]


def test_a_server_that_ignores_the_range_sends_the_file_from_the_start(
    server: PublisherServer, client: Client, target: Path
) -> None:
    promised = Behaviour(times=1, stop_after=200_000)
    server.behave(FILE, promised, Behaviour(ranges=False))
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert _statuses(server) == [200, 200]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour(stop_after=1000, ranges=False), "stopped after 1,000 of 307,200 bytes"),
        (Behaviour(content_length=len(BODY) + 5, ranges=False), "stopped after 307,200 of 307,205 bytes"),
        (Behaviour(content_length=len(BODY) - 1), "more than the 307,199 bytes that it announced"),
        (Behaviour(content_length=1000), "more than the 1,000 bytes that it announced"),
        (Behaviour(body=b"short file", content_length=9), "more than the 9 bytes that it announced"),
    ],
    ids=["truncated", "announced too long", "one byte too many", "announced too short", "small"],
)
def test_a_body_that_is_not_as_long_as_announced_is_never_taken(
    server: PublisherServer, client: Client, target: Path, behaviour: Behaviour, words: str
) -> None:
    server.behave(FILE, behaviour)
    with pytest.raises(FetchError, match=words + r".*3 attempts"):
        client.fetch(server.url + FILE, target)
    assert _statuses(server) == [200] * 3
    assert _ranges(server) == [None] * 3
    _assert_nothing(target)


def test_a_wrong_length_is_tried_again(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, Behaviour(times=1, content_length=len(BODY) + 9), Behaviour(times=1, content_length=50))
    _assert_whole(client.fetch(server.url + FILE, target), target)
    assert len(server.requests) == 3


def test_a_download_that_drips_is_given_up(server: PublisherServer, target: Path) -> None:
    server.behave(FILE, Behaviour(body=BODY[:2000], drip_bytes=10, drip_seconds=0.02))
    began = monotonic()
    with (
        _client(attempts=2, min_bytes_per_second=100_000, slow_after_seconds=0.2) as client,
        pytest.raises(FetchError, match=r"too slow: \d+ bytes a second .*2 attempts"),
    ):
        client.fetch(server.url + FILE, target)
    assert monotonic() - began < 3  # the whole file would take four seconds
    assert len(server.requests) == 2
    _assert_nothing(target)


def test_a_slow_download_that_is_fast_enough_goes_on(server: PublisherServer, target: Path) -> None:
    server.behave(FILE, Behaviour(drip_bytes=20_000, drip_seconds=0.02))
    with _client(attempts=1, min_bytes_per_second=1_000, slow_after_seconds=0.05) as client:
        _assert_whole(client.fetch(server.url + FILE, target), target)


def test_a_file_larger_than_can_be_is_refused(server: PublisherServer, target: Path) -> None:
    with _client(max_bytes=len(BODY)) as client:
        _assert_whole(client.fetch(server.url + FILE, target), target)
    target.unlink()
    for behaviour in (Behaviour(), Behaviour(headers={"Content-Length": ""})):
        server.requests.clear()
        server.behave(FILE, behaviour)
        with (
            _client(max_bytes=len(BODY) - 1) as client,
            pytest.raises(FetchError, match="larger than the limit of 307,199 b"),
        ):
            client.fetch(server.url + FILE, target)
        assert len(server.requests) == 1
        _assert_nothing(target)


# --- redirects --------------------------------------------------------------------------------------------------------


def test_a_redirect_is_followed_and_its_end_recorded(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave("/old", redirect("/older", 301))
    server.behave("/older", redirect(server.url + FILE))
    fetched = client.fetch(server.url + "/old", target)
    _assert_whole(fetched, target)
    assert fetched is not None
    assert fetched.final_url == server.url + FILE
    assert all("contact: analyst@agency.example" in request.headers["user-agent"] for request in server.requests)


def test_a_redirect_to_a_login_page_shows_in_the_final_address(
    server: PublisherServer, client: Client, target: Path
) -> None:
    server.behave(FILE, redirect("/login?next=file"))
    server.behave("/login", html_page())
    fetched = client.fetch(server.url + FILE, target)
    assert fetched is not None
    assert fetched.final_url == server.url + "/login?next=file"
    assert fetched.content_type == "text/html; charset=utf-8"


def test_redirects_without_end_are_a_failure_at_once(server: PublisherServer, client: Client, target: Path) -> None:
    server.behave(FILE, redirect(FILE))
    with pytest.raises(FetchError, match="more than 30 redirects"):
        client.fetch(server.url + FILE, target)
    assert len(server.requests) == 31


# --- taking turns -----------------------------------------------------------------------------------------------------

FETCHES = """
import sys
from pathlib import Path
from pipelines.archive.http import Client
url, target, locks, pause = sys.argv[1:]
with Client("analyst@agency.example", pause_seconds=float(pause), lock_folder=Path(locks)) as client:
    client.fetch(url, Path(target))
"""


def test_requests_of_all_threads_to_a_host_come_one_at_a_time(server: PublisherServer, tmp_path: Path) -> None:
    server.behave(FILE, Behaviour(delay_seconds=0.02))
    with _client() as one, _client() as other, ThreadPoolExecutor(4) as threads:
        futures = [
            threads.submit(client.fetch, server.url + FILE, tmp_path / f"{number}")
            for number, client in enumerate([one, other] * 3)
        ]
        assert all(future.result() is not None for future in futures)
    assert server.most_at_once == 1
    assert len(server.requests) == 6


def test_other_hosts_need_not_wait(server: PublisherServer, target: Path) -> None:
    server.behave(FILE, Behaviour(refuse="silence"))
    with PublisherServer(server.folder) as another, _client(attempts=1) as client, ThreadPoolExecutor(1) as thread:
        silent = thread.submit(client.fetch, server.url + FILE, target)
        while not server.requests:
            sleep(0.005)
        assert client.exists(another.url + FILE) is True
        assert not silent.done()
        server.stop()
        with pytest.raises(FetchError, match="broke off"):
            silent.result()


def test_requests_of_all_processes_to_a_host_come_one_at_a_time_with_a_pause(
    server: PublisherServer, tmp_path: Path
) -> None:
    server.behave(FILE, Behaviour(delay_seconds=0.1))
    pause = 0.2
    arguments = [[server.url + FILE, str(tmp_path / name), str(tmp_path / "locks"), str(pause)] for name in "ab"]
    processes = [subprocess.Popen([sys.executable, "-c", FETCHES, *each], cwd=PROJECT) for each in arguments]
    assert [process.wait(timeout=20) for process in processes] == [0, 0]
    assert server.most_at_once == 1
    first, second = server.requests
    assert second.at - first.at >= 0.1 + pause


def test_between_two_requests_to_a_host_is_a_pause(server: PublisherServer, target: Path, tmp_path: Path) -> None:
    server.behave("/moved", redirect(FILE))
    server.behave(FILE, Behaviour(status=500, times=1))
    for locks in (None, tmp_path / "locks"):
        server.requests.clear()
        with _client(pause_seconds=0.15, lock_folder=locks) as client:
            client.fetch(server.url + "/moved", target)
            client.exists(server.url + FILE)
        gaps = [after.at - before.at for before, after in pairwise(server.requests)]
        assert len(gaps) >= 2
        assert min(gaps) >= 0.15


def test_a_server_that_asks_one_file_to_wait_is_not_asked_for_another(
    server: PublisherServer, target: Path, waits: list[float]
) -> None:
    server.put("/other", b"data")
    server.behave(FILE, Behaviour(status=429, headers={"Retry-After": "40"}))
    with _client(attempts=1) as client:
        with pytest.raises(FetchError, match=r"429.*1 attempt\)"):
            client.fetch(server.url + FILE, target)
        client.fetch(server.url + "/other", target)
    (wait,) = waits
    assert 39 < wait <= 40


# --- proxies ----------------------------------------------------------------------------------------------------------


def test_the_usual_proxy_variable_is_heeded(
    server: PublisherServer, client: Client, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("http_proxy", server.url)
    fetched = client.fetch("http://publisher.invalid" + FILE, target)
    _assert_whole(fetched, target)
    (request,) = server.requests
    assert request.target == "http://publisher.invalid" + FILE
    assert request.headers["host"] == "publisher.invalid"


def test_a_proxy_that_is_not_there_is_named(
    server: PublisherServer, client: Client, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("http_proxy", server.url)
    server.stop()
    with pytest.raises(FetchError, match=r"proxy.*HTTPS_PROXY"):
        client.fetch("http://publisher.invalid" + FILE, target)


# --- the disk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_names_the_folder_and_the_bytes_needed(
    server: PublisherServer, client: Client, target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    target.write_bytes(b"as it was")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FetchError, match="307,200 bytes") as caught:
        client.fetch(server.url + FILE, target)
    assert str(target.parent) in str(caught.value)
    assert len(server.requests) == 1
    assert target.read_bytes() == b"as it was"
    assert list(target.parent.iterdir()) == [target]


def test_another_error_of_the_disk_comes_through(server: PublisherServer, client: Client, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.fetch(server.url + FILE, tmp_path / "no folder" / "oe.data")


def test_the_file_is_on_the_disk_before_it_has_its_name(
    server: PublisherServer, client: Client, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bytes, bool]] = []

    def fsync(descriptor: int) -> None:
        part = target.with_suffix(".data.part")
        assert os.path.samestat(os.fstat(descriptor), part.stat())
        synced.append((part.read_bytes(), target.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    client.fetch(server.url + FILE, target)
    assert synced == [(BODY, False)]


# --- exists and text --------------------------------------------------------------------------------------------------


def test_exists_asks_for_the_head_only(server: PublisherServer, client: Client) -> None:
    assert client.exists(server.url + FILE) is True
    assert client.exists(server.url + "/none") is False
    assert [(request.method, request.status) for request in server.requests] == [("HEAD", 200), ("HEAD", 404)]


@pytest.mark.parametrize(("status", "found"), [(None, True), (404, False)])
def test_exists_asks_for_one_byte_where_the_head_is_not_answered(
    server: PublisherServer, client: Client, status: int | None, found: bool
) -> None:
    then = () if status is None else (Behaviour(status=status),)
    server.behave(FILE, Behaviour(status=405, times=1), *then)
    assert client.exists(server.url + FILE) is found
    assert [(request.method, request.headers.get("range")) for request in server.requests] == [
        ("HEAD", None),
        ("GET", "bytes=0-0"),
    ]


def test_exists_raises_where_there_is_no_answer_to_the_question(server: PublisherServer, client: Client) -> None:
    server.behave(FILE, Behaviour(status=403))
    with pytest.raises(FetchError, match="403"):
        client.exists(server.url + FILE)
    server.behave(FILE, Behaviour(status=500, times=1))
    assert client.exists(server.url + FILE) is True
    server.behave(FILE, Behaviour(status=500))
    with pytest.raises(FetchError, match=r"500.*3 attempts"):
        client.exists(server.url + FILE)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", "Année 2025".encode()),
        ("application/json; charset=UTF-8", "Année 2025".encode()),
        ("text/html; charset=iso-8859-1", "Année 2025".encode("latin-1")),
    ],
)
def test_text_is_decoded_as_declared(server: PublisherServer, client: Client, content_type: str, body: bytes) -> None:
    server.behave("/page?number=1", Behaviour(body=body, headers={"Content-Type": content_type}))
    assert client.text(server.url + "/page?number=1") == "Année 2025"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour(body=b"Ann\xe9e"), "not text in utf-8"),
        (Behaviour(body=b"x", headers={"Content-Type": "text/html; charset=no-such"}), "not text in no-such"),
        (Behaviour(body=b"12345678901"), "larger than the limit of 10 bytes"),
        (Behaviour(status=404), "no such file"),
        (Behaviour(body=b"123", content_length=2), "3 attempts"),
    ],
)
def test_text_that_cannot_be_taken_is_a_failure(
    server: PublisherServer, client: Client, behaviour: Behaviour, words: str
) -> None:
    server.behave("/page", behaviour)
    with pytest.raises(FetchError, match=words):
        client.text(server.url + "/page", max_bytes=10)


def test_text_is_asked_for_again_after_a_passing_failure(server: PublisherServer, client: Client) -> None:
    broken = Behaviour(body=b"<html>", stop_after=3, times=1)
    server.behave("/page", Behaviour(status=502, times=1), broken, html_page())
    assert client.text(server.url + "/page") == PAGE.decode()
