"""Figures of what is sent and what comes back: sums over a bounded span of time, each read by an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from persistence.statements import Statement
from persistence.tables import DELIVERY_IS_FAILED, deliveries, verifications
from persistence.tables_sending import send_counts
from persistence.tables_statistics import country_figures, provider_calls, provider_circuits
from persistence.types import Key, Moment
from verification.conversion import Area, AreaKind
from verification.delivery import DeliveryStatus
from verification.verifications import Status

if TYPE_CHECKING:
    from sqlalchemy import Column, Label
    from sqlalchemy.sql.compiler import SQLCompiler

    from persistence.links import Link


class Step(StrEnum):
    """What moments are put together by; hours and days are those of UTC."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class VerificationCount:
    """How many verifications that were asked for within a step have come to a status."""

    at: datetime
    status: Status
    count: int


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """How many messages that were queued within a step fare like this."""

    at: datetime
    is_code: bool
    provider: str | None
    status: DeliveryStatus
    count: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many messages have failed for a reason; the provider is the one that had accepted them, if any had."""

    reason: str | None
    provider: str | None
    count: int


@dataclass(frozen=True, slots=True)
class CallCount:
    """How many calls of a provider went like this, and how long they took in all."""

    provider: str
    outcome: str
    count: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class StoredCircuit:
    """Whether one worker asks a provider in its turn, as it last said."""

    worker: str
    provider: str
    state: str
    changed_at: datetime
    seen_at: datetime


class _Bucket(FunctionElement[str]):
    """The hour or the day of a moment, as the beginning of its text."""

    inherit_cache = True
    type = Text()


class _Hour(_Bucket):
    inherit_cache = True
    width = len("2026-01-31T12")
    form = 'YYYY-MM-DD"T"HH24'


class _Day(_Bucket):
    inherit_cache = True
    width = len("2026-01-31")
    form = "YYYY-MM-DD"


@compiles(_Hour, "sqlite")
@compiles(_Day, "sqlite")
def _in_sqlite(element: _Hour | _Day, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"substr({compiler.process(element.clauses, **options)}, 1, {element.width})"


@compiles(_Hour, "postgresql")
@compiles(_Day, "postgresql")
def _in_postgresql(element: _Hour | _Day, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', '{element.form}')"


def _bucket(step: Step, column: Column[datetime]) -> Label[str]:
    return (_Hour(column) if step is Step.HOUR else _Day(column)).label("bucket")


_SINCE, _UNTIL = bindparam("since", type_=Moment), bindparam("until", type_=Moment)


def _verifications_by(step: Step) -> Statement:
    made = verifications.c.created_at
    bucket, status = _bucket(step, made), verifications.c.status
    counting = select(bucket, status, func.count()).where(made >= _SINCE, made <= _UNTIL)
    return Statement(counting.group_by(bucket.name, status))


def _deliveries_by(step: Step) -> Statement:
    made = deliveries.c.created_at
    bucket, provider, status = _bucket(step, made), deliveries.c.provider, deliveries.c.status
    is_code = deliveries.c.verification_id.is_not(None).label("is_code")
    counting = select(bucket, is_code, provider, status, func.count()).where(made >= _SINCE, made <= _UNTIL)
    return Statement(counting.group_by(bucket.name, is_code.name, provider, status))


OF_VERIFICATIONS = {step: _verifications_by(step) for step in Step}
OF_DELIVERIES = {step: _deliveries_by(step) for step in Step}
OF_FAILURES = Statement(
    select(deliveries.c.reason, deliveries.c.provider, func.count().label("failures"))
    .where(DELIVERY_IS_FAILED, deliveries.c.created_at >= _SINCE, deliveries.c.created_at <= _UNTIL)
    .group_by(deliveries.c.reason, deliveries.c.provider)
)
# Literal bounds: only so does SQLite see that they are narrow.
_COUNTRIES = (literal_column(f"'{AreaKind.COUNTRY}:'", Key), literal_column(f"'{AreaKind.COUNTRY}:~'", Key))
OF_AREAS = Statement(
    select(send_counts.c.area, func.sum(send_counts.c.sent), func.sum(send_counts.c.verified))
    .where(send_counts.c.bucket_at >= _SINCE, send_counts.c.area.between(*_COUNTRIES))
    .group_by(send_counts.c.area)
)
OF_COUNTRIES = Statement(
    select(country_figures.c.country, func.sum(country_figures.c.sent), func.sum(country_figures.c.verified))
    .where(country_figures.c.hour_at >= _SINCE)
    .group_by(country_figures.c.country)
)
OF_CALLS = Statement(
    select(
        provider_calls.c.provider,
        provider_calls.c.outcome,
        func.sum(provider_calls.c.calls),
        func.sum(provider_calls.c.milliseconds),
    )
    .where(provider_calls.c.hour_at >= _SINCE)
    .group_by(provider_calls.c.provider, provider_calls.c.outcome)
)
OF_CIRCUITS = Statement(
    select(*provider_circuits.columns)
    .where(provider_circuits.c.seen_at >= _SINCE)
    .order_by(provider_circuits.c.provider, provider_circuits.c.worker)
)


class Statistics:
    """Sums over all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def of_verifications(self, step: Step, since: datetime, until: datetime) -> list[VerificationCount]:
        """Count the verifications asked for within a span, by step and status."""
        rows = self._link.rows(OF_VERIFICATIONS[step], {"since": since, "until": until})
        return [VerificationCount(_moment(bucket), Status(status), count) for bucket, status, count in rows]

    def of_deliveries(self, step: Step, since: datetime, until: datetime) -> list[DeliveryCount]:
        """Count the messages queued within a span, by step, provider and status."""
        rows = self._link.rows(OF_DELIVERIES[step], {"since": since, "until": until})
        return [
            DeliveryCount(_moment(bucket), bool(is_code), provider, DeliveryStatus(status), count)
            for bucket, is_code, provider, status, count in rows
        ]

    def of_failures(self, since: datetime, until: datetime) -> list[FailureCount]:
        """Count the messages queued within a span that have failed, by reason."""
        return [FailureCount(*row) for row in self._link.rows(OF_FAILURES, {"since": since, "until": until})]

    def of_countries(self, since: datetime) -> dict[str, tuple[int, int]]:
        """Count the codes sent to each country since a moment, and those that came back."""
        found: dict[str, tuple[int, int]] = {}
        recent = ((Area.of_key(key).name, *rest) for key, *rest in self._link.rows(OF_AREAS, {"since": since}))
        for country, sent, verified in (*recent, *self._link.rows(OF_COUNTRIES, {"since": since})):
            before = found.get(country, (0, 0))
            found[country] = (before[0] + int(sent), before[1] + int(verified))
        return found

    def of_calls(self, since: datetime) -> list[CallCount]:
        """Count the calls of providers since a moment, by how they went."""
        rows = self._link.rows(OF_CALLS, {"since": since})
        return [CallCount(provider, outcome, int(calls), int(spent)) for provider, outcome, calls, spent in rows]

    def circuits(self, since: datetime) -> list[StoredCircuit]:
        """List what workers have said of providers since a moment."""
        return [StoredCircuit(*row) for row in self._link.rows(OF_CIRCUITS, {"since": since})]


def _moment(bucket: str) -> datetime:
    """Read the beginning of a moment's text, which is in UTC."""
    return datetime.fromisoformat(f"{bucket}:00+00:00" if "T" in bucket else f"{bucket}T00:00+00:00")
