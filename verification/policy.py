"""The rules the engine obeys: values handed to each use case, never read from the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from verification.guard import GuardRules

if TYPE_CHECKING:
    from datetime import datetime

    from verification.fixed_codes import FixedCode

CODE_LENGTHS = range(6, 9)
# The text of a message has room for three digits of minutes: a fourth would look like a code.
LONGEST_LIFETIME = timedelta(minutes=999)


class PhonePolicy(StrEnum):
    """How strictly a phone number is read."""

    LENIENT = "lenient"  # anything that looks like a number
    VALID = "valid"  # a number of a known numbering plan
    MOBILE = "mobile"  # a valid one that can be a mobile


class Alphabet(StrEnum):
    """What a code is made of."""

    NUMERIC = "numeric"
    ALPHANUMERIC = "alphanumeric"


@dataclass(frozen=True, slots=True)
class OtpRules:
    """How codes look, how long they live and how often they may be sent and checked.

    A maximum of 0 and a cooldown of 0 switch that limit off. The lifetime cannot be switched off:
    a code that never expires could be guessed at leisure.
    """

    length: int = 6
    alphabet: Alphabet = Alphabet.NUMERIC
    lifetime: timedelta = timedelta(seconds=300)
    max_attempts: int = 5
    max_sends: int = 5
    resend_cooldown: timedelta = timedelta(seconds=30)
    max_sends_per_hour: int = 10
    max_wrong_per_day: int = 30
    fixed_codes: tuple[FixedCode, ...] = ()
    email_lifetime: timedelta | None = None
    """How long the code of an e-mail address lives, where that is not `lifetime`."""

    def __post_init__(self) -> None:
        """Refuse rules under which no safe code can be made."""
        if found := self.faults():
            raise ValueError("; ".join(found))

    def fixed_code(self, target_key: str, at: datetime) -> FixedCode | None:
        """Return the code of a test number, None where the target is none, or no longer."""
        return next((fixed for fixed in self.fixed_codes if fixed.key == target_key and at < fixed.until), None)

    def faults(self) -> tuple[str, ...]:
        """Name every rule out of its bounds."""
        maxima = (self.max_attempts, self.max_sends, self.max_sends_per_hour, self.max_wrong_per_day)
        rules = (
            (self.length in CODE_LENGTHS, "the length of a code is 6 to 8"),
            (
                all(
                    timedelta(0) < span <= LONGEST_LIFETIME
                    for span in (self.lifetime, self.email_lifetime)
                    if span is not None
                ),
                "a code lives from 1 second to 999 minutes",
            ),
            (self.resend_cooldown >= timedelta(0), "the cooldown is not negative"),
            (all(maximum >= 0 for maximum in maxima), "a maximum is not negative"),
        )
        return tuple(fault for is_kept, fault in rules if not is_kept)


@dataclass(frozen=True, slots=True)
class SendLimits:
    """How many codes may be sent; 0 is no limit."""

    per_user_day: int = 20
    per_number_day: int = 10
    per_address_day: int = 10
    per_ip_hour: int = 60
    per_prefix_hour: int = 100
    per_country_hour: int = 0
    per_domain_hour: int = 0


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """Who is told of a change, and how long it can be taken back.

    A revert lifetime of 0 makes no links, a block of 0 blocks nothing.
    """

    by_sms: bool = True
    by_email: bool = True
    lifetime: timedelta = timedelta(days=1)
    revert_lifetime: timedelta = timedelta(hours=72)
    revert_block: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules of the decision table, of codes and of limits; the defaults are those of the settings.

    Attributes:
        mobile_verification: The gate: whether a changed mobile number waits for its proof.
        multiple_mobile_numbers: Whether the lists of numbers exist.
        change_needs_old_number: Whether users prove their verified number before they change it themselves.
        email_verification: The gate of the e-mail twin: whether a changed primary address waits for its proof.
        multiple_email_addresses: Whether the lists of addresses exist, where the gate is on.
        privileged_validation: Whether a privileged caller may submit a user's code.
        privileged_skip: Whether privileged updates are written at once, unverified.
        email_privileged_skip: The same of e-mail addresses, where that differs.
        use_verify_claim: Whether a proof is asked for only where `verifyMobile`, or `verifyEmail`, is true.
        pending_lifetime: How long a pending value may wait; 0 for ever.
        privileged_max_wrong: Wrong privileged checks an actor has; 0 is no limit.
    """

    mobile_verification: bool = True
    multiple_mobile_numbers: bool = True
    privileged_validation: bool = True
    privileged_skip: bool = False
    email_privileged_skip: bool | None = None
    use_verify_claim: bool = False
    change_needs_old_number: bool = False
    email_verification: bool = False
    multiple_email_addresses: bool = True
    phone_policy: PhonePolicy = PhonePolicy.LENIENT
    default_region: str | None = None
    pending_lifetime: timedelta = timedelta(seconds=86400)
    privileged_max_wrong: int = 20
    otp: OtpRules = field(default_factory=OtpRules)
    sends: SendLimits = field(default_factory=SendLimits)
    guard: GuardRules = field(default_factory=GuardRules)
    notices: NoticeRules = field(default_factory=NoticeRules)
