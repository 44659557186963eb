"""List responses and the queries that ask for them (RFC 7644 §3.4.2, §3.4.3; RFC 9865)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scim.errors import InvalidSyntax, InvalidValue
from scim.projection import Projection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIST_RESPONSE_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_REQUEST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_LARGEST = 2**31 - 1
"""More than any list has; what is larger is taken as this, as databases count with it."""
_DESCENDING = {"ascending": False, "descending": True}


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a request for a list asks for. Filter and cursor are left out of the repr: they hold personal data."""

    filter: str | None = field(default=None, repr=False)
    sort_by: str | None = None
    is_descending: bool = False
    start_index: int = 1
    count: int | None = None
    cursor: str | None = field(default=None, repr=False)
    """RFC 9865 §2: an empty text starts a walk by cursor; None means paging by index."""
    projection: Projection = field(default_factory=Projection)

    @classmethod
    def from_query(cls, parameters: Mapping[str, str]) -> ListQuery:
        """Read the query string of a GET; parameters of other names are ignored."""
        return cls(
            filter=_filter(parameters.get("filter")),
            sort_by=parameters.get("sortBy") or None,
            is_descending=_is_descending(parameters.get("sortOrder")),
            start_index=_start_index(parameters.get("startIndex")),
            count=_count(parameters.get("count")),
            cursor=parameters.get("cursor"),
            projection=Projection.from_query(parameters.get("attributes"), parameters.get("excludedAttributes")),
        )

    @classmethod
    def from_search(cls, body: object) -> ListQuery:
        """Read the body of a POST to /.search."""
        if not isinstance(body, dict):
            raise InvalidSyntax("The body must be a JSON object.")
        given = {name.lower(): value for name, value in body.items()}
        _check_schemas(given.get("schemas"))
        return cls(
            filter=_filter(_text(given.get("filter"), "filter")),
            sort_by=_text(given.get("sortby"), "sortBy") or None,
            is_descending=_is_descending(_text(given.get("sortorder"), "sortOrder")),
            start_index=_start_index(given.get("startindex")),
            count=_count(given.get("count")),
            cursor=_text(given.get("cursor"), "cursor"),
            projection=Projection.from_names(
                _names(given.get("attributes"), "attributes"),
                _names(given.get("excludedattributes"), "excludedAttributes"),
            ),
        )


def list_response(
    resources: Sequence[Any],
    *,
    total: int | None = None,
    start_index: int | None = None,
    next_cursor: str | None = None,
    previous_cursor: str | None = None,
) -> dict[str, Any]:
    """Build a list response; with cursors the total may be left out, and there is no startIndex (RFC 9865 §2)."""
    members = {
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": len(resources),
        "nextCursor": next_cursor,
        "previousCursor": previous_cursor,
        # RFC 7644 §3.4.2 lets an empty list go; Entra wants to see it.
        "Resources": list(resources),
    }
    return {"schemas": [LIST_RESPONSE_SCHEMA], **{name: value for name, value in members.items() if value is not None}}


def _check_schemas(named: object) -> None:
    if named and (not isinstance(named, list) or SEARCH_REQUEST_SCHEMA not in named):
        raise InvalidSyntax(f"schemas must name {SEARCH_REQUEST_SCHEMA}.")


def _filter(value: str | None) -> str | None:
    return value if value and value.strip() else None


def _text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise InvalidValue(f"{name} must be a string.")


def _names(value: object, name: str) -> list[str]:
    # RFC 7644 §3.4.3 has a list here; some clients send the text of the query parameter.
    names = value.split(",") if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise InvalidValue(f"{name} must be a list of strings.")
    return names


def _is_descending(value: str | None) -> bool:
    order = (value or "ascending").lower()
    if order not in _DESCENDING:
        raise InvalidValue("sortOrder must be ascending or descending.")
    return _DESCENDING[order]


def _start_index(value: object) -> int:
    # RFC 7644 §3.4.2.4: a value below 1 is read as 1.
    return max(1, _integer(value, "startIndex", 1))


def _count(value: object) -> int | None:
    # RFC 7644 §3.4.2.4: a negative value is read as 0.
    return None if value is None or value == "" else max(0, _integer(value, "count", 0))


def _integer(value: object, name: str, default: int) -> int:
    if value is None or value == "":
        return default
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidValue(f"{name} must be an integer.")
    return min(value, _LARGEST)
