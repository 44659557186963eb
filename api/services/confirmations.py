"""What somebody has confirmed, as a token: good for a while, and for exactly what was shown."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from api.services.errors import ConfirmationRefused
from verification.codes import Label

if TYPE_CHECKING:
    from datetime import datetime

    from verification.codes import KeyRing

LIFETIME = timedelta(minutes=10)
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Give out and check tokens; nothing is stored for them.

    `subject` tells what is confirmed apart from whatever else is signed with the same key.
    """

    ring: KeyRing
    subject: str

    def issue(self, content: object, now: datetime) -> str:
        """Return a token for content that was shown: any JSON value."""
        kid, expires = self.ring.first, int((now + LIFETIME).timestamp())
        return f"{kid}~{expires}~{self._mac(kid, expires, content)}"

    def require(self, token: str, content: object, now: datetime) -> None:
        """Let a token for this very content pass, or raise ConfirmationRefused."""
        parts = token.split("~")
        if len(parts) != _PARTS or parts[0] not in self.ring.kids or not parts[1].isdecimal():
            raise ConfirmationRefused
        kid, expires, mac = parts[0], int(parts[1][:12]), parts[2]
        is_same = hmac.compare_digest(mac.encode(), self._mac(kid, expires, content).encode())
        if not is_same or now.timestamp() >= expires:
            raise ConfirmationRefused

    def _mac(self, kid: str, expires: int, content: object) -> str:
        signed = orjson.dumps([self.subject, expires, content])
        return hmac.new(self.ring.key(kid, Label.LINK), signed, hashlib.sha256).hexdigest()
