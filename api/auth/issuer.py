"""The embedded issuer: access tokens in the form of RFC 9068, and their verification."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from joserfc import jwt

from api.auth.claims import (
    check_audience,
    check_times,
    required_moment,
    required_text,
    scopes,
    text,
)
from api.auth.errors import InvalidToken
from api.auth.jwts import EMBEDDED_ALGORITHMS, fits, require_access_token, verified_claims
from api.auth.principals import Principal
from api.auth.verified import Verified
from api.identifiers import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from joserfc.jwk import KeySet

    from api.auth.jwts import UnverifiedToken
    from verification.ports import Clock

_ALGORITHM = EMBEDDED_ALGORITHMS[0]
_MILLISECONDS = "iat_ms"
"""Our own claim: when the token was issued, to the millisecond. A revocation and a token issued in the same second
can be told apart by it; `iat` stays whole, as every reader of JWTs expects."""
GRANT_ID = "grant_id"
"""Our own claim: the grant that a token came of."""
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


class TokenIssuer:
    """Mint access tokens for this service."""

    def __init__(self, *, issuer: str, keys: KeySet, clock: Clock) -> None:
        self._issuer = issuer
        self._key = keys.keys[0]
        self._clock = clock

    def mint_for_user(
        self,
        user_id: str,
        *,
        client_id: str,
        scopes: Collection[str],
        lifetime: timedelta,
        more: Mapping[str, Any] = NOTHING_MORE,
    ) -> str:
        """Return a token by which a client acts for a user; `sub` is the SCIM id.

        `more` claims tell how the user was authenticated (RFC 9068 §2.2.1), and of what grant the token came.
        """
        if user_id == client_id:
            raise ValueError("a user's token cannot be told from a client's when both have one id")
        return self._mint(user_id, client_id, scopes, lifetime, more)

    def mint_for_client(self, client_id: str, *, scopes: Collection[str], lifetime: timedelta) -> str:
        """Return a token by which a client acts for itself; RFC 9068 §2.2: `sub` is then the client, too."""
        return self._mint(client_id, client_id, scopes, lifetime, NOTHING_MORE)

    def _mint(
        self, subject: str, client_id: str, scopes: Collection[str], lifetime: timedelta, more: Mapping[str, Any]
    ) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        claims: dict[str, Any] = {
            **more,
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": subject,
            "client_id": client_id,
            "iat": milliseconds // 1000,
            _MILLISECONDS: milliseconds,
            "exp": milliseconds // 1000 + int(lifetime.total_seconds()),
            "jti": new_id(),
            "scope": " ".join(sorted(scopes)),
        }
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


class EmbeddedVerifier:
    """Verify the tokens that `TokenIssuer` mints, with any of its keys."""

    def __init__(self, *, issuer: str, keys: KeySet) -> None:
        self._issuer = issuer
        self._keys = {key.kid: key for key in keys}

    def verify(self, token: UnverifiedToken, now: datetime) -> Verified:
        """Return whom a token speaks for; see RFC 9068 §4 for the steps."""
        require_access_token(token, EMBEDDED_ALGORITHMS)
        key = self._keys.get(token.kid)
        if key is None or not fits(key, token.algorithm):
            raise InvalidToken("its key is unknown")
        claims = verified_claims(token, key)
        check_audience(claims, (self._issuer,))
        check_times(claims, now)
        principal = self._principal(claims)
        return Verified(principal, good_until=principal.expires_at)

    def _principal(self, claims: dict[str, Any]) -> Principal:
        subject, client_id = required_text(claims, "sub"), required_text(claims, "client_id")
        return Principal(
            subject=subject,
            issuer=self._issuer,
            client_id=client_id,
            scopes=scopes(claims),
            user_id=None if subject == client_id else subject,
            is_embedded=True,
            token_id=required_text(claims, "jti"),
            issued_at=_issued_at(claims),
            expires_at=required_moment(claims, "exp"),
            grant_id=text(claims, GRANT_ID),
            # RFC 9068 §2.2.1. A token of the command line has none: the operator vouches for its user.
            authenticated_at=required_moment(claims, "auth_time") if "auth_time" in claims else None,
        )


def _issued_at(claims: dict[str, Any]) -> datetime:
    milliseconds = claims.get(_MILLISECONDS)
    if not isinstance(milliseconds, int):
        return required_moment(claims, "iat")
    return datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)
