"""What became of verifications: all of them, ended or not, with the latest delivery of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, select, tuple_

from persistence import verifications as stored
from persistence.batches import named, padded, places
from persistence.documents import is_storable
from persistence.moments import END_OF_TIME
from persistence.statements import Statement
from persistence.tables import deliveries, verifications
from persistence.types import Key, Moment
from verification.delivery import DeliveryStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from persistence.links import Link
    from persistence.statements import Parameters
    from verification.verifications import Purpose, Status, Verification

_BEFORE = tuple_(verifications.c.created_at, verifications.c.id) < tuple_(
    bindparam("before_at", type_=Moment), bindparam("before_id", type_=Key)
)
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "user_id": verifications.c.user_id == bindparam("user_id"),
    "status": verifications.c.status == bindparam("status"),
    "purpose": verifications.c.purpose == bindparam("purpose"),
    "since": verifications.c.created_at >= bindparam("since", type_=Moment),
}


@dataclass(frozen=True, slots=True)
class LastDelivery:
    """How the latest message of a verification fares."""

    status: DeliveryStatus
    channel: str
    provider: str | None
    reason: str | None
    attempts: int
    settled_at: datetime | None


# One more each: the id of its latest delivery. In a join PostgreSQL might read all deliveries for it; here it cannot.
_LATEST = (
    select(deliveries.c.id)
    .where(deliveries.c.verification_id == verifications.c.id)
    .order_by(deliveries.c.created_at.desc(), deliveries.c.generation.desc())
    .limit(1)
    .scalar_subquery()
)


class Histories:
    """The verifications of all users, for those who look after them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list(
        self,
        before: datetime | None = None,
        *,
        before_id: str = "",
        user_id: str | None = None,
        status: Status | None = None,
        purpose: Purpose | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> list[tuple[Verification, LastDelivery | None]]:
        """List verifications asked for before a moment (None: ever), newest first: those with all that is given.

        To go on, give the moment and the id of the last one listed.
        """
        if user_id is not None and not is_storable(user_id):
            return []
        named: Parameters = {
            "user_id": user_id,
            "status": None if status is None else status.value,
            "purpose": None if purpose is None else purpose.value,
            "since": since,
        }
        given = {name: value for name, value in named.items() if value is not None}
        parameters = {"before_at": before or END_OF_TIME, "before_id": before_id, "limit": limit, **given}
        rows = self._link.rows(listing(frozenset(given)), parameters)
        latest = self._deliveries([row[-1] for row in rows if row[-1] is not None])
        return [(stored.read(row[:-1]), latest.get(row[-1])) for row in rows]

    def _deliveries(self, ids: Sequence[str]) -> dict[str, LastDelivery]:
        if not ids:
            return {}
        several = padded(ids)
        rows = self._link.rows(of_deliveries(len(several)), named(several))
        return {row[0]: LastDelivery(DeliveryStatus(row[1]), *row[2:]) for row in rows}


@cache
def listing(names: frozenset[str]) -> Statement:
    """Build the list of verifications that have what is named."""
    return Statement(
        select(*stored.COLUMNS, _LATEST)
        .where(_BEFORE, *(condition for name, condition in _CONDITIONS.items() if name in names))
        .order_by(verifications.c.created_at.desc(), verifications.c.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )


@cache
def of_deliveries(count: int) -> Statement:
    """Build the look-up of so many deliveries."""
    columns = (
        deliveries.c.id,
        deliveries.c.status,
        deliveries.c.channel,
        deliveries.c.provider,
        deliveries.c.reason,
        deliveries.c.attempts,
        deliveries.c.settled_at,
    )
    return Statement(select(*columns).where(deliveries.c.id.in_(places(count))))
