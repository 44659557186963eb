"""Access tokens of every kind, verified; what every request passes through."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from api.auth.cache import ExpiringCache
from api.auth.errors import InvalidToken
from api.auth.jwts import MAX_TOKEN, peek

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from api.auth.introspection import Introspector
    from api.auth.principals import Principal
    from api.auth.revocations import RevocationList
    from api.auth.subjects import SubjectMapper
    from api.auth.verified import JwtVerifier, Verified
    from verification.ports import Clock

_REMEMBERED = 10_000
"""Tokens a process remembers; checking a signature anew costs some 150 µs, remembering a token about 1 kB."""


class TokenVerifier:
    """Turn access tokens into principals.

    A token that was good stays so, without checking its signature again, until it expires; whether it was revoked and
    which user a foreign subject is are asked each time.
    """

    def __init__(
        self,
        *,
        issuers: Mapping[str, JwtVerifier],
        introspector: Introspector | None,
        revocations: RevocationList,
        subjects: SubjectMapper,
        clock: Clock,
    ) -> None:
        self._issuers = issuers
        self._introspector = introspector
        self._revocations = revocations
        self._subjects = subjects
        self._clock = clock
        self._known: ExpiringCache[bytes, Verified] = ExpiringCache(_REMEMBERED)

    def verify(self, token: str) -> Principal:
        """Return whom an access token speaks for.

        Raises:
            InvalidToken: it is not good (any more), or nobody here knows its issuer.
            IssuerUnavailable: its issuer would have to be asked and cannot be.
        """
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidToken("it is too long or not plain ASCII")
        now = self._clock.now()
        digest = sha256(token.encode()).digest()
        verified = self._known.get(digest, now)
        if verified is None:
            verified = self._verify(token, now)
            self._known.put(digest, verified, verified.good_until)
        return self._standing(verified, now)

    def recall(self, token: str) -> Principal | None:
        """Return whom a token speaks for that has been verified before, None for any other; ask no issuer.

        Raises:
            InvalidToken: it is not good any more.
        """
        now = self._clock.now()
        verified = self._known.get(sha256(token.encode()).digest(), now)
        return None if verified is None else self._standing(verified, now)

    def _standing(self, verified: Verified, now: datetime) -> Principal:
        principal = self._with_user(verified, now)
        if self._is_revoked(principal):
            raise InvalidToken("it has been revoked")
        return principal

    def _is_revoked(self, principal: Principal) -> bool:
        subject = principal.user_id or principal.subject
        if not principal.is_embedded:
            return self._revocations.is_revoked(principal.issued_at, subject)
        # Beside all tokens of a user: those of a client that was removed, those of one grant, and this very one.
        return self._revocations.is_revoked(
            principal.issued_at,
            subject,
            principal.client_id,
            principal.grant_id,
            principal.token_id,
            token_id=principal.token_id,
        )

    def _verify(self, token: str, now: datetime) -> Verified:
        unverified = peek(token)
        if unverified is not None:
            issuer = self._issuers.get(unverified.issuer)
            if issuer is None:
                raise InvalidToken("its issuer is not trusted")
            return issuer.verify(unverified, now)
        if self._introspector is None:
            raise InvalidToken("it is malformed")
        return self._introspector.verify(token, now)

    def _with_user(self, verified: Verified, now: datetime) -> Principal:
        if verified.user_key is None:
            return verified.principal
        user_id = self._subjects.user_id(verified.user_key, now)
        return replace(verified.principal, user_id=user_id)
