"""Authentication methods as Microsoft Graph writes them, as data: type, segment, kind.

Read off the official client library of v1.0 (facts C.1). There is no DELETE on `/methods/{id}`: each type is removed
at its own segment.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from verification.methods import Method, MethodKind, PhoneType
from verification.targets import masked

SEGMENTS = {
    MethodKind.PASSWORD: "passwordMethods",
    MethodKind.PHONE: "phoneMethods",
    MethodKind.EMAIL: "emailMethods",
    MethodKind.SOFTWARE_OATH: "softwareOathMethods",
    MethodKind.MICROSOFT_AUTHENTICATOR: "microsoftAuthenticatorMethods",
    MethodKind.FIDO2: "fido2Methods",
    MethodKind.WINDOWS_HELLO: "windowsHelloForBusinessMethods",
    MethodKind.PLATFORM_CREDENTIAL: "platformCredentialMethods",
    MethodKind.TEMPORARY_ACCESS_PASS: "temporaryAccessPassMethods",
    MethodKind.EXTERNAL: "externalAuthenticationMethods",
}
"""The segment of each kind below `/users/{id}/authentication/`."""

_PREFIX = "#microsoft.graph."
_SUFFIX = "AuthenticationMethod"
# The one type that is not its kind's name and the suffix.
_ODD_TYPES = {"externalAuthenticationMethod": MethodKind.EXTERNAL}


def read_method(document: dict[str, Any]) -> Method:
    """Read one element of a list of methods; a type we do not know is of the kind `other`."""
    phone_type = document.get("phoneType")
    return Method(
        kind=_kind(str(document.get("@odata.type", ""))),
        id=str(document.get("id", "")),
        label=_label(document),
        phone_type=PhoneType(phone_type) if phone_type in set(PhoneType) else None,
        created_at=_moment(document.get("createdDateTime")),
    )


def method_path(user_id: str, method: Method) -> str:
    """Return the path at which a method is removed; ids may hold any character (facts C.1)."""
    return f"{methods_path(user_id, SEGMENTS[method.kind])}/{quote(method.id, safe='')}"


def methods_path(user_id: str, segment: str) -> str:
    """Return the path of a user's methods."""
    return f"/users/{quote(user_id, safe='')}/authentication/{segment}"


def _kind(odata_type: str) -> MethodKind:
    name = odata_type.removeprefix(_PREFIX)
    if name in _ODD_TYPES:
        return _ODD_TYPES[name]
    kind = name.removesuffix(_SUFFIX)
    return next((known for known in SEGMENTS if known.value == kind), MethodKind.OTHER)


def _label(document: dict[str, Any]) -> str:
    if contact := document.get("phoneNumber") or document.get("emailAddress"):
        return masked(str(contact))
    return str(document.get("displayName") or document.get("model") or "")


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
