"""The HTTP client and servers that mean harm: what they send, as slowly and for as long as they like."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from pipelines.archive import connections
from pipelines.archive.addresses import RefusedError, Sites, is_public, origin, redirected, without_login
from pipelines.archive.http import Client, http_date
from pipelines.errors import FetchError

Serve = Callable[[socket.socket, threading.Event], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextmanager
def _serving(serve: Serve) -> Iterator[str]:
    """A server that answers each connection with `serve`, in a thread of its own."""
    stopping = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            serve(connection, stopping)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopping.set()
        listener.close()


def _read_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(4096)
    return request


def _drip(start: bytes, again: bytes) -> Serve:
    """Send `start` at once, and then `again` for ever, a piece each hundredth of a second."""

    def serve(connection: socket.socket, stopping: threading.Event) -> None:
        _read_request(connection)
        connection.sendall(start)
        while not stopping.wait(0.01):
            connection.sendall(again)

    return serve


def _say(answer: bytes) -> Serve:
    def serve(connection: socket.socket, _: threading.Event) -> None:
        _read_request(connection)
        connection.sendall(answer)

    return serve


def _client(**options: Any) -> Client:
    quick = {"pause_seconds": 0, "connect_timeout": 2, "read_timeout": 2, "attempts": 3, "backoff_seconds": 0.001}
    return Client("analyst@agency.example", **(quick | options))


# --- time and bytes ---------------------------------------------------------------------------------------------------

SLOW = {
    "status line": _drip(b"", b"H"),
    "headers": _drip(HEAD + b"X: ", b"a"),
    "many headers": _drip(HEAD, b"X: a\r\n"),
    "100 Continue": _drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": _drip(HEAD + b"Content-Length: 1000000\r\n\r\n", b"a"),
    "body without a length": _drip(HEAD + b"\r\n", b"a"),
    "chunks": _drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "length of a chunk": _drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": _drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"X: a\r\n"),
}


@pytest.mark.parametrize("serve", SLOW.values(), ids=SLOW)
def test_one_deadline_ends_whatever_drips(serve: Serve, tmp_path: Path) -> None:
    with _serving(serve) as url, _client(deadline_seconds=0.4) as client:
        began = monotonic()
        with pytest.raises(FetchError, match=r"given up|got more than 100 headers"):
            client.fetch(url + "/file", tmp_path / "file")
        assert monotonic() - began < 1.9  # less than a silence, and than a second try
        assert list(tmp_path.iterdir()) == []


def test_the_deadline_counts_redirects_waits_and_attempts_together(tmp_path: Path) -> None:
    def serve(connection: socket.socket, stopping: threading.Event) -> None:
        _read_request(connection)
        stopping.wait(0.15)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n"
    with _client(deadline_seconds=0.5) as client:
        for answer, says in ((serve, r"not done within 0\.5 seconds"), (_say(busy), "asked again in 3 seconds")):
            began = monotonic()
            with _serving(answer) as url, pytest.raises(FetchError, match=says):
                client.fetch(url + "/file", tmp_path / "file")
            assert monotonic() - began < 1.9


def test_a_handshake_that_drips_is_ended(tmp_path: Path) -> None:
    def serve(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")
        while not stopping.wait(0.01):
            connection.sendall(b"\x02")

    with _serving(serve) as url, _client(deadline_seconds=0.4) as client:
        began = monotonic()
        with pytest.raises(FetchError):
            client.fetch(url.replace("http:", "https:") + "/file", tmp_path / "file")
        assert monotonic() - began < 1.9


def test_all_files_of_a_source_have_a_time_together(tmp_path: Path) -> None:
    with _serving(_drip(HEAD + b"\r\n", b"a")) as url, _client() as client:
        client.turn_to(Sites(bases=frozenset({url})), 0.3)
        for _ in range(2):
            began = monotonic()
            with pytest.raises(FetchError, match=r"not done within 0\.3 seconds"):
                client.fetch(url, tmp_path / "file")
        assert monotonic() - began < 0.2


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
        (HEAD, b"X: " + b"a" * 60_000 + b"\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: " + b"a" * 60_000 + b"\r\n"),
    ],
    ids=["100 Continue", "headers", "trailers"],
)
def test_what_comes_around_a_file_is_bounded_however_fast(start: bytes, again: bytes, tmp_path: Path) -> None:
    with (
        _serving(_drip(start, again)) as url,
        _client(deadline_seconds=20, max_bytes=1000) as client,
        pytest.raises(FetchError, match="far more around the file"),
    ):
        client.fetch(url, tmp_path / "file")


# --- odd headers ------------------------------------------------------------------------------------------------------


def _ok(*headers: bytes) -> Serve:
    return _say(HEAD + b"\r\n".join(headers) + b"\r\nContent-Length: 4\r\n\r\nfile")


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 15 May 99999 14:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 1000 00:00:00 +1400",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 15 May 2026 14:00:00 +9999999999",
        "Fri, 99 May 2026 14:00:00 GMT",
        "9" * 5000,
        "\x1b[2J",
        "",
    ],
)
def test_a_date_that_can_not_be_is_none(date: str, tmp_path: Path) -> None:
    assert http_date(date) is None
    with _serving(_ok(b"Last-Modified: " + date.encode())) as url, _client() as client:
        fetched = client.fetch(url, tmp_path / "file")
    assert fetched is not None
    assert fetched.last_modified is None


def test_dates_with_and_without_a_zone_can_be_compared() -> None:
    with_zone, without = http_date("Fri, 15 May 2026 14:00:00 GMT"), http_date("Fri, 15 May 2026 14:00:00 -0000")
    assert with_zone is not None
    assert with_zone == without
    assert with_zone.isoformat() == "2026-05-15T14:00:00+00:00"


@pytest.mark.parametrize(
    "wait", ["Fri, 31 Dec 9999 23:59:59 -1200", "Fri, 15 May 99999 14:00:00 GMT", "Fri, 15 May 2015 14:00:00 -0000"]
)
def test_an_impossible_retry_after_is_none(wait: str, tmp_path: Path) -> None:
    answer = f"HTTP/1.1 503 Busy\r\nRetry-After: {wait}\r\nContent-Length: 0\r\n\r\n"
    with (
        _serving(_say(answer.encode())) as url,
        _client() as client,
        pytest.raises(FetchError, match=r"503 Busy \(given up after 3 attempts"),
    ):
        client.fetch(url, tmp_path / "file")


def test_a_length_of_five_thousand_digits_is_too_large(tmp_path: Path) -> None:
    with (
        _serving(_say(HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nfile")) as url,
        _client() as client,
        pytest.raises(FetchError, match="larger than the limit"),
    ):
        client.fetch(url, tmp_path / "file")


@pytest.mark.parametrize("charset", ["undefined", "utf-8\0", "rot13", "idna", "\x1b[2J", "x" * 3000, "'; drop"])
def test_a_charset_that_is_none_is_one_failure(charset: str) -> None:
    answer = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset="' + charset.encode() + b'"\r\n\r\n\xff\xfe\xfd'
    with _serving(_say(answer)) as url, _client() as client, pytest.raises(FetchError) as caught:
        client.text(url)
    assert str(caught.value).isprintable()


def test_what_a_server_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 404 \x1b]0;owned\x07\x9b2J\x00\r\nContent-Length: 0\r\n\r\n"
    with _serving(_say(answer)) as url, _client() as client, pytest.raises(FetchError) as caught:
        client.fetch(url, tmp_path / "file")
    assert str(caught.value).isprintable()
    assert "owned" in str(caught.value)


# --- where requests go ------------------------------------------------------------------------------------------------


def _to(location: bytes) -> Serve:
    return _say(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (b"http://[::1", "cannot be read"),
        (b"http://\xff\xfe/", "cannot be read"),
        (b"http://127.0.0.1:99999999/", "no address"),
        (b"file:///etc/passwd", "no address with http"),
        (b"http://169.254.169.254/latest/meta-data/", "none of the source's hosts"),
        (b"http://localhost/", "none of the source's hosts"),
        (b"http://2130706433/", "none of the source's hosts"),
        (b"//other.example/file", "none of the source's hosts"),
        (b"https://www.bls.gov.evil.example/", "none of the source's hosts"),
        (b"https://www.bls.gov@evil.example/", "none of the source's hosts"),
        (b"http://www.bls.gov/", "not reached by https"),
        (b"https://www.bls.gov:8443/", "not reached by https"),
    ],
)
def test_a_redirect_leads_to_declared_hosts_by_https_only(location: bytes, says: str, tmp_path: Path) -> None:
    with _serving(_to(location)) as url, _client() as client:
        client.turn_to(Sites(hosts=frozenset({"www.bls.gov"}), bases=frozenset({url})), 20)
        with pytest.raises(FetchError, match=says) as caught:
            client.fetch(url, tmp_path / "file")
    assert str(caught.value).isprintable()
    assert caught.value.url == url


def test_without_sites_a_redirect_stays_at_the_host(tmp_path: Path) -> None:
    asked = []

    def other(connection: socket.socket, _: threading.Event) -> None:
        asked.append(_read_request(connection))

    with (
        _serving(other) as elsewhere,
        _serving(_to(elsewhere.encode())) as url,
        _client() as client,
        pytest.raises(FetchError, match="none of the source's hosts"),
    ):
        client.fetch(url, tmp_path / "file")
    assert asked == []


def test_a_declared_host_with_a_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    received = []

    def other(connection: socket.socket, _: threading.Event) -> None:
        received.append(connection.recv(100))

    with _serving(other) as private, _client(attempts=1) as client:
        there = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", origin(private)[2]))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [there])
        client.turn_to(Sites(hosts=frozenset({"www.bls.gov"})), 20)
        with pytest.raises(FetchError, match=r"www\.bls\.gov has the address 127\.0\.0\.1"):
            client.fetch("https://www.bls.gov/file", tmp_path / "file")
    assert set(received) <= {b""}


def test_passwords_come_from_the_address_and_never_from_netrc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password of-the-agency\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    asked = []

    def serve(connection: socket.socket, _: threading.Event) -> None:
        asked.append(_read_request(connection))
        location = b"Location: /there\r\n" if len(asked) in (1, 3) else b""
        status = b"302 Found" if location else b"200 OK"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n" + location + b"Content-Length: 0\r\n\r\n")

    with _serving(serve) as url, _client() as client:
        client.fetch(url, tmp_path / "file")
        assert [b"Authorization" in request for request in asked] == [False, False]
        fetched = client.fetch(url.replace("//", "//us:secret%21@"), tmp_path / "file")
    # base64 of us:secret!
    assert [b"Authorization: Basic dXM6c2VjcmV0IQ==" in request for request in asked[2:]] == [True, True]
    assert fetched is not None
    assert fetched.final_url == url + "/there"


def test_a_login_is_in_no_message(tmp_path: Path) -> None:
    with (
        _serving(_say(b"HTTP/1.1 404 no http://us:secret@x/\r\n\r\n")) as url,
        _client() as client,
        pytest.raises(FetchError) as caught,
    ):
        client.fetch(url.replace("//", "//us:secret@"), tmp_path / "file")
    assert "secret" not in str(caught.value)
    assert caught.value.url == url


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
        ("8.8.8.8", True), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_public_addresses_are_those_of_the_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_base_stands_for_its_scheme_host_and_port() -> None:
    sites = Sites(hosts=frozenset({"www.bls.gov"}), bases=frozenset({"http://mirror.internal:8080/bls"}))
    assert sites.takes_private("http://mirror.internal:8080/other") is True
    assert sites.takes_private("https://WWW.BLS.GOV./oe") is False
    for url in ("http://mirror.internal/", "https://mirror.internal:8080/", "http://www.bls.gov/"):
        with pytest.raises(RefusedError):
            sites.takes_private(url)


def test_a_redirect_keeps_the_login_at_its_host_only() -> None:
    assert redirected("https://u:p@a.gov/x/y", "z") == "https://u:p@a.gov/x/z"
    assert redirected("https://u:p@a.gov/x", "https://b.gov/z") == "https://b.gov/z"
    assert redirected("https://a.gov/x", "https://u:p@b.gov/z") == "https://b.gov/z"
    assert redirected("https://a.gov/x", "/Ann\u00c3\u00a9e") == "https://a.gov/Ann\u00e9e"
    assert without_login("https://u:p@a.gov:8443/x?q#f") == "https://a.gov:8443/x?q#f"


def test_a_session_follows_no_redirect_by_itself() -> None:
    with _serving(_to(b"http://[::1")) as url, connections.Session() as session:
        token = connections.current.set(connections.Limit(5, monotonic() + 5, 2, takes_private=True))
        assert session.get(url).status_code == 302
        connections.current.reset(token)


# --- words ------------------------------------------------------------------------------------------------------------

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BROKEN = {
    "no chunk": (_say(CHUNKED), "broke off before the file was complete"),
    "half a chunk": (_say(CHUNKED + b"ff\r\nabc"), "broke off before the file was complete"),
    "no length of a chunk": (_say(CHUNKED + b"zz\r\nabc\r\n"), "broke off before the file was complete"),
    "no answer": (_say(b""), "the server ended it without an answer"),
    "half a status line": (_say(b"HTTP/1.1 2"), "given up after"),
    "another protocol": (_say(b"220 ftp.example.gov ready\r\n"), "the server does not keep to HTTP"),
    "too many headers": (_say(HEAD + b"X: a\r\n" * 300 + b"\r\n"), "the server does not keep to HTTP"),
}
#: What libraries say, and how they show exceptions and lists.
LIBRARY_WORDS = re.compile(
    r"IncompleteRead|Errno|Error\b|Exception|Connection broken|Remote end|_ssl|object at|->|[\[{(]['\"]"
)


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_server_breaks_is_told_in_our_words(name: str, tmp_path: Path) -> None:
    serve, says = BROKEN[name]
    with _serving(serve) as url, _client() as client:
        with pytest.raises(FetchError, match=says) as caught:
            client.fetch(url + "/file", tmp_path / "file")
        assert str(caught.value).startswith(f"{url}/file: ")
        assert not LIBRARY_WORDS.search(str(caught.value)), caught.value
        assert list(tmp_path.iterdir()) == []


def test_a_server_without_tls_and_a_proxy_that_refuses_are_told_in_our_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def in_the_clear(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(4096)
        connection.sendall(HEAD + b"\r\nabc")

    with _serving(in_the_clear) as url, _client() as client:
        secure = url.replace("http:", "https:")
        with pytest.raises(FetchError, match=r"TLS.*the server does not speak it") as caught:
            client.fetch(secure + "/file", tmp_path / "file")
        assert not LIBRARY_WORDS.search(str(caught.value)), caught.value
    with _serving(_say(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("https_proxy", url)
        with _client() as client, pytest.raises(FetchError, match="refused the request with status 407") as caught:
            client.fetch("https://publisher.invalid/file", tmp_path / "file")
        assert not LIBRARY_WORDS.search(str(caught.value)), caught.value
