"""Connections whose time and bytes are bounded as a whole, and which reach only public addresses unless allowed.

requests and urllib3 bound the wait for each read. A server that sends a byte now and then, in a header, in one of many
"100 Continue" or after the last chunk, keeps them waiting for ever. Here each read of the socket heeds one deadline.
"""

import io
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from socket import socket
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pipelines.archive.addresses import RefusedError, is_public

#: The most bytes of status lines and headers of an answer.
MOST_HEADER_BYTES = 200_000


@dataclass
class Limit:
    """What a request may take: until `until` (monotonic) of `seconds` in all, `silence` seconds without a byte."""

    seconds: float
    until: float
    silence: float
    bytes_left: int = MOST_HEADER_BYTES
    takes_private: bool = False

    def left(self) -> float:
        """The seconds that are left. Raises RefusedError when none is."""
        left = self.until - monotonic()
        if left <= 0.01:  # a wait may end a moment early
            raise RefusedError(f"not done within {self.seconds:,.3g} seconds in all: given up")
        return left

    def count(self, arrived: int) -> None:
        """Count bytes that arrived. Raises RefusedError when they are too many."""
        self.bytes_left -= arrived
        if self.bytes_left < 0:
            raise RefusedError("the server sent far more around the file than belongs there, in headers or trailers")


#: The limit of the request that this thread makes.
current: ContextVar[Limit] = ContextVar("current")


class _Bounded(io.RawIOBase):
    """The bytes of a socket as they arrive, within the current limit."""

    def __init__(self, file: Any, connection: socket) -> None:
        self._file, self._connection = file, connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        limit = current.get()
        self._connection.settimeout(min(limit.silence, limit.left()))
        try:
            arrived: int | None = self._file.readinto(buffer)
        except TimeoutError:
            limit.left()  # raises where the deadline ended the wait
            raise
        limit.count(arrived or 0)
        return arrived

    def close(self) -> None:
        self._file.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp: Any = io.BufferedReader(_Bounded(self.fp.detach(), sock))


class _Guarded(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket:
        connection = super()._new_conn()
        peer = connection.getpeername()[0]
        # a proxy may be anywhere
        if self.proxy is None and not current.get().takes_private and not is_public(peer):
            connection.close()
            raise RefusedError(
                f"{self.host} has the address {peer}, which is not one of the internet: nothing was asked of it "
                "(LMI_BASE_URLS names a mirror on a private network)"
            )
        return connection


class _GuardedTls(_Guarded, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class _Adapter(HTTPAdapter):
    """Makes guarded connections, also by proxies."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager


def _login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Log in with what the address says. That this is set keeps requests from reading passwords in .netrc."""
    user, password = get_auth_from_url(request.url or "")
    return HTTPBasicAuth(user, password)(request) if user else request


class Session(requests.Session):
    """A session of guarded connections that follows no redirect by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = _login
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: whoever asks follows redirects, after a look at where they lead."""
        return None
