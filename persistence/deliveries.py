"""The outbox: deliveries, claimed by one worker at a time for the span of a lease."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, case, func, null, select, update

from persistence import notices as stored_notices
from persistence import verifications as stored_verifications
from persistence.documents import is_storable
from persistence.statements import Statement, adding
from persistence.tables import DELIVERY_IS_QUEUED, deliveries, verifications
from persistence.tables_notices import notices
from persistence.types import Key, Moment
from verification.channels import Channel
from verification.delivery import Delivery, DeliveryStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from persistence.links import Link
    from persistence.statements import Parameters, Row
    from verification.notices import Notice
    from verification.verifications import Verification

COLUMNS = (
    deliveries.c.id,
    deliveries.c.verification_id,
    deliveries.c.notice_id,
    deliveries.c.user_id,
    deliveries.c.channel,
    deliveries.c.generation,
    deliveries.c.status,
    deliveries.c.attempts,
    deliveries.c.available_at,
    deliveries.c.expires_at,
    deliveries.c.provider,
    deliveries.c.reference,
    deliveries.c.reason,
    deliveries.c.created_at,
    deliveries.c.settled_at,
)


_DELIVERY_END = len(COLUMNS)
_VERIFICATION_END = _DELIVERY_END + len(stored_verifications.COLUMNS)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in the hands of a worker, and the verification whose current code it carries, or its notice."""

    delivery: Delivery
    verification: Verification | None
    notice: Notice | None = None


_ADD = Statement(adding(deliveries))
_DUE = (
    select(deliveries.c.id)
    .where(DELIVERY_IS_QUEUED, deliveries.c.available_at <= bindparam("now", type_=Moment))
    .order_by(deliveries.c.available_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
    # As a plain subquery PostgreSQL may run it once for each row, and each time skip what it has locked before.
    .cte("due")
)
_CLAIM = Statement(
    update(deliveries)
    .where(deliveries.c.id.in_(select(_DUE.c.id)), DELIVERY_IS_QUEUED)
    .values(
        attempts=deliveries.c.attempts + 1,
        available_at=bindparam("leased_until", type_=Moment),
        lease_token=bindparam("token", type_=Key),
    )
)
# By the end of the lease, which has an index.
_LEASED = Statement(
    select(*COLUMNS, *stored_verifications.COLUMNS, *stored_notices.COLUMNS)
    .select_from(
        deliveries.outerjoin(verifications, deliveries.c.verification_id == verifications.c.id).outerjoin(
            notices, deliveries.c.notice_id == notices.c.id
        )
    )
    .where(
        deliveries.c.available_at == bindparam("leased_until", type_=Moment),
        deliveries.c.lease_token == bindparam("token"),
        DELIVERY_IS_QUEUED,
    )
    .order_by(deliveries.c.created_at, deliveries.c.id)
)
_SETTLE = Statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("the_id"), deliveries.c.lease_token == bindparam("token"))
    .values(
        status=bindparam("new_status", type_=Key),
        attempts=bindparam("new_attempts", type_=Integer),
        available_at=bindparam("new_available_at", type_=Moment),
        provider=bindparam("new_provider", type_=Key),
        reference=bindparam("new_reference", type_=Key),
        reason=bindparam("new_reason", type_=Key),
        settled_at=bindparam("new_settled_at", type_=Moment),
        lease_token=null(),
    )
)
_LOOKUP = Statement(select(*COLUMNS).where(deliveries.c.id == bindparam("id")))
_LATEST = Statement(
    select(*COLUMNS)
    .where(deliveries.c.verification_id == bindparam("verification_id"))
    .order_by(deliveries.c.created_at.desc(), deliveries.c.generation.desc())
    .limit(1)
)
_FIND = Statement(
    select(*COLUMNS)
    .where(deliveries.c.provider == bindparam("provider"), deliveries.c.reference == bindparam("reference"))
    .order_by(deliveries.c.created_at.desc())
    .limit(1)
)
_NOTE = Statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("the_id"), deliveries.c.status == bindparam("old_status"))
    .values(status=bindparam("new_status", type_=Key), reason=bindparam("new_reason", type_=Key))
)
# The age of a code alone says that something is wrong: a notice may wait for hours for a mail server.
_COUNT_QUEUED = Statement(
    select(
        func.count(),
        func.min(case((deliveries.c.verification_id.is_not(None), deliveries.c.created_at)), type_=Moment),
    )
    .select_from(deliveries)
    .where(DELIVERY_IS_QUEUED)
)
_OLDEST_DUE = Statement(
    select(deliveries.c.available_at)
    .where(DELIVERY_IS_QUEUED, deliveries.c.available_at <= bindparam("now", type_=Moment))
    .order_by(deliveries.c.available_at)
    .limit(1)
)
_HELD = Statement(
    select(deliveries.c.id)
    .where(
        DELIVERY_IS_QUEUED,
        deliveries.c.available_at > bindparam("now", type_=Moment),
        deliveries.c.lease_token.is_not(None),
    )
    .limit(1)
)


class Deliveries:
    """The deliveries of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, delivery: Delivery) -> None:
        """Put a delivery into the outbox."""
        self._link.later(_ADD, {"lease_token": None, **_row(delivery)})

    def claim(self, now: datetime, lease_token: str, lease: timedelta, limit: int) -> list[Claimed]:
        """Take deliveries that are due, oldest first, and keep other workers off them for the span of the lease.

        The token is one of this claim alone: what an attempt at it has taken, whose commit was not answered, is
        returned by the next.
        """
        lease_of = {"leased_until": now + lease, "token": lease_token}
        self._link.run(_CLAIM, {"now": now, "limit": limit, **lease_of})
        return [_claimed(row) for row in self._link.rows(_LEASED, lease_of)]

    def settle(self, lease_token: str, delivery: Delivery) -> bool:
        """Write what became of a claimed delivery, unless its lease has passed to another worker; tell which."""
        return self._link.run(_SETTLE, _settled(lease_token, delivery)) > 0

    def settle_many(self, batch: Iterable[tuple[str, Delivery]]) -> int:
        """Write what became of many, each given with the token of its lease; return how many were still held."""
        return self._link.run_many(_SETTLE, (_settled(token, delivery) for token, delivery in batch))

    def lookup(self, delivery_id: str) -> Delivery | None:
        """Find a delivery by its id."""
        row = self._link.row(_LOOKUP, {"id": delivery_id}) if is_storable(delivery_id) else None
        return None if row is None else read(row)

    def latest(self, verification_id: str) -> Delivery | None:
        """Find the newest delivery of a verification."""
        row = self._link.row(_LATEST, {"verification_id": verification_id})
        return None if row is None else read(row)

    def find(self, provider: str, reference: str) -> Delivery | None:
        """Find the delivery a receipt is about, by the gateway's name of it."""
        if not is_storable(reference):
            return None
        row = self._link.row(_FIND, {"provider": provider, "reference": reference})
        return None if row is None else read(row)

    def note(self, new: Delivery, *, expected: Delivery) -> bool:
        """Write what a receipt tells of a delivery, where it is still in the state it was read in."""
        parameters = {
            "the_id": expected.id,
            "old_status": expected.status.value,
            "new_status": new.status.value,
            "new_reason": new.reason,
        }
        return self._link.run(_NOTE, parameters) > 0

    def neglected_since(self, now: datetime) -> datetime | None:
        """Return since when the oldest due delivery is left lying; None where none is, or a worker holds others.

        A worker that is behind claims the oldest first and holds them until they are settled; the leases of one
        that died have lapsed after seconds.
        """
        due = self._link.row(_OLDEST_DUE, {"now": now})
        if due is None or self._link.row(_HELD, {"now": now}) is not None:
            return None
        oldest: datetime = due[0]
        return oldest

    def count_queued(self) -> tuple[int, datetime | None]:
        """Count the deliveries that are neither accepted nor given up, and tell when the oldest code was queued."""
        count, oldest = self._link.rows(_COUNT_QUEUED, {})[0]
        return int(count), oldest


def _claimed(row: Row) -> Claimed:
    delivery = read(row[:_DELIVERY_END])
    if delivery.notice_id is not None:
        return Claimed(delivery, None, stored_notices.read(row[_VERIFICATION_END:]))
    return Claimed(delivery, stored_verifications.read(row[_DELIVERY_END:_VERIFICATION_END]))


def read(row: Row) -> Delivery:
    """Build a delivery from its columns."""
    (number, verification_id, notice_id, user_id, channel, generation, status, attempts, *rest) = row
    available_at, expires_at, provider, reference, reason, created_at, settled_at = rest
    return Delivery(
        id=number,
        verification_id=verification_id,
        notice_id=notice_id,
        user_id=user_id,
        channel=Channel(channel),
        generation=generation,
        status=DeliveryStatus(status),
        attempts=attempts,
        available_at=available_at,
        expires_at=expires_at,
        provider=provider,
        reference=reference,
        reason=reason,
        created_at=created_at,
        settled_at=settled_at,
    )


def _row(delivery: Delivery) -> Parameters:
    return {
        "id": delivery.id,
        "verification_id": delivery.verification_id,
        "notice_id": delivery.notice_id,
        "user_id": delivery.user_id,
        "channel": delivery.channel.value,
        "generation": delivery.generation,
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "available_at": delivery.available_at,
        "expires_at": delivery.expires_at,
        "provider": delivery.provider,
        "reference": delivery.reference,
        "reason": delivery.reason,
        "created_at": delivery.created_at,
        "settled_at": delivery.settled_at,
    }


def _settled(lease_token: str, delivery: Delivery) -> Parameters:
    row = _row(delivery)
    changing = ("status", "attempts", "available_at", "provider", "reference", "reason", "settled_at")
    return {"the_id": delivery.id, "token": lease_token, **{f"new_{name}": row[name] for name in changing}}
