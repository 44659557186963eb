"""The claims of an access token, of a JWT or of an introspection answer (RFC 9068 §2.2, RFC 7662 §2.2)."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from api.auth.errors import InvalidToken

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Claims = dict[str, Any]

CLOCK_SKEW = timedelta(seconds=30)
"""How far an issuer's clock may run ahead of ours: the leeway of `iat` and `nbf`. `exp` is taken as it stands."""


def check_audience(claims: Mapping[str, Any], accepted: Collection[str]) -> None:
    """Require that one of our names is in `aud`, a string or a list (RFC 7519 §4.1.3)."""
    audience = claims.get("aud")
    names = audience if isinstance(audience, list) else [audience]
    if not any(isinstance(name, str) and name in accepted for name in names):
        raise InvalidToken("it is meant for another audience")


def check_times(claims: Mapping[str, Any], now: datetime) -> None:
    """Require that the token is valid already and still; a time that is absent is not checked."""
    expires_at, not_before, issued_at = (moment(claims, name) for name in ("exp", "nbf", "iat"))
    if expires_at is not None and now >= expires_at:
        raise InvalidToken("it has expired")
    if not_before is not None and not_before > now + CLOCK_SKEW:
        raise InvalidToken("it is not valid yet")
    if issued_at is not None and issued_at > now + CLOCK_SKEW:
        raise InvalidToken("it was issued in the future")


def moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    """Return a NumericDate claim (RFC 7519 §2) as a moment, None where it is absent."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidToken(f"its {name} is not a time")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidToken(f"its {name} is not a time") from error


def required_moment(claims: Mapping[str, Any], name: str) -> datetime:
    """Return a NumericDate claim that must be there."""
    value = moment(claims, name)
    if value is None:
        raise InvalidToken(f"it has no {name}")
    return value


def text(claims: Mapping[str, Any], name: str) -> str | None:
    """Return a claim that is a text with something in it, else None."""
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def required_text(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim that must be a text with something in it."""
    value = text(claims, name)
    if value is None:
        raise InvalidToken(f"it has no {name}")
    return value


def scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes: `scope` (RFC 8693 §4.2), or `scp` as some issuers call it; a string or a list of them."""
    value = claims.get("scope", claims.get("scp"))
    if isinstance(value, str):
        return frozenset(value.split())
    if isinstance(value, list):
        return frozenset(item for item in value if isinstance(item, str))
    return frozenset()
