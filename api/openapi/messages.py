"""The messages of the SCIM protocol as JSON Schema (RFC 7644 §3.4.2, §3.4.3, §3.5.2, §3.7, §3.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.resources.scim_bulk import BULK_RESPONSE_SCHEMA
from scim.bulk import BULK_REQUEST_SCHEMA, BulkMethod
from scim.errors import ERROR_SCHEMA, ScimError
from scim.filters import DEFAULT_LIMITS
from scim.messages import LIST_RESPONSE_SCHEMA, SEARCH_REQUEST_SCHEMA
from scim.patch_request import MAX_OPERATIONS, PATCH_OP_SCHEMA, OperationKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scim.discovery import Features

Document = dict[str, Any]

_TEXT: Document = {"type": "string"}
_TEXTS: Document = {"type": "array", "items": _TEXT}
_COUNT: Document = {"type": "integer", "minimum": 0}


def reference(component: str) -> Document:
    """Refer to a component schema."""
    return {"$ref": f"#/components/schemas/{component}"}


def list_schema(components: Iterable[str], features: Features) -> Document:
    """Describe a list of resources, each of one of the component schemas."""
    items = [reference(component) for component in components]
    resources = items[0] if len(items) == 1 else {"anyOf": items}
    return {
        "type": "object",
        "required": ["schemas", *(["totalResults"] if features.cursor_timeout is None else []), "Resources"],
        "properties": {
            "schemas": _schemas(LIST_RESPONSE_SCHEMA),
            "totalResults": {**_COUNT, "description": "Resources that match, on all pages."},
            "startIndex": {"type": "integer", "minimum": 1, "description": "Position of the first one of this page."},
            "itemsPerPage": {**_COUNT, "description": "Resources on this page."},
            **({} if features.cursor_timeout is None else _CURSORS),
            "Resources": {"type": "array", "items": resources},
        },
    }


_CURSORS: Document = {
    "nextCursor": {**_TEXT, "description": "Leads to the next page (RFC 9865); the last one has none."},
    "previousCursor": {**_TEXT, "description": "Leads to the page before."},
}


def search_request(parameters: Document) -> Document:
    """Describe the body of a search: the parameters of a list, by their names."""
    properties = {
        "schemas": {**_schemas(SEARCH_REQUEST_SCHEMA), "description": "May be left out."},
        **{name: _as_member(parameter) for name, parameter in parameters.items()},
    }
    return {"description": "A query whose values stay out of URLs.", "type": "object", "properties": properties}


def patch_request() -> Document:
    """Describe the body of a PATCH."""
    return {
        "description": "Operations that are carried out in their order, all or none.",
        "type": "object",
        "required": ["Operations"],
        "properties": {
            "schemas": {**_schemas(PATCH_OP_SCHEMA), "description": "May be left out."},
            "Operations": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_OPERATIONS,
                "items": reference("PatchOperation"),
            },
        },
    }


def patch_operation() -> Document:
    """Describe one operation of a PATCH."""
    kinds = [str(kind) for kind in OperationKind]
    return {
        "type": "object",
        "required": ["op"],
        "properties": {
            "op": {**_TEXT, "enum": kinds, "description": "Compared without case."},
            "path": {
                **_TEXT,
                "description": "An attribute; without a path the value is an object of attributes.",
                "examples": ["displayName", "name.givenName", 'emails[type eq "work"].value'],
            },
            "value": {"description": "What is added or put in place; of any type."},
        },
        # RFC 7644 §3.5.2: what is removed needs a path, everything else a value.
        "if": {"properties": {"op": {"const": OperationKind.REMOVE.value}}},
        "then": {"required": ["path"]},
        "else": {"required": ["value"]},
    }


def error_schema() -> Document:
    """Describe the error message."""
    kinds = sorted({kind.scim_type for kind in ScimError.__subclasses__() if kind.scim_type})
    return {
        "description": "What is wrong with a request.",
        "type": "object",
        "required": ["schemas", "status", "detail"],
        "properties": {
            "schemas": _schemas(ERROR_SCHEMA),
            "status": {**_TEXT, "pattern": "^[45][0-9]{2}$", "description": "The HTTP status."},
            "scimType": {**_TEXT, "examples": kinds},
            "detail": {**_TEXT, "description": "A sentence for people."},
        },
    }


def bulk_request(features: Features) -> Document:
    """Describe the body of a bulk request."""
    limit = {} if features.bulk is None else {"maxItems": features.bulk.max_operations}
    return {
        "type": "object",
        "required": ["Operations"],
        "properties": {
            "schemas": {**_schemas(BULK_REQUEST_SCHEMA), "description": "May be left out."},
            "failOnErrors": {**_COUNT, "description": "Errors after which the rest is left undone; 0 for no limit."},
            "Operations": {"type": "array", "minItems": 1, **limit, "items": reference("BulkOperation")},
        },
    }


def bulk_operation() -> Document:
    """Describe one operation of a bulk request."""
    return {
        "type": "object",
        "required": ["method", "path"],
        "properties": {
            "method": {**_TEXT, "enum": [str(method) for method in BulkMethod], "description": "In any case."},
            "path": {**_TEXT, "description": "The endpoint for a POST, else the resource."},
            "bulkId": {**_TEXT, "description": "Names a new resource: the others refer to it as `bulkId:…`."},
            "version": {**_TEXT, "description": "What If-Match is in a request of its own."},
            "data": {"type": "object", "description": "The body that a request of its own would have."},
        },
    }


def bulk_response() -> Document:
    """Describe the answer to a bulk request: what each operation would have been answered by itself."""
    outcome = {
        "type": "object",
        "required": ["status"],
        "properties": {
            "method": _TEXT,
            "bulkId": _TEXT,
            "version": _TEXT,
            "location": _TEXT,
            "status": {**_TEXT, "pattern": "^[2-5][0-9]{2}$"},
            "response": {"type": "object", "description": "The error, where there is one."},
        },
    }
    return {
        "type": "object",
        "required": ["schemas", "Operations"],
        "properties": {
            "schemas": _schemas(BULK_RESPONSE_SCHEMA),
            "Operations": {"type": "array", "items": outcome},
        },
    }


def filter_schema() -> Document:
    """Describe a filter."""
    return {**_TEXT, "maxLength": DEFAULT_LIMITS.characters}


def _schemas(urn: str) -> Document:
    return {**_TEXTS, "contains": {"const": urn}}


def _as_member(parameter: Document) -> Document:
    return {"description": parameter["description"], **parameter["schema"]}
