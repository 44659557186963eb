"""Passwords: setting them, and checking them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from api.auth.revocations import spared
from api.loading import load
from api.services.trail import Deed
from verification.passwords import LONGEST, normalise, require_good

if TYPE_CHECKING:
    from api.services.changes import Document, Effect
    from api.services.effects import Scene
    from api.services.password_hashes import PasswordHashes
    from persistence.unit_of_work import UnitOfWork
    from verification.passwords import PasswordRules


@dataclass(frozen=True, slots=True)
class PasswordService:
    """What is done with passwords; the use cases that do it are others."""

    rules: PasswordRules

    def hash_of(self, password: str, document: Document) -> str:
        """Return the hash of a new password of a user.

        Raises:
            PasswordRefused: it is not good enough.
        """
        return _hashes().make(self.require_good(password, document))

    def require_good(self, password: str, document: Document) -> str:
        """Return a new password of a user as it is to be hashed.

        Raises:
            PasswordRefused: it is not good enough.
        """
        plain = normalise(password)
        require_good(plain, _context(document), self.rules)
        return plain

    def is_password(self, hashed: str | None, password: str) -> bool:
        """Tell whether this is the password of a hash; where there is none, it takes as long to say no."""
        # What is longer than any password is none, and is not worth hashing whole.
        return _hashes().is_password(hashed, normalise(password[: LONGEST + 1]))

    def rehashed(self, hashed: str, password: str) -> str | None:
        """Return a new hash where the one of a right password was made with other parameters, else None."""
        return _hashes().make(normalise(password)) if _hashes().is_outdated(hashed) else None


def keeping(scene: Scene, hashed: str) -> tuple[Effect, ...]:
    """Return what is written when a user gets a password."""

    def write(unit: UnitOfWork) -> None:
        unit.passwords.save(scene.subject_id, hashed, scene.at)
        # Who has a password needs no invitation to set one.
        unit.invitations.end(scene.subject_id)

    return (write, scene.record(Deed.PASSWORD_CHANGED))


def changing(scene: Scene, hashed: str) -> tuple[Effect, ...]:
    """Return what is written when a user gets another password: who was signed in with the old one is so no longer.

    The token that the user sent with this very request goes on.
    """
    return (*keeping(scene, hashed), scene.revoke_tokens(), partial(_spare, scene))


def _spare(scene: Scene, unit: UnitOfWork) -> None:
    token = scene.caller.token
    if token is not None and scene.caller.user_id == scene.subject_id:
        unit.revocations.add(spared(token.id), scene.at, scene.at, token.expires_at)


def _context(document: Document) -> tuple[str, ...]:
    """Return what a guesser would try first for this user."""
    addresses = [str(element.get("value", "")) for element in document.get("emails", ())]
    name: dict[str, Any] = document.get("name", {})
    texts = (document.get("userName"), name.get("givenName"), name.get("familyName"), *addresses)
    return tuple(text for text in texts if text)


@cache
def _hashes() -> PasswordHashes:
    hashes: PasswordHashes = load("api.services.password_hashes:PasswordHashes")()
    return hashes
