"""Answers of success under /scim2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.errors import SCIM_TYPE
from api.openapi.messages import reference
from api.openapi.parameters import header_references

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scim.discovery import Features

Document = dict[str, Any]


def resource_answer(description: str, component: str, headers: Iterable[str] = ()) -> Document:
    """Describe an answer whose schema and whose example have the same name."""
    examples = {component: {"$ref": f"#/components/examples/{component}"}}
    return {
        "description": description,
        "headers": header_references(headers),
        "content": {SCIM_TYPE: {"schema": reference(component), "examples": examples}},
    }


def page_answer(component: str) -> Document:
    """Describe one page of a list."""
    return resource_answer("A page.", component)


def query_failure(what: str, features: Features) -> str:
    """Return the name of the failure of a query; with cursors more can go wrong."""
    return f"Invalid{what}" if features.cursor_timeout is None else f"InvalidCursor{what}"
