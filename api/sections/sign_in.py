"""How users prove who they are: passwords, second factors, and how often they may be wrong."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting, unset
from verification.factors import MfaPolicy
from verification.passwords import LEAST_ALONE, LEAST_WITH_SECOND_FACTOR

if TYPE_CHECKING:
    from datetime import timedelta

_MANY = 1_000_000
_DAY = 86400
_LONGEST_MINIMUM = 64


@dataclass(frozen=True, kw_only=True)
class SignInSettings:
    """How users prove who they are: passwords, second factors, and how often they may be wrong."""

    mfa: MfaPolicy = setting(
        read.member_of(MfaPolicy),
        "on",
        "When a sign-in needs a second factor: `on`, `off`, or `risky` (from a network or browser not seen for 30 "
        "days, or within 24 hours of a change of number or password). A client may have a policy of its own.",
    )
    password_min_length: int = unset(
        read.integer(LEAST_WITH_SECOND_FACTOR, _LONGEST_MINIMUM),
        LEAST_WITH_SECOND_FACTOR,
        f"Characters a password must have, {LEAST_WITH_SECOND_FACTOR} to {_LONGEST_MINIMUM}; below {LEAST_ALONE} only "
        "where LINEPROOF_MFA is `on` (NIST SP 800-63B-4 §3.1.1.2).",
        shown=f"{LEAST_WITH_SECOND_FACTOR} where LINEPROOF_MFA is `on`, else {LEAST_ALONE}",
    )
    sign_in_lifetime: timedelta = setting(
        read.seconds(60, 3600), "600", "Seconds a user has from the right password to the second factor."
    )
    fresh_sign_in: timedelta = setting(
        read.seconds(60, _DAY),
        "600",
        "Seconds after a sign-in in which its user may change second factors, and in the Console whatever takes "
        "protection away; later the user signs in again.",
    )
    sign_in_max_wrong: int = setting(
        read.integer(0, _MANY), "10", "Wrong passwords for one user within the span at most; 0 for no limit."
    )
    sign_in_max_wrong_per_ip: int = setting(
        read.integer(0, _MANY),
        "100",
        "Wrong passwords from one address (of IPv6 one /64 network) within the span at most; 0 for no limit.",
    )
    sign_in_span: timedelta = setting(read.seconds(60, _DAY), "900", "Seconds over which wrong passwords are counted.")
