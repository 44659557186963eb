"""Checking codes: by the user, and on behalf of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.contacts import stored_contact, with_contact
from api.services.sending import wait_for
from api.services.trail import Deed
from verification.codes import digests, normalise
from verification.decision import promote
from verification.errors import (
    AmbiguousCode,
    CodeExpired,
    CodeInvalid,
    Limit,
    LimitReached,
    NumberChanged,
    PrivilegedValidationDisabled,
    UnknownUser,
    VerificationError,
)
from verification.kinds import MOBILE
from verification.lifecycle import Verdict, check_code
from verification.limits import daily_wrong, privileged_wrong
from verification.targets import masked

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.verifications import Verification

Refusal = VerificationError | None
"""What a check is answered with once its transaction is committed: a wrong attempt must stay counted."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The user whose number a privileged check has proved."""

    user_id: str
    user_name: str


@dataclass(frozen=True, slots=True)
class CodeService:
    """Use cases of submitted codes."""

    core: Core

    def check_own(self, user_id: str, code: str, caller: Caller) -> None:
        """Check a code against the live verifications of the caller.

        Raises:
            CodeInvalid, CodeExpired, NumberChanged, LimitReached: the check has failed, and is counted.
        """
        at = self.core.clock.now()
        self._answer(self.core.database.transact(lambda unit: self._check(unit, user_id, code, caller, at)))

    def check_for_another(self, code: str, user_name: str | None, caller: Caller) -> Proved:
        """Check a code on behalf of the user it was sent to, or of the one named.

        Raises:
            PrivilegedValidationDisabled, UnknownUser, AmbiguousCode, and what `check_own` raises.
        """
        if not self.core.policy.privileged_validation:
            raise PrivilegedValidationDisabled
        at = self.core.clock.now()
        user_id, refusal = self.core.database.transact(
            lambda unit: self._check_privileged(unit, code, user_name, caller, at)
        )
        self._answer(refusal)
        user = self.core.database.read(lambda unit: unit.resources.lookup("User", user_id))
        return Proved(user_id, user.document()["userName"] if user else "")

    def _answer(self, refusal: Refusal) -> None:
        if refusal is not None:
            self.core.observe.refused(refusal)
            raise refusal

    def _check_privileged(
        self, unit: UnitOfWork, code: str, user_name: str | None, caller: Caller, at: datetime
    ) -> tuple[str, Refusal]:
        # The actor's row is held until the commit: parallel guesses of one actor are counted one by one.
        unit.limits.hold(caller.subject)
        window = privileged_wrong(self.core.policy)
        wait = wait_for(unit, window, caller.subject, at)
        if wait:
            return "", LimitReached(window.limit, wait)
        user_id, refusal = self._whose(unit, code, user_name)
        if refusal is None:
            refusal = self._check(unit, user_id, code, caller, at)
        if isinstance(refusal, CodeInvalid) and user_id != caller.user_id:
            unit.limits.add(window.limit, caller.subject, at)
        return user_id, refusal

    def _whose(self, unit: UnitOfWork, code: str, user_name: str | None) -> tuple[str, Refusal]:
        if user_name is not None:
            user = unit.resources.find("User", user_name)
            return (user.id, None) if user else ("", UnknownUser())
        pairs = tuple(digests(self.core.keys, normalise(code)).items())
        found = {v.user_id for v in unit.verifications.find_live_by_digest(pairs, (MOBILE.purpose,))}
        if not found:
            return "", CodeInvalid()
        return (found.pop(), None) if len(found) == 1 else ("", AmbiguousCode())

    def _check(self, unit: UnitOfWork, user_id: str, code: str, caller: Caller, at: datetime) -> Refusal:
        # The user's row is locked first, everywhere: checks, changes and resends of one user follow one another.
        user = unit.resources.lock("User", user_id)
        live = unit.verifications.find_live(user_id, MOBILE.purpose) if user else None
        window = daily_wrong(self.core.policy)
        wait = wait_for(unit, window, user_id, at)
        if wait:
            return LimitReached(window.limit, wait)
        if user is None or live is None:
            return CodeInvalid()
        trial = _Trial(self.core, unit, user, caller, at)
        if live.has_lapsed(at):
            trial.end(live, live.expire(at), "waited too long")
            return CodeInvalid()
        # Counted before it is compared, so that parallel guesses cannot outrun the count.
        counted = unit.verifications.count_attempt(live.id, self.core.policy.otp.max_attempts)
        if counted is None:
            trial.end(live, live.exhaust(at), "attempts used up")
            return CodeInvalid()
        return trial.judge(counted, code)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One counted check of one user, inside its transaction."""

    core: Core
    unit: UnitOfWork
    user: StoredResource
    caller: Caller
    at: datetime

    def judge(self, counted: Verification, code: str) -> Refusal:
        check = check_code([counted], code, self.at, ring=self.core.keys, rules=self.core.policy.otp)
        after = check.verifications[0]
        if check.verdict is Verdict.WRONG:
            self.unit.limits.add(Limit.DAILY, self.user.id, self.at)
            self._note(Deed.VERIFICATION_CHECKED, counted, "wrong code")
            if not after.is_live:
                self.end(counted, after, "attempts used up")
            return CodeInvalid()
        self.unit.verifications.save(after, expected=counted)
        if check.verdict is Verdict.EXPIRED:
            self._note(Deed.VERIFICATION_CHECKED, after, "expired code")
            return CodeExpired()
        return self._promote(after)

    def end(self, live: Verification, ended: Verification, reason: str) -> None:
        """End a verification; the pending number leaves in the same transaction (L2)."""
        self.unit.verifications.save(ended, expected=live)
        document = self.user.document()
        contact = stored_contact(document, self.core.policy)
        self._save(with_contact(document, contact, None))
        self._note(Deed.VERIFICATION_ENDED, ended, reason)

    def _promote(self, live: Verification) -> Refusal:
        document = self.user.document()
        contact = stored_contact(document, self.core.policy)
        if not live.is_from(contact.primary):
            # The primary is not the one that was to be replaced (L4).
            self.end(live, live.cancel(self.at), "primary changed meanwhile")
            return NumberChanged()
        promoted = promote(contact, live.target, live.scenario, self.core.policy)
        approved = live.approve(self.at)
        self.unit.verifications.save(approved, expected=live)
        self._save(with_contact(document, promoted, None))
        self._note(Deed.VERIFICATION_APPROVED, approved, None)
        if promoted.primary != contact.primary:
            before = {"before": masked(contact.primary.text)} if contact.primary else {}
            after = masked(live.target.text)
            trail.record(self.unit, Deed.PHONE_CHANGED, self.caller, self.user.id, self.at, after=after, **before)
        return None

    def _save(self, document: dict[str, object]) -> None:
        self.unit.resources.save(self.user, self.core.user_type, document, self.at)

    def _note(self, deed: Deed, verification: Verification, reason: str | None) -> None:
        trail.record_verification(self.unit, deed, self.caller, verification, self.at, reason)
