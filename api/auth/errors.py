"""Why a request is not let in, with the challenge that says so (RFC 6750 §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

REALM = 'Bearer realm="lineproof"'


class AccessError(Exception):
    """The request is not let in."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.__doc__)

    @property
    def challenge(self) -> str:
        """Return the WWW-Authenticate value; RFC 6750 §3.1: no error code where no credentials were sent."""
        return REALM


class NotAuthenticated(AccessError):
    """This request needs an access token."""


class InvalidToken(AccessError):
    """The access token is not valid.

    `reason` tells why in a few words and never holds a part of the token.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The access token is not valid: {reason}.")
        self.reason = reason

    @property
    def challenge(self) -> str:
        """Return the WWW-Authenticate value."""
        return f'{REALM}, error="invalid_token"'


class InsufficientScope(AccessError):
    """The access token lacks a scope that this request needs."""

    def __init__(self, required: Iterable[str]) -> None:
        self.required = frozenset(required)
        super().__init__(f"This request needs the scope {self._scope}.")

    @property
    def challenge(self) -> str:
        """Return the WWW-Authenticate value, naming every scope that the request needs."""
        return f'{REALM}, error="insufficient_scope", scope="{self._scope}"'

    @property
    def _scope(self) -> str:
        return " ".join(sorted(self.required))


class IssuerUnavailable(AccessError):
    """The issuer of the access token cannot be asked at the moment.

    The token may well be good, so this is a fault of the service (503), not of the caller.
    """

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("The issuer of the access token cannot be asked at the moment.")
        self.retry_after = retry_after
