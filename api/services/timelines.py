"""Lists by time, the newest first, walked page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from api.services.cursors import CursorSeal, Place
from persistence.resources import Position
from scim.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

    Mark = tuple[datetime, str]
    """The moment and the id of a row."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class TimePage(Generic[Row]):
    """Some rows, newest first, and where to go on; None where there are no more."""

    rows: Sequence[Row]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Timeline(Generic[Row]):
    """A list by time.

    Attributes:
        identity: What makes a walk the same one on every page.
        read: Reads so many rows before a mark, or the newest ones.
        mark: Returns the mark of a row.
    """

    identity: Sequence[object]
    read: Callable[[UnitOfWork, Mark | None, int], Sequence[Row]]
    mark: Callable[[Row], Mark]

    def page(self, core: Core, count: int, cursor: str | None) -> TimePage[Row]:
        """Return a page of it.

        Raises:
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """
        now, seal = core.clock.now(), CursorSeal(core.keys)
        before = _mark_at(seal.open(cursor, self.identity, now).position) if cursor else None
        # One more than is shown tells whether there are more.
        found = core.database.read(lambda unit: self.read(unit, before, count + 1))
        shown = found[:count]
        if len(found) == len(shown):
            return TimePage(shown, None)
        moment, row_id = self.mark(shown[-1])
        following = Place(Position(row_id, moment.isoformat()))
        return TimePage(shown, seal.seal(following, self.identity, now))


def _mark_at(position: Position) -> Mark | None:
    moment = read_moment(str(position.key))
    return None if moment is None else (moment, position.id)
