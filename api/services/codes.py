"""Checking codes: by the user, and on behalf of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import notices, trail
from api.services.contact_attributes import BY_PURPOSE
from api.services.contacts import stored_contact, with_contact, without_pending
from api.services.notices import Owner
from api.services.sending import note_proof, wait_for
from api.services.trail import CHANGED, Deed
from verification.codes import digests, normalise
from verification.decision import promote
from verification.errors import (
    AmbiguousCode,
    ChangesBlocked,
    CodeExpired,
    CodeInvalid,
    Limit,
    LimitReached,
    NumberChanged,
    PrivilegedValidationDisabled,
    UnknownUser,
    VerificationError,
)
from verification.kinds import CONTACT_PURPOSES
from verification.lifecycle import Verdict, check_code
from verification.limits import daily_wrong, privileged_wrong
from verification.targets import masked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.lifecycle import Check
    from verification.verifications import Verification

Refusal = VerificationError | None
"""What a check is answered with once its transaction is committed: a wrong attempt must stay counted."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The user whose number or address a privileged check has proved."""

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
        self.core.answer(self.core.database.transact(lambda unit: self._check(unit, user_id, code, caller, at)))

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
        self.core.answer(refusal)
        user = self.core.database.read(lambda unit: unit.resources.lookup("User", user_id))
        return Proved(user_id, user.document()["userName"] if user else "")

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
        found = {v.user_id for v in unit.verifications.find_live_by_digest(pairs, CONTACT_PURPOSES)}
        if not found:
            return "", CodeInvalid()
        return (found.pop(), None) if len(found) == 1 else ("", AmbiguousCode())

    def _check(self, unit: UnitOfWork, user_id: str, code: str, caller: Caller, at: datetime) -> Refusal:
        # The user's row is locked first, everywhere: checks, changes and resends of one user follow one another.
        user = unit.resources.lock("User", user_id)
        found = unit.verifications.list_live(user_id) if user else []
        live = [each for each in found if each.purpose in CONTACT_PURPOSES]
        window = daily_wrong(self.core.policy)
        wait = wait_for(unit, window, user_id, at)
        if wait:
            return LimitReached(window.limit, wait)
        if user is None:
            return CodeInvalid()
        trial = _Trial(self.core, unit, user, caller, at)
        counted = [each for each in map(trial.count, live) if each is not None]
        return trial.judge(counted, code) if counted else CodeInvalid()


@dataclass(slots=True)
class _Trial:
    """One check of one user, inside its transaction."""

    core: Core
    unit: UnitOfWork
    user: StoredResource
    caller: Caller
    at: datetime

    def count(self, live: Verification) -> Verification | None:
        """Count the check on a verification, before it is compared, so that parallel guesses cannot outrun the count.

        None where there is nothing to compare it with: the verification has ended, if only now.
        """
        if live.has_lapsed(self.at):
            self._end(live, live.expire(self.at), "waited too long")
            return None
        counted = self.unit.verifications.count_attempt(live.id, self.core.policy.otp.max_attempts)
        if counted is None:
            self._end(live, live.exhaust(self.at), "attempts used up")
        return counted

    def judge(self, counted: Sequence[Verification], code: str) -> Refusal:
        """Compare the code with those that were counted, and write what follows."""
        check = check_code(counted, code, self.at, ring=self.core.keys, rules=self.core.policy.otp)
        if check.matched is None:
            self._miss(counted, check)
            return CodeInvalid()
        for before, after in zip(counted, check.verifications, strict=True):
            self.unit.verifications.save(after, expected=before)
        if check.verdict is Verdict.EXPIRED:
            self._note(Deed.VERIFICATION_CHECKED, check.matched, "expired code")
            return CodeExpired()
        return self._promote(check.matched)

    def _miss(self, counted: Sequence[Verification], check: Check) -> None:
        self.unit.limits.add(Limit.DAILY, self.user.id, self.at)
        for before, after in zip(counted, check.verifications, strict=True):
            self._note(Deed.VERIFICATION_CHECKED, before, "wrong code")
            if not after.is_live:
                self._end(before, after, "attempts used up")

    def _end(self, live: Verification, ended: Verification, reason: str) -> None:
        """End a verification; the pending value leaves in the same transaction (L2)."""
        self.unit.verifications.save(ended, expected=live)
        self._save(without_pending(self.user.document(), BY_PURPOSE[ended.purpose]))
        self._note(Deed.VERIFICATION_ENDED, ended, reason)

    def _promote(self, live: Verification) -> Refusal:
        document, where = self.user.document(), BY_PURPOSE[live.purpose]
        contact = stored_contact(document, where, self.core.policy)
        if not live.is_from(contact.primary):
            # The primary is not the one that was to be replaced (L4).
            self._end(live, live.cancel(self.at), "primary changed meanwhile")
            return NumberChanged()
        try:
            notices.refuse_blocked(self.core, self.unit, self.user.id, live.purpose, self.at)
        except ChangesBlocked as refusal:
            self._end(live, live.cancel(self.at), "changes blocked")
            return refusal
        promoted = promote(contact, live.target, live.scenario, policy=self.core.policy, kind=where.kind)
        approved = live.approve(self.at)
        self.unit.verifications.save(approved, expected=live)
        self._save(with_contact(document, where, promoted, None, before=document))
        self._note(Deed.VERIFICATION_APPROVED, approved, None)
        note_proof(self.unit, approved)
        owner = Owner(self.user.id, document)
        for effect in notices.changed(self.core, owner, live.purpose, before=contact, after=promoted, at=self.at):
            effect(self.unit)
        if promoted.primary != contact.primary:
            before = {"before": masked(contact.primary.text)} if contact.primary else {}
            after = masked(live.target.text)
            trail.record(self.unit, CHANGED[live.purpose], self.caller, self.user.id, self.at, after=after, **before)
        return None

    def _save(self, document: dict[str, object]) -> None:
        # The row is locked, so that nobody was faster.
        self.user = self.unit.resources.save(self.user, self.core.user_type, document, self.at) or self.user

    def _note(self, deed: Deed, verification: Verification, reason: str | None) -> None:
        trail.record_verification(self.unit, deed, self.caller, verification, self.at, reason)
