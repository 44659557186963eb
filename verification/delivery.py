"""A delivery: one message on its way, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from verification.errors import IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from verification.channels import Channel
    from verification.notices import Notice
    from verification.verifications import Verification

CALL_TIMEOUT = timedelta(seconds=10)  # a gateway call, in all
LEASE = timedelta(seconds=15)  # longer than a call, so that no second worker calls while the first one waits

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(seconds=60)
LONGEST_NOTICE_RETRY = timedelta(minutes=15)  # a notice lives for hours, and so may the fault of a mail server
NO_WAIT = timedelta(0)
MOST_DOUBLINGS = 9  # enough to reach the longest

# Reasons of our own, beside those of the gateways.
EXPIRED = "expired"
SUPERSEDED = "superseded"


class DeliveryStatus(StrEnum):
    """The states of a delivery."""

    QUEUED = "queued"  # waits for a worker, or for its next try
    SENT = "sent"  # a gateway has accepted it
    DELIVERED = "delivered"  # a receipt says it arrived
    FAILED = "failed"  # refused for good, or not accepted in time
    DROPPED = "dropped"  # its code is no longer the current one


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way: a code, named by its verification and generation, or a notice; it holds no text.

    Attributes:
        generation: Of its code; 1 for a notice.
        attempts: Calls begun so far.
        available_at: When the next worker may take it: after a wait, or after the lease of one that died.
        provider: The gateway that accepted it.
        reference: The gateway's name of it, which its receipts bring.
        reason: Why the last call failed, in a word.
    """

    id: str
    verification_id: str | None
    notice_id: str | None
    user_id: str
    channel: Channel
    generation: int
    status: DeliveryStatus
    attempts: int
    available_at: datetime
    expires_at: datetime
    provider: str | None
    reference: str | None
    reason: str | None
    created_at: datetime
    settled_at: datetime | None

    @classmethod
    def queue(cls, delivery_id: str, verification: Verification, at: datetime) -> Delivery:
        """Queue the current code of a verification."""
        return cls(
            id=delivery_id,
            verification_id=verification.id,
            notice_id=None,
            user_id=verification.user_id,
            channel=verification.purpose.channel,
            generation=verification.generation,
            status=DeliveryStatus.QUEUED,
            attempts=0,
            available_at=at,
            expires_at=verification.expires_at,
            provider=None,
            reference=None,
            reason=None,
            created_at=at,
            settled_at=None,
        )

    @classmethod
    def announce(cls, delivery_id: str, notice: Notice, lifetime: timedelta) -> Delivery:
        """Queue a notice."""
        return cls(
            id=delivery_id,
            verification_id=None,
            notice_id=notice.id,
            user_id=notice.user_id,
            channel=notice.channel,
            generation=1,
            status=DeliveryStatus.QUEUED,
            attempts=0,
            available_at=notice.created_at,
            expires_at=notice.created_at + lifetime,
            provider=None,
            reference=None,
            reason=None,
            created_at=notice.created_at,
            settled_at=None,
        )

    @property
    def longest_retry(self) -> timedelta:
        """Return the longest wait before another try."""
        return LONGEST_RETRY if self.notice_id is None else LONGEST_NOTICE_RETRY

    def is_current(self, verification: Verification | None) -> bool:
        """Tell whether its code is still the one its verification waits for."""
        return verification is not None and verification.is_live and verification.generation == self.generation

    def has_expired(self, at: datetime) -> bool:
        """Tell whether it has expired, so that it is worth no call."""
        return at >= self.expires_at

    def claim(self, at: datetime) -> Delivery:
        """Begin a call; until the lease ends no other worker takes it."""
        self._require_queued()
        return replace(self, attempts=self.attempts + 1, available_at=at + LEASE)

    def release(self, at: datetime) -> Delivery:
        """Hand a claim back whose call was not begun: it counts for none, and another worker may take it at once."""
        self._require_queued()
        return replace(self, attempts=self.attempts - 1, available_at=at)

    def retry(self, at: datetime, reason: str, rng: Callable[[], float], wait: timedelta = NO_WAIT) -> Delivery:
        """Try again later, or give up where it will have expired by then.

        `wait` is what the gateway asks for. It is granted up to the longest wait of our own: another gateway
        may take the message, and this one may mean hours.
        """
        self._require_queued()
        longest = self.longest_retry
        available_at = max(next_retry(self.attempts, at, rng, longest), at + min(wait, longest))
        if available_at >= self.expires_at:
            return self.fail(at, reason)
        return replace(self, available_at=available_at, reason=reason)

    def send(self, at: datetime, provider: str, reference: str | None) -> Delivery:
        """Note that a gateway has accepted it."""
        self._require_queued()
        return replace(
            self, status=DeliveryStatus.SENT, provider=provider, reference=reference, reason=None, settled_at=at
        )

    def fail(self, at: datetime, reason: str) -> Delivery:
        """Give it up for good."""
        self._require_queued()
        return replace(self, status=DeliveryStatus.FAILED, reason=reason, settled_at=at)

    def drop(self, at: datetime) -> Delivery:
        """Leave it unsent: its code is no longer the current one."""
        self._require_queued()
        return replace(self, status=DeliveryStatus.DROPPED, reason=SUPERSEDED, settled_at=at)

    def arrive(self) -> Delivery:
        """Note a receipt that it arrived."""
        return self._finally(DeliveryStatus.DELIVERED, None)

    def miss(self, reason: str) -> Delivery:
        """Note a receipt that it will not arrive."""
        return self._finally(DeliveryStatus.FAILED, reason)

    def _finally(self, status: DeliveryStatus, reason: str | None) -> Delivery:
        # Receipts come late, twice and out of order: the first that is final counts.
        if self.status is not DeliveryStatus.SENT:
            raise IllegalTransition
        return replace(self, status=status, reason=reason)

    def _require_queued(self) -> None:
        if self.status is not DeliveryStatus.QUEUED:
            raise IllegalTransition


def next_retry(attempts: int, now: datetime, rng: Callable[[], float], longest: timedelta = LONGEST_RETRY) -> datetime:
    """Return when to try again after so many calls: twice the wait each time, spread by chance.

    `rng` gives a number from 0 up to 1. The wait lies between half of the span and all of it, so the first
    retry comes within 2 s, and workers that failed together do not come back together.
    """
    span = min(FIRST_RETRY * (1 << min(attempts - 1, MOST_DOUBLINGS)), longest)
    return now + span * (0.5 + rng() / 2)
