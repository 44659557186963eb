"""Identifiers made by the service itself, so that a retried transaction writes the same rows."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

# RFC 9562 §5.7: 48 bits of milliseconds, version 7, variant 10.
_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def new_resource_id(now: datetime) -> str:
    """Return a UUIDv7 (RFC 9562 §5.7): ids grow with time, so indexes stay dense and lists keep creation order."""
    milliseconds = int(now.timestamp() * 1000)
    return str(
        uuid.UUID(int=milliseconds << 80 | _VERSION_7 | secrets.randbits(12) << 64 | _VARIANT | secrets.randbits(62))
    )


def new_id() -> str:
    """Return a random UUIDv4, for rows whose id must tell nothing and not be guessed."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
