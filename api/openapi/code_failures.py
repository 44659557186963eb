"""What can go wrong at the code endpoints."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.services.errors import InvalidRequest, NoSuchBlock, NoSuchUser, NoSuchVerification
from verification import errors as verification
from verification.errors import Limit, LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    Cause = Callable[[], Exception | Response]

_CHECK: Mapping[str, Cause] = {
    "faultyBody": InvalidRequest,
    "wrongCode": verification.CodeInvalid,
    "expiredCode": verification.CodeExpired,
}
_RESEND: Mapping[str, Cause] = {
    "faultyBody": InvalidRequest,
    "unknownScenario": verification.InvalidScenario,
    "nothingPending": verification.NothingToResend,
    "refusedTarget": verification.TargetRefused,
}
_UNKNOWN_USER: Mapping[str, Cause] = {"unknownUser": verification.UnknownUser}
_DAILY: Mapping[str, Cause] = {"wrongChecksOfTheDay": partial(LimitReached, Limit.DAILY, 3600)}

_NUMBER_CHANGED: Mapping[str, Cause] = {
    "numberChanged": verification.NumberChanged,
    "changesBlocked": verification.ChangesBlocked,
}

CODE_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "BlockedChange": {"changesBlocked": verification.ChangesBlocked},
    "InvalidHistory": {"faultyQuery": InvalidRequest, **_UNKNOWN_USER},
    "InvalidCheck": _CHECK,
    "InvalidPrivilegedCheck": {**_CHECK, "switchedOff": verification.PrivilegedValidationDisabled, **_UNKNOWN_USER},
    "InvalidResend": _RESEND,
    "InvalidPrivilegedResend": {**_RESEND, **_UNKNOWN_USER},
    "NoSuchBlock": {"noBlock": NoSuchBlock},
    "NoSuchVerification": {"notAUser": NoSuchUser, "notPending": NoSuchVerification},
    "NumberChanged": _NUMBER_CHANGED,
    "Undecided": {**_NUMBER_CHANGED, "twoUsers": verification.AmbiguousCode},
    "TooManyChecks": _DAILY,
    "TooManyPrivilegedChecks": {**_DAILY, "wrongChecksOfTheCaller": partial(LimitReached, Limit.ATTEMPTS, 600)},
    "TooManyResends": {
        "cooldown": partial(LimitReached, Limit.COOLDOWN, 30),
        "sendsOfTheVerification": partial(LimitReached, Limit.SENDS, 300),
        "sendsOfTheHour": partial(LimitReached, Limit.HOURLY, 1800),
        "sendsToTheNumber": partial(LimitReached, Limit.NUMBER, 3600),
    },
}
"""By name: examples, and what causes each."""
