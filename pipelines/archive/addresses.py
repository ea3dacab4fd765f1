"""Addresses on the web: where requests may go, and how addresses are shown."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}


class RefusedError(Exception):
    """A request that is not made, or an answer that is not read on; another attempt cannot help."""


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address. Raises RefusedError for what is no http or https address."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise RefusedError(f"{url!r} is no address") from error
    if parts.scheme not in _PORTS or not host:
        raise RefusedError(f"{url!r} is no address with http or https and a host")
    return parts.scheme, host, port


def without_login(url: str) -> str:
    """An address without user name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def redirected(url: str, location: str) -> str:
    """The address that a redirect from `url` leads to, from its header as http.client reads it (Latin-1).

    A login in `url` stays for the same host, one in the header does not count. Raises RefusedError for a broken header.
    """
    try:
        there = urlsplit(without_login(urljoin(url, location.encode("latin-1").decode("utf-8").strip())))
    except ValueError as error:  # a UnicodeError is one
        raise RefusedError(f"redirected to an address that cannot be read ({location!r})") from error
    login, at, _ = urlsplit(url).netloc.rpartition("@")
    if at and origin(url) == origin(urlunsplit(there)):
        there = there._replace(netloc=f"{login}@{there.netloc}")
    return urlunsplit(there)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet: not private, link-local, of this machine or reserved."""
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True)
class Sites:
    """Where requests may go: `hosts` by https at public addresses only, and each of `bases`, wherever it is.

    A base is an address that a setting or the caller names; it stands for its scheme, host and port.
    """

    hosts: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()

    def takes_private(self, url: str) -> bool:
        """Whether the address may be of a private network. Raises RefusedError for one where no request may go."""
        scheme, host, port = origin(url)
        if (scheme, host, port) in {origin(base) for base in self.bases}:
            return True
        place = without_login(url)
        if host not in self.hosts:
            raise RefusedError(f"{place} is at none of the source's hosts ({', '.join(sorted(self.hosts)) or 'none'})")
        if (scheme, port) != ("https", _PORTS["https"]):
            raise RefusedError(f"{place} is not reached by https at its usual port")
        return False
