"""What of users and groups is edited in the forms of the Console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.pages.editing.fields import Field, plain
from api.services.contact_attributes import EMAIL_ADDRESSES, MOBILE_NUMBERS
from scim.patch_request import Operation, OperationKind
from verification.addresses import stored_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.pages.editing.fields import Fields
    from api.services.changes import Document

MOBILE, EMAIL, USER_NAME = "mobile", "email", "user_name"
DISPLAY_NAME, EXTERNAL_ID = "display_name", "external_id"


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
