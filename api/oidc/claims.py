"""What ID tokens and userinfo say of a user, by scope (OpenID Connect Core §5.1, §5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.auth.client_scopes import OpenidScope
from api.services.contact_attributes import EMAIL_ADDRESSES, MOBILE_NUMBERS
from api.services.contacts import pending_value, stored_contact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from persistence.resources import StoredResource
    from verification.policy import Policy
    from verification.targets import Target

Claims = dict[str, Any]

PENDING = "pending_phone_number"
"""Our own claim: the number that waits for its proof. Never the one to call: nobody has proved it."""
_NAMES: Mapping[str, str] = {
    "given_name": "givenName",
    "family_name": "familyName",
    "middle_name": "middleName",
    "name": "formatted",
}
_PLAIN: Mapping[str, str] = {
    "preferred_username": "userName",
    "nickname": "nickName",
    "profile": "profileUrl",
    "locale": "locale",
    "zoneinfo": "timezone",
}


def claims_of(user: StoredResource, scopes: Collection[str], policy: Policy) -> Claims:
    """Return the claims about a user that these scopes ask for; what is not known is left out."""
    document = user.document()
    claims: Claims = {"sub": user.id}
    if OpenidScope.PROFILE in scopes:
        claims |= _profile(document) | {"updated_at": int(user.last_modified_at.timestamp())}
    if OpenidScope.EMAIL in scopes:
        claims |= _email(document, policy)
    if OpenidScope.PHONE in scopes:
        claims |= _phone(document, policy)
    return claims


def _profile(document: Mapping[str, Any]) -> Claims:
    name = document.get("name", {})
    found = {claim: name.get(attribute) for claim, attribute in _NAMES.items()}
    found |= {claim: document.get(attribute) for claim, attribute in _PLAIN.items()}
    found["name"] = found["name"] or document.get("displayName")
    return {claim: value for claim, value in found.items() if value}


def _email(document: Mapping[str, Any], policy: Policy) -> Claims:
    contact = stored_contact(dict(document), EMAIL_ADDRESSES, policy)
    if contact.primary is None:
        return {}
    return {"email": contact.primary.text, "email_verified": contact.is_primary_verified}


def _phone(document: Mapping[str, Any], policy: Policy) -> Claims:
    claims: Claims = {}
    contact = stored_contact(dict(document), MOBILE_NUMBERS, policy)
    if contact.primary is not None:
        claims |= {"phone_number": _dialled(contact.primary), "phone_number_verified": contact.is_primary_verified}
    if pending := pending_value(dict(document), MOBILE_NUMBERS):
        claims[PENDING] = pending
    return claims


def _dialled(number: Target) -> str:
    """Write a number as Core §5.1 recommends, in E.164, where it is known to which country it belongs."""
    return number.key if number.key.startswith("+") else number.text
