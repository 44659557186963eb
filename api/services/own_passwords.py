"""Another password, set by its user: the old one is proved once more, though the user is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.changes import Draft
from api.services.contact_attributes import PASSWORD
from api.services.errors import NoSuchUser, UseCaseError
from api.services.freshness import require_fresh
from api.services.guesses import count_guess

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Document
    from api.services.core import Core
    from api.services.guesses import Guess, GuessRules
    from api.services.passwords import PasswordService
    from api.services.resources import ResourceService
    from persistence.unit_of_work import UnitOfWork

_INSTANT = timedelta(milliseconds=1)


class PasswordWrong(UseCaseError):
    """The present password is another one."""

    code = "PASSWORD_WRONG"


@dataclass(frozen=True, slots=True)
class OwnPasswordService:
    """The use case of another password. Whoever sets one has signed in no longer than `fresh` ago."""

    core: Core
    passwords: PasswordService
    users: ResourceService
    guesses: GuessRules
    fresh: timedelta

    def change(self, user_id: str, old: str, new: str, caller: Caller) -> datetime:
        """Set another password; all sessions and tokens end. Return from when on new ones are good.

        Raises:
            StaleAuthentication: the user signed in too long ago.
            PasswordWrong: the old one is another one, and that is counted as in a sign-in.
            LimitReached: there were too many wrong ones.
            InvalidValue: the new one is not good enough.
        """
        at = self.core.clock.now()
        require_fresh(caller, at, self.fresh)
        guess = self.core.database.transact(lambda unit: self._count(unit, user_id, caller, at))
        # No transaction is open meanwhile: this is meant to take its time.
        if not self.passwords.is_password(guess.hashed, old) or guess.is_barred:
            raise PasswordWrong
        self.core.database.transact(guess.take_back)

        def work(document: Document) -> Draft:
            return Draft({**document, PASSWORD: new})

        self.users.amend(user_id, work, caller)
        return self.core.clock.now() + _INSTANT

    def _count(self, unit: UnitOfWork, user_id: str, caller: Caller, at: datetime) -> Guess:
        user = unit.resources.lookup("User", user_id)
        if user is None:
            raise NoSuchUser
        name = str(user.document()["userName"])
        return count_guess(unit, name, self.guesses, ring=self.core.keys, policy=self.core.policy, caller=caller, at=at)
