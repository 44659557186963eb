"""A verification: one attempt of one user to prove one target for one purpose, and its states."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from verification import codes
from verification.channels import Channel
from verification.errors import IllegalTransition, Limit, LimitReached
from verification.limits import seconds_until
from verification.policy import CODE_LENGTHS, Alphabet

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from verification.codes import KeyRing
    from verification.policy import OtpRules
    from verification.targets import Target


COOLDOWN_STEPS = (1, 2, 4, 10)
"""The cooldown after the first code, the second and so on, as multiples of the one that is set."""
COOLDOWN_JITTER = 0.2
_CHANCE_BYTES = 4


class Purpose(StrEnum):
    """What a code is made for; a code made for one purpose proves no other."""

    MOBILE = "mobile"
    EMAIL = "email"
    MFA = "mfa"
    RESTORE_EMAIL = "restore_email"
    RESTORE_PHONE = "restore_phone"
    OLD_NUMBER = "old_number"

    @property
    def channel(self) -> Channel:
        """Return how its codes travel."""
        return Channel.EMAIL if self in _BY_MAIL else Channel.SMS


_BY_MAIL = frozenset({Purpose.EMAIL, Purpose.RESTORE_EMAIL})


class Scenario(StrEnum):
    """The API's name of what a success does."""

    MOBILE_ON_UPDATE = "MOBILE_VERIFICATION_ON_UPDATE"
    MOBILE_ON_LIST_UPDATE = "MOBILE_VERIFICATION_ON_VERIFIED_LIST_UPDATE"
    EMAIL_ON_UPDATE = "EMAIL_OTP_VERIFICATION_ON_UPDATE"
    EMAIL_ON_LIST_UPDATE = "EMAIL_OTP_VERIFICATION_ON_VERIFIED_LIST_UPDATE"
    SIGN_IN = "SIGN_IN"
    RESTORE_EMAIL = "RESTORE_EMAIL"
    RESTORE_PHONE = "RESTORE_PHONE"
    OLD_NUMBER = "OLD_NUMBER"


class Status(StrEnum):
    """The states; all but the first are ends."""

    PENDING = "pending"  # live: waits for its code
    APPROVED = "approved"  # the code came
    SUPERSEDED = "superseded"  # another verification took its place
    CANCELED = "canceled"  # its user or a change of the user ended it
    EXPIRED = "expired"  # it waited too long
    EXHAUSTED = "exhausted"  # too many wrong checks


@dataclass(frozen=True, slots=True)
class Verification:
    """One verification as it is stored; it holds no code, only the means to derive it with the key.

    Attributes:
        purpose: Part of the code, the same in every scenario of a kind of contact.
        kid: The key its current code is derived with.
        digest: The keyed digest of the current code.
        generation: The number of the current code, from 1; earlier codes are dead.
        attempts: Wrong checks so far, over all generations.
        sends: Codes made so far, the first one included.
        sent_at: When the current code was made.
        expires_at: When the current code expires.
        pending_until: When the verification ends if no code has come; None for never.
        original_key: The key of the primary value at the request, None where there was none.
        locale: The language of its messages, fixed at the start: each retry carries the same text.
    """

    id: str
    user_id: str
    purpose: Purpose
    scenario: Scenario
    target: Target
    kid: str
    digest: str = field(repr=False)
    generation: int
    attempts: int
    sends: int
    status: Status
    created_at: datetime
    sent_at: datetime
    expires_at: datetime
    pending_until: datetime | None
    original_key: str | None = field(repr=False)
    ended_at: datetime | None = None
    locale: str | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether it still waits for its code."""
        return self.status is Status.PENDING

    def is_code_expired(self, at: datetime) -> bool:
        """Tell whether the current code has expired; another may still be sent."""
        return at >= self.expires_at

    def has_lapsed(self, at: datetime) -> bool:
        """Tell whether it has waited for longer than a pending value may."""
        return self.pending_until is not None and at >= self.pending_until

    def is_from(self, primary: Target | None) -> bool:
        """Tell whether the primary value is the one it was at the request."""
        return (None if primary is None else primary.key) == self.original_key

    def attempts_left(self, rules: OtpRules) -> int | None:
        """Return how many wrong checks are left, None where they are not limited."""
        return max(0, rules.max_attempts - self.attempts) if rules.max_attempts else None

    def sends_left(self, rules: OtpRules) -> int | None:
        """Return how many codes may still be sent, None where they are not limited."""
        return max(0, rules.max_sends - self.sends) if rules.max_sends else None

    def resend_after(self, at: datetime, rules: OtpRules) -> int | None:
        """Return the seconds until another code may be sent, None where none may."""
        if not self.is_live or self.sends_left(rules) == 0:
            return None
        return seconds_until(self.sent_at + self.cooldown(rules), at)

    def cooldown(self, rules: OtpRules) -> timedelta:
        """Return the time between the current code and the next, longer from each to the following.

        All but the first are stretched a little by chance, so that machines that wait do not come back together;
        by the same chance whenever it is asked for, so that what a caller was told holds.
        """
        step = min(max(self.sends, 1), len(COOLDOWN_STEPS)) - 1
        cooldown = rules.resend_cooldown * COOLDOWN_STEPS[step]
        if step == 0:
            return cooldown
        drawn = sha256(f"{self.id}/{self.generation}".encode()).digest()
        chance = int.from_bytes(drawn[:_CHANCE_BYTES]) / (1 << 8 * _CHANCE_BYTES)
        return cooldown * (1 + COOLDOWN_JITTER * chance)

    def code(self, ring: KeyRing, rules: OtpRules) -> str:
        """Derive the current code, in the form it was made in: the rules may be others by now.

        That of a test number is as it is set.
        """
        made = self.new_code(ring, rules)
        if self._is_made(made, ring):
            return made
        forms = (replace(rules, length=length, alphabet=alphabet) for length in CODE_LENGTHS for alphabet in Alphabet)
        earlier = (self.new_code(ring, form) for form in forms)
        return next((code for code in earlier if self._is_made(code, ring)), made)

    def _is_made(self, code: str, ring: KeyRing) -> bool:
        return codes.digest(ring, self.kid, code) == self.digest

    def new_code(self, ring: KeyRing, rules: OtpRules) -> str:
        """Derive the code of this generation in the form that is asked for now."""
        fixed = rules.fixed_code(self.target.key, self.sent_at)
        if fixed is not None:
            return fixed.code
        return codes.code_for(
            ring,
            rules,
            kid=self.kid,
            purpose=self.purpose,
            verification_id=self.id,
            target_key=self.target.key,
            generation=self.generation,
        )

    def is_code(self, submitted: str, ring: KeyRing, rules: OtpRules) -> bool:
        """Tell whether this is the current code; with its key gone from the ring no code is."""
        if self.kid not in ring.kids:
            return False
        return codes.is_same(self.code(ring, rules), codes.normalise(submitted))

    def approve(self, at: datetime) -> Verification:
        """End it with success, while its code lives."""
        if self.is_code_expired(at):
            raise IllegalTransition
        return self._end(Status.APPROVED, at)

    def supersede(self, at: datetime) -> Verification:
        """End it because another one takes its place."""
        return self._end(Status.SUPERSEDED, at)

    def cancel(self, at: datetime) -> Verification:
        """End it because its user, or a change of the user, says so."""
        return self._end(Status.CANCELED, at)

    def expire(self, at: datetime) -> Verification:
        """End it because it has waited too long."""
        return self._end(Status.EXPIRED, at)

    def exhaust(self, at: datetime) -> Verification:
        """End it because too many checks were wrong."""
        return self._end(Status.EXHAUSTED, at)

    def count_attempt(self, rules: OtpRules) -> Verification:
        """Count a check as wrong before it is compared, so that parallel guesses cannot outrun the count."""
        self._require_live()
        if self.attempts_left(rules) == 0:
            raise IllegalTransition
        return replace(self, attempts=self.attempts + 1)

    def uncount_attempt(self) -> Verification:
        """Take the count back for a check that proved not to be wrong."""
        self._require_live()
        return replace(self, attempts=self.attempts - 1)

    def ask_again(self, scenario: Scenario, primary: Target | None) -> Verification:
        """Go on with the code in hand for the same target, asked for again."""
        self._require_live()
        return replace(self, scenario=scenario, original_key=None if primary is None else primary.key)

    def resend(self, at: datetime, ring: KeyRing, rules: OtpRules) -> Verification:
        """Make the next code, with a full lifetime and under the first key; the attempts stay.

        Raises:
            LimitReached: No sends are left, or the last one was a moment ago.
        """
        self._require_live()
        if self.has_lapsed(at):
            raise IllegalTransition
        wait = self.resend_after(at, rules)
        if wait is None:
            raise LimitReached(Limit.SENDS, max(1, seconds_until(self.expires_at, at)))
        if wait > 0:
            raise LimitReached(Limit.COOLDOWN, wait)
        return with_next_code(self, at, ring, rules)

    def _require_live(self) -> None:
        if not self.is_live:
            raise IllegalTransition

    def _end(self, status: Status, at: datetime) -> Verification:
        self._require_live()
        return replace(self, status=status, ended_at=at)


def with_next_code(verification: Verification, at: datetime, ring: KeyRing, rules: OtpRules) -> Verification:
    """Give a verification the code of its next generation, which outlives neither the wait for it nor a test."""
    fixed = rules.fixed_code(verification.target.key, at)
    lifetime = rules.lifetime
    if verification.purpose is Purpose.EMAIL and rules.email_lifetime is not None:
        lifetime = rules.email_lifetime
    ends = (at + lifetime, verification.pending_until, fixed.until if fixed else None)
    following = replace(
        verification,
        kid=ring.first,
        generation=verification.generation + 1,
        sends=verification.sends + 1,
        sent_at=at,
        expires_at=min(end for end in ends if end is not None),
    )
    return replace(following, digest=codes.digest(ring, following.kid, following.new_code(ring, rules)))
