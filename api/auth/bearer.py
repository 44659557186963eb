"""The Authorization header of a request (RFC 6750 §2.1, the only place where a token is looked for)."""

from __future__ import annotations

from api.auth.errors import InvalidToken, NotAuthenticated

_SCHEME = "bearer"


def bearer_token(authorization: str | None) -> str:
    """Return the access token of an Authorization header.

    Raises:
        NotAuthenticated: there is no header, or it is of another scheme.
        InvalidToken: it is of the Bearer scheme but does not hold exactly one token.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    # RFC 9110 §11.1: the name of a scheme is compared without case.
    if scheme.lower() != _SCHEME:
        raise NotAuthenticated
    token = token.strip()
    if not token or " " in token:
        raise InvalidToken("the Authorization header does not hold one token")
    return token
