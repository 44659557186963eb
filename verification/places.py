"""Where a request comes from, as far as it may be remembered."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from verification.codes import Label

if TYPE_CHECKING:
    from verification.codes import KeyRing

_ONE_ADDRESS = 32
_IPV4_PREFIX = 24  # what a home or an office moves within
_IPV6_PREFIX = 64  # one subscriber (RFC 6177)


def source_of(ip: str | None) -> str:
    """Return what is counted as one source: an IPv4 address, or an IPv6 network: a subscriber has one whole."""
    return _network(ip, _ONE_ADDRESS)


def keyed(ring: KeyRing, kind: str, text: str) -> str:
    """Return a keyed digest by which something is found again, and which tells nobody without the key what it is.

    It is made with the first key: with another first key all is new, which costs a count or a known place.
    """
    return hmac.digest(
        ring.key(ring.first, Label.DIGEST), f"{kind}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hex()


def place_of(ring: KeyRing, ip: str | None, agent: str | None) -> str | None:
    """Return the digest of a network and a browser; None where either is not known, and so nothing is."""
    network = _network(ip, _IPV4_PREFIX)
    return keyed(ring, "place", f"{network}\0{agent}") if network and agent else None


def _network(ip: str | None, ipv4_prefix: int) -> str:
    try:
        address = ip_address(ip or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Network((address.packed, _IPV6_PREFIX), strict=False))
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) else address
    return str(ip_network(f"{plain}/{ipv4_prefix}", strict=False))
