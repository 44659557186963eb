"""The token endpoint of a tenant, on the token endpoint of our own provider: client credentials, in two versions.

In v2.0 a scope ends in `/.default`: it means all that the application may do. v1 names a resource instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

CLIENT_CREDENTIALS = "client_credentials"
DEFAULT = "/.default"
_OURS = ("grant_type", "client_id", "client_secret")


def fault_in(form: Mapping[str, str], *, is_v2: bool) -> str | None:
    """Return the error of RFC 6749 that a form deserves before any client is looked at; None where it is in order."""
    grant_type = form.get("grant_type")
    if not grant_type:
        return "invalid_request"
    if grant_type != CLIENT_CREDENTIALS:
        return "unsupported_grant_type"
    if not is_v2:
        return None
    scope = form.get("scope")
    if not scope:
        return "invalid_request"
    is_default = scope.endswith(DEFAULT) and scope != DEFAULT and " " not in scope
    return None if is_default else "invalid_scope"


def translated(form: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the form as our own token endpoint takes it: without a scope, a client gets all that it may have."""
    return [(name, value) for name, value in form if name in _OURS]


def login_answer(tokens: Mapping[str, Any], resource: str | None, at: datetime) -> dict[str, Any]:
    """Return the answer of v2.0, or that of v1 where the request was of that form; there numbers are texts."""
    seconds = tokens["expires_in"]
    whole = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds}
    if resource is not None:
        now = int(at.timestamp())
        moments = {"expires_on": str(now + seconds), "not_before": str(now), "resource": resource}
        whole = {name: str(value) for name, value in whole.items()} | moments
    return {**whole, "access_token": tokens["access_token"]}
