"""The authentication methods of our users, one by one: seen, added, changed and removed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services import trail
from api.services.access_passes import issue_pass
from api.services.changes import Draft
from api.services.contact_attributes import EXTENSION, MOBILE_NUMBERS
from api.services.freshness import require_fresh
from api.services.local_directory import find_user, remove_method, revoke_sessions
from api.services.notices import Owner, tell
from api.services.trail import Deed
from api.services.user_methods import MOBILE_ID, methods_of
from persistence.methods import MethodRecord
from verification.addresses import read_address
from verification.decision import Actor
from verification.errors import MethodGone, MethodRefused, UserNotFound
from verification.graph_ids import EMAIL_ID, PHONE_IDS
from verification.method_rules import refusal_to_add_phone
from verification.methods import Method, MethodKind, PhoneType
from verification.targets import Target
from verification.templates import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Document
    from api.services.core import Core
    from api.services.resources import ResourceService
    from api.services.user_methods import UserMethod
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.methods import TemporaryAccessPass

    Refusal = Callable[[Sequence[Method]], str | None]

USER = "User"
ONE_ADDRESS = "An e-mail address is there already."
_STANDING_IN = frozenset({MethodKind.PHONE, MethodKind.SOFTWARE_OATH})
"""The factors of a sign-in that recovery codes stand in for."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A temporary access pass as it is asked for."""

    lifetime: timedelta
    is_usable_once: bool = False
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MethodService:
    """The use cases; `users` are those of users, whose mobile phone is their primary mobile number.

    Users who act on themselves have signed in no longer than `fresh` ago, and prove their number as anywhere else.
    What others register is stored as it is: unverified, or verified where the caller is a witness.
    """

    core: Core
    users: ResourceService
    fresh: timedelta = field(default=timedelta(seconds=600))

    def find(self, name: str) -> StoredResource:
        """Return the user of that id, userName or e-mail address; raise UserNotFound or UserAmbiguous."""
        return self.core.database.read(lambda unit: find_user(unit, name))

    def find_all(self, names: tuple[tuple[str, str], ...]) -> tuple[StoredResource, ...]:
        """Return every user who is one of these: each is an attribute, `userName` or `emails`, and a value."""

        def read(unit: UnitOfWork) -> tuple[StoredResource, ...]:
            found = {user.id: user for attribute, value in names for user in _holders(unit, attribute, value)}
            return tuple(found.values())

        return self.core.database.read(read)

    def list(self, name: str) -> tuple[StoredResource, tuple[UserMethod, ...]]:
        """Return a user and every method of that user."""

        def read(unit: UnitOfWork) -> tuple[StoredResource, tuple[UserMethod, ...]]:
            user = find_user(unit, name)
            return user, methods_of(unit, user, self.core)

        return self.core.database.read(read)

    def remove(self, user_id: str, kind: MethodKind, method_id: str, caller: Caller) -> None:
        """Remove a method; with the last factor of a sign-in go the recovery codes, which stand in for it.

        Raises:
            MethodGone, MethodRefused: it is not there, or has to stay for now.
        """
        at = self._moment(user_id, caller)
        self.core.database.transact(
            lambda unit: self._remove(unit, user_id, Method(kind, method_id), caller=caller, at=at)
        )
        self.core.wake()

    def add_phone(self, user_id: str, phone_type: PhoneType, number: str, caller: Caller) -> None:
        """Add a phone; raise MethodRefused where one has to come first, or is there."""
        at = self._moment(user_id, caller)
        if phone_type is PhoneType.MOBILE:
            self._set_mobile(user_id, number, caller, at, is_new=True)
            return
        detail = _phone(phone_type, number)
        record = MethodRecord(user_id, MethodKind.PHONE, PHONE_IDS[phone_type], at, detail)
        self._add(record, lambda present: refusal_to_add_phone(phone_type, present), caller, at)

    def change_phone(self, user_id: str, phone_type: PhoneType, number: str, caller: Caller) -> None:
        """Change the number of a phone; raise MethodGone."""
        at = self._moment(user_id, caller)
        if phone_type is PhoneType.MOBILE:
            self._set_mobile(user_id, number, caller, at, is_new=False)
            return
        detail = _phone(phone_type, number)
        self._change(MethodRecord(user_id, MethodKind.PHONE, PHONE_IDS[phone_type], at, detail), caller, at)

    def add_email(self, user_id: str, address: str, caller: Caller) -> None:
        """Add an address, of which there is one; raise MethodRefused, or InvalidEmailAddress."""
        record, at = self._email(user_id, address, caller)
        self._add(record, lambda present: ONE_ADDRESS if _has(present, MethodKind.EMAIL) else None, caller, at)

    def change_email(self, user_id: str, address: str, caller: Caller) -> None:
        """Change the address; raise MethodGone, or InvalidEmailAddress."""
        record, at = self._email(user_id, address, caller)
        self._change(record, caller, at)

    def issue_pass(self, user_id: str, wanted: Pass, caller: Caller) -> tuple[MethodRecord, TemporaryAccessPass]:
        """Give out a pass, which is told only here; raise MethodRefused where a good one is there."""
        return issue_pass(
            self.core,
            user_id,
            caller,
            self.core.clock.now(),
            lifetime=wanted.lifetime,
            is_usable_once=wanted.is_usable_once,
            starts_at=wanted.starts_at,
        )

    def revoke_sessions(self, user_id: str, caller: Caller) -> None:
        """End the user's tokens and sessions."""
        at = self.core.clock.now()
        self.core.database.transact(lambda unit: revoke_sessions(unit, user_id, caller, at))

    def _moment(self, user_id: str, caller: Caller) -> datetime:
        at = self.core.clock.now()
        if caller.acts_on(user_id) is Actor.OWNER:
            require_fresh(caller, at, self.fresh)
        return at

    def _remove(self, unit: UnitOfWork, user_id: str, method: Method, *, caller: Caller, at: datetime) -> None:
        owner = _held(unit, user_id)
        remove_method(unit, self.core, user_id, method, caller, at)
        tell(self.core, unit, Owner(user_id, owner.document()), Template.FACTOR_REMOVED, at)
        user = unit.resources.lookup(USER, user_id)
        left = methods_of(unit, user, self.core) if user else ()
        is_last = method.kind in _STANDING_IN and not any(item.method.kind in _STANDING_IN for item in left)
        codes = next((item.method for item in left if item.method.kind is MethodKind.RECOVERY_CODES), None)
        if is_last and codes is not None:
            remove_method(unit, self.core, user_id, codes, caller, at)

    def _email(self, user_id: str, address: str, caller: Caller) -> tuple[MethodRecord, datetime]:
        at = self._moment(user_id, caller)
        detail = {"emailAddress": read_address(address).text}
        return MethodRecord(user_id, MethodKind.EMAIL, EMAIL_ID, at, detail), at

    def _add(self, record: MethodRecord, refusal_of: Refusal, caller: Caller, at: datetime) -> None:
        def write(unit: UnitOfWork) -> None:
            user = _held(unit, record.user_id)
            refusal = refusal_of([item.method for item in methods_of(unit, user, self.core)])
            if refusal is not None:
                raise MethodRefused(refusal)
            unit.methods.add(record)
            trail.record(unit, Deed.METHOD_ADDED, caller, user.id, at, kind=record.kind)
            tell(self.core, unit, Owner(user.id, user.document()), Template.FACTOR_ADDED, at)

        self.core.database.transact(write)
        self.core.wake()

    def _change(self, record: MethodRecord, caller: Caller, at: datetime) -> None:
        def write(unit: UnitOfWork) -> None:
            _held(unit, record.user_id)
            if not unit.methods.save(record):
                raise MethodGone
            trail.record(unit, Deed.METHOD_CHANGED, caller, record.user_id, at, kind=record.kind)

        self.core.database.transact(write)

    def _set_mobile(self, user_id: str, number: str, caller: Caller, at: datetime, *, is_new: bool) -> None:
        """Put a number where SCIM has it, by the rules it has there, and mark it as a method.

        A number that its owner still has to prove becomes a method by that.
        """
        waits = caller.acts_on(user_id) is Actor.OWNER and self.core.policy.mobile_verification
        mark = MethodRecord(user_id, MethodKind.PHONE, MOBILE_ID, at)

        def write(unit: UnitOfWork) -> None:
            if not waits:
                unit.methods.add(mark)
            deed = Deed.METHOD_ADDED if is_new else Deed.METHOD_CHANGED
            trail.record(unit, deed, caller, user_id, at, kind=MethodKind.PHONE)

        def work(before: Document) -> Draft:
            self._require_mobile(user_id, is_new=is_new)
            return Draft(_with_mobile(before, number), (write,))

        self.users.amend(user_id, work, caller)

    def _require_mobile(self, user_id: str, *, is_new: bool) -> None:
        _, present = self.list(user_id)
        methods = [item.method for item in present]
        refusal = refusal_to_add_phone(PhoneType.MOBILE, methods)
        if is_new and refusal is not None:
            raise MethodRefused(refusal)
        if not is_new and refusal is None:
            raise MethodGone


def _holders(unit: UnitOfWork, attribute: str, value: str) -> list[StoredResource]:
    if attribute == "userName":
        found = unit.resources.find(USER, value)
        return [found] if found else []
    return unit.resources.find_by_value(USER, attribute, value)


def _held(unit: UnitOfWork, user_id: str) -> StoredResource:
    user = unit.resources.lock(USER, user_id)
    if user is None:
        raise UserNotFound
    return user


def _has(methods: Sequence[Method], kind: MethodKind) -> bool:
    return any(method.kind is kind for method in methods)


def _phone(phone_type: PhoneType, number: str) -> dict[str, str | bool]:
    return {"phoneNumber": number, "phoneType": phone_type.value}


def _with_mobile(document: Document, number: str) -> Document:
    where = MOBILE_NUMBERS
    elements = document.get(where.elements, [])
    extension = {**document.get(EXTENSION, {}), where.claim: True}
    return {
        **document,
        where.elements: where.place(elements, elements, Target(number, number)),
        EXTENSION: extension,
    }
