"""Secrets that are made here, handed out once, and kept as a digest only.

They are 256 random bits, so nobody finds one by trying: a plain SHA-256 is all the protection a row needs. A slow hash
protects what people choose; a key would end with its rotation what has nothing to do with it.
"""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_secret() -> str:
    """Return a new secret of 256 random bits, in the alphabet of URLs."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    """Return what a row keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
