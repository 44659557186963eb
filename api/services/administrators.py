"""Users who may open the Console, and what each of them may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.scopes import ALL_SCOPES
from api.services import trail
from api.services.errors import NoSuchUser, UseCaseError
from api.services.freshness import require_fresh
from api.services.trail import Deed

if TYPE_CHECKING:
    from datetime import timedelta

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

EVERYTHING = frozenset({"*"})
"""How all scopes are kept: who may do everything may do what a later release adds, too."""


class ScopeUnknown(UseCaseError):
    """There is no such scope."""

    code = "SCOPE_UNKNOWN"


class OwnRights(UseCaseError):
    """Nobody changes the own rights: ask another administrator, or the operator."""

    code = "OWN_RIGHTS"


class LastAdministrator(UseCaseError):
    """Nobody else may do everything: give somebody all scopes first, or ask the operator."""

    code = "LAST_ADMINISTRATOR"


@dataclass(frozen=True, slots=True)
class Administrator:
    """A user with what they may do; without any scope it is a user like others."""

    user_id: str
    user_name: str
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AdministratorService:
    """Use cases of administrators. A user who changes others has signed in no longer than `fresh` ago."""

    core: Core
    fresh: timedelta

    def lookup(self, user_id: str) -> Administrator:
        """Return a user as an administrator, or raise NoSuchUser."""

        def read(unit: UnitOfWork) -> Administrator:
            user = unit.resources.lookup("User", user_id)
            if user is None:
                raise NoSuchUser("There is no such user.")
            return Administrator(user_id, user.document()["userName"], _known(unit.administrators.lookup(user_id)))

        return self.core.database.read(read)

    def holds(self, user_id: str, scopes: frozenset[str]) -> bool:
        """Tell whether a user is there, is active, and holds all these scopes."""

        def read(unit: UnitOfWork) -> bool:
            user = unit.resources.lookup("User", user_id)
            is_active = user is not None and user.document().get("active") is not False
            return is_active and scopes <= _known(unit.administrators.lookup(user_id))

        return self.core.database.read(read)

    def set_scopes(self, user_id: str, scopes: frozenset[str], caller: Caller) -> None:
        """Give a user these scopes in the place of those before; none makes an administrator a user like others.

        Raises:
            ScopeUnknown, NoSuchUser: there is no such scope, or user.
            OwnRights, StaleAuthentication: the caller may not do so, or has to sign in again first.
            LastAdministrator: nobody would be left who may do everything; the operator may have it so.
        """
        unknown = sorted(scopes - ALL_SCOPES)
        if unknown:
            raise ScopeUnknown(f"There is no scope {' '.join(unknown)}.")
        at = self.core.clock.now()
        is_by_user = caller.user_id is not None
        if is_by_user:
            if caller.user_id == user_id:
                raise OwnRights
            require_fresh(caller, at, self.fresh)
        kept = EVERYTHING if scopes == ALL_SCOPES else scopes

        def write(unit: UnitOfWork) -> None:
            if unit.resources.lock("User", user_id) is None:
                raise NoSuchUser("There is no such user.")
            # Two who take each other's rights at once follow one another here.
            if is_by_user and kept != EVERYTHING and unit.administrators.lock_holders(EVERYTHING) == {user_id}:
                raise LastAdministrator
            if kept:
                unit.administrators.save(user_id, kept, at)
            else:
                unit.administrators.remove(user_id)
            trail.record(unit, Deed.ADMINISTRATOR_CHANGED, caller, user_id, at, scopes=" ".join(sorted(kept)) or "none")

        self.core.database.transact(write)


def _known(kept: frozenset[str]) -> frozenset[str]:
    """Return the scopes of a row; one that an older release knew is worth nothing."""
    return ALL_SCOPES if kept == EVERYTHING else kept & ALL_SCOPES
