"""Which element of a multi-valued attribute holds the primary value of a kind of contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim.errors import InvalidValue

if TYPE_CHECKING:
    from verification.targets import Target

MOBILE_TYPE = "mobile"

Document = dict[str, Any]


def mobile_element(elements: list[Document]) -> Document | None:
    """Find the phone number of type mobile; raise InvalidValue where there are two."""
    found = [element for element in elements if _is_mobile(element)]
    if len(found) > 1:
        raise InvalidValue("A user has one phone number of type mobile.")
    return found[0] if found else None


def with_mobile(elements: list[Document], primary: Target | None) -> list[Document]:
    """Return phone numbers with this one of type mobile, or with none."""
    result = [dict(element) for element in elements]
    for element in result:
        if _is_mobile(element) and primary is not None:
            element["value"] = primary.text
            return result
    if primary is not None:
        return [*result, {"type": MOBILE_TYPE, "value": primary.text}]
    return [element for element in result if not _is_mobile(element)]


def _is_mobile(element: Document) -> bool:
    return str(element.get("type", "")).lower() == MOBILE_TYPE
