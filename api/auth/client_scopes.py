"""What a client may be given: for itself, and on behalf of a user."""

from __future__ import annotations

from enum import StrEnum

from api.auth.scopes import ALL_SCOPES, Scope


class OpenidScope(StrEnum):
    """The scopes of OpenID Connect: they ask for claims, and for a refresh token (Core §5.4, §11)."""

    OPENID = "openid"
    PROFILE = "profile"
    EMAIL = "email"
    PHONE = "phone"
    OFFLINE_ACCESS = "offline_access"


OPENID_SCOPES: frozenset[str] = frozenset(OpenidScope)
USER_SCOPES: frozenset[str] = OPENID_SCOPES | {Scope.LOGIN}
"""What a user's token may hold: what users may do themselves, which is to see and change the own account.

The other scopes act on everybody. No user has them, so no user can hand them to a client; a client is given them by
the operator and uses them in its own name.
"""
MACHINE_SCOPES: frozenset[str] = ALL_SCOPES - {Scope.LOGIN}
"""What a client may do in its own name. `internal_login` is of no use to it: a client has no account at /Me."""
KNOWN_SCOPES: frozenset[str] = USER_SCOPES | MACHINE_SCOPES
