"""Fetches publishers' files over HTTP: one request at a time, with the contact address, and complete or not at all."""

import errno
import hashlib
import http.client
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO
from math import inf
from pathlib import Path
from socket import gaierror
from time import monotonic, sleep, time
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar

from pipelines.archive.addresses import RefusedError, Sites, origin, redirected, without_login
from pipelines.errors import FetchError, LmiError, MissingContactError, NoSuchFileError, printable
from pipelines.settings import EMAIL

if TYPE_CHECKING:
    import requests

    from pipelines.archive.connections import Limit

#: The longest waits after a publisher's Retry-After, and between our own attempts.
LONGEST_RETRY_AFTER_SECONDS = 300
LONGEST_BACKOFF_SECONDS = 60
MOST_REDIRECTS = 30
#: No publisher had a file on the web before this year.
EARLIEST_YEAR = 1990

_PIECE_BYTES = 262_144
_ANSWERS_TO_RANGES = (HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)

_T = TypeVar("_T")


@dataclass(frozen=True)
class Fetched:
    """A complete file at `path`; `content_type` is as the publisher sent it, `last_modified` too if it is a date.

    `final_url` is where the file was after redirects, without a login.
    """

    path: Path
    bytes: int
    sha256: str
    content_type: str | None
    last_modified: str | None
    final_url: str


class _PassingError(Exception):
    """A failure that another attempt may not have; `retry_after_seconds` is the wait that the publisher asks for."""

    def __init__(self, problem: str, retry_after_seconds: float = 0) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(problem)


class _AnotherFileError(_PassingError):
    """The body is not of the file announced, so the download cannot be continued."""


@dataclass
class _Host:
    """A host, and the time (seconds since 1970) of the next request to it at the earliest."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0


_hosts: dict[str, _Host] = {}


@dataclass
class _Download:
    """What has arrived of one file in all attempts."""

    url: str
    part: Path
    done: int = 0
    total: int | None = None
    last_modified: str | None = None
    content_type: str | None = None
    final_url: str = ""
    takes_ranges: bool = False
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def rest_headers(self) -> dict[str, str]:
        """The headers that ask for the rest of the file; none when it must be fetched from the start."""
        if self.takes_ranges and self.last_modified and self.total is not None and 0 < self.done < self.total:
            return {"Range": f"bytes={self.done}-", "If-Range": self.last_modified}
        return {}

    def begin(self, response: "requests.Response") -> None:
        """Start again: this answer is the whole file."""
        headers = response.headers
        self.done, self.digest = 0, hashlib.sha256()
        self.total = _content_length(response)
        changed = headers.get("Last-Modified", "")
        self.last_modified = changed if http_date(changed) else None
        self.content_type = headers.get("Content-Type")
        self.takes_ranges = headers.get("Accept-Ranges", "").strip().lower() == "bytes"

    def require_rest(self, response: "requests.Response") -> None:
        """Raise _AnotherFileError unless the answer is exactly the rest of the file."""
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            place = response.headers.get("Content-Range", "").strip()
            changed = response.headers.get("Last-Modified", self.last_modified)
            place = printable(place)
            if place == f"bytes {self.done}-{(self.total or 0) - 1}/{self.total}" and changed == self.last_modified:
                return
            problem = f"the server sent another part of the file than the rest ({place or 'unnamed'})"
        else:
            problem = f"the server announced {self.total:,} bytes and has nothing after {self.done:,}"
        raise _AnotherFileError(problem)

    def add(self, piece: bytes, handle: IO[bytes]) -> None:
        """Write a piece and count it."""
        handle.write(piece)
        self.digest.update(piece)
        self.done += len(piece)


class _Pace:
    """Measures a download over windows of time."""

    def __init__(self, min_bytes_per_second: float, window_seconds: float) -> None:
        self._min_bytes_per_second, self._window_seconds = min_bytes_per_second, window_seconds
        self._start, self._bytes = monotonic(), 0

    def too_slow(self, arrived: int) -> str | None:
        """Count bytes that arrived; at the end of a window, its speed in words when that is below the minimum."""
        self._bytes += arrived
        elapsed = monotonic() - self._start
        if elapsed < self._window_seconds:
            return None
        if self._bytes < self._min_bytes_per_second * elapsed:
            return f"{self._bytes / elapsed:,.0f} bytes a second for {elapsed:,.3g} seconds"
        self._start, self._bytes = monotonic(), 0
        return None


@dataclass
class Client:
    """Sends requests to publishers with a contact address, one at a time and with a pause for each host.

    `contact_email` goes out with every request; raises MissingContactError without one. `pause_seconds` is the pause
    between two requests to a host. `connect_timeout` and `read_timeout` are seconds without a connection and without a
    byte. `attempts` is the number of tries of a request, `backoff_seconds` the longest wait before the second try; it
    doubles. All of it together, waits and redirects as well, ends after `deadline_seconds`. A download of less than
    `min_bytes_per_second` over `slow_after_seconds` fails, and a file of more than `max_bytes`. Processes with the same
    `lock_folder` take turns at a host. Without `turn_to`, a request goes to the host that it names and to no other.
    """

    contact_email: str | None
    _: KW_ONLY
    pause_seconds: float = 1.0
    connect_timeout: float = 15
    read_timeout: float = 60
    attempts: int = 5
    backoff_seconds: float = 2.0
    deadline_seconds: float = 1_800
    min_bytes_per_second: float = 1_000
    slow_after_seconds: float = 60
    max_bytes: int = 2_000_000_000
    lock_folder: Path | None = None

    def __post_init__(self) -> None:
        if not self.contact_email or not re.fullmatch(EMAIL, self.contact_email, re.ASCII):
            found = f" (found {self.contact_email!r})" if self.contact_email else ""
            raise MissingContactError(
                f"publishers ask for a contact address: set LMI_CONTACT_EMAIL to an e-mail address{found}"
            )
        import requests  # noqa: PLC0415  (slow to load)
        import urllib3  # noqa: PLC0415

        from pipelines.archive.connections import Session  # noqa: PLC0415  (loads requests)

        self._network_errors = (requests.RequestException, urllib3.exceptions.HTTPError)
        self._sites: Sites | None = None
        self._seconds, self._until = inf, inf
        self._session = Session()
        self._session.headers.update(
            {
                "User-Agent": f"career-cluster-lmi/{version('career-cluster-lmi')} (contact: {self.contact_email})",
                "Accept-Encoding": "identity",  # so that lengths and bytes are those of the file
                "Connection": "close",  # so that the body ends with the connection, see _read_past_the_length
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def turn_to(self, sites: Sites, seconds: float) -> None:
        """Let the requests from now on go to `sites` only, and take `seconds` together."""
        self._sites, self._seconds, self._until = sites, seconds, monotonic() + seconds

    def fetch(
        self,
        url: str,
        target: Path,
        *,
        if_modified_since: str | None = None,
        on_progress: Callable[[int, int | None], None] = lambda done, total: None,
    ) -> Fetched | None:
        """Fetch the file at `url` to `target`; None when it has not changed since `if_modified_since` (304).

        `on_progress` gets the bytes done and in total (None when the publisher does not say). A broken download is
        continued where the server can, else started again. Raises FetchError, and OSError for other faults of the disk
        than a full one; `target` then stays as it was.
        """
        download = _Download(url, target.with_suffix(target.suffix + ".part"))
        try:
            changed = self._retried(url, lambda: self._download(download, if_modified_since, on_progress))
            if not changed:
                return None
            download.part.replace(target)
        finally:
            download.part.unlink(missing_ok=True)
        return Fetched(
            path=target,
            bytes=download.done,
            sha256=download.digest.hexdigest(),
            content_type=download.content_type,
            last_modified=download.last_modified,
            final_url=download.final_url,
        )

    def exists(self, url: str) -> bool:
        """Whether there is a file at the address (404: no). Raises FetchError for every other answer."""
        return self._retried(url, lambda: self._is_there(url))

    def text(self, url: str, max_bytes: int = 2_000_000) -> str:
        """A small page or JSON as text, in the encoding that the publisher declares, else UTF-8. Raises FetchError."""
        return self._retried(url, lambda: self._page(url, max_bytes))

    def _is_there(self, url: str) -> bool:
        with self._answer("HEAD", url) as response:
            if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                return _is_found(url, response)
        with self._answer("GET", url, {"Range": "bytes=0-0"}) as response:
            return _is_found(url, response)

    def _page(self, url: str, max_bytes: int) -> str:
        with self._answer("GET", url) as response:
            if response.status_code != HTTPStatus.OK:
                raise _refusal(url, response)
            body = BytesIO()
            for piece in self._pieces(url, response, max_bytes):
                body.write(piece)
            content_type = Message()
            content_type["Content-Type"] = response.headers.get("Content-Type", "text/plain")
        charset = content_type.get_content_charset("utf-8")
        try:
            return body.getvalue().decode(charset)
        except (LookupError, ValueError) as error:  # a UnicodeError is a ValueError
            raise FetchError(url, f"not text in {printable(charset)}, as the server calls it") from error

    def _download(self, download: _Download, since: str | None, on_progress: Callable[[int, int | None], None]) -> bool:
        """One attempt to fetch the file or its rest to the disk; False when it has not changed."""
        rest = download.rest_headers()
        asked = rest or ({"If-Modified-Since": since} if since else {})
        with self._answer("GET", download.url, asked) as response:
            status = response.status_code
            if status == HTTPStatus.NOT_MODIFIED and "If-Modified-Since" in asked:
                return False
            is_rest = bool(rest) and status in _ANSWERS_TO_RANGES
            try:
                if is_rest:
                    download.require_rest(response)
                elif status == HTTPStatus.OK:
                    download.begin(response)
                else:
                    raise _refusal(download.url, response)
                download.final_url = without_login(response.url)
                on_progress(download.done, download.total)
                with _name_full_disk(download), download.part.open("ab" if is_rest else "wb") as handle:
                    for piece in self._pieces(download.url, response, self.max_bytes - download.done):
                        download.add(piece, handle)
                        on_progress(download.done, download.total)
                    handle.flush()
                    os.fsync(handle.fileno())
            except _AnotherFileError:
                download.takes_ranges = False
                raise
        return True

    def _limit(self) -> "Limit":
        """A new limit for a request, within that of `turn_to`."""
        from pipelines.archive.connections import Limit  # noqa: PLC0415

        until = monotonic() + self.deadline_seconds
        seconds = self.deadline_seconds if until <= self._until else self._seconds
        return Limit(seconds, min(until, self._until), self.read_timeout)

    def _retried(self, url: str, attempt: Callable[[], _T]) -> _T:
        """Try until an attempt succeeds or fails for good, all are used, or the time is up."""
        import tenacity  # noqa: PLC0415  (slow to load)

        from pipelines.archive.connections import current  # noqa: PLC0415

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.attempts),
            wait=tenacity.wait_random_exponential(multiplier=self.backoff_seconds, max=LONGEST_BACKOFF_SECONDS),
            retry=tenacity.retry_if_exception_type(_PassingError),
            sleep=_wait,
            reraise=True,
        )
        token = current.set(self._limit())
        try:
            return retrying(attempt)
        except _PassingError as error:
            attempts = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
            raise FetchError(url, f"{error} (given up after {attempts})") from error
        except RefusedError as error:
            raise FetchError(url, str(error)) from error
        except (LmiError, OSError):
            raise
        except Exception as error:  # whatever a server's answer makes a library say
            raise FetchError(url, "the answer cannot be understood: the server does not keep to HTTP") from error
        finally:
            current.reset(token)

    @contextmanager
    def _answer(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> Iterator["requests.Response"]:
        """The answer to a request after redirects, its body unread. The host is held until the block ends."""
        from pipelines.archive.connections import MOST_HEADER_BYTES, current  # noqa: PLC0415

        limit, address = current.get(), url
        try:
            sites = self._sites or Sites(bases=frozenset({url}))
            origin(url)
        except RefusedError as error:
            raise FetchError(url, f"the request could not be made: {error}") from error
        for _ in range(MOST_REDIRECTS + 1):
            limit.takes_private, limit.bytes_left = sites.takes_private(address), MOST_HEADER_BYTES
            with self._turn(address), self._sent(method, address, headers) as response:
                if not response.is_redirect:
                    yield response
                    return
                address = redirected(address, response.headers["Location"])
        raise RefusedError(f"more than {MOST_REDIRECTS} redirects, the last to {without_login(address)}")

    def _sent(self, method: str, url: str, headers: Mapping[str, str] | None) -> "requests.Response":
        """The answer to one request, its body unread."""
        import requests  # noqa: PLC0415

        from pipelines.archive.connections import current  # noqa: PLC0415

        left = current.get().left()
        try:
            request = self._session.prepare_request(requests.Request(method, url, headers=headers))
            settings = self._session.merge_environment_settings(url, {}, True, None, None)
            timeout = (min(self.connect_timeout, left), min(self.read_timeout, left))
            return self._session.send(request, timeout=timeout, allow_redirects=False, **settings)
        except self._network_errors as error:
            raise self._failure(url, error) from error
        except OSError as error:  # from requests, for a missing file of certificates
            problem = "the certificates that REQUESTS_CA_BUNDLE names cannot be read: look at the name of the file"
            raise FetchError(url, problem) from error

    @contextmanager
    def _turn(self, url: str) -> Iterator[None]:
        """Hold the host of an address, after it is free and its pause is over."""
        _, name, port = origin(url)
        name = f"{name}_{port}"
        host = _hosts.setdefault(name, _Host())
        with _held(host.lock), self._other_processes_wait(name) as noted:
            free_at = host.free_at
            if noted is not None and noted.exists():
                free_at = max(free_at, noted.stat().st_mtime)
            # bounded, because the clock may have been set back
            wait = min(free_at - time(), max(self.pause_seconds, LONGEST_RETRY_AFTER_SECONDS))
            if wait > 0:
                _wait(wait)
            pause = self.pause_seconds
            try:
                yield
            except _PassingError as error:
                pause = max(pause, error.retry_after_seconds)
                raise
            finally:
                host.free_at = time() + pause
                if noted is not None:
                    noted.touch()
                    os.utime(noted, (host.free_at, host.free_at))

    @contextmanager
    def _other_processes_wait(self, name: str) -> Iterator[Path | None]:
        """Hold the host's lock file, and yield the file whose time stamp is when the host is free again."""
        if self.lock_folder is None:
            yield None
            return
        from filelock import FileLock, Timeout  # noqa: PLC0415

        from pipelines.archive.connections import current  # noqa: PLC0415

        self.lock_folder.mkdir(parents=True, exist_ok=True)
        file = self.lock_folder / re.sub(r"[^a-z0-9.-]", "_", name)
        lock = FileLock(f"{file}.lock")
        try:
            lock.acquire(timeout=current.get().left())
        except Timeout as error:
            raise RefusedError("another process was at this host all the time") from error
        try:
            yield file.with_name(f"{file.name}.free_at")
        finally:
            lock.release()

    def _pieces(self, url: str, response: "requests.Response", max_bytes: int) -> Iterator[bytes]:
        """The body as it arrives, exactly as long as announced. Raises FetchError above `max_bytes`."""
        from pipelines.archive.connections import MOST_HEADER_BYTES, current  # noqa: PLC0415

        compressed = response.headers.get("Content-Encoding", "identity").strip().lower()
        if compressed != "identity":
            packed = printable(compressed)
            raise FetchError(url, f"the server sent the file compressed ({packed}), which was not asked for")
        expected = _content_length(response)
        too_large = FetchError(url, f"larger than the limit of {max_bytes:,} bytes; this is hardly the file")
        if expected is not None:
            if expected > max_bytes:
                raise too_large
            _read_past_the_length(response)
        # beside the bytes of the file are the lengths of its chunks
        current.get().bytes_left = 2 * max_bytes + MOST_HEADER_BYTES
        done = 0
        pace = _Pace(self.min_bytes_per_second, self.slow_after_seconds)
        while piece := self._piece(response, done, expected):
            done += len(piece)
            if expected is not None and done > expected:
                raise _AnotherFileError(f"the server sent more than the {expected:,} bytes that it announced")
            if done > max_bytes:
                raise too_large
            if (speed := pace.too_slow(len(piece))) is not None:
                raise _PassingError(f"the download is too slow: {speed}, after {_of(done, expected)} bytes")
            yield piece
        if expected is not None and done < expected:
            raise _PassingError(f"the download stopped after {_of(done, expected)} bytes: the server ended it")

    def _piece(self, response: "requests.Response", done: int, expected: int | None) -> bytes:
        """The next piece of the body, empty at its end."""
        try:
            # read1 returns what has arrived; read would wait for a whole piece, however slowly it comes
            piece: bytes = response.raw.read1(_PIECE_BYTES, decode_content=False)
        except self._network_errors as error:
            if done == expected:  # the file is complete; only the connection was not closed properly
                return b""
            problem = f"the download stopped after {_of(done, expected)} bytes: {self._words(error)}"
            raise _PassingError(problem) from error
        return piece

    def _failure(self, url: str, error: Exception) -> Exception:
        """The error for a request without an answer: FetchError when another attempt cannot help."""
        import requests  # noqa: PLC0415

        passing = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
        problem = self._words(error)
        if not isinstance(error, passing):
            return FetchError(url, f"the request could not be made: {problem}")
        is_untrusted = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))
        return FetchError(url, problem) if is_untrusted else _PassingError(problem)

    def _words(self, error: Exception) -> str:
        """The fault of the network in words, with what to look at."""
        import requests  # noqa: PLC0415
        import urllib3  # noqa: PLC0415

        causes = _causes(error)
        words = {
            requests.exceptions.ProxyError: f"the proxy of HTTPS_PROXY or HTTP_PROXY {_proxy_said(causes)}",
            ssl.SSLError: (
                f"no secure connection (TLS): {_mistrust(causes)}. If the network inspects traffic, set "
                f"REQUESTS_CA_BUNDLE to its certificates; look at HTTPS_PROXY, too"
            ),
            gaierror: "the name of the host was not found (DNS): look at the address, the network and HTTPS_PROXY",
            requests.ConnectTimeout: (
                f"no connection within {self.connect_timeout:g} seconds: look at the network and HTTPS_PROXY"
            ),
            requests.ReadTimeout: f"the server was silent for {self.read_timeout:g} seconds",
            urllib3.exceptions.ReadTimeoutError: f"the server was silent for {self.read_timeout:g} seconds",
            ConnectionRefusedError: (
                "the connection was refused: the server is down, or a firewall is in the way; look at HTTPS_PROXY"
            ),
            http.client.RemoteDisconnected: "the connection broke off: the server ended it without an answer",
            http.client.IncompleteRead: "the connection broke off before the file was complete",
            ConnectionResetError: "the connection broke off: the server, or something on the way, cut it",
            urllib3.exceptions.LocationParseError: "the address is not one of HTTP",
            requests.exceptions.InvalidURL: "the address is not one of HTTP",
            http.client.HTTPException: "the server does not keep to HTTP",
        }
        for kind, text in words.items():
            if any(isinstance(cause, kind) for cause in causes):
                return text
        return "the connection broke off"


def _wait(seconds: float) -> None:
    """Wait, unless the time of the request is up before."""
    from pipelines.archive.connections import current  # noqa: PLC0415

    if seconds > (left := current.get().left()):
        raise RefusedError(f"to be asked again in {seconds:,.0f} seconds, and the request has {left:,.0f} left")
    sleep(seconds)


@contextmanager
def _held(lock: threading.Lock) -> Iterator[None]:
    """Hold a lock, unless the time of the request is up before it is free."""
    from pipelines.archive.connections import current  # noqa: PLC0415

    if not lock.acquire(timeout=min(current.get().left(), threading.TIMEOUT_MAX)):
        raise RefusedError("another thread was at this host all the time")
    try:
        yield
    finally:
        lock.release()


def http_date(header: str) -> datetime | None:
    """The time of a header such as Last-Modified, in UTC; None for what is no date that a server can mean."""
    if not re.fullmatch(r"[ -~]{1,64}", header):
        return None
    try:
        at = parsedate_to_datetime(header)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return at if at.year >= EARLIEST_YEAR and at <= datetime.now(UTC) + timedelta(days=366) else None


def _of(done: int, expected: int | None) -> str:
    return f"{done:,}" if expected is None else f"{done:,} of {expected:,}"


#: What is wrong with a certificate, by its number in OpenSSL.
_CERTIFICATES = {
    9: "the server's certificate is not yet valid; look at the clock of this machine",
    10: "the server's certificate is out of date; look at the clock of this machine",
    18: "the server's certificate is signed by nobody but itself",
    19: "the server's certificate is signed by an issuer that this machine does not trust",
    20: "the server's certificate is signed by an issuer that this machine does not know",
    62: "the server's certificate is of another host",
}


def _mistrust(causes: Sequence[BaseException]) -> str:
    """Why there is no secure connection."""
    found = next((each for each in causes if isinstance(each, ssl.SSLCertVerificationError)), None)
    if found is None:
        return "the server does not speak it, or not as this machine does"
    return _CERTIFICATES.get(found.verify_code, "the server's certificate is not one that this machine trusts")


def _proxy_said(causes: Sequence[BaseException]) -> str:
    """What a proxy did: its status, where it answered with one."""
    status = next((found for each in causes if (found := re.search(r": ([1-5][0-9]{2})\b", str(each)))), None)
    return f"refused the request with status {status[1]}" if status else "does not answer: look at its address"


def _causes(error: BaseException) -> list[BaseException]:
    """An error and its causes, the first cause last."""
    causes = [error]
    while True:
        # the libraries pass causes on in `args`; the context is no cause, it may be anything the caller was handling
        handed_over = (given for given in causes[-1].args if isinstance(given, BaseException))
        cause = causes[-1].__cause__ or next(handed_over, None)
        if cause is None:
            return causes
        causes.append(cause)


def _is_found(url: str, response: "requests.Response") -> bool:
    """Whether the answer is a file (200, 206) or says that there is none (404)."""
    if response.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return True
    if response.status_code == HTTPStatus.NOT_FOUND:
        return False
    raise _refusal(url, response)


def _refusal(url: str, response: "requests.Response") -> Exception:
    """The error for an answer without the file: FetchError when another attempt cannot help."""
    answer = printable(f"{response.status_code} {response.reason or ''}").strip()[:200]
    if response.status_code == HTTPStatus.FORBIDDEN:
        return FetchError(
            url,
            f"the publisher refused the request ({answer}). It may not accept the address in LMI_CONTACT_EMAIL, or "
            f"this network. `lmi archive add FILE --source NAME --vintage V` adds a file that you downloaded yourself",
        )
    if response.status_code == HTTPStatus.NOT_FOUND:
        return NoSuchFileError(url, f"the publisher has no such file ({answer}); it may have moved")
    problem = f"the server answered {answer}"
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or response.status_code >= 500:
        return _PassingError(problem, _retry_after_seconds(response.headers.get("Retry-After", "")))
    return FetchError(url, problem)


def _retry_after_seconds(header: str) -> float:
    """The wait that Retry-After asks for, in seconds or as a date, within bounds; 0 without a valid one."""
    header = header.strip()
    if re.fullmatch(r"[0-9]+", header):
        wait = float(header)
    else:
        at = http_date(header)
        wait = (at - datetime.now(UTC)).total_seconds() if at else 0
    return min(max(wait, 0), LONGEST_RETRY_AFTER_SECONDS)


def _content_length(response: "requests.Response") -> int | None:
    """The announced bytes of the body; None when the server does not say."""
    length = response.headers.get("Content-Length", "").strip()
    if "Transfer-Encoding" in response.headers or not re.fullmatch(r"[0-9]+", length):
        return None
    return int(length[:20])  # one with more digits is as much beyond every limit


def _read_past_the_length(response: "requests.Response") -> None:
    """Read the body to the end of the connection, and not to its announced length.

    A body longer than announced is another file, and would be cut without an error. No public setting lifts the length
    limit of http.client.HTTPResponse, which urllib3 has in `_original_response`; this is the only place that uses it.
    """
    response.raw.length_remaining = None
    body: Any = response.raw._original_response
    body.length = None


@contextmanager
def _name_full_disk(download: _Download) -> Iterator[None]:
    """Turn a full disk into a FetchError that names the folder and the bytes needed."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        needed = "more bytes than are free" if download.total is None else f"{download.total:,} bytes"
        problem = f"no space left in {download.part.parent}: the file needs {needed}"
        raise FetchError(download.url, problem) from error
