"""Values of the verification engine for tests: each with defaults that any test may replace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from verification.addresses import EmailAddress, read_address
from verification.codes import KeyRing
from verification.decision import Contact, Start
from verification.delivery import Delivery
from verification.lifecycle import Request, request_verification
from verification.numbers import PhoneNumber, read_number
from verification.policy import PhonePolicy, Policy
from verification.verifications import Purpose, Scenario, Verification

if TYPE_CHECKING:
    from verification.targets import Target

MOMENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

# Numbers of the guide's kind: they parse in no region, so their digits are their keys.
ANN = "0111111111"
BEN = "0122222222"
CAT = "0133333333"
DAN = "0144444444"


class FrozenClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = MOMENT) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self._now

    def advance(self, seconds: float) -> datetime:
        """Move it on, and return the new moment."""
        self._now += timedelta(seconds=seconds)
        return self._now


def number(text: str, region: str | None = None) -> PhoneNumber:
    """Read a number as the lenient policy does."""
    return read_number(text, PhonePolicy.LENIENT, region)


def numbers(*texts: str) -> tuple[Target, ...]:
    """Read several numbers."""
    return tuple(number(text) for text in texts)


def address(word: str) -> EmailAddress:
    """Make the address of a name or of a number."""
    return read_address(f"{word}@example.com")


def contact(
    primary: str | None = ANN,
    listed: tuple[str, ...] = (),
    verified: tuple[str, ...] = (),
    *,
    is_primary_verified: bool = True,
) -> Contact:
    """Make the numbers of a user, by default one verified primary and no lists."""
    return Contact(
        None if primary is None else number(primary), numbers(*listed), numbers(*verified), is_primary_verified
    )


def key_ring(*kids: str) -> KeyRing:
    """Make a ring of known keys, by default of one named k1."""
    return KeyRing({kid: kid.encode().ljust(32, b".") for kid in kids or ("k1",)})


def request(
    target: str = BEN,
    scenario: Scenario = Scenario.MOBILE_ON_UPDATE,
    at: datetime = MOMENT,
    primary: str | None = ANN,
    **changes: Any,
) -> Request:
    """Make a request for a proof of the target."""
    made = Request(
        user_id="user-1",
        new_id="verification-1",
        purpose=Purpose.MOBILE,
        start=Start(number(target), scenario),
        primary=None if primary is None else number(primary),
        at=at,
    )
    return replace(made, **changes)


def verification(ring: KeyRing | None = None, policy: Policy | None = None, **changes: Any) -> Verification:
    """Make a live verification of BEN with its first code, started at MOMENT."""
    outcome = request_verification(request(), None, ring=ring or key_ring(), policy=policy or Policy())
    return replace(outcome.verification, **changes)


def delivery(**changes: Any) -> Delivery:
    """Make a delivery queued at MOMENT for the first code of a verification."""
    return replace(Delivery.queue("delivery-1", verification(), MOMENT), **changes)
