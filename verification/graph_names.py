"""Authentication methods as Microsoft Graph names them: the segment and the type of each kind (facts C.1)."""

from __future__ import annotations

from verification.methods import MethodKind

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
"""The segment of each kind below `/users/{id}/authentication/`; other kinds Graph does not know."""

_PREFIX = "#microsoft.graph."
_SUFFIX = "AuthenticationMethod"
# The one type that is not its kind's name and the suffix.
_ODD_TYPES = {MethodKind.EXTERNAL: "externalAuthenticationMethod"}


def type_of(kind: MethodKind) -> str:
    """Return the type of a kind, as in `#microsoft.graph.phoneAuthenticationMethod`."""
    return _PREFIX + _ODD_TYPES.get(kind, f"{kind.value}{_SUFFIX}")


def kind_of(odata_type: str) -> MethodKind:
    """Return the kind of a type; one that we do not know is `other`."""
    return _KINDS.get(odata_type, MethodKind.OTHER)


_KINDS = {type_of(kind): kind for kind in SEGMENTS}
