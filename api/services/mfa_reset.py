"""Resetting the authentication methods of a user, in our directory or in another.

A reset talks to a directory for a while, so no transaction is open meanwhile: a row with a lease keeps others away
from the same user, and holds what was answered for whoever repeats the request with the same Idempotency-Key.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.identifiers import new_id
from api.secrets_at_rest import digest_of
from api.services import trail
from api.services.confirmations import Confirmations
from api.services.errors import ConfirmationRequired, KeyUsedOtherwise, ResetUnderWay, UnknownDirectory
from api.services.local_directory import LOCAL, USER
from api.services.notices import Owner, tell
from api.services.reset_reports import digest_of_request, plan_of, removed_count, report_of
from api.services.sending import wait_for
from api.services.trail import Deed
from persistence.errors import UniqueViolation
from persistence.resets import ONE_PER_KEY, ONE_PER_USER, StoredReset
from verification.errors import DirectoryUnavailable, Limit, LimitReached, MethodRefused
from verification.limits import Window
from verification.resetting import Overall, plan, reset
from verification.templates import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork
    from verification.methods import Directory, DirectoryUser, Method, MethodKind, TemporaryAccessPass
    from verification.resetting import Report

LEASE = timedelta(seconds=60)
"""Longer than a directory has for one reset in all; whoever holds it after that is dead."""
SPAN = timedelta(hours=1)
LONGEST_REASON = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be reset, and how.

    Attributes:
        name: The id, user name or e-mail address of the user in that directory.
        kinds: The kinds of method that are to go, None for all.
        confirmation: The token of a dry run, where there was one.
        idempotency_key: The caller's name for this request; repeated, it is answered as before.
    """

    name: str
    directory: str
    kinds: frozenset[MethodKind] | None = None
    reason: str | None = None
    is_dry_run: bool = False
    revokes_sessions: bool = True
    issues_pass: bool = False
    confirmation: str | None = field(default=None, repr=False)
    idempotency_key: str | None = field(default=None, repr=False)

    @property
    def key_digest(self) -> str | None:
        """Return what is kept of the caller's key."""
        return digest_of(self.idempotency_key) if self.idempotency_key else None


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a reset: the report as it is kept, and what is told only now."""

    report: dict[str, Any]
    access_pass: TemporaryAccessPass | None = None
    confirmation: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ResetService:
    """The use case.

    Attributes:
        directories: What makes each directory for one reset on behalf of a caller.
        needs_confirmation: Whether a reset wants the token of a dry run.
        per_hour: How many one caller may ask for within the hour; 0 is no limit.
    """

    core: Core
    directories: Mapping[str, Callable[[Caller], Directory]]
    needs_confirmation: bool
    per_hour: int

    def reset(self, wanted: Wanted, caller: Caller) -> Answered:
        """Reset a user's methods, or tell what would go.

        Raises:
            UnknownDirectory, UserNotFound, UserAmbiguous: there is nobody to reset.
            ResetUnderWay, KeyUsedOtherwise, ConfirmationRequired, ConfirmationRefused: not now, or not so.
            LimitReached: the caller has reset too many.
            DirectoryUnavailable: the directory failed before anything was done.
        """
        make = self.directories.get(wanted.directory)
        if make is None:
            raise UnknownDirectory
        if (earlier := self._earlier(wanted, caller)) is not None:
            return earlier
        directory = make(caller)
        user = directory.find(wanted.name)
        methods = directory.methods(user)
        kept, leaving = plan(methods, wanted.kinds)
        confirmed = _confirmed(wanted, user, leaving, caller)
        if wanted.is_dry_run:
            token = self._confirmations.issue(confirmed, self.core.clock.now())
            return Answered(plan_of(wanted.directory, user, kept, leaving), confirmation=token)
        self._require_confirmation(wanted, confirmed)
        stored = self._begin(wanted, user, caller)
        owner = self._owner(wanted, user)
        report = reset(methods, lambda method: directory.remove(user, method), wanted.kinds)
        return _Ending(self.core, stored, wanted, directory, user, owner, caller).end(report)

    def reset_unhindered(self, wanted: Wanted, caller: Caller) -> Answered:
        """Reset a user's methods for the operator at the command line: without confirmation and hourly limit."""
        return replace(self, needs_confirmation=False, per_hour=0).reset(wanted, caller)

    def _require_confirmation(self, wanted: Wanted, content: object) -> None:
        if wanted.confirmation is not None:
            self._confirmations.require(wanted.confirmation, content, self.core.clock.now())
        elif self.needs_confirmation:
            raise ConfirmationRequired

    def _earlier(self, wanted: Wanted, caller: Caller) -> Answered | None:
        digest = wanted.key_digest
        if digest is None:
            return None
        found = self.core.database.read(lambda unit: unit.resets.find_by_key(caller.subject, digest))
        if found is None:
            return None
        if found.request_digest != digest_of_request(wanted):
            raise KeyUsedOtherwise
        if found.report is not None:
            return Answered(found.report)
        if found.lease_until > self.core.clock.now():
            raise ResetUnderWay
        return None

    def _begin(self, wanted: Wanted, user: DirectoryUser, caller: Caller) -> StoredReset:
        at = self.core.clock.now()
        stored = StoredReset(
            id=new_id(),
            directory=wanted.directory,
            user_key=user.id,
            actor=caller.subject,
            idempotency_digest=wanted.key_digest,
            request_digest=digest_of_request(wanted),
            started_at=at,
            lease_until=at + LEASE,
        )
        try:
            self.core.database.transact(lambda unit: self._add(unit, stored, wanted, caller, at))
        except UniqueViolation as error:
            if error.constraint in {ONE_PER_USER, ONE_PER_KEY}:
                raise ResetUnderWay from error
            raise
        return stored

    def _owner(self, wanted: Wanted, user: DirectoryUser) -> Owner | None:
        """Return who is to be told, with the number that is verified before the reset; only of our own users."""
        if wanted.directory != LOCAL:
            return None
        found = self.core.database.read(lambda unit: unit.resources.lookup(USER, user.id))
        return Owner(found.id, found.document()) if found else None

    def _add(self, unit: UnitOfWork, stored: StoredReset, wanted: Wanted, caller: Caller, at: datetime) -> None:
        # The caller's row is held until the commit: resets asked for at the same moment are counted one by one.
        unit.limits.hold(caller.subject)
        window = Window(Limit.RESETS, SPAN, self.per_hour)
        wait = wait_for(unit, window, caller.subject, at)
        if wait:
            raise LimitReached(window.limit, wait)
        unit.limits.add(window.limit, caller.subject, at, stored.id)
        unit.resets.end_lapsed(stored.directory, stored.user_key, at)
        unit.resets.add(stored)
        _record(unit, Deed.MFA_RESET_BEGUN, stored, wanted, caller, at)

    @property
    def _confirmations(self) -> Confirmations:
        return Confirmations(self.core.keys, "mfa reset")


@dataclass(frozen=True, slots=True)
class _Ending:
    """What comes after the methods: sessions, a pass, and the report."""

    core: Core
    stored: StoredReset
    wanted: Wanted
    directory: Directory
    user: DirectoryUser
    owner: Owner | None
    caller: Caller

    def end(self, report: Report) -> Answered:
        notes: dict[str, str] = {}
        are_revoked, access_pass = False, None
        if report.overall is not Overall.INTERRUPTED:
            are_revoked = self.wanted.revokes_sessions and self._revoked(notes)
            access_pass = self._issued(notes) if self.wanted.issues_pass else None
        shown = report_of(
            self.stored.id, self.wanted.directory, self.user, report, sessions_revoked=are_revoked, notes=notes
        )
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            unit.resets.end(self.stored.id, shown, at)
            outcome = {"overall": shown["overall"], "removed": removed_count(report)}
            _record(unit, Deed.MFA_RESET, self.stored, self.wanted, self.caller, at, **outcome)
            if self.owner is not None and removed_count(report):
                tell(self.core, unit, self.owner, Template.MFA_RESET, at)

        self.core.database.transact(write)
        self.core.wake()
        return Answered(shown, access_pass)

    def _revoked(self, notes: dict[str, str]) -> bool:
        try:
            self.directory.revoke_sessions(self.user)
        except DirectoryUnavailable as error:
            notes["sessions"] = str(error)
            return False
        return True

    def _issued(self, notes: dict[str, str]) -> TemporaryAccessPass | None:
        try:
            return self.directory.issue_pass(self.user)
        except (DirectoryUnavailable, MethodRefused) as error:
            notes["temporaryAccessPass"] = str(error)
            return None


def _confirmed(wanted: Wanted, user: DirectoryUser, leaving: Sequence[Method], caller: Caller) -> object:
    methods = sorted([method.kind.value, method.id] for method in leaving)
    return [caller.subject, wanted.directory, user.id, methods]


def _record(
    unit: UnitOfWork,
    deed: Deed,
    stored: StoredReset,
    wanted: Wanted,
    caller: Caller,
    at: datetime,
    **outcome: str | int,
) -> None:
    trail.record(
        unit,
        deed,
        caller,
        stored.user_key,
        at,
        reset_id=stored.id,
        directory=stored.directory,
        reason=wanted.reason,
        **outcome,
    )
