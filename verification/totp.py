"""Authenticators: codes that follow from a shared secret and the time (RFC 6238)."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

import pyotp

from verification.codes import is_same, normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SECRET_BYTES = 20  # RFC 4226 §4 R6 recommends 160 bits
STEP_SECONDS = 30  # RFC 6238 §4.1: the default, and all that some authenticators know
DRIFT = 1  # RFC 6238 §5.2: one step of delay at most; a clock may be as much ahead
NEVER = -1
"""The last accepted step of an authenticator whose codes have not been used."""


def new_secret(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Make the secret of an authenticator."""
    return random_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as people type it: base32."""
    return base64.b32encode(secret).decode()


def uri_of(secret: bytes, name: str, issuer: str) -> str:
    """Return the otpauth URI of a secret, which an authenticator reads from a QR code."""
    return pyotp.TOTP(shown(secret)).provisioning_uri(name=name, issuer_name=issuer)


def matching_step(secret: bytes, submitted: str, at: datetime, last_step: int) -> int | None:
    """Return the step whose code was submitted, None where there is none.

    RFC 6238 §5.2: a code is accepted once; those of the last accepted step and before are none any more.
    """
    codes = pyotp.HOTP(shown(secret))
    now = int(at.timestamp()) // STEP_SECONDS
    code = normalise(submitted)
    # All are compared, so that the time taken tells nothing of which it is.
    found = [step for step in range(now - DRIFT, now + DRIFT + 1) if is_same(codes.at(step), code)]
    return next((step for step in found if step > last_step), None)
