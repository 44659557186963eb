"""The keys of a foreign issuer: found by discovery, kept, and read again when an unknown one turns up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from api.auth.errors import InvalidToken, IssuerUnavailable
from api.auth.jwts import fits
from providers.errors import OAuthUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joserfc.jwk import Key

    from api.auth.ports import OAuthHttp

REFRESH_AFTER = timedelta(minutes=5)
"""A key the issuer has withdrawn is good for at most this long, as is a token verified by it."""
MISS_INTERVAL = timedelta(seconds=30)
"""Unknown key ids make us ask the issuer at most this often: anybody can make one up."""
RETRY_INTERVAL = timedelta(seconds=5)
"""How long an issuer that could not be asked is left alone."""

_DISCOVERY = "/.well-known/openid-configuration"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_WAIT_FOR_OTHERS = 5.0
_MAX_KEYS = 100
_SHORTEST_RSA_MODULUS = 342  # base64url characters of 2,048 bits: RFC 7518 §3.3 asks for no less


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the last visits to the issuer brought; replaced as a whole, so that readers need no lock."""

    keys: tuple[Key, ...] = ()
    read_at: datetime = _NEVER
    failed_at: datetime = _NEVER

    def key(self, kid: str | None, algorithm: str) -> Key | None:
        """Return the one key for a token; a token without `kid` may only mean a sole candidate."""
        candidates = [key for key in self.keys if kid in (key.kid, None) and fits(key, algorithm)]
        return candidates[0] if len(candidates) == 1 else None


class RemoteKeys:
    """Find the key that a foreign issuer's token names."""

    def __init__(self, issuer: str, http: OAuthHttp) -> None:
        self._issuer = issuer
        self._http = http
        self._reading = _Reading()
        self._lock = Lock()

    def find(self, kid: str | None, algorithm: str, now: datetime) -> Key:
        """Return the issuer's key for a key id and an algorithm.

        Raises:
            InvalidToken: the issuer has no such key.
            IssuerUnavailable: the issuer cannot be asked whether it has.
        """
        key = self._reading.key(kid, algorithm)
        if key is not None and now - self._reading.read_at < REFRESH_AFTER:
            return key
        self._refresh(now, may_wait=key is None)
        # While the issuer cannot be asked, what it said last goes on counting.
        key = self._reading.key(kid, algorithm)
        if key is not None:
            return key
        if self._reading.failed_at >= self._reading.read_at:
            raise IssuerUnavailable(RETRY_INTERVAL)
        raise InvalidToken("its key is unknown to its issuer")

    def _refresh(self, now: datetime, *, may_wait: bool) -> None:
        if not self._lock.acquire(timeout=_WAIT_FOR_OTHERS if may_wait else 0):
            return
        try:
            last = self._reading
            if now - last.failed_at < RETRY_INTERVAL or now - last.read_at < MISS_INTERVAL:
                return
            self._reading = self._read(last, now)
        finally:
            self._lock.release()

    def _read(self, last: _Reading, now: datetime) -> _Reading:
        try:
            document = self._http.get_json(self._issuer.removesuffix("/") + _DISCOVERY)
            keys = _usable_keys(self._http.get_json(_keys_url(document, self._issuer)))
        except OAuthUnavailable:
            return _Reading(last.keys, last.read_at, failed_at=now)
        return _Reading(keys, read_at=now)


def _keys_url(document: Any, issuer: str) -> str:  # noqa: ANN401 - a JSON value of any type
    # OpenID Connect Discovery §4.3: the issuer of the document must be exactly the one asked for.
    if not isinstance(document, dict) or document.get("issuer") != issuer:
        raise OAuthUnavailable("the discovery document is of another issuer")
    url = document.get("jwks_uri")
    scheme = issuer.partition(":")[0]
    if not isinstance(url, str) or not url.startswith((f"{scheme}://", "https://")):
        raise OAuthUnavailable("the discovery document names no usable key set")
    return url


def _usable_keys(document: Any) -> tuple[Key, ...]:  # noqa: ANN401 - a JSON value of any type
    found = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise OAuthUnavailable("the key set is malformed")
    return tuple(key for member in found[:_MAX_KEYS] for key in _usable_key(member))


def _usable_key(member: Any) -> Sequence[Key]:  # noqa: ANN401 - a JSON value of any type
    # RFC 7517 §5: keys that are not understood are passed over. A symmetric key has no place in a public set.
    if not isinstance(member, dict) or member.get("kty") not in {"EC", "RSA", "OKP"}:
        return ()
    if member["kty"] == "RSA" and len(str(member.get("n", ""))) < _SHORTEST_RSA_MODULUS:
        return ()
    try:
        return (JWKRegistry.import_key(member),)
    except (JoseError, ValueError, TypeError, KeyError):
        return ()
