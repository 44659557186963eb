"""Resource types for tests: those of the package, and made-up ones of a few attributes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from scim.resource_types import Extension, Registry, ResourceType, load_registry
from scim.schemas import Schema

if TYPE_CHECKING:
    from scim.attributes import Attribute

CORE = "urn:example:core:2.0:Thing"
EXTRA = "urn:example:extension:2.0:Thing"


@cache
def registry() -> Registry:
    """Return the registry of the package."""
    return load_registry()


def user_type() -> ResourceType:
    """Return the User of the package."""
    return _packaged("User")


def group_type() -> ResourceType:
    """Return the Group of the package."""
    return _packaged("Group")


def thing_type(
    *attributes: dict[str, Any], extension: tuple[dict[str, Any], ...] = (), extension_required: bool = False
) -> ResourceType:
    """Make a resource type of attributes in the form of a schema document, and perhaps an extension."""
    common = user_type().common
    extensions = (Extension(_schema(EXTRA, extension), extension_required),) if extension else ()
    return ResourceType("Thing", "Thing", "/Things", "", _schema(CORE, attributes), extensions, common)


def attribute(document: dict[str, Any]) -> Attribute:
    """Make one attribute, from its form in a schema document."""
    return _schema(CORE, (document,)).attributes[0]


def _packaged(name: str) -> ResourceType:
    found = registry().resource_type(name)
    assert found is not None
    return found


def _schema(urn: str, attributes: tuple[dict[str, Any], ...]) -> Schema:
    return Schema.from_document({"id": urn, "name": "Thing", "attributes": list(attributes)})
