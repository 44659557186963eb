"""The elements of a multi-valued attribute: each one once, and at most one of them primary (RFC 7643 §2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim.errors import InvalidValue
from scim.folding import fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from scim.attributes import Attribute


def comparable(attribute: Attribute, value: object) -> Hashable:
    """Make a key that is equal for equal values of an attribute, whatever the case where case does not count."""
    if isinstance(value, list):
        return tuple(comparable(attribute, element) for element in value)
    if isinstance(value, dict):
        return tuple(
            (sub.name, comparable(sub, value[sub.name])) for sub in attribute.sub_attributes if sub.name in value
        )
    if isinstance(value, str):
        return value if attribute.case_exact else fold(value)
    # In Python True is 1; in a document they are two values.
    return type(value).__name__, value


def each_once(attribute: Attribute, elements: Sequence[Any]) -> list[Any]:
    """Collapse the elements that are the same one: of equal type and value, or equal altogether.

    What a later one says beyond the first is kept, so no sub-attribute is lost with it.
    """
    kept: dict[Hashable, Any] = {}
    for element in elements:
        key = _identity(attribute, element)
        kept[key] = joined(kept[key], element) if key in kept else element
    return list(kept.values())


def joined(first: Any, later: Any) -> Any:  # noqa: ANN401 - JSON values
    """Put two elements that are the same one together: what the later one says beyond the first is kept."""
    if not isinstance(first, dict):
        return first
    return {**later, **first, **({"primary": True} if _is_primary(later) else {})}


def require_single_primary(elements: Sequence[Any], path: str) -> None:
    """Refuse two elements that are both the primary one."""
    # RFC 7643 §2.4: the primary value true appears no more than once.
    if sum(map(_is_primary, elements)) > 1:
        raise InvalidValue(f"{path} has more than one primary value.")


def settle_primary(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    """Let the elements that have become primary since *before* take that place from those that were.

    RFC 7644 §3.5.2: a PATCH that makes a value the primary one sets the others to false.
    """
    former = [element for element in before if _is_primary(element)]
    if not any(_is_primary(element) and element not in former for element in after):
        return list(after)
    return [{**element, "primary": False} if element in former else element for element in after]


def _is_primary(element: object) -> bool:
    return isinstance(element, dict) and element.get("primary") is True


def _identity(attribute: Attribute, element: object) -> Hashable:
    if not isinstance(element, dict) or "value" not in element:
        return comparable(attribute, element)
    subs = ((name, attribute.sub(name)) for name in ("type", "value"))
    return tuple(comparable(sub, element[name]) for name, sub in subs if sub is not None and name in element)
