"""The rules an administrator may set while the service runs, by the names the guide's product has for them.

Every value is a text. Where it comes to nothing in a policy, as this service has the rule one way only, it is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from verification.errors import RuleRefused
from verification.kinds import EMAIL
from verification.policy import CODE_LENGTHS, LONGEST_LIFETIME, Alphabet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verification.policy import Policy

_PREFIX = "UserClaimUpdate"
_MINUTE = timedelta(minutes=1)
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a name and a text.

    Attributes:
        settings: The settings of the environment that it is over.
        show: Reads its text off a policy.
        apply: Puts another text into a policy, or raises RuleRefused; None where the rule is fixed.
    """

    name: str
    display_name: str
    description: str
    settings: tuple[str, ...]
    show: Callable[[Policy], str]
    apply: Callable[[Policy, str], Policy] | None = None

    @property
    def is_fixed(self) -> bool:
        """Tell whether it cannot be set."""
        return self.apply is None

    def check(self, policy: Policy, text: str) -> None:
        """Raise RuleRefused where the text is none that this rule can have."""
        if self.apply is not None:
            self.apply(policy, text)
        elif text.strip().lower() != self.show(policy):
            raise RuleRefused(f"{self.name} is always {self.show(policy)} here.")


def policy_under(base: Policy, overrides: Mapping[str, str]) -> Policy:
    """Return a policy with stored texts over it; one that can no longer be applied is passed over."""
    if not overrides:
        return base
    # What else follows another rule keeps its value when that one is set.
    policy = replace(
        base,
        email_privileged_skip=EMAIL.is_skippable(base),
        otp=replace(base.otp, email_lifetime=base.otp.email_lifetime or base.otp.lifetime),
    )
    for rule in RULES:
        if rule.name in overrides and rule.apply is not None:
            try:
                policy = rule.apply(policy, overrides[rule.name])
            except RuleRefused:
                continue
    return policy


def _flag(name: str, text: str) -> bool:
    found = _FLAGS.get(text.strip().lower())
    if found is None:
        raise RuleRefused(f"{name} is true or false.")
    return found


def _number(name: str, text: str, allowed: range) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else -1  # noqa: PLR2004 - enough for all
    if number not in allowed:
        raise RuleRefused(f"{name} is a whole number from {allowed[0]} to {allowed[-1]}.")
    return number


def _shown(flag: bool) -> str:  # noqa: FBT001 - a value
    return "true" if flag else "false"


def _switch(name: str, field: str, display_name: str, description: str) -> Rule:
    """Return a rule that is one flag of a policy."""

    def apply(policy: Policy, text: str) -> Policy:
        change: dict[str, Any] = {field: _flag(name, text)}
        return replace(policy, **change)

    return Rule(
        name=name,
        display_name=display_name,
        description=description,
        settings=(field,),
        show=lambda policy: _shown(getattr(policy, field)),
        apply=apply,
    )


def _fixed(name: str, text: str, display_name: str, description: str) -> Rule:
    return Rule(name, display_name, description, settings=(), show=lambda _: text)


def _alphabet(name: str) -> Callable[[Policy, str], Policy]:
    def apply(policy: Policy, text: str) -> Policy:
        alphabet = Alphabet.ALPHANUMERIC if _flag(name, text) else Alphabet.NUMERIC
        return replace(policy, otp=replace(policy.otp, alphabet=alphabet))

    return apply


def _length(policy: Policy, text: str) -> Policy:
    length = _number(_LENGTH, text, CODE_LENGTHS)
    if any(len(fixed.code) != length for fixed in policy.otp.fixed_codes):
        raise RuleRefused(f"{_LENGTH} must be that of the codes of the test numbers.")
    return replace(policy, otp=replace(policy.otp, length=length))


def _lifetime(name: str, field: str) -> Callable[[Policy, str], Policy]:
    allowed = range(1, LONGEST_LIFETIME // _MINUTE + 1)

    def apply(policy: Policy, text: str) -> Policy:
        change: dict[str, Any] = {field: _number(name, text, allowed) * _MINUTE}
        return replace(policy, otp=replace(policy.otp, **change))

    return apply


def _minutes(span: timedelta) -> str:
    return f"{span / _MINUTE:g}"


EMAIL_VERIFICATION = f"{_PREFIX}.Email.EnableVerification"
_EMAIL_SKIP = f"{_PREFIX}.Email.EnableSkipInitiatingVerificationByPrivilegedUser"
_UPPERCASE = f"{_PREFIX}.OTP.UseUppercaseCharactersInOTP"
_LENGTH = f"{_PREFIX}.OTP.OTPLength"
_EMAIL_LIFETIME = f"{_PREFIX}.Email.VerificationCode.ExpiryTime"
_NOTIFICATION = f"{_PREFIX}.Email.EnableNotification"
_MOBILE_LIFETIME = f"{_PREFIX}.MobileNumber.VerificationCode.ExpiryTime"

RULES = (
    _switch(
        EMAIL_VERIFICATION,
        "email_verification",
        "Verify e-mail addresses on update",
        "Whether a changed primary e-mail address waits for its proof.",
    ),
    _fixed(
        f"{_PREFIX}.Email.EnableEmailOTP",
        "true",
        "Prove e-mail addresses by a code",
        "An address is always proved by a code.",
    ),
    Rule(
        _EMAIL_SKIP,
        "Skip verification of e-mail addresses set by administrators",
        "Whether addresses set by a privileged caller are written at once, unverified.",
        settings=("privileged_skip",),
        show=lambda policy: _shown(EMAIL.is_skippable(policy)),
        apply=lambda policy, text: replace(policy, email_privileged_skip=_flag(_EMAIL_SKIP, text)),
    ),
    _fixed(f"{_PREFIX}.OTP.SendOTPInEmail", "true", "Send the code by mail", "A mail always carries the code itself."),
    Rule(
        _UPPERCASE,
        "Capital letters in codes",
        "Whether codes are made of digits and capital letters, not of digits alone.",
        settings=("otp_alphabet",),
        show=lambda policy: _shown(policy.otp.alphabet is Alphabet.ALPHANUMERIC),
        apply=_alphabet(_UPPERCASE),
    ),
    _fixed(
        f"{_PREFIX}.OTP.UseLowercaseCharactersInOTP",
        "false",
        "Small letters in codes",
        "Codes have no small letters; typed ones are read as capital ones.",
    ),
    _fixed(f"{_PREFIX}.OTP.UseNumbersInOTP", "true", "Digits in codes", "Codes always have digits."),
    Rule(
        _LENGTH,
        "Length of codes",
        "Characters of a code, 6 to 8.",
        settings=("otp_length",),
        show=lambda policy: str(policy.otp.length),
        apply=_length,
    ),
    Rule(
        _EMAIL_LIFETIME,
        "Lifetime of codes sent by mail",
        "Minutes until the code of an e-mail address expires, 1 to 999.",
        settings=("otp_lifetime",),
        show=lambda policy: _minutes(policy.otp.email_lifetime or policy.otp.lifetime),
        apply=_lifetime(_EMAIL_LIFETIME, "email_lifetime"),
    ),
    Rule(
        _NOTIFICATION,
        "Tell of changes by mail",
        "Whether changes of numbers and addresses are told by mail, to the address before as well.",
        settings=("notices",),
        show=lambda policy: _shown(policy.notices.by_email),
        apply=lambda policy, text: replace(
            policy, notices=replace(policy.notices, by_email=_flag(_NOTIFICATION, text))
        ),
    ),
    _switch(
        f"{_PREFIX}.MobileNumber.EnableVerification",
        "mobile_verification",
        "Verify mobile numbers on update",
        "Whether a changed mobile number waits for its proof.",
    ),
    Rule(
        _MOBILE_LIFETIME,
        "Lifetime of codes sent by SMS",
        "Minutes until the code of a mobile number, or of a sign-in, expires, 1 to 999.",
        settings=("otp_lifetime",),
        show=lambda policy: _minutes(policy.otp.lifetime),
        apply=_lifetime(_MOBILE_LIFETIME, "lifetime"),
    ),
    _switch(
        f"{_PREFIX}.MobileNumber.EnableVerificationByPrivilegedUser",
        "privileged_validation",
        "Let administrators submit codes",
        "Whether a caller with the scope for it may submit the code of another user.",
    ),
    _switch(
        f"{_PREFIX}.MobileNumber.EnableSkipInitiatingVerificationByPrivilegedUser",
        "privileged_skip",
        "Skip verification of numbers set by administrators",
        "Whether numbers set by a privileged caller are written at once, unverified.",
    ),
)
"""The rules in the order in which they are shown."""
BY_NAME = {rule.name: rule for rule in RULES}
