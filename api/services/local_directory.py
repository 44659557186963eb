"""Our own directory, as a reset sees it: each act is a transaction of its own, under the lock of the user's row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services import trail
from api.services.access_passes import issue_pass
from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import pending_value, stored_contact, with_contact
from api.services.trail import Deed
from api.services.user_methods import MOBILE_ID, UserMethod, methods_of
from verification.errors import MethodGone, MethodRefused, UserAmbiguous, UserNotFound
from verification.method_rules import refusal_to_remove
from verification.methods import DirectoryUser, MethodKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.methods import Method, TemporaryAccessPass

LOCAL = "local"
PASS_LIFETIME = timedelta(hours=1)
USER = "User"


@dataclass(frozen=True, slots=True)
class LocalDirectory:
    """The directory for one reset on behalf of a caller."""

    core: Core
    caller: Caller

    def find(self, name: str) -> DirectoryUser:
        """Return the user of that id, userName or e-mail address."""
        found = self.core.database.read(lambda unit: find_user(unit, name))
        document = found.document()
        emails = [str(email.get("value", "")) for email in document.get("emails", ())]
        return DirectoryUser(found.id, document["userName"], emails[0] if emails else None)

    def methods(self, user: DirectoryUser) -> tuple[Method, ...]:
        """Return every method of a user."""

        def read(unit: UnitOfWork) -> tuple[Method, ...]:
            stored = unit.resources.lookup(USER, user.id)
            if stored is None:
                raise UserNotFound
            return tuple(item.method for item in methods_of(unit, stored, self.core))

        return self.core.database.read(read)

    def remove(self, user: DirectoryUser, method: Method) -> None:
        """Remove a method."""
        at = self.core.clock.now()
        self.core.database.transact(lambda unit: remove_method(unit, self.core, user.id, method, self.caller, at))

    def revoke_sessions(self, user: DirectoryUser) -> None:
        """End the user's tokens and sessions."""
        at = self.core.clock.now()
        self.core.database.transact(lambda unit: revoke_sessions(unit, user.id, self.caller, at))

    def issue_pass(self, user: DirectoryUser) -> TemporaryAccessPass:
        """Give out a pass that is good once."""
        at = self.core.clock.now()
        _, issued = issue_pass(self.core, user.id, self.caller, at, lifetime=PASS_LIFETIME, is_usable_once=True)
        return issued


def find_user(unit: UnitOfWork, name: str) -> StoredResource:
    """Return the user of that id, userName or e-mail address.

    Raises:
        UserNotFound, UserAmbiguous: it is nobody's, or that of several.
    """
    user = unit.resources.lookup(USER, name) or unit.resources.find(USER, name)
    if user is not None:
        return user
    found = unit.resources.find_by_value(USER, "emails", name)
    if len(found) > 1:
        raise UserAmbiguous
    if not found:
        raise UserNotFound
    return found[0]


def revoke_sessions(unit: UnitOfWork, user_id: str, caller: Caller, at: datetime) -> None:
    """End the tokens and sessions of a user."""
    unit.revocations.add(user_id, at, at)
    trail.record(unit, Deed.SESSIONS_REVOKED, caller, user_id, at)


def remove_method(unit: UnitOfWork, core: Core, user_id: str, method: Method, caller: Caller, at: datetime) -> None:
    """Remove a method of a user of ours.

    Raises:
        UserNotFound, MethodGone: there is no such user or method.
        MethodRefused: another method has to go first.
    """
    user = unit.resources.lock(USER, user_id)
    if user is None:
        raise UserNotFound
    present = methods_of(unit, user, core)
    item = next((item for item in present if _is_same(item.method, method)), None)
    if item is None:
        raise MethodGone
    refusal = refusal_to_remove(item.method, [other.method for other in present])
    if refusal is not None:
        raise MethodRefused(refusal)
    _REMOVALS.get(item.method.kind, _remove_record)(unit, core, user, item, at)
    trail.record(unit, Deed.METHOD_REMOVED, caller, user_id, at, kind=item.method.kind, label=item.method.label)


def _remove_phone(unit: UnitOfWork, core: Core, user: StoredResource, item: UserMethod, at: datetime) -> None:
    if item.record is not None:
        _remove_record(unit, core, user, item, at)
    if item.method.id != MOBILE_ID:
        return
    # The number stays the user's contact; what goes is its part as a factor, and the mark that it is verified.
    document = user.document()
    contact = stored_contact(document, MOBILE_NUMBERS, core.policy)
    verified = tuple(target for target in contact.verified if target != contact.primary)
    contact = replace(contact, verified=verified, is_primary_verified=False)
    pending = pending_value(document, MOBILE_NUMBERS)
    unit.resources.save(
        user, core.user_type, with_contact(document, MOBILE_NUMBERS, contact, pending, before=document), at
    )


def _remove_record(unit: UnitOfWork, core: Core, user: StoredResource, item: UserMethod, at: datetime) -> None:
    del core, at
    unit.methods.remove(user.id, item.method.kind, item.method.id)


def _remove_authenticator(unit: UnitOfWork, core: Core, user: StoredResource, item: UserMethod, at: datetime) -> None:
    del core, item, at
    unit.factors.remove_authenticator(user.id)


def _remove_codes(unit: UnitOfWork, core: Core, user: StoredResource, item: UserMethod, at: datetime) -> None:
    del core, item
    unit.factors.replace_codes(user.id, (), at)


_REMOVALS: dict[MethodKind, Callable[[UnitOfWork, Core, StoredResource, UserMethod, datetime], None]] = {
    MethodKind.PHONE: _remove_phone,
    MethodKind.SOFTWARE_OATH: _remove_authenticator,
    MethodKind.RECOVERY_CODES: _remove_codes,
}


def _is_same(one: Method, other: Method) -> bool:
    return (one.kind, one.id) == (other.kind, other.id)
