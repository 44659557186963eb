"""What a PATCH writes into one value: a plain one, or the sub-attributes of an object (RFC 7644 §3.5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim import errors
from scim.attributes import AttributeType, Mutability
from scim.coercion import coerce_value
from scim.elements import comparable

if TYPE_CHECKING:
    from scim.attributes import Attribute


def unwrapped(attribute: Attribute, raw: object) -> object:
    """Take one value out of the list, and a plain one out of the object, that some clients pack it into.

    Entra's older mode sends `[{"$ref": null, "value": "x"}]` for a text.
    """
    if isinstance(raw, list) and len(raw) <= 1:
        raw = raw[0] if raw else None
    if isinstance(raw, dict) and not attribute.is_complex and "value" in raw:
        raw = raw["value"]
    return raw


def merged(attribute: Attribute, element: dict[str, Any], raw: object, path: str) -> dict[str, Any] | None:
    """Write the sub-attributes an object gives over those of an element; None where nothing is left.

    RFC 7644 §3.5.2.3: sub-attributes that are not given are left unchanged. Unknown and readOnly ones are
    ignored; null unassigns one.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if not isinstance(raw, dict):
        if attribute.sub("value") is None or isinstance(raw, list):
            raise errors.InvalidValue(f"{path} must be an object.")
        raw = {"value": raw}
    given = {sub.name for name in raw if (sub := attribute.sub(name)) is not None}
    result: dict[str, Any] | None = element
    for name, item in raw.items():
        sub = attribute.sub(name)
        if sub is not None and sub.mutability is not Mutability.READ_ONLY:
            result = with_sub(attribute, result or {}, sub, item, path=path, given=given)
    # What says of itself that it has no value is gone, whatever else it says.
    has_lost_value = "value" in given and "value" not in (result or {})
    return None if has_lost_value else result or None


def with_sub(
    attribute: Attribute, element: dict[str, Any], sub: Attribute, raw: object, *, path: str, given: set[str]
) -> dict[str, Any] | None:
    """Write one sub-attribute of an element, or take it away; None where that leaves nothing.

    *given* are the names of all sub-attributes the request gives.
    """
    value = coerce_value(sub, raw if sub.multi_valued else unwrapped(sub, raw), f"{path}.{sub.name}")
    if sub.name == "value" and not attribute.multi_valued and isinstance(value, str) and not value.strip():
        # Entra removes a manager by giving it a blank value.
        value = None
    if value is None:
        return without_sub(element, sub)
    changed = element | {sub.name: value}
    if sub.name == "value" and element.get("value") != value:
        gone = {other.name for other in attribute.sub_attributes if _is_derived(other)} - given - {"value"}
        changed = {name: item for name, item in changed.items() if name not in gone}
    return changed


def without_sub(element: dict[str, Any], sub: Attribute) -> dict[str, Any] | None:
    """Take a sub-attribute away; None where that leaves nothing.

    An element that loses its `value` goes as a whole: a type or a display of nothing says nothing.
    """
    if sub.name == "value" and sub.name in element:
        return None
    return {name: item for name, item in element.items() if name != sub.name} or None


def require_unchanged(attribute: Attribute, before: Any, after: Any, path: str) -> None:  # noqa: ANN401 - JSON values
    """Refuse a change of what is immutable once it has a value (RFC 7643 §7), here or in a sub-attribute."""
    if before is None:
        return
    if attribute.mutability is Mutability.IMMUTABLE and (
        after is None or comparable(attribute, before) != comparable(attribute, after)
    ):
        raise errors.Mutability(f"{path} cannot be changed once it is set.")
    if isinstance(before, dict):
        for sub in attribute.sub_attributes:
            require_unchanged(sub, before.get(sub.name), (after or {}).get(sub.name), f"{path}.{sub.name}")


def _is_derived(sub: Attribute) -> bool:
    """Say whether a sub-attribute speaks of the value beside it, so that a new value makes it wrong."""
    return sub.type is AttributeType.REFERENCE or sub.mutability is Mutability.READ_ONLY
