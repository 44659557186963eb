"""Access tokens of foreign issuers, as JWTs (RFC 9068 §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.auth.claims import check_audience, check_times, required_moment, required_text, scopes, text
from api.auth.jwts import FOREIGN_ALGORITHMS, require_access_token, verified_claims
from api.auth.principals import Principal
from api.auth.remote_keys import REFRESH_AFTER
from api.auth.verified import Verified

if TYPE_CHECKING:
    from datetime import datetime

    from api.auth.jwts import UnverifiedToken
    from api.auth.remote_keys import RemoteKeys


class ForeignVerifier:
    """Verify the tokens of one foreign issuer."""

    def __init__(self, *, issuer: str, audience: str, keys: RemoteKeys, subject_claim: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._subject_claim = subject_claim

    def verify(self, token: UnverifiedToken, now: datetime) -> Verified:
        """Return whom a token speaks for."""
        require_access_token(token, FOREIGN_ALGORITHMS)
        claims = verified_claims(token, self._keys.find(token.kid, token.algorithm, now))
        check_audience(claims, (self._audience,))
        check_times(claims, now)
        principal = Principal(
            subject=required_text(claims, "sub"),
            issuer=self._issuer,
            client_id=text(claims, "client_id"),
            scopes=scopes(claims),
            user_id=None,
            is_embedded=False,
            token_id=text(claims, "jti"),
            issued_at=required_moment(claims, "iat"),
            expires_at=required_moment(claims, "exp"),
        )
        return Verified(
            principal,
            good_until=min(principal.expires_at, now + REFRESH_AFTER),
            user_key=user_key(claims, self._subject_claim),
        )


def user_key(claims: dict[str, Any], claim: str) -> str | None:
    """Return the value by which a token names a user here, or None where it speaks for no person.

    RFC 9068 §2.2: a token that a client got for itself has the client as its subject. An address that the issuer
    says is not verified could be anybody's.
    """
    if text(claims, "sub") == text(claims, "client_id"):
        return None
    if claim == "email" and claims.get("email_verified", True) is not True:
        return None
    return text(claims, claim)
