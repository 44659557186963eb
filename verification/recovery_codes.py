"""Saved recovery codes: kept on paper for the day the other second factors are lost, good once each."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from verification.codes import ALPHANUMERICS, Label, normalise

if TYPE_CHECKING:
    from collections.abc import Callable

    from verification.codes import KeyRing

COUNT = 10
LENGTH = 16
"""Letters of one code: 76 bits, where NIST SP 800-63B-4 §4.2.1.1 asks for 64."""
_GROUP = 4


def new_codes(choose: Callable[[str], str] = secrets.choice) -> tuple[str, ...]:
    """Make a set of codes, as they are shown: in groups that the eye can hold."""
    return tuple(_grouped("".join(choose(ALPHANUMERICS) for _ in range(LENGTH))) for _ in range(COUNT))


def digest_of(ring: KeyRing, kid: str, user_id: str, code: str) -> str:
    """Return what a row keeps of a code.

    The key is not in the database, and a code has far more to it than can be tried; a slow hash would add nothing.
    """
    content = f"recovery-code\0{user_id}\0{normalise(code)}".encode("utf-8", "surrogatepass")
    return hmac.digest(ring.key(kid, Label.DIGEST), content, hashlib.sha256).hex()


def digests_of(ring: KeyRing, user_id: str, code: str) -> tuple[str, ...]:
    """Return the digests that a submitted code would have, one for each key; none where it is no code at all."""
    if len(normalise(code)) != LENGTH:
        return ()
    return tuple(digest_of(ring, kid, user_id, code) for kid in ring.kids)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
