"""Where a client may be sent an authorization response: exactly there (RFC 9700 §2.1), loopback ports apart."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from urllib.parse import SplitResult

LONGEST_URI = 2000


def fault_in(uri: str, *, is_public: bool) -> str | None:
    """Say why a redirect URI cannot be registered, None where it can."""
    parts = _split(uri)
    if parts is None or not parts.scheme:
        return "is not an absolute URI in printable ASCII"
    if "#" in uri or "*" in uri or parts.username is not None:
        return "has a fragment, a wildcard or a user name in it"  # RFC 6749 §3.1.2
    return (
        _fault_on_the_web(parts) if parts.scheme in {"https", "http"} else _fault_of_an_app(parts, is_public=is_public)
    )


def is_registered(uri: str, registered: Iterable[str], *, is_public: bool) -> bool:
    """Tell whether a client may be sent a response there."""
    known = tuple(registered)
    # RFC 8252 §7.3: a native application takes whatever port is free.
    return uri in known or (is_public and _without_port(uri) in {_without_port(each) for each in known} - {None})


def _fault_on_the_web(parts: SplitResult) -> str | None:
    if not parts.hostname:
        return "names no host"
    is_plain = parts.scheme == "http" and not _is_loopback(parts.hostname)
    return "must be https, but on a loopback address" if is_plain else None


def _fault_of_an_app(parts: SplitResult, *, is_public: bool) -> str | None:
    if "." not in parts.scheme:
        return "must be https, or of a scheme made from a domain name"  # RFC 8252 §7.1
    return None if is_public else "is of a scheme of its own, which only a public client may have"


def _without_port(uri: str) -> str | None:
    """Return a URI on a loopback address as it is but for the port, None for any other."""
    parts = _split(uri)
    # By address, not by name: RFC 8252 §8.3.
    if parts is None or parts.scheme != "http" or not _is_loopback_address(parts.hostname or ""):
        return None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    if parts.netloc not in {host, f"{host}:{parts.port}"}:
        return None
    return parts._replace(netloc=str(host)).geturl()


def _split(uri: str) -> SplitResult | None:
    if len(uri) > LONGEST_URI or not uri.isascii() or not uri.isprintable() or " " in uri or "\\" in uri:
        return None
    try:
        parts = urlsplit(uri)
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if is_whole else None


def _is_loopback(host: str) -> bool:
    return host == "localhost" or _is_loopback_address(host)


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
