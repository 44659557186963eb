"""Opaque access tokens: their issuer is asked about each (RFC 7662)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from api.auth.claims import check_audience, check_times, moment, scopes, text
from api.auth.errors import InvalidToken, IssuerUnavailable
from api.auth.foreign import user_key
from api.auth.principals import Principal
from api.auth.verified import Verified
from providers.errors import OAuthUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.auth.ports import OAuthHttp

BELIEVED_FOR = timedelta(seconds=30)
"""How long an answer counts: a token revoked at its issuer may work that much longer (RFC 7662 §4)."""
_RETRY_AFTER = timedelta(seconds=2)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Introspector:
    """Ask an introspection endpoint what a token is."""

    def __init__(
        self,
        *,
        url: str,
        client_id: str,
        client_secret: str,
        audience: str,
        issuers: Collection[str],
        subject_claim: str,
        http: OAuthHttp,
    ) -> None:
        self._url = url
        self._client_id = client_id
        self._client_secret = client_secret
        self._audience = audience
        self._issuers = issuers
        self._subject_claim = subject_claim
        self._http = http

    def verify(self, token: str, now: datetime) -> Verified:
        """Return whom a token speaks for.

        Raises:
            InvalidToken: the issuer says that it is not active, or it is not meant for us.
            IssuerUnavailable: the issuer gives no usable answer.
        """
        claims = self._ask(token)
        # RFC 7662 §2.2: only `active` is always there, and only `true` means yes.
        if claims.get("active") is not True:
            raise InvalidToken("its issuer says that it is not active")
        self._check(claims, now)
        believed_until = now + BELIEVED_FOR
        principal = self._principal(claims, expires_at=moment(claims, "exp") or believed_until)
        return Verified(
            principal,
            good_until=min(principal.expires_at, believed_until),
            user_key=user_key(claims, self._subject_claim),
        )

    def _ask(self, token: str) -> dict[str, Any]:
        fields = {"token": token, "token_type_hint": "access_token"}
        try:
            claims = self._http.post_form(
                self._url, fields, client_id=self._client_id, client_secret=self._client_secret
            )
        except OAuthUnavailable as error:
            raise IssuerUnavailable(_RETRY_AFTER) from error
        if not isinstance(claims, dict):
            raise IssuerUnavailable(_RETRY_AFTER)
        return claims

    def _check(self, claims: dict[str, Any], now: datetime) -> None:
        # Some servers name the resource in `aud`, some the client that may ask about the token: we are both.
        if claims.get("aud") is not None:
            check_audience(claims, (self._audience, self._client_id))
        if self._issuers and claims.get("iss") is not None and claims["iss"] not in self._issuers:
            raise InvalidToken("its issuer is not trusted")
        check_times(claims, now)

    def _principal(self, claims: dict[str, Any], expires_at: datetime) -> Principal:
        client_id = text(claims, "client_id")
        subject = text(claims, "sub") or client_id
        if subject is None:
            raise InvalidToken("its issuer does not say whose it is")
        return Principal(
            subject=subject,
            issuer=text(claims, "iss") or self._url,
            client_id=client_id,
            scopes=scopes(claims),
            user_id=None,
            is_embedded=False,
            token_id=text(claims, "jti"),
            # Without a time of issue it counts as older than every revocation.
            issued_at=moment(claims, "iat") or _LONG_AGO,
            expires_at=expires_at,
        )
