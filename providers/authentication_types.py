"""The ways in which a custom gateway can be told who sends, and what each needs; without the HTTP client."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class AuthenticationType(StrEnum):
    """The ways, by their names in settings."""

    NONE = "NONE"
    BASIC = "BASIC"
    BEARER = "BEARER"
    API_KEY = "API_KEY"
    CLIENT_CREDENTIAL = "CLIENT_CREDENTIAL"
    PASSWORD_CREDENTIAL = "PASSWORD_CREDENTIAL"  # noqa: S105 - the name of a type


TOKEN_ENDPOINT = "tokenEndpoint"  # noqa: S105 - the name of a property
_CLIENT = ("clientId", "clientSecret", TOKEN_ENDPOINT)
NEEDED: Mapping[AuthenticationType, tuple[str, ...]] = {
    AuthenticationType.NONE: (),
    AuthenticationType.BASIC: ("username", "password"),
    AuthenticationType.BEARER: ("accessToken",),
    AuthenticationType.API_KEY: ("header", "value"),
    AuthenticationType.CLIENT_CREDENTIAL: _CLIENT,
    AuthenticationType.PASSWORD_CREDENTIAL: (*_CLIENT, "username", "password"),
}
"""The properties that each type must have."""
SCOPES = "scopes"
"""What those with a token endpoint may have besides."""


def properties_of(type_: AuthenticationType) -> tuple[str, ...]:
    """Return the properties that a type may have."""
    needed = NEEDED[type_]
    return (*needed, SCOPES) if TOKEN_ENDPOINT in needed else needed
