"""Conversion: how many of the codes sent to an area come back, and the blocks that follow where hardly any does.

Whoever earns money with messages to numbers of their own never types a code in. So an area whose codes are not
submitted is shut for a time, which is longer each time that it happens again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from verification.number_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

BUCKET = timedelta(minutes=10)
"""How finely sends are told apart by time."""
REMEMBERED = timedelta(days=30)
"""How long after its end a block makes the next one longer."""


class AreaKind(StrEnum):
    """What numbers are put together by."""

    PREFIX = "prefix"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Area:
    """Numbers that are judged together: those of a prefix, or of a country."""

    kind: AreaKind
    name: str

    @property
    def key(self) -> str:
        """Return the name of it that no area of another kind has."""
        return f"{self.kind}:{self.name}"

    @classmethod
    def of_key(cls, key: str) -> Area:
        """Return the area of a key."""
        kind, _, name = key.partition(":")
        return cls(AreaKind(kind), name)


@dataclass(frozen=True, slots=True)
class ConversionRules:
    """When an area is shut, and for how long.

    Attributes:
        min_percent: The codes of a hundred that must come back; 0 switches all of this off.
        min_samples: Fewer codes than these say nothing.
        span: How far back codes are looked at.
        first_block: How long an area is shut the first time.
        longest_block: How long it is shut at most.
    """

    min_percent: int = 10
    min_samples: int = 50
    span: timedelta = timedelta(days=1)
    first_block: timedelta = timedelta(hours=1)
    longest_block: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figures:
    """The codes sent to an area, and those of them that came back."""

    area: Area
    sent: int
    verified: int


@dataclass(frozen=True, slots=True)
class Block:
    """An area that gets no codes for a time.

    Attributes:
        repeats: How many blocks went before it, each of which made the next one longer.
        lifted_by: Who ended it before its time.
    """

    id: str
    area: Area
    began_at: datetime
    ends_at: datetime
    repeats: int
    sent: int
    verified: int
    lifted_by: str | None = None

    def lift(self, at: datetime, by: str) -> Block:
        """End it before its time."""
        return replace(self, ends_at=at, lifted_by=by)


def areas_of(target_key: str) -> tuple[Area, ...]:
    """Return the areas that a target belongs to; an address belongs to none, for mail costs nothing."""
    if "@" in target_key:
        return ()
    facts = facts_of(target_key)
    found = ((AreaKind.COUNTRY, facts.country), (AreaKind.PREFIX, facts.prefix))
    return tuple(Area(kind, name) for kind, name in found if name is not None)


def bucket_of(moment: datetime) -> datetime:
    """Return the beginning of the span of time in which a code is counted."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % BUCKET


def span_judged(rules: ConversionRules, lifetime: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last bucket that are looked at.

    Codes that may still come back are not: a wave of them would look like codes that don't.
    """
    return bucket_of(now - rules.span), bucket_of(now - lifetime - BUCKET)


def is_suspicious(figures: Figures, rules: ConversionRules) -> bool:
    """Tell whether so few codes come back that an area is to be shut."""
    return figures.sent >= max(1, rules.min_samples) and figures.verified * 100 < rules.min_percent * figures.sent


def next_block(
    block_id: str, figures: Figures, earlier: Block | None, *, rules: ConversionRules, at: datetime
) -> Block:
    """Shut an area; one that was shut not long ago for longer than then.

    A block that somebody lifted was a mistake and makes none longer.
    """
    repeats = 0
    if earlier is not None and earlier.lifted_by is None and at - earlier.ends_at < REMEMBERED:
        repeats = earlier.repeats + 1
    span = rules.first_block
    for _ in range(repeats):
        span = min(span * 2, rules.longest_block)
    return Block(
        block_id, figures.area, at, at + min(span, rules.longest_block), repeats, figures.sent, figures.verified
    )


def suspicious(found: Iterable[Figures], rules: ConversionRules) -> list[Figures]:
    """Pick the areas that are to be shut."""
    return [figures for figures in found if is_suspicious(figures, rules)]
