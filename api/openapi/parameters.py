"""Parameters of requests and headers of answers, as components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.messages import filter_schema
from api.openapi.samples import REQUEST_ID, USER_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scim.discovery import Features

Document = dict[str, Any]

PROJECTION = ("attributes", "excludedAttributes")
PAGING = ("filter", "sortBy", "sortOrder", "startIndex", "count")
CURSOR = "cursor"
IF_MATCH = "If-Match"
IF_NONE_MATCH = "If-None-Match"
_ETAG = 'W/"3"'
_FILTER = 'displayName co "jones" and meta.lastModified gt "2026-01-31T08:00:00Z"'


def list_parameters(features: Features) -> tuple[str, ...]:
    """Return the names of the parameters of a list."""
    return (*PAGING, *(() if features.cursor_timeout is None else (CURSOR,)), *PROJECTION)


def search_members(features: Features) -> dict[str, Document]:
    """Return the same parameters, as they are members of a search request."""
    components = parameters(features)
    return {name: components[name] for name in list_parameters(features)}


def parameters(features: Features) -> dict[str, Document]:
    """Describe every parameter that operations share."""
    return {
        "filter": _query(
            "filter", filter_schema(), f"Which resources (RFC 7644 §3.4.2.2), as in `{_FILTER}`.", _FILTER
        ),
        "sortBy": _query(
            "sortBy", {"type": "string"}, "An attribute to sort by, as in `meta.lastModified`.", "meta.lastModified"
        ),
        "sortOrder": _query(
            "sortOrder", {"type": "string", "enum": ["ascending", "descending"]}, "In any case.", "ascending"
        ),
        "startIndex": _query(
            "startIndex", {"type": "integer"}, "Position of the first resource; below 1 it is read as 1.", 1
        ),
        "count": _query(
            "count",
            {"type": "integer", "default": features.default_page_size},
            f"Resources on a page, {features.max_results} at most; 0 asks for the total alone.",
            50,
        ),
        "cursor": _query("cursor", {"type": "string"}, "Where to go on (RFC 9865); empty to begin.", ""),
        "attributes": _names(
            "attributes", "What to show, beside what is always shown.", ["displayName", "meta.version"]
        ),
        "excludedAttributes": _names(
            "excludedAttributes", "What not to show; not beside `attributes`.", ["externalId"]
        ),
        "IfMatch": _header(
            IF_MATCH, f"The version the request is about, as in `{_ETAG}`; 412 if it is another.", _ETAG
        ),
        "IfNoneMatch": _header(IF_NONE_MATCH, "A version one has: a read of the same one is answered 304.", 'W/"2"'),
    }


def references(names: Iterable[str]) -> list[Document]:
    """Refer to parameters by their names."""
    return [{"$ref": f"#/components/parameters/{name.replace('-', '')}"} for name in names]


def path_parameters(described: Iterable[tuple[str, str, str]]) -> list[Document]:
    """Describe the parameters in a path: the name of each, what it is, and an example."""
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": description,
            "schema": {"type": "string", "minLength": 1},
            "example": example,
        }
        for name, description, example in described
    ]


def headers(scim_url: str) -> dict[str, Document]:
    """Describe every header of an answer that operations share."""
    location = f"{scim_url}/Users/{USER_ID}"
    return {
        "ETag": _answer_header("The version of the resource, a weak entity tag.", _ETAG),
        "Location": _answer_header("Where the new resource is.", location),
        "Retry-After": {
            "description": "Seconds after which another try makes sense.",
            "required": True,
            "schema": {"type": "integer", "minimum": 0},
            "example": 30,
        },
        "WWW-Authenticate": _answer_header("What is missing (RFC 6750 §3).", 'Bearer realm="lineproof"'),
        "X-Request-Id": _answer_header("Stands in the log lines of this request, too.", REQUEST_ID),
    }


def header_references(names: Iterable[str]) -> Document:
    """Refer to headers by their names; every answer has its request id."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-Id")}


def _query(name: str, schema: Document, description: str, example: object) -> Document:
    # In the schema, where /docs shows it without filling it in.
    return {"name": name, "in": "query", "description": description, "schema": {**schema, "examples": [example]}}


def _names(name: str, description: str, example: list[str]) -> Document:
    schema = {"type": "array", "items": {"type": "string"}}
    return {**_query(name, schema, description, example), "style": "form", "explode": False}


def _header(name: str, description: str, example: str) -> Document:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "schema": {"type": "string", "examples": [example]},
    }


def _answer_header(description: str, example: str) -> Document:
    return {"description": description, "required": True, "schema": {"type": "string"}, "example": example}
