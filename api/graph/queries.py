"""Query options of OData as far as the twin knows them: $select, $filter, $top and $skiptoken."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.graph.documents import SELECTABLE, USER_MEMBERS
from api.services.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = 100
LONGEST_FILTER = 1000
MOST_TERMS = 5
_TERM = re.compile(r"(mail|userPrincipalName) eq '((?:[^']|'')*)'")
_TERMS = re.compile(rf"{_TERM.pattern}(?: or {_TERM.pattern})*")
_ATTRIBUTES = {"mail": "emails", "userPrincipalName": "userName"}


def selected(text: str | None) -> tuple[str, ...]:
    """Return the members of a user that $select names; raise InvalidRequest where there is no such one."""
    if not text:
        return USER_MEMBERS
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if not SELECTABLE.issuperset(names):
        raise InvalidRequest("$select: there is no such property of a user.")
    return names


def filtered(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return the attributes of SCIM and the values that a $filter asks for, one of which is to hold.

    Raises:
        InvalidRequest: it is none of those that the twin knows.
    """
    terms = _TERM.findall(text or "")
    if not text or len(text) > LONGEST_FILTER or len(terms) > MOST_TERMS or not _TERMS.fullmatch(text):
        raise InvalidRequest("$filter: only mail eq '…' and userPrincipalName eq '…', joined by or, are known.")
    # OData 4.01, 5.1.1.6.1: a quote within a text is doubled.
    return tuple((_ATTRIBUTES[name], value.replace("''", "'")) for name, value in terms)


@dataclass(frozen=True, slots=True)
class Page:
    """Some elements of a list, and where to go on.

    The token names the element after which the next page begins by what the list is sorted by, so that elements
    that go meanwhile shift nothing.
    """

    elements: tuple[dict[str, Any], ...]
    skiptoken: str | None


def page_of(elements: Sequence[dict[str, Any]], query: Mapping[str, str]) -> Page:
    """Return the page that $top and $skiptoken ask for; raise InvalidRequest where they are none."""
    size, after = _size(query.get("$top")), _position(query.get("$skiptoken"))
    left = sorted((element for element in elements if _key(element) > after), key=_key)
    shown = left[:size]
    return Page(tuple(shown), _token(shown[-1]) if len(left) > size else None)


def _size(text: str | None) -> int:
    if text is None:
        return PAGE
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= PAGE:
        raise InvalidRequest(f"$top: a number from 1 to {PAGE}.")
    return int(text)


def _key(element: dict[str, Any]) -> str:
    return f"{element['createdDateTime'] or ''} {element['@odata.type']} {element['id']}"


def _token(element: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(_key(element).encode()).decode().rstrip("=")


def _position(token: str | None) -> str:
    if token is None:
        return ""
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise InvalidRequest("$skiptoken: it is none of ours.") from error
