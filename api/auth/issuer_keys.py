"""The signing keys of the embedded issuer: a private JWK set (RFC 7517 §5)."""

from __future__ import annotations

import json
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

_CURVE = "P-256"
_ALGORITHM = "ES256"


class InvalidIssuerKeys(ValueError):
    """The issuer's keys are not a JWK set of private EC keys on P-256."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.__doc__)


def parse_issuer_keys(text: str) -> KeySet:
    """Read a JWK set whose first key signs, and all of whose keys verify; each needs a `kid` of its own.

    Raises:
        InvalidIssuerKeys: it is not such a set. The keys themselves are never told.
    """
    try:
        keys = [_signing_key(member) for member in json.loads(text)["keys"]]
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise InvalidIssuerKeys from None
    if not keys or len({key.kid for key in keys}) < len(keys):
        raise InvalidIssuerKeys("The issuer's keys must be one or more, each with a kid of its own.")
    return KeySet([*keys])


def generate_issuer_keys() -> str:
    """Return a new JWK set of one key, as the secret text that `parse_issuer_keys` reads."""
    key = ECKey.generate_key(_CURVE, parameters={"use": "sig", "alg": _ALGORITHM}, auto_kid=True)
    return json.dumps({"keys": [key.as_dict(private=True)]})


def _signing_key(member: dict[str, Any]) -> ECKey:
    key = ECKey.import_key(member)
    key.check_alg(_ALGORITHM)
    key.check_use("sig")
    if not (key.is_private and key.curve_name == _CURVE and key.kid):
        raise InvalidIssuerKeys
    return key
