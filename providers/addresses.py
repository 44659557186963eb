"""Addresses: finding them in bounded time, and telling which ones a URL stored through an API may lead to."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

Resolver = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host as text, or raises OSError."""

_DEFAULT_PORTS = {"http": 80, "https": 443}

# What the internet may use today (RFC 4291 §2.4); everything outside is reserved, local or a form of another address.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# RFC 6052: an IPv4 address follows; a translator on our network would lead to it.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What the ipaddress module takes for public, at least in some versions of Python.
_INSIDE_V4 = (
    ipaddress.IPv4Network("168.63.129.16/32"),  # the platform of Azure, which only the inside reaches
    ipaddress.IPv4Network("192.0.0.0/24"),  # protocol assignments, Oracle's metadata among them
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays of 6to4
)


class PrivateAddress(Exception):
    """The URL leads to an address that is not public."""


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of a host, each once and in its order of preference."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is too long or empty
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_within(seconds: float, host: str, port: int, resolver: Resolver = resolve) -> tuple[str, ...]:
    """Find the addresses of a host, or raise TimeoutError when that takes too long.

    The system's look-up has no time limit of its own, so it gets a thread that can be left behind.
    """
    if _literal(host) is not None:
        return (host,)
    outcome: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            outcome.put(tuple(resolver(host, port)))
        except OSError as error:
            outcome.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        found = outcome.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise TimeoutError("the name was not found in time") from None
    if isinstance(found, OSError):
        raise found
    return found


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the internet at large."""
    literal = _literal(address)
    if isinstance(literal, ipaddress.IPv6Address):
        return _is_public_v6(literal)
    return literal is not None and _is_public_v4(literal)


def refuse_private_address(address: str) -> None:
    """Raise PrivateAddress unless the address is public."""
    if not is_public(address):
        raise PrivateAddress


def refuse_private_url(url: str, resolver: Resolver = resolve) -> tuple[str, ...]:
    """Return the addresses a URL leads to, or raise PrivateAddress when any is not public.

    A name may lead elsewhere a moment later, so this check is for telling the one who stores the URL;
    the connection checks the very address it is about to use (see `providers.connections`).
    """
    try:
        parsed = parse_url(url)
        if parsed.scheme not in _DEFAULT_PORTS or not parsed.host:
            raise PrivateAddress("The URL must be http or https and name a host.")
        host = parsed.host.strip("[]")
        addresses = tuple(resolver(host, parsed.port or _DEFAULT_PORTS[parsed.scheme]))
    except LocationParseError:
        raise PrivateAddress("The URL cannot be read.") from None
    except OSError:
        raise PrivateAddress("The host of the URL is not known.") from None
    if not addresses:
        raise PrivateAddress("The host of the URL is not known.")
    for address in addresses:
        refuse_private_address(address)
    return addresses


def _literal(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_public_v4(address: ipaddress.IPv4Address) -> bool:
    is_inside = address.is_multicast or any(address in network for network in _INSIDE_V4)
    return address.is_global and not is_inside


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    embedded = address.ipv4_mapped or address.sixtofour
    if embedded is None and address in _NAT64:
        embedded = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if embedded is not None:
        return _is_public_v4(embedded)
    return address in _GLOBAL_UNICAST and address.is_global
