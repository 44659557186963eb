"""Values of a sign-in: its rules, where it stands, and who has signed in by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from api.services.guesses import GuessRules
from verification.factors import MfaPolicy

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.guesses import Guess
    from verification.factors import Method


class Step(StrEnum):
    """What a sign-in waits for."""

    SECOND_FACTOR = "second_factor"
    ENROLMENT = "enrolment"  # of a first second factor
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SignInRules:
    """When a second factor is asked for, how long it may take, and how many wrong passwords there may be."""

    mfa: MfaPolicy = MfaPolicy.ON
    lifetime: timedelta = timedelta(seconds=600)
    guesses: GuessRules = field(default_factory=GuessRules)


@dataclass(frozen=True, slots=True)
class Authenticated:
    """A user who has proved to be one, by which methods, and what that is worth."""

    user_id: str
    amr: tuple[str, ...]
    acr: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way.

    Attributes:
        flow: The token by which the browser goes on; empty once it is done.
        methods: The second factors to choose from, the best first.
        sent_to: Where a code was sent, masked.
        resend_after: Seconds until another one may be sent; None where none was sent, or none is left.
        authenticated: Who has signed in, once it is done.
    """

    flow: str = field(repr=False)
    step: Step
    methods: tuple[Method, ...] = ()
    sent_to: str | None = None
    resend_after: int | None = None
    authenticated: Authenticated | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in whose password was right when it was looked at."""

    guess: Guess
    user_id: str
    client_id: str | None
    acr: str
    rehashed: str | None = field(default=None, repr=False)
