"""Access tokens and issuers for tests: good ones by default, and every part of them can be replaced."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from api.auth.cache import ExpiringCache
from api.auth.foreign import ForeignVerifier
from api.auth.issuer import EmbeddedVerifier, TokenIssuer
from api.auth.remote_keys import RemoteKeys
from api.auth.revocations import RevocationList
from api.auth.subjects import SubjectMapper
from api.auth.verifier import TokenVerifier
from providers.errors import OAuthUnavailable
from tests.factories.verification import MOMENT, FrozenClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from joserfc.jwk import Key

    from api.auth.introspection import Introspector
    from api.auth.verified import JwtVerifier

HERE = "https://id.example.com"
THERE = "https://login.example.org"
USER_ID = "0192f3c8-5a7e-7c61-9d20-9e4f0f2f6a11"

NOW = int(MOMENT.timestamp())
"""The test's moment as a NumericDate."""

OUR_KEY = ECKey.generate_key("P-256", parameters={"kid": "own-1", "alg": "ES256", "use": "sig"})
OUR_KEYS = KeySet([OUR_KEY])
THEIR_KEY = ECKey.generate_key("P-256", parameters={"kid": "their-1", "alg": "ES256", "use": "sig"})
RSA_KEY = RSAKey.generate_key(2048, parameters={"kid": "rsa-1"})
EDWARDS_KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "okp-1"})


def claims(**replaced: Any) -> dict[str, Any]:
    """Make the claims of a user's token from the embedded issuer; a value of None leaves a claim out."""
    values = {
        "iss": HERE,
        "aud": HERE,
        "sub": USER_ID,
        "client_id": "shop",
        "iat": NOW - 10,
        "exp": NOW + 600,
        "jti": "jti-1",
        "scope": "internal_login",
        **replaced,
    }
    return {name: value for name, value in values.items() if value is not None}


def foreign_claims(**replaced: Any) -> dict[str, Any]:
    """Make the claims of a user's token from the foreign issuer."""
    return claims(**{"iss": THERE, "sub": "their-bob", **replaced})


def signed(values: Mapping[str, Any], key: Key | None = None, algorithm: str = "ES256", **header: Any) -> str:
    """Sign claims, by default with the embedded issuer's key; a header of None leaves it out."""
    key = key or OUR_KEY
    full = {"alg": algorithm, "typ": "at+jwt", "kid": key.kid, **header}
    full = {name: value for name, value in full.items() if value is not None}
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jwt.encode(full, dict(values), key, registry=registry, default_type=None)


def signed_with_public_key(values: Mapping[str, Any]) -> str:
    """Sign with HMAC and the issuer's public key as the secret: the classic confusion of algorithms.

    The library refuses to do that, so it is done by hand.
    """
    signing_input = f"{segment({'alg': 'HS256', 'typ': 'at+jwt', 'kid': OUR_KEY.kid})}.{segment(dict(values))}"
    signature = hmac.digest(OUR_KEY.as_pem(), signing_input.encode(), "sha256")
    return f"{signing_input}.{segment(signature)}"


def unsigned(header: object, values: object, signature: str = "") -> str:
    """Put a token together as it stands."""
    return f"{segment(header)}.{segment(values)}.{signature}"


def segment(value: object) -> str:
    """Encode one part of a token: bytes and texts as they are, everything else as JSON."""
    if not isinstance(value, bytes):
        value = (value if isinstance(value, str) else json.dumps(value)).encode()
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def documents(issuer: str = THERE, *keys: Key) -> dict[str, Any]:
    """Make the discovery document and the key set of an issuer, by their URLs."""
    return {
        f"{issuer}/.well-known/openid-configuration": {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"},
        f"{issuer}/jwks": {"keys": [key.as_dict(private=False) for key in keys or (THEIR_KEY,)]},
    }


@dataclass
class MemoryOAuthHttp:
    """Answer from what a test has put in; a URL that is not there cannot be asked."""

    answers: dict[str, Any] = field(default_factory=documents)
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)

    def get_json(self, url: str) -> Any:
        """Return the answer at a URL."""
        self.asked.append(url)
        if url not in self.answers:
            raise OAuthUnavailable("the authorization server answered 404")
        return self.answers[url]

    def post_form(self, url: str, fields: Mapping[str, str], *, client_id: str, client_secret: str) -> Any:
        """Return the answer at a URL and remember what was posted."""
        self.posted.append({**fields, "client_id": client_id, "client_secret": client_secret})
        return self.get_json(url)


def no_revocations(_since: datetime) -> list[tuple[str, datetime, datetime, datetime | None]]:
    """Load no revocations."""
    return []


def no_users(_attribute: str, _value: str) -> list[str]:
    """Find no user."""
    return []


def token_issuer(clock: FrozenClock | None = None) -> TokenIssuer:
    """Make the embedded issuer."""
    return TokenIssuer(issuer=HERE, keys=OUR_KEYS, clock=clock or FrozenClock())


def token_verifier(
    *,
    clock: FrozenClock | None = None,
    http: MemoryOAuthHttp | None = None,
    introspector: Introspector | None = None,
    load: Callable[[datetime], list[tuple[str, datetime, datetime, datetime | None]]] = no_revocations,
    find: Callable[[str, str], list[str]] = no_users,
    issuers: Mapping[str, JwtVerifier] | None = None,
) -> TokenVerifier:
    """Make a verifier that trusts the embedded and one foreign issuer."""
    clock = clock or FrozenClock()
    keys = RemoteKeys(THERE, http or MemoryOAuthHttp())
    foreign = ForeignVerifier(issuer=THERE, audience=HERE, keys=keys, subject_claim="sub")
    return TokenVerifier(
        issuers=issuers or {HERE: EmbeddedVerifier(issuer=HERE, keys=OUR_KEYS), THERE: foreign},
        introspector=introspector,
        revocations=RevocationList(load, clock),
        subjects=SubjectMapper(find, "externalId"),
        clock=clock,
    )


def cache(capacity: int = 10) -> ExpiringCache[str, int]:
    """Make a small cache."""
    return ExpiringCache(capacity)
