"""The users of a benchmark: about 2 kB each as in RFC 7643 §8.2, and known by their number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]

ID_PREFIX = "01934000-0000-7000-8000-"
_SAMPLE = ROOT / "tests" / "unit" / "scim" / "samples" / "rfc7643-8.2-user_full.json"
_NOT_SENT = ("id", "meta", "groups", "password")
_DIGITS = 12


def user_id(number: int) -> str:
    """Return the id of a user; digits of a hexadecimal id, so that SQL can work it out as well."""
    return f"{ID_PREFIX}{number:0{_DIGITS}d}"


def user_name(number: int) -> str:
    """Return the userName."""
    return f"user{number:0{_DIGITS}d}@example.com"


def external_id(number: int) -> str:
    """Return the externalId."""
    return f"ext{number:0{_DIGITS}d}"


def mobile(number: int, wave: int = 0) -> str:
    """Return the mobile number of a user, another one in each wave."""
    return f"+491{50 + wave}{number:07d}"


def new_user(name: str) -> Document:
    """Return the body of a POST."""
    body: Document = json.loads(_SAMPLE.read_text())
    for attribute in _NOT_SENT:
        body.pop(attribute, None)
    return {**body, **_own(name, name, mobile(0))}


def user(number: int) -> Document:
    """Return the body that a client would have sent to make a user."""
    return new_user(user_name(number)) | _own(user_name(number), external_id(number), mobile(number))


def documents(pattern: Document, count: int) -> Iterator[Document]:
    """Return the canonical documents of the first users: as the pattern, but for their own values."""
    for number in range(count):
        yield {**pattern, **_own(user_name(number), external_id(number), mobile(number))}


def _own(name: str, external: str, phone: str) -> Document:
    return {
        "userName": name,
        "externalId": external,
        "displayName": f"Display of {name}",
        "emails": [
            {"value": name, "type": "work", "primary": True},
            {"value": f"home-{name}", "type": "home"},
        ],
        # The one number, as the guide's PATCH replaces all there are.
        "phoneNumbers": [{"value": phone, "type": "mobile"}],
    }
