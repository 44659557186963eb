"""Which element of a multi-valued attribute holds the primary value of a kind of contact.

The mobile number is the phone number of type `mobile`. Of e-mail addresses a user may have several of any type, and
clients mark one of them as primary, or none. The primary address is

* the one that is marked so; else
* of a request, the one that was the primary address before, if it is still there: the order of elements says nothing;
  else
* the first one that is not marked as not being it and, in a request, was not there before in another place: that the
  primary address goes does not put another one in its place; else
* none.

What is written is marked where that is needed, so that the same rule finds the address that was decided on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim.errors import InvalidValue
from verification.addresses import stored_address

if TYPE_CHECKING:
    from verification.targets import Target

MOBILE_TYPE = "mobile"

Document = dict[str, Any]


def mobile_element(elements: list[Document], stored: list[Document]) -> Document | None:
    """Find the phone number of type mobile; raise InvalidValue where there are two."""
    del stored
    found = [element for element in elements if _is_mobile(element)]
    if len(found) > 1:
        raise InvalidValue("A user has one phone number of type mobile.")
    return found[0] if found else None


def with_mobile(elements: list[Document], stored: list[Document], primary: Target | None) -> list[Document]:
    """Return phone numbers with this one of type mobile, or with none."""
    del stored
    result = [dict(element) for element in elements]
    for element in result:
        if _is_mobile(element) and primary is not None:
            element["value"] = primary.text
            return result
    if primary is not None:
        return [*result, {"type": MOBILE_TYPE, "value": primary.text}]
    return [element for element in result if not _is_mobile(element)]


def primary_email(elements: list[Document], stored: list[Document]) -> Document | None:
    """Find the primary address among those of a request, over those that are stored."""
    eligible = [element for element in elements if element.get("primary") is not False and not _is_blank(element)]
    marked = next((element for element in eligible if element.get("primary") is True), None)
    if marked is not None:
        return marked
    former = primary_email(stored, []) if stored else None
    if former is not None and (kept := _with_value(eligible, stored_address(former["value"]))) is not None:
        return kept
    others = {_address(element) for element in stored}
    return next((element for element in eligible if _address(element) not in others), None)


def with_primary_email(elements: list[Document], stored: list[Document], primary: Target | None) -> list[Document]:
    """Return the addresses of a request, over those that are stored, with this one as the primary, or with none.

    An address that only waits for its proof is not among them, unless it was there before: then it stays beside.
    """
    result = [dict(element) for element in elements if "value" not in element or not _is_blank(element)]
    wanted = primary_email(result, stored)
    holder = wanted if wanted and _address(wanted) == primary else _with_value(result, primary) if primary else None
    if wanted is not None and wanted is not holder:
        was_there = _with_value(stored, _address(wanted)) is not None
        is_replaced = not was_there or _address(wanted) == _address(primary_email(stored, []))
        if primary is not None and holder is None and is_replaced:
            holder = wanted
        elif not was_there:
            result = [element for element in result if element is not wanted]
    if primary is not None:
        if holder is None:
            holder = dict(_with_value(stored, primary) or {})
            result.insert(0, holder)
        holder["value"] = primary.text
    return _marked(result, holder)


def _marked(elements: list[Document], holder: Document | None) -> list[Document]:
    """Mark elements where the rule would not find the holder without, or where one of them was marked already."""
    is_marked = any(element.get("primary") is True for element in elements)
    for element in elements:
        if element is not holder and (holder is None or element.get("primary") is True):
            element["primary"] = False
    if holder is not None and (is_marked or primary_email(elements, []) is not holder):
        holder["primary"] = True
    return elements


def _with_value(elements: list[Document], address: Target | None) -> Document | None:
    return next((element for element in elements if _address(element) == address), None)


def _address(element: Document | None) -> Target | None:
    return None if element is None or _is_blank(element) else stored_address(element["value"])


def _is_blank(element: Document) -> bool:
    return not str(element.get("value") or "").strip()


def _is_mobile(element: Document) -> bool:
    return str(element.get("type", "")).lower() == MOBILE_TYPE
