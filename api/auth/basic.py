"""Clients that prove themselves by Basic (RFC 7617), where there is no token: policies of Azure AD B2C."""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from api.auth.errors import InvalidToken
from api.auth.principals import Principal
from api.secrets_at_rest import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from persistence.clients import Client
    from verification.ports import Clock

SCHEME = "Basic "
_NOBODYS = digest_of("")
_A_MOMENT = timedelta(minutes=1)


class BasicVerifier:
    """Turn the credentials of a client into the principal that a token of its own would give."""

    def __init__(self, lookup: Callable[[str], Client | None], issuer: str, clock: Clock) -> None:
        self._lookup = lookup
        self._issuer = issuer
        self._clock = clock

    def verify(self, header: str) -> Principal:
        """Return the client, or raise InvalidToken."""
        client_id, secret = _credentials(header)
        client = self._lookup(client_id)
        kept = client.secret_digest if client else None
        if not hmac.compare_digest(kept or _NOBODYS, digest_of(secret)) or client is None or kept is None:
            raise InvalidToken("client and secret do not go together")
        now = self._clock.now()
        return Principal(
            subject=client.id,
            issuer=self._issuer,
            client_id=client.id,
            scopes=client.scopes,
            user_id=None,
            is_embedded=True,
            token_id=None,
            issued_at=now,
            expires_at=now + _A_MOMENT,
        )


def _credentials(header: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(header[len(SCHEME) :].strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidToken("the Basic credentials are malformed") from None
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise InvalidToken("the Basic credentials are malformed")
    # RFC 6749 §2.3.1 has both parts form-encoded; ids and secrets of ours look the same either way.
    return unquote_plus(client_id), unquote_plus(secret)
