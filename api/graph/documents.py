"""Methods and users as Microsoft Graph writes them (facts C.1, C.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.moments import rfc3339
from api.services.access_passes import fault_of
from api.services.primaries import mobile_element, primary_email
from verification.graph_names import type_of
from verification.graph_numbers import shown_graph_number
from verification.methods import MethodKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from api.services.user_methods import UserMethod
    from persistence.resources import StoredResource

Document = dict[str, Any]

_FROM_RECORDS: Mapping[MethodKind, tuple[str, ...]] = {
    MethodKind.EMAIL: ("emailAddress",),
    MethodKind.MICROSOFT_AUTHENTICATOR: ("displayName", "deviceTag", "phoneAppVersion"),
    MethodKind.FIDO2: ("displayName", "aaGuid", "model", "attestationLevel", "passkeyType"),
    MethodKind.WINDOWS_HELLO: ("displayName", "keyStrength"),
    MethodKind.PLATFORM_CREDENTIAL: ("displayName", "keyStrength", "platform"),
    MethodKind.EXTERNAL: ("displayName", "configurationId"),
    MethodKind.TEMPORARY_ACCESS_PASS: ("lifetimeInMinutes", "isUsableOnce", "startDateTime"),
}
"""The members that a kind has of its record, null where the record has none."""
_SECRETS: Mapping[MethodKind, str] = {
    MethodKind.PASSWORD: "password",
    MethodKind.SOFTWARE_OATH: "secretKey",
    MethodKind.TEMPORARY_ACCESS_PASS: "temporaryAccessPass",
}
"""Members that are always null: what they would tell is told to nobody, or only once."""
NO_SMS_SIGN_IN = "notSupported"
USABLE = "EnabledByPolicy"

USER_MEMBERS = (
    "id",
    "userPrincipalName",
    "mail",
    "displayName",
    "givenName",
    "surname",
    "preferredLanguage",
    "mobilePhone",
)
"""What is told of a user; and whether the account is enabled to who selects it."""
SELECTABLE = frozenset({*USER_MEMBERS, "accountEnabled"})


def method_document(item: UserMethod, at: datetime) -> Document:
    """Return a method."""
    kind, record = item.method.kind, item.record
    document: Document = {
        "@odata.type": type_of(kind),
        "id": item.method.id,
        "createdDateTime": rfc3339(item.method.created_at) if item.method.created_at else None,
    }
    if kind in _SECRETS:
        document[_SECRETS[kind]] = None
    if kind is MethodKind.PHONE:
        document["phoneNumber"] = shown_graph_number(item.number or "")
        document["phoneType"] = item.method.phone_type
        document["smsSignInState"] = NO_SMS_SIGN_IN
    if record is not None:
        document |= {name: record.detail.get(name) for name in _FROM_RECORDS.get(kind, ())}
    if kind is MethodKind.FIDO2:
        document["attestationCertificates"] = []
    if kind is MethodKind.TEMPORARY_ACCESS_PASS and record is not None:
        fault = fault_of(record, at)
        document |= {"isUsable": fault is None, "methodUsabilityReason": fault or USABLE}
    return document


def user_document(user: StoredResource, members: tuple[str, ...] = USER_MEMBERS) -> Document:
    """Return some members of a user."""
    document = user.document()
    name: Document = document.get("name", {})
    mail = primary_email(document.get("emails", []), [])
    mobile = mobile_element(document.get("phoneNumbers", []), [])
    whole: Document = {
        "id": user.id,
        "userPrincipalName": document["userName"],
        "mail": mail["value"] if mail else None,
        "displayName": document.get("displayName") or name.get("formatted"),
        "givenName": name.get("givenName"),
        "surname": name.get("familyName"),
        "preferredLanguage": document.get("preferredLanguage"),
        "mobilePhone": mobile.get("value") if mobile else None,
        "accountEnabled": document.get("active", True),
    }
    return {member: whole[member] for member in members}
