"""The messages of all users, newest first, with what each of them carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, select, tuple_, union_all

from persistence import deliveries as stored
from persistence.documents import is_storable
from persistence.labels import NAME
from persistence.moments import END_OF_TIME
from persistence.statements import Statement
from persistence.tables import DELIVERY_IS_FAILED, DELIVERY_IS_QUEUED, deliveries, resources, verifications
from persistence.tables_notices import notices
from persistence.types import Key, Moment
from verification.delivery import DeliveryStatus
from verification.targets import Target
from verification.templates import Template
from verification.verifications import Purpose, Scenario, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, TextClause

    from persistence.links import Link
    from persistence.statements import Parameters, Row
    from verification.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Carried:
    """The code that a delivery carries: of which verification, and how that stands by now."""

    purpose: Purpose
    scenario: Scenario
    status: Status
    generation: int
    sent_at: datetime
    sends: int


@dataclass(frozen=True, slots=True)
class ListedDelivery:
    """A delivery, to whom it goes, and the code or the notice that it carries.

    Attributes:
        user: What the user is called; None where the user is gone.
        target: Masked.
    """

    delivery: Delivery
    user: str | None
    target: str
    code: Carried | None
    template: Template | None


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Which deliveries are asked for; None is any."""

    status: DeliveryStatus | None = None
    provider: str | None = None
    user_id: str | None = None
    scenario: Scenario | None = None
    since: datetime | None = None


_BEFORE = tuple_(deliveries.c.created_at, deliveries.c.id) < tuple_(
    bindparam("before_at", type_=Moment), bindparam("before_id", type_=Key)
)
_of_code, _of_notice = deliveries.alias("of_code"), deliveries.alias("of_notice")
# Those of a user are found by what they carry, which has an index by user.
_OF_USER = union_all(
    select(_of_code.c.id)
    .join(verifications, _of_code.c.verification_id == verifications.c.id)
    .where(verifications.c.user_id == bindparam("user_id")),
    select(_of_notice.c.id)
    .join(notices, _of_notice.c.notice_id == notices.c.id)
    .where(notices.c.user_id == bindparam("user_id"), _of_notice.c.notice_id.is_not(None)),
)
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "status": deliveries.c.status == bindparam("status"),
    "provider": deliveries.c.provider == bindparam("provider"),
    "user_id": deliveries.c.id.in_(_OF_USER),
    "scenario": verifications.c.scenario == bindparam("scenario"),
    "since": deliveries.c.created_at >= bindparam("since", type_=Moment),
}
# Literal, so that the partial indexes are seen to hold what is asked for.
_PARTIAL: Mapping[str, TextClause] = {
    DeliveryStatus.QUEUED: DELIVERY_IS_QUEUED,
    DeliveryStatus.FAILED: DELIVERY_IS_FAILED,
}
_CARRIED = (
    verifications.c.purpose,
    verifications.c.scenario,
    verifications.c.status,
    verifications.c.generation,
    verifications.c.sent_at,
    verifications.c.sends,
    verifications.c.target_text,
    verifications.c.target_key,
)
_END = len(stored.COLUMNS)


class DeliveryLists:
    """The deliveries of all users, for those who look after them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list(
        self, query: DeliveryQuery, *, before: tuple[datetime, str] | None = None, limit: int
    ) -> list[ListedDelivery]:
        """List deliveries, newest first; to go on, give moment and id of the last one listed."""
        if not all(value is None or is_storable(value) for value in (query.user_id, query.provider)):
            return []
        named: Parameters = {
            "provider": query.provider,
            "user_id": query.user_id,
            "scenario": None if query.scenario is None else query.scenario.value,
            "since": query.since,
        }
        if query.status is not None and query.status not in _PARTIAL:
            named["status"] = query.status.value
        before_at, before_id = before or (END_OF_TIME, "")
        given = {name: value for name, value in named.items() if value is not None}
        parameters = {"before_at": before_at, "before_id": before_id, "limit": limit, **given}
        statement = listing(frozenset(given) | ({query.status} & _PARTIAL.keys()))
        return [_read(row) for row in self._link.rows(statement, parameters)]


@cache
def listing(names: frozenset[str]) -> Statement:
    """Build the list of deliveries that have what is named, and are in the status that is."""
    conditions = [condition for name, condition in _CONDITIONS.items() if name in names]
    statuses = [status for name, status in _PARTIAL.items() if name in names]
    return Statement(
        select(*stored.COLUMNS, NAME, notices.c.destination, notices.c.template, *_CARRIED)
        .select_from(
            deliveries.outerjoin(verifications, deliveries.c.verification_id == verifications.c.id)
            .outerjoin(notices, deliveries.c.notice_id == notices.c.id)
            .outerjoin(resources, deliveries.c.user_id == resources.c.id)
        )
        .where(_BEFORE, *conditions, *statuses)
        .order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )


def _read(row: Row) -> ListedDelivery:
    delivery = stored.read(row[:_END])
    label, destination, template, purpose, scenario, status, generation, sent_at, sends, text, key = row[_END:]
    if purpose is None:
        return ListedDelivery(delivery, label, Target(destination, destination).masked(), None, Template(template))
    code = Carried(Purpose(purpose), Scenario(scenario), Status(status), generation, sent_at, sends)
    return ListedDelivery(delivery, label, Target(text, key).masked(), code, None)
