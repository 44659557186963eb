"""Passwords that may be wrong: counted before they are looked at, so that parallel guesses cannot outrun the count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services.addresses import find_by_address
from api.services.sending import wait_for
from scim.folding import fold
from verification.errors import Limit, LimitReached
from verification.limits import Window
from verification.places import keyed, source_of

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.codes import KeyRing
    from verification.policy import Policy


@dataclass(frozen=True, slots=True)
class GuessRules:
    """How many wrong passwords there may be within a span, for one user and from one source; 0 is no limit."""

    span: timedelta = timedelta(seconds=900)
    per_user: int = 10
    per_source: int = 100


@dataclass(frozen=True, slots=True)
class Guess:
    """A password that is counted as wrong until it proves right.

    `user` is whom the name stands for, if anybody; `is_barred` tells that no password will do for now.
    """

    id: str
    at: datetime
    subjects: tuple[str, ...] = field(repr=False)
    user: StoredResource | None
    hashed: str | None = field(repr=False)
    is_barred: bool

    def take_back(self, unit: UnitOfWork) -> None:
        """Count it no longer: it was right."""
        for subject in self.subjects:
            unit.limits.remove(Limit.SIGN_IN, subject, self.at, self.id)


def count_guess(
    unit: UnitOfWork, name: str, rules: GuessRules, *, ring: KeyRing, policy: Policy, caller: Caller, at: datetime
) -> Guess:
    """Count a password for a name, and find whom the name stands for.

    What is counted by name and by source is told (429), whoever there is. What is counted by user is not: where
    two names stand for one user, that would tell it.

    Raises:
        LimitReached: there were too many for this name, or from this source.
    """
    user = unit.resources.find("User", name) or find_by_address(unit, name, policy)
    by_name = f"name:{keyed(ring, 'sign-in', fold(name))}"
    by_user = f"user:{user.id}" if user else f"nobody:{by_name}"
    by_source = f"source:{keyed(ring, 'source', source_of(caller.ip))}"
    stored = unit.passwords.lookup(user.id if user else by_user)
    subjects = (by_name, by_source, by_user)
    for subject in sorted(subjects):
        unit.limits.hold(subject)
    per_user = Window(Limit.SIGN_IN, rules.span, rules.per_user)
    per_source = Window(Limit.SIGN_IN, rules.span, rules.per_source)
    wait = max(wait_for(unit, per_user, by_name, at), wait_for(unit, per_source, by_source, at))
    if wait:
        raise LimitReached(Limit.SIGN_IN, wait)
    is_barred = wait_for(unit, per_user, by_user, at) > 0
    guess = Guess(new_id(), at, subjects, user, stored.hash if stored else None, is_barred)
    for subject in subjects:
        unit.limits.add(Limit.SIGN_IN, subject, at, guess.id)
    return guess
