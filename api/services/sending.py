"""What is written when a code is to be sent, and when a verification ends: shared by changes and by checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.identifiers import new_id
from verification.delivery import Delivery
from verification.errors import Limit
from verification.limits import hourly_sends, retry_after

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.unit_of_work import UnitOfWork
    from verification.limits import Window
    from verification.policy import Policy
    from verification.verifications import Verification


def queue_code(unit: UnitOfWork, verification: Verification, at: datetime) -> None:
    """Queue the current code of a verification, and count it against its user's hour."""
    unit.deliveries.add(Delivery.queue(new_id(), verification, at))
    unit.limits.add(Limit.HOURLY, verification.user_id, at)


def wait_for(unit: UnitOfWork, window: Window, subject: str, at: datetime) -> int:
    """Return the seconds until a window lets its subject go on, 0 where it does now."""
    if window.is_off:
        return 0
    nth_latest = unit.limits.nth_latest(window.limit, subject, window.maximum, window.opens_at(at))
    return retry_after(nth_latest, window, at)


def hourly_wait(unit: UnitOfWork, user_id: str, at: datetime, policy: Policy) -> int:
    """Return the seconds until a user may be sent another code."""
    return wait_for(unit, hourly_sends(policy), user_id, at)
