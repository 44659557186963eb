"""Readers of settings: the text of a variable in, its value out, or a ValueError that says what it must be.

A reader never repeats the text it refuses, for it may be a secret. The environment comes in as a mapping, which
is why these are our own few lines: environs always reads the process's environment besides what it is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import SplitResult, urlsplit

from api.auth.issuer_keys import InvalidIssuerKeys, parse_issuer_keys
from verification.codes import KeyRing
from verification.errors import InvalidKeys
from verification.numbers import is_known_region
from verification.templates import looks_like_a_code
from verification.texts import is_webotp_domain

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from joserfc.jwk import KeySet

Value = TypeVar("Value")
Member = TypeVar("Member", bound="StrEnum")

_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_INTEGER = re.compile(r"[0-9]{1,9}")
_POSTGRESQL = "postgresql+psycopg"
LONGEST_NAME = 40


def text(value: str) -> str:
    """Read any text."""
    return value


def boolean(value: str) -> bool:
    """Read true or false, also as 1 and 0, yes and no."""
    try:
        return _BOOLEANS[value.lower()]
    except KeyError:
        raise ValueError("must be true or false") from None


def integer(lowest: int, highest: int) -> Callable[[str], int]:
    """Make a reader of whole numbers within bounds."""

    def read(value: str) -> int:
        if not _INTEGER.fullmatch(value) or not lowest <= int(value) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(value)

    return read


def seconds(lowest: int, highest: int) -> Callable[[str], timedelta]:
    """Make a reader of spans given in whole seconds."""
    count = integer(lowest, highest)
    return lambda value: timedelta(seconds=count(value))


def one_of(*names: str) -> Callable[[str], str]:
    """Make a reader of one of some names, written in whatever case."""
    by_name = {name.lower(): name for name in names}

    def read(value: str) -> str:
        try:
            return by_name[value.lower()]
        except KeyError:
            raise ValueError(f"must be {' or '.join(names)}") from None

    return read


def member_of(kind: type[Member]) -> Callable[[str], Member]:
    """Make a reader of the members of an enumeration."""
    name = one_of(*kind)
    return lambda value: kind(name(value))


def several(read_one: Callable[[str], Value]) -> Callable[[str], tuple[Value, ...]]:
    """Make a reader of a comma-separated list, each of whose items may stand in it once."""

    def read(value: str) -> tuple[Value, ...]:
        items = tuple(read_one(part.strip()) for part in value.split(","))
        if len(set(items)) < len(items):
            raise ValueError("must not name the same thing twice")
        return items

    return read


def url(value: str) -> str:
    """Read an absolute http or https URL."""
    if _http_parts(value) is None:
        raise ValueError("must be an http or https URL")
    return value


def base_url(value: str) -> str:
    """Read an http or https URL that paths are added to; a slash at its end is dropped."""
    parts = _http_parts(value)
    if parts is None or parts.query or parts.fragment:
        raise ValueError("must be an http or https URL without query and fragment")
    return value.rstrip("/")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int


def address(value: str) -> Address:
    """Read `host:port`; the brackets of an IPv6 address are dropped."""
    host, _, port = value.rpartition(":")
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not host or "/" in host or "[" in host:
        raise ValueError("must be an address, like 127.0.0.1:9100")
    return Address(host, integer(1, 65535)(port))


def issuer(value: str) -> str:
    """Read the identifier of an issuer, kept to the letter (OpenID Connect Discovery §3)."""
    base_url(value)
    return value


def database_url(value: str) -> str:
    """Read the URL of a database, SQLite or PostgreSQL; the driver of the latter may be left out."""
    scheme, colon, rest = value.partition("://")
    if colon and scheme in {"postgresql", "postgres", _POSTGRESQL}:
        return f"{_POSTGRESQL}://{rest}"
    if colon and scheme == "sqlite" and rest.strip("/"):
        return value
    raise ValueError(f"must begin with sqlite:/// and a path, or with {_POSTGRESQL}://")


def directory(value: str) -> Path:
    """Read the path of a directory that exists."""
    path = Path(value)
    if not path.is_dir():
        raise ValueError("must be a directory that exists")
    return path


def region(value: str) -> str:
    """Read an ISO 3166 region that has a numbering plan."""
    if not is_known_region(value.upper()):
        raise ValueError("must be a two-letter region, like US")
    return value.upper()


def domain(value: str) -> str:
    """Read a domain name without scheme, port or path, which a message may end in."""
    if not is_webotp_domain(value):
        raise ValueError("must be a domain name, like login.example.com, without four digits in a row")
    return value.lower()


def name(value: str) -> str:
    """Read a name that messages may hold: nothing in it looks like a code."""
    if len(value) > LONGEST_NAME or len(value.splitlines()) > 1 or looks_like_a_code(value):
        raise ValueError(f"must be a name of at most {LONGEST_NAME} letters, without four digits in a row")
    return value


def master_keys(value: str) -> KeyRing:
    """Read the ring of master keys."""
    try:
        return KeyRing.parse(value)
    except InvalidKeys as error:
        raise ValueError(str(error)) from None


def issuer_keys(value: str) -> KeySet:
    """Read the signing keys of the embedded issuer."""
    try:
        return parse_issuer_keys(value)
    except InvalidIssuerKeys as error:
        raise ValueError(str(error)) from None


def _http_parts(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        # Reading the port is what checks it.
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_usable and value.isprintable() and " " not in value else None
