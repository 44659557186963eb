"""Figures for people who look rather than read: what was sent, what came of it, and how providers fare."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from api.services.provider_health import SAID_EVERY
from persistence.statistics import Step
from verification.delivery import DeliveryStatus
from verification.numbers import calling_code
from verification.verifications import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.services.core import Core
    from persistence.statistics import CallCount, DeliveryCount, FailureCount, StoredCircuit, VerificationCount
    from persistence.unit_of_work import UnitOfWork

FIGURES_KEPT = timedelta(days=32)
"""How long figures are kept that nothing else remembers: a day longer than the longest span."""
MOST_ROWS = 20
"""Countries and reasons that are told apart."""
HEARD_WITHIN = 3 * SAID_EVERY
"""A worker that has not been heard of for so long is taken to be gone."""
ACCEPTED = "accepted"
CLOSED, OPEN = "closed", "open"


class Span(StrEnum):
    """How far back figures go."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def step(self) -> Step:
        """Return what moments are put together by."""
        return Step.HOUR if self is Span.DAY else Step.DAY

    def steps_until(self, now: datetime) -> tuple[datetime, ...]:
        """Return the beginnings of its steps, oldest first; the last one is under way."""
        if self is Span.DAY:
            last, step, count = now.replace(minute=0, second=0, microsecond=0), timedelta(hours=1), 24
        else:
            last, step = now.replace(hour=0, minute=0, second=0, microsecond=0), timedelta(days=1)
            count = 7 if self is Span.WEEK else 30
        return tuple(last - step * back for back in reversed(range(count)))


@dataclass(frozen=True, slots=True)
class Point:
    """What became of the codes that were asked for, or queued, within one step of time.

    Attributes:
        requested: Verifications that began.
        verified: Those of them that were approved.
        expired: Those that waited too long.
        sent: Messages with codes that a gateway accepted.
        delivered: Those of them that arrived, as a receipt says.
        failed: Messages with codes that were not accepted, or did not arrive.
    """

    at: datetime
    requested: int = 0
    sent: int = 0
    delivered: int = 0
    verified: int = 0
    expired: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class CountryConversion:
    """The codes sent to a country, and those of them that came back."""

    country: str
    calling_code: int
    sent: int
    verified: int


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """How a provider fares.

    Attributes:
        circuit: `open` where a worker asks it after all others, `closed` where none does, None where none is heard of.
        since: Since when the circuit is so.
        calls: How many calls were made of it, by how they went.
        milliseconds: How long a call took on average.
        accepted, delivered, failed: Messages it accepted, and those that a receipt says arrived or did not.
    """

    name: str
    circuit: str | None
    since: datetime | None
    calls: dict[str, int]
    milliseconds: int
    accepted: int
    delivered: int
    failed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All figures of a span."""

    span: Span
    since: datetime
    until: datetime
    points: tuple[Point, ...]
    countries: tuple[CountryConversion, ...]
    providers: tuple[ProviderHealth, ...]
    failures: tuple[FailureCount, ...]
    queued: int
    oldest_queued_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatisticsService:
    """The use case of those who watch."""

    core: Core

    def overview(self, span: Span) -> Overview:
        """Return the figures of the last day, week or month."""
        return self.core.database.read(lambda unit: _overview(unit, span, self.core.clock.now()))


def _overview(unit: UnitOfWork, span: Span, now: datetime) -> Overview:
    steps, found = span.steps_until(now), unit.statistics
    since = steps[0]
    messages = found.of_deliveries(span.step, since, now)
    queued, oldest = unit.deliveries.count_queued()
    return Overview(
        span=span,
        since=since,
        until=now,
        points=points(steps, found.of_verifications(span.step, since, now), messages),
        countries=_countries(found.of_countries(since)),
        providers=providers(messages, found.of_calls(since), found.circuits(now - HEARD_WITHIN)),
        failures=tuple(sorted(found.of_failures(since, now), key=lambda each: -each.count)[:MOST_ROWS]),
        queued=queued,
        oldest_queued_at=oldest,
    )


def points(
    steps: Sequence[datetime], asked: Iterable[VerificationCount], messages: Iterable[DeliveryCount]
) -> tuple[Point, ...]:
    """Put what was counted together by the steps of a span."""
    counts: dict[datetime, Counter[str]] = {step: Counter() for step in steps}
    for verification in asked:
        count = counts.get(verification.at, Counter())
        count["requested"] += verification.count
        if verification.status in {Status.APPROVED, Status.EXPIRED}:
            count["verified" if verification.status is Status.APPROVED else "expired"] += verification.count
    for message in messages:
        if message.is_code:
            counts.get(message.at, Counter()).update(dict.fromkeys(_became(message), message.count))
    return tuple(Point(step, **count) for step, count in counts.items())


def _became(message: DeliveryCount) -> Iterable[str]:
    # A provider is named once it has accepted a message.
    if message.provider is not None:
        yield "sent"
    if message.status is DeliveryStatus.DELIVERED:
        yield "delivered"
    if message.status is DeliveryStatus.FAILED:
        yield "failed"


def providers(
    messages: Iterable[DeliveryCount], calls: Iterable[CallCount], circuits: Iterable[StoredCircuit]
) -> tuple[ProviderHealth, ...]:
    """Put together what is known of each provider."""
    receipts: dict[str, Counter[str]] = {}
    for message in messages:
        if message.provider is not None:
            receipts.setdefault(message.provider, Counter()).update(dict.fromkeys(_told(message), message.count))
    made: dict[str, list[CallCount]] = {}
    for call in calls:
        made.setdefault(call.provider, []).append(call)
    said: dict[str, list[StoredCircuit]] = {}
    for circuit in circuits:
        said.setdefault(circuit.provider, []).append(circuit)
    return tuple(
        _provider(name, receipts.get(name, Counter()), made.get(name, []), said.get(name, []))
        for name in sorted({*receipts, *made, *said})
    )


def _told(message: DeliveryCount) -> Iterable[str]:
    yield "accepted"
    if message.status in {DeliveryStatus.DELIVERED, DeliveryStatus.FAILED}:
        yield message.status.value


def _provider(
    name: str, receipts: Counter[str], calls: Sequence[CallCount], circuits: Sequence[StoredCircuit]
) -> ProviderHealth:
    shut = [circuit for circuit in circuits if circuit.state != CLOSED]
    telling = shut or circuits
    made = sum(call.count for call in calls)
    return ProviderHealth(
        name=name,
        circuit=(OPEN if shut else CLOSED) if circuits else None,
        since=max((circuit.changed_at for circuit in telling), default=None),
        calls={call.outcome: call.count for call in calls},
        milliseconds=round(sum(call.milliseconds for call in calls) / made) if made else 0,
        accepted=receipts["accepted"],
        delivered=receipts["delivered"],
        failed=receipts["failed"],
    )


def _countries(found: dict[str, tuple[int, int]]) -> tuple[CountryConversion, ...]:
    """Return the countries with the most codes; a code may come back that was sent before the span."""
    most = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:MOST_ROWS]
    return tuple(CountryConversion(country, calling_code(country), *figures) for country, figures in most)
