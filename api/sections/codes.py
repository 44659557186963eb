"""What codes are made of, how long they live, and how often they are sent and checked."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting
from verification.policy import Alphabet

if TYPE_CHECKING:
    from datetime import timedelta

_MANY = 1_000_000
_YEAR = 366 * 86400
_LONGEST_CODE_LIFE = 999 * 60


@dataclass(frozen=True, kw_only=True)
class CodeSettings:
    """What codes are made of, how long they live, and how often they are sent and checked."""

    otp_length: int = setting(read.integer(6, 8), "6", "Characters of a code, 6 to 8.")
    otp_alphabet: Alphabet = setting(
        read.member_of(Alphabet), "numeric", "What codes are made of: `numeric` or `alphanumeric`."
    )
    otp_lifetime: timedelta = setting(
        read.seconds(1, _LONGEST_CODE_LIFE), "300", "Seconds until a code expires; cannot be switched off."
    )
    otp_max_attempts: int = setting(
        read.integer(0, _MANY), "5", "Wrong checks after which a verification ends; 0 for no limit."
    )
    otp_max_sends: int = setting(
        read.integer(0, _MANY), "5", "Codes sent for one verification at most; 0 for no limit."
    )
    otp_resend_cooldown: timedelta = setting(
        read.seconds(0, _YEAR), "30", "Seconds between two codes of one verification; 0 for none."
    )
    otp_max_sends_per_hour: int = setting(
        read.integer(0, _MANY), "10", "Codes sent to one user within an hour at most; 0 for no limit."
    )
    otp_max_wrong_per_day: int = setting(
        read.integer(0, _MANY), "30", "Wrong checks of one user within 24 hours at most; 0 for no limit."
    )
    pending_lifetime: timedelta = setting(
        read.seconds(0, _YEAR), "86400", "Seconds a pending number may wait for its proof; 0 for ever."
    )
    privileged_max_wrong: int = setting(
        read.integer(0, _MANY),
        "20",
        "Wrong privileged checks of one caller within 600 seconds at most; 0 for no limit.",
    )
