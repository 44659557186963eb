"""Hashes of passwords by argon2id (RFC 9106). Loaded with the first password: most processes never see one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
"""The first choice of the OWASP cheat sheet on password storage. A hash takes some 30 ms of one core and 19 MiB, so
that eight threads at once stay far from the memory of a small machine; RFC 9106's second choice (64 MiB, three passes,
four lanes) would take half a gigabyte. Raise them here: a hash made with less is made anew at the next sign-in."""
SALT_BYTES = 16


class PasswordHashes:
    """Make and check hashes."""

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
        self._random_bytes = random_bytes
        # Of a password nobody has: to check it takes as long as to check a real one.
        self._of_nobody = self.make(random_bytes(SALT_BYTES).hex())

    def make(self, password: str) -> str:
        """Return the hash of a password, with its parameters and a new salt."""
        return self._hasher.hash(_bytes(password), salt=self._random_bytes(SALT_BYTES))

    def is_password(self, hashed: str | None, password: str) -> bool:
        """Tell whether this is the password of a hash; where there is no hash it takes as long to say no."""
        try:
            self._hasher.verify(hashed or self._of_nobody, _bytes(password))
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(hashed)


def _bytes(password: str) -> bytes:
    # JSON may hold half of a surrogate pair; it is no character, but no fault of this service either.
    return password.encode("utf-8", "surrogatepass")
