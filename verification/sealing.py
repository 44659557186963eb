"""Secrets that have to be read again: sealed by AES-GCM under a key derived from a master key, each for one owner."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from verification.codes import Label
from verification.errors import SealBroken

if TYPE_CHECKING:
    from collections.abc import Callable

    from verification.codes import KeyRing

NONCE_BYTES = 12  # NIST SP 800-38D §8.2.2: random ones of 96 bits, for fewer secrets than 2^32 under one key
_BETWEEN = ":"


def seal(ring: KeyRing, secret: bytes, owner: str, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Return a secret under the first key, in a form that only its owner's row may hold."""
    nonce = random_bytes(NONCE_BYTES)
    sealed = AESGCM(ring.key(ring.first, Label.AT_REST)).encrypt(nonce, secret, owner.encode())
    return f"{ring.first}{_BETWEEN}{base64.b64encode(nonce + sealed).decode()}"


def unseal(ring: KeyRing, sealed: str, owner: str) -> bytes:
    """Return the secret.

    Raises:
        UnknownKey: its key is gone from the ring.
        SealBroken: it has been changed, or was sealed for another owner.
    """
    kid, _, encoded = sealed.partition(_BETWEEN)
    key = ring.key(kid, Label.AT_REST)
    try:
        content = base64.b64decode(encoded, validate=True)
        return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], owner.encode())
    except (InvalidTag, ValueError, binascii.Error):
        raise SealBroken from None


def is_under_first_key(ring: KeyRing, sealed: str) -> bool:
    """Tell whether it is sealed with the key that is used for what is new."""
    return sealed.partition(_BETWEEN)[0] == ring.first
