"""A day and a month of a service that is in use, as its database has it: for pages that show figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from persistence.blocked_attempts import BlockedAttempt
from persistence.statistics import CallCount, StoredCircuit
from tests.factories.stored import new_id, new_verification
from verification.conversion import Area, AreaKind, Block
from verification.delivery import Delivery, DeliveryStatus
from verification.verifications import Status

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.database import Database
    from persistence.unit_of_work import UnitOfWork

BY_HOUR = (3, 2, 1, 1, 2, 4, 9, 14, 18, 22, 20, 17, 19, 24, 21, 18, 16, 15, 12, 9, 7, 6, 4, 3)
REASONS = ("handset unreachable", "number barred", "number is a landline", "gateway timed out", None)
COUNTRIES = (("LK", 212, 187), ("GB", 96, 90), ("US", 61, 44), ("DE", 33, 31), ("BG", 58, 2))


def fill(database: Database, user_id: str, now: datetime) -> Block:
    """Add what a day leaves behind; return a block that still lasts."""
    database.transact(lambda unit: _day(unit, user_id, now))
    block = Block(
        new_id(), Area(AreaKind.COUNTRY, "BG"), now - timedelta(minutes=20), now + timedelta(hours=2), 1, 58, 2
    )

    def write(unit: UnitOfWork) -> None:
        unit.blocks.add(block)
        unit.blocks.add(replace(block, id=new_id(), area=Area(AreaKind.PREFIX, "+3598812"), repeats=0))
        for minutes, reason in enumerate(("country_conversion", "country_conversion", "number_type", "country")):
            unit.blocked_attempts.add(_attempt(user_id, now - timedelta(minutes=9 * minutes + 1), reason))
        unit.provider_figures.count_calls(
            now.replace(minute=0, second=0, microsecond=0),
            [
                CallCount("twilio", "accepted", 252, 48_000),
                CallCount("twilio", "postponed", 17, 20_000),
                CallCount("twilio", "refused", 9, 1_800),
                CallCount("vonage", "accepted", 18, 6_200),
            ],
        )
        unit.provider_figures.save_circuits(
            [
                StoredCircuit("w1", "twilio", "open", now - timedelta(minutes=4), now),
                StoredCircuit("w1", "vonage", "closed", now - timedelta(hours=7), now),
            ]
        )
        for country, sent, verified in COUNTRIES:
            area, slot = Area(AreaKind.COUNTRY, country), 0
            unit.conversions.count_sent([(area, now - timedelta(hours=3), sent)], slot)
            for number in range(verified):
                unit.conversions.count_verified([area], now - timedelta(hours=3), number % 8)

    database.transact(write)
    return block


def _day(unit: UnitOfWork, user_id: str, now: datetime) -> None:
    for hours, count in enumerate(BY_HOUR):
        _codes(unit, user_id, now - timedelta(hours=hours, minutes=1), count, hours)


def _codes(unit: UnitOfWork, user_id: str, at: datetime, count: int, hours: int) -> None:
    for number in range(count):
        asked_at = at - timedelta(seconds=40 * number)
        is_late, is_back = number % 7 == 3, number % 5 != 2
        status = Status.APPROVED if is_back else Status.EXPIRED if is_late else Status.SUPERSEDED
        verification = new_verification(
            user_id, asked_at, status=status, ended_at=asked_at + timedelta(minutes=1), digest=new_id()
        )
        unit.verifications.add(verification)
        unit.deliveries.add(_delivery(Delivery.queue(new_id(), verification, asked_at), number, hours))


def _delivery(delivery: Delivery, number: int, hours: int) -> Delivery:
    provider = "vonage" if number % 9 == 4 else "twilio"
    if number % 11 == 7:
        reason = REASONS[(number + hours) % len(REASONS)]
        is_taken = reason == "handset unreachable"
        return replace(
            delivery,
            status=DeliveryStatus.FAILED,
            provider=provider if is_taken else None,
            reason=reason,
            attempts=1,
            settled_at=delivery.created_at,
        )
    status = DeliveryStatus.SENT if number % 8 == 6 else DeliveryStatus.DELIVERED
    return replace(delivery, status=status, provider=provider, attempts=1, settled_at=delivery.created_at)


def _attempt(user_id: str, at: datetime, reason: str) -> BlockedAttempt:
    return BlockedAttempt(
        new_id(), at, user_id, "mobile", "**********56", "BG", "mobile", reason, user_id, "198.51.100.7", new_id()
    )
