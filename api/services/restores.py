"""Values of a restore: its rules, what its owner holds, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from verification.restoration import RestorePolicy

if TYPE_CHECKING:
    from verification.restoration import Proof, RestoreStep


@dataclass(frozen=True, slots=True)
class RestoreRules:
    """What has to be proved, and how often somebody may begin within an hour."""

    policy: RestorePolicy = RestorePolicy.STRONGEST
    signs_in: bool = False
    lifetime: timedelta = timedelta(minutes=30)
    per_address: int = 5
    per_source: int = 30


@dataclass(frozen=True, slots=True)
class Begun:
    """A flow that was begun; the secret is told only here, and without it the id is of no use."""

    flow_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """What its owner brings with each step of a flow."""

    flow_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Onward:
    """What a flow waits for next, and where a code was sent, masked."""

    step: RestoreStep | None
    proof: Proof | None = None
    sent_to: str | None = None
    user_id: str | None = None
    """Who may be given a token now; None where nobody may."""
