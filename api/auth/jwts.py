"""JSON Web Tokens: looking before the signature is checked, and checking it (RFC 7515, RFC 9068 §4)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from api.auth.errors import InvalidToken

if TYPE_CHECKING:
    from joserfc.jwk import Key

MAX_TOKEN = 8192
"""Characters of the longest token that is read; header lines end there for most proxies, too."""
EMBEDDED_ALGORITHMS = ("ES256",)
FOREIGN_ALGORITHMS = ("ES256", "RS256", "PS256", "EdDSA", "Ed25519")
"""Asymmetric ones only: a public key can then never be taken for a shared secret. RFC 9864 renames EdDSA."""

_ACCESS_TOKEN_TYPES = frozenset({"at+jwt", "application/at+jwt"})
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """What a JWT says of itself before anything is proved: good for finding the key, and for nothing else."""

    text: str = field(repr=False)
    algorithm: str
    type: str
    kid: str | None
    issuer: str


def peek(token: str) -> UnverifiedToken | None:
    """Read a token without trusting it; None where it is no JWT but an opaque token.

    Raises:
        InvalidToken: it has the header of a JWT, but is none that can be used.
    """
    parts = _COMPACT.fullmatch(token)
    header = _json_object(parts[1]) if parts else None
    if parts is None or header is None:
        return None
    claims = _json_object(parts[2]) or {}
    algorithm, kid, issuer, kind = header.get("alg"), header.get("kid"), claims.get("iss"), header.get("typ", "")
    if not (isinstance(algorithm, str) and isinstance(issuer, str) and isinstance(kind, str)):
        raise InvalidToken("its header or its claims are incomplete")
    if not isinstance(kid, str | None):
        raise InvalidToken("its key id is not a text")
    # RFC 7515 §4.1.11: extensions nobody here understands must not be ignored.
    if "crit" in header or "b64" in header:
        raise InvalidToken("it uses extensions that are not understood")
    return UnverifiedToken(text=token, algorithm=algorithm, type=kind, kid=kid, issuer=issuer)


def require_access_token(token: UnverifiedToken, algorithms: tuple[str, ...]) -> None:
    """Refuse what is not an access token by type (an ID token, say) or not signed by an allowed algorithm.

    Raises:
        InvalidToken: RFC 9068 §4: the type is not at+jwt, or the algorithm is not one of the list.
    """
    if token.type.lower() not in _ACCESS_TOKEN_TYPES:
        raise InvalidToken("its type is not at+jwt")
    if token.algorithm not in algorithms:
        raise InvalidToken("its algorithm is not allowed")


def fits(key: Key, algorithm: str) -> bool:
    """Tell whether a key may verify signatures of an algorithm (type, curve, `use` and `alg` of the key)."""
    try:
        JWSRegistry.algorithms[algorithm].check_key(key)
    except JoseError:
        return False
    return True


def verified_claims(token: UnverifiedToken, key: Key) -> dict[str, Any]:
    """Return the claims of a token whose signature this key proves.

    Raises:
        InvalidToken: the signature is not by this key, or the token is malformed.
    """
    try:
        return jwt.decode(token.text, key, registry=_REGISTRY).claims
    except (JoseError, ValueError, RecursionError) as error:
        raise InvalidToken("its signature does not hold") from error


class _AsymmetricAlgorithms(JWSRegistry):
    """Allow exactly the algorithms of the list, without the library's warning about EdDSA at each token."""

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - the library does not export the type
        if name not in FOREIGN_ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


# RFC 7515 §4: header parameters that are not understood are ignored.
_REGISTRY = _AsymmetricAlgorithms(strict_check_header=False)


def _json_object(segment: str) -> dict[str, Any] | None:
    try:
        value = orjson.loads(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
