"""Documents and operations for the tests of PATCH."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim.patch import apply_patch
from scim.patch_request import PATCH_OP_SCHEMA, read_patch
from tests.factories.schemas import user_type

if TYPE_CHECKING:
    from scim.resource_types import ResourceType

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WSO2 = "urn:scim:wso2:schema"
WORK = {"value": "mira@example.com", "type": "work", "primary": True}
HOME = {"value": "mira@lindqvist.example", "type": "home"}


def user(**attributes: Any) -> dict[str, Any]:
    """Make the canonical document of a user."""
    return {"userName": "mira", **attributes}


def add(path: str | None = None, value: Any = None) -> dict[str, Any]:
    """Make an operation that adds."""
    return {"op": "add", "path": path, "value": value}


def replace(path: str | None = None, value: Any = None) -> dict[str, Any]:
    """Make an operation that replaces."""
    return {"op": "replace", "path": path, "value": value}


def remove(path: str | None = None, value: Any = None) -> dict[str, Any]:
    """Make an operation that removes."""
    return {"op": "remove", "path": path, "value": value}


def patched(
    document: dict[str, Any],
    *operations: dict[str, Any],
    resource_type: ResourceType | None = None,
    **rules: Any,
) -> dict[str, Any]:
    """Send operations as a client does, and apply them to a document."""
    read = read_patch({"schemas": [PATCH_OP_SCHEMA], "Operations": list(operations)})
    return apply_patch(document, read, resource_type or user_type(), **rules)
