"""What a verifier of one issuer hands to the one of the whole service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from api.auth.jwts import UnverifiedToken
    from api.auth.principals import Principal


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified token: its principal, and how long that may be believed without looking again.

    `user_key` is the value by which a foreign subject names a user here; what user that is, is asked at each use.
    """

    principal: Principal
    good_until: datetime
    user_key: str | None = None


class JwtVerifier(Protocol):
    """Verify the JWTs of one issuer."""

    def verify(self, token: UnverifiedToken, now: datetime) -> Verified:
        """Return whom the token speaks for, or raise an AccessError."""
