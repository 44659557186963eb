"""Taking a change of contact values back: by the link that the owner was sent, or by a privileged caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services import trail
from api.services.contact_attributes import BY_PURPOSE, CONTACTS, ContactAttributes
from api.services.contacts import with_contact, without_pending
from api.services.effects import Scene
from api.services.errors import NoSuchChange, NoSuchUser
from api.services.freshness import require_fresh
from api.services.notices import Owner, tell
from api.services.trail import Deed
from verification.decision import Contact
from verification.notices import ChangeStatus, token_digest
from verification.templates import Template

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.notices import ContactChange, Snapshot
    from verification.targets import Target

MOST_SHOWN = 100
"""Changes of one user that are shown, the newest."""


@dataclass(frozen=True, slots=True)
class RevertService:
    """Use cases of changes that can be taken back; the own ones by who has signed in no longer than `fresh` ago."""

    core: Core
    fresh: timedelta = timedelta(seconds=600)

    def offered(self, token: str) -> ContactChange:
        """Return the change that a link takes back, or raise NoSuchChange; nothing is written."""
        at = self.core.clock.now()
        change = self.core.database.read(lambda unit: unit.changes.find(token_digest(token)))
        return _open(change, at)

    def revert_by_link(self, token: str, caller: Caller) -> ContactChange:
        """Take the change back that a link is for.

        Raises:
            NoSuchChange: the link is unknown, used, too old, or an earlier change was taken back meanwhile.
        """
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> ContactChange:
            return self._revert(unit, _open(unit.changes.find(token_digest(token)), at), caller, at)

        return self._done(self.core.database.transact(write))

    def revert_own(self, change_id: str, user_id: str, caller: Caller) -> ContactChange:
        """Take a change of one's own account back, as its link would.

        Raises:
            NoSuchChange: it is none of this user's, or its link works no more.
            StaleAuthentication: the user signed in too long ago.
        """
        at = self.core.clock.now()
        require_fresh(caller, at, self.fresh)

        def write(unit: UnitOfWork) -> ContactChange:
            change = _open(unit.changes.lookup(change_id), at)
            if change.user_id != user_id:
                raise NoSuchChange
            return self._revert(unit, change, caller, at)

        return self._done(self.core.database.transact(write))

    def revert_for_another(self, change_id: str, caller: Caller) -> ContactChange:
        """Take a change back on behalf of its user, also when the link has expired; or raise NoSuchChange."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> ContactChange:
            change = unit.changes.lookup(change_id)
            if change is None:
                raise NoSuchChange
            return self._revert(unit, change, caller, at)

        return self._done(self.core.database.transact(write))

    def list_of(self, user_id: str) -> list[ContactChange]:
        """List the changes of a user, the newest first."""
        return self.core.database.read(lambda unit: unit.changes.list_of(user_id, MOST_SHOWN))

    def list_of_named(self, user: str) -> list[ContactChange]:
        """List the changes of a user who is given by id or userName; or raise NoSuchUser."""

        def read(unit: UnitOfWork) -> list[ContactChange] | None:
            found = unit.resources.lookup("User", user) or unit.resources.find("User", user)
            return None if found is None else unit.changes.list_of(found.id, MOST_SHOWN)

        found = self.core.database.read(read)
        if found is None:
            raise NoSuchUser("There is no such user.")
        return found

    def _done(self, change: ContactChange) -> ContactChange:
        self.core.wake()
        return change

    def _revert(self, unit: UnitOfWork, change: ContactChange, caller: Caller, at: datetime) -> ContactChange:
        # The user's row first, as everywhere: changes, checks and reverts of one user follow one another.
        user = unit.resources.lock("User", change.user_id)
        if user is None or change.status is not ChangeStatus.OPEN:
            raise NoSuchChange
        reverted = change.revert(at)
        # Single use: of several at once only one finds the change open.
        if not unit.changes.end(reverted):
            raise NoSuchChange
        # What came after it goes with it, and so do the links to come back to it: the first owner has the last word.
        unit.changes.supersede_later(reverted)
        scene = Scene(user.id, caller, at)
        for live in unit.verifications.list_live(user.id):
            scene.cancel(live, "change taken back")(unit)
        self._restore(unit, user, change, at)
        scene.revoke_tokens()(unit)
        trail.record(
            unit,
            Deed.CHANGE_REVERTED,
            caller,
            user.id,
            at,
            change_id=change.id,
            purpose=change.purpose,
            before=change.new,
            after=change.old,
        )
        return reverted

    def _restore(self, unit: UnitOfWork, user: StoredResource, change: ContactChange, at: datetime) -> None:
        document = user.document()
        for where in CONTACTS:
            document = without_pending(document, where)
        where = BY_PURPOSE[change.purpose]
        document = with_contact(document, where, self._contact(where, change.before), None, before=user.document())
        unit.resources.save(user, self.core.user_type, document, at)
        tell(self.core, unit, Owner(user.id, document, change.mails), Template.CHANGE_REVERTED, at)

    def _contact(self, where: ContactAttributes, snapshot: Snapshot) -> Contact:
        policy = self.core.policy

        def read(texts: Iterable[str]) -> tuple[Target, ...]:
            return tuple(where.kind.stored(text, policy) for text in texts)

        has_lists = where.kind.has_lists(policy)
        return Contact(
            primary=next(iter(read(filter(None, [snapshot.primary]))), None),
            listed=read(snapshot.listed) if has_lists else (),
            verified=read(snapshot.verified) if has_lists else (),
            is_primary_verified=snapshot.is_primary_verified,
        )


def _open(change: ContactChange | None, at: datetime) -> ContactChange:
    if change is None or not change.is_open(at):
        raise NoSuchChange
    return change
