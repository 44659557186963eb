"""What of users and groups is edited in forms: each field with its attribute, and what another value asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from api.services.contact_attributes import EMAIL_ADDRESSES, MOBILE_NUMBERS
from scim.patch_request import Operation, OperationKind
from verification.addresses import stored_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.services.changes import Document

MOBILE, EMAIL, USER_NAME = "mobile", "email", "user_name"
DISPLAY_NAME, EXTERNAL_ID = "display_name", "external_id"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: Of the form's field; the key of its label is `console.field.<name>`.
        path: How faults name the attribute.
        read: Reads its value off a stored document.
        asked: Writes what another value asks for, given the stored document.
        type: Of the form's field.
        is_contact: Whether another value may have to be proved first.
        is_required: Whether it may not be left empty.
    """

    name: str
    path: str
    read: Callable[[Document], str]
    asked: Callable[[Document, str], Operation]
    type: str = "text"
    is_contact: bool = False
    is_required: bool = False


Fields = tuple[Field, ...]


def values_of(document: Document, fields: Fields) -> dict[str, str]:
    """Read the values of all fields off a stored document."""
    return {field.name: field.read(document) for field in fields}


def operations_for(document: Document, values: Mapping[str, str], fields: Fields) -> tuple[Operation, ...]:
    """Write other values of some fields as the operations of a PATCH."""
    return tuple(field.asked(document, values[field.name]) for field in fields if field.name in values)


def new_user(values: Mapping[str, str]) -> Document:
    """Write the values of the fields as the body of a new user."""
    body: dict[str, Any] = {}
    for field in FIELDS:
        value = values.get(field.name, "")
        if not value:
            continue
        if field.name == MOBILE:
            body[MOBILE_NUMBERS.elements] = [{"type": "mobile", "value": value}]
        elif field.name == EMAIL:
            body[EMAIL_ADDRESSES.elements] = [{"value": value, "primary": True}]
        else:
            name, _, sub = field.path.partition(".")
            body[name] = {**body.get(name, {}), sub: value} if sub else value
    return body


def plain(name: str, path: str, *, is_required: bool = False) -> Field:
    """Return the field of an attribute, or of a sub-attribute, that is written as it is."""
    attribute, _, sub = path.partition(".")

    def read(document: Document) -> str:
        value = document.get(attribute)
        return str((value or {}).get(sub) or "") if sub else str(value or "")

    return Field(name, path, read, partial(_written, path), is_required=is_required)


def _written(path: str, document: Document, value: str) -> Operation:
    del document
    return Operation(OperationKind.REPLACE, path, value) if value else Operation(OperationKind.REMOVE, path)


def _mobile(document: Document) -> str:
    elements = document.get(MOBILE_NUMBERS.elements, [])
    return str((MOBILE_NUMBERS.find(elements, elements) or {}).get("value") or "")


def _other_mobile(document: Document, value: str) -> Operation:
    del document
    if value:
        return Operation(OperationKind.REPLACE, MOBILE_NUMBERS.primary_path, value)
    return Operation(OperationKind.REMOVE, MOBILE_NUMBERS.primary_path.removesuffix(".value"))


def _email(document: Document) -> str:
    elements = document.get(EMAIL_ADDRESSES.elements, [])
    return str((EMAIL_ADDRESSES.find(elements, elements) or {}).get("value") or "")


def _other_email(document: Document, value: str) -> Operation:
    elements = document.get(EMAIL_ADDRESSES.elements, [])
    if value:
        others = EMAIL_ADDRESSES.place(elements, elements, stored_address(value))
    else:
        primary = EMAIL_ADDRESSES.find(elements, elements)
        others = [element for element in elements if element is not primary]
    kind = OperationKind.REPLACE if others else OperationKind.REMOVE
    return Operation(kind, EMAIL_ADDRESSES.elements, others or None)


FIELDS: Fields = (
    plain(USER_NAME, "userName", is_required=True),
    plain("given_name", "name.givenName"),
    plain("family_name", "name.familyName"),
    plain(DISPLAY_NAME, "displayName"),
    Field(MOBILE, MOBILE_NUMBERS.primary_path, _mobile, _other_mobile, "tel", is_contact=True),
    Field(EMAIL, EMAIL_ADDRESSES.elements, _email, _other_email, "email", is_contact=True),
    plain("language", "preferredLanguage"),
    plain(EXTERNAL_ID, "externalId"),
)
GROUP_FIELDS: Fields = (
    plain(DISPLAY_NAME, "displayName", is_required=True),
    plain(EXTERNAL_ID, "externalId"),
)
