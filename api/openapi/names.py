"""Names of components for what a deployment calls as it likes: resource types and extensions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from scim.resource_types import Registry

# A resource type is also the beginning of the names of its body, its list and its PATCH.
_SUFFIXES = ("", "Request", "List", "Patch")
_WORD = re.compile(r"[A-Za-z0-9]+")


def component_names(registry: Registry, taken: Collection[str]) -> dict[str, str]:
    """Name each resource type (by its name) and each extension (by its URN), none of them like what is taken."""
    names: dict[str, str] = {}
    used = {name.lower() for name in taken}
    for key, wanted in _wanted(registry):
        name = _free(_as_component(wanted), used)
        used |= {f"{name}{suffix}".lower() for suffix in _SUFFIXES}
        names[key] = name
    return names


def _wanted(registry: Registry) -> Iterable[tuple[str, str]]:
    for item in registry.resource_types:
        yield item.name, item.name
    urns = dict.fromkeys(part.schema.id for item in registry.resource_types for part in item.extensions)
    for schema in registry.schemas:
        if schema.id in urns:
            yield schema.id, schema.name


def _as_component(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in _WORD.findall(name)) or "Unnamed"


def _free(name: str, used: Collection[str]) -> str:
    candidate, number = name, 2
    while any(f"{candidate}{suffix}".lower() in used for suffix in _SUFFIXES):
        candidate, number = f"{name}{number}", number + 1
    return candidate
