"""References inside the description: what is not referred to is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]

_BEGIN = "#/components/"


def only_used(components: Document, paths: Document) -> Document:
    """Return the components that the paths refer to, themselves or by way of others."""
    used: set[tuple[str, str]] = set()
    waiting = [*_references(paths)]
    while waiting:
        kind, name = waiting.pop()
        if (kind, name) not in used:
            used.add((kind, name))
            waiting += _references(components[kind][name])
    kept = {
        kind: {name: item for name, item in named.items() if (kind, name) in used} for kind, named in components.items()
    }
    return {kind: named for kind, named in kept.items() if named}


def _references(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and target.startswith(_BEGIN):
            kind, _, name = target.removeprefix(_BEGIN).partition("/")
            yield kind, name
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _references(part)
