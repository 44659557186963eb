"""Areas that get no codes for a time, and the figures by which they are shut."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement, adding, oldest
from persistence.tables_sending import send_blocks, send_counts
from persistence.tables_statistics import country_figures
from persistence.types import Key, Moment
from verification.conversion import Area, AreaKind, Block, Figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Parameters, Row

_COLUMNS = tuple(send_blocks.columns)
_ADD = Statement(adding(send_blocks))
_LOOKUP = Statement(select(*_COLUMNS).where(send_blocks.c.id == bindparam("id")))
_FIND_LATEST = Statement(
    select(*_COLUMNS).where(send_blocks.c.area == bindparam("area")).order_by(send_blocks.c.ends_at.desc()).limit(1)
)
_LIST_CURRENT = Statement(
    select(*_COLUMNS)
    .where(send_blocks.c.ends_at > bindparam("now", type_=Moment))
    .order_by(send_blocks.c.ends_at, send_blocks.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_LIFT = Statement(
    update(send_blocks)
    .where(send_blocks.c.id == bindparam("the_id"), send_blocks.c.ends_at > bindparam("now", type_=Moment))
    .values(ends_at=bindparam("now", type_=Moment), lifted_by=bindparam("by", type_=Key))
)
_COUNT_KEY = tuple(send_counts.primary_key.columns)
_FIGURES = Statement(
    select(send_counts.c.area, func.sum(send_counts.c.sent), func.sum(send_counts.c.verified))
    .where(
        send_counts.c.bucket_at >= bindparam("first", type_=Moment),
        send_counts.c.bucket_at <= bindparam("last", type_=Moment),
    )
    .group_by(send_counts.c.area)
    .having(func.sum(send_counts.c.sent) >= bindparam("fewest", type_=Integer))
    .order_by(send_counts.c.area)
)
_TAKEN = (send_counts.c.area, send_counts.c.bucket_at, send_counts.c.sent, send_counts.c.verified)
_TAKE = Statement(
    delete(send_counts)
    .where(send_counts.c.area == bindparam("area"), send_counts.c.bucket_at <= bindparam("last", type_=Moment))
    .returning(*_TAKEN)
)
_PRUNE = Statement(oldest(send_counts.c.bucket_at, keeps_last=True).returning(*_TAKEN))
_PUT_ASIDE = insert(country_figures).values(
    {column.name: bindparam(column.name, type_=column.type) for column in country_figures.columns}
)
_KEEP = Statement(
    _PUT_ASIDE.on_conflict_do_update(
        index_elements=list(country_figures.primary_key.columns),
        set_={
            "sent": country_figures.c.sent + _PUT_ASIDE.excluded.sent,
            "verified": country_figures.c.verified + _PUT_ASIDE.excluded.verified,
        },
    )
)


class Blocks:
    """The blocks of areas."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, block: Block) -> None:
        """Shut an area."""
        self._link.later(
            _ADD,
            {
                "id": block.id,
                "area": block.area.key,
                "began_at": block.began_at,
                "ends_at": block.ends_at,
                "repeats": block.repeats,
                "sent": block.sent,
                "verified": block.verified,
                "lifted_by": block.lifted_by,
            },
        )

    def lookup(self, block_id: str) -> Block | None:
        """Find a block by its id."""
        row = self._link.row(_LOOKUP, {"id": block_id})
        return None if row is None else _read(row)

    def find_latest(self, area: Area) -> Block | None:
        """Find the block of an area that ends, or ended, last."""
        row = self._link.row(_FIND_LATEST, {"area": area.key})
        return None if row is None else _read(row)

    def list_current(self, now: datetime, limit: int) -> list[Block]:
        """List the blocks that last, those that end first."""
        return [_read(row) for row in self._link.rows(_LIST_CURRENT, {"now": now, "limit": limit})]

    def lift(self, block_id: str, by: str, now: datetime) -> bool:
        """End a block before its time; tell whether it lasted until now."""
        return self._link.run(_LIFT, {"the_id": block_id, "by": by, "now": now}) > 0


class Conversions:
    """The codes sent to each area and those that came back, by spans of time."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def count_verified(self, areas: Sequence[Area], bucket_at: datetime, slot: int) -> None:
        """Count, at the commit, that a code sent to some areas came back."""
        parameters: Parameters = {}
        for number, area in enumerate(sorted(areas, key=lambda area: area.key)):
            parameters |= _row(area, bucket_at, slot, number, sent=0, verified=1)
        if parameters:
            self._link.later(_counting(len(areas)), parameters)

    def count_sent(self, sent: Iterable[tuple[Area, datetime, int]], slot: int) -> None:
        """Count codes sent: to an area, within a span of time, so many."""
        many = sorted(sent, key=lambda item: (item[0].key, item[1]))
        rows = (_row(area, bucket_at, slot, 0, sent=count, verified=0) for area, bucket_at, count in many)
        self._link.run_many(_counting(1), rows)

    def list(self, first: datetime, last: datetime, fewest: int) -> list[Figures]:
        """List the areas with that many codes sent between two spans of time."""
        rows = self._link.rows(_FIGURES, {"first": first, "last": last, "fewest": fewest})
        return [Figures(Area.of_key(area), sent, verified) for area, sent, verified in rows]

    def take(self, area: Area, last: datetime) -> bool:
        """Remove what has been counted for an area, and tell whether there was anything.

        Those of a country are put aside: they are not judged by any more, but people look at them.
        """
        return self._put_aside(self._link.rows(_TAKE, {"area": area.key, "last": last})) > 0

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some figures from before a moment, those of countries as `take` does; return how many."""
        return self._put_aside(self._link.rows(_PRUNE, {"before": before, "limit": limit}))

    def _put_aside(self, taken: Sequence[Row]) -> int:
        """Add what was removed of countries to the figures of its hours; return how many rows were removed."""
        sums: dict[tuple[datetime, str], tuple[int, int]] = {}
        for key, bucket_at, sent, verified in taken:
            area = Area.of_key(key)
            if area.kind is AreaKind.COUNTRY:
                hour = (bucket_at.replace(minute=0), area.name)
                before = sums.get(hour, (0, 0))
                sums[hour] = (before[0] + sent, before[1] + verified)
        self._link.run_many(
            _KEEP,
            (
                {"hour_at": hour_at, "country": country, "sent": sent, "verified": verified}
                for (hour_at, country), (sent, verified) in sorted(sums.items())
            ),
        )
        return len(taken)


def _row(area: Area, bucket_at: datetime, slot: int, number: int, *, sent: int, verified: int) -> Parameters:
    return {
        f"area_of_{number}": area.key,
        f"bucket_at_of_{number}": bucket_at,
        f"slot_of_{number}": slot,
        f"sent_of_{number}": sent,
        f"verified_of_{number}": verified,
    }


@cache
def _counting(count: int) -> Statement:
    rows = [
        {column.name: bindparam(f"{column.name}_of_{number}", type_=column.type) for column in send_counts.columns}
        for number in range(count)
    ]
    statement = insert(send_counts).values(rows)
    return Statement(
        statement.on_conflict_do_update(
            index_elements=_COUNT_KEY,
            set_={
                "sent": send_counts.c.sent + statement.excluded.sent,
                "verified": send_counts.c.verified + statement.excluded.verified,
            },
        )
    )


def _read(row: Row) -> Block:
    number, area, began_at, ends_at, repeats, sent, verified, lifted_by = row
    return Block(number, Area.of_key(area), began_at, ends_at, repeats, sent, verified, lifted_by)
