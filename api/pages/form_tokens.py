"""The token in every form: it says that the form is ours and was given to this very browser.

A signed double submit: the token is a keyed hash over what the browser keeps in its cookies, so that neither another
site nor a cookie planted by one can make it. Each is salted, so that no two are alike and none can be guessed from the
length of compressed pages.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verification.codes import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from verification.codes import KeyRing

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Makes and checks the tokens of forms."""

    ring: KeyRing
    random_bytes: Callable[[int], bytes] = secrets.token_bytes

    def make(self, bound_to: str) -> str:
        """Return a new token for a browser that keeps this in its cookies."""
        salt = self.random_bytes(_SALT_BYTES)
        return base64.urlsafe_b64encode(salt + self._mac(self.ring.first, salt, bound_to)).decode()

    def is_good(self, token: str, bound_to: str) -> bool:
        """Tell whether a token was made for this browser, under any of the keys."""
        try:
            raw = base64.b64decode(token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return False
        salt, mac = raw[:_SALT_BYTES], raw[_SALT_BYTES:]
        macs = [self._mac(kid, salt, bound_to) for kid in self.ring.kids]
        return any(hmac.compare_digest(mac, expected) for expected in macs)

    def _mac(self, kid: str, salt: bytes, bound_to: str) -> bytes:
        return hmac.digest(self.ring.key(kid, Label.FORM), salt + bound_to.encode(), hashlib.sha256)
