"""What limits on sends have been used: read in one statement, and used further in one that a full limit refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Text, bindparam, case, delete, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables_sending import send_blocks, send_marks
from persistence.types import Key, Moment
from verification.send_limits import HOUR, MARK_WIDTH, mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from persistence.links import Link
    from persistence.statements import Parameters
    from verification.conversion import Area
    from verification.send_limits import Budget

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_COLUMNS = tuple(send_marks.columns)
_PRUNE = Statement(
    delete(send_marks).where(
        send_marks.c.key.in_(
            select(send_marks.c.key)
            .where(send_marks.c.expires_at <= bindparam("now", type_=Moment))
            .order_by(send_marks.c.expires_at)
            .limit(bindparam("limit", type_=Integer))
            .with_for_update(skip_locked=True)
        )
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The marks of limits by their keys, which those never used are not among, and the keys of areas that are shut."""

    marks: dict[str, str]
    blocked: frozenset[str]


class SendMarks:
    """The marks of all limits on sends."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list(self, budgets: Sequence[Budget], areas: Sequence[Area] = (), now: datetime = NEVER) -> Standing:
        """Return the marks of some limits, and which of some areas are shut."""
        parameters: Parameters = {"now": now}
        parameters |= {f"key_{number}": budget.key for number, budget in enumerate(budgets)}
        parameters |= {f"area_{number}": area.key for number, area in enumerate(areas)}
        if not budgets and not areas:
            return Standing({}, frozenset())
        found: dict[str, str] = dict(self._link.rows(_listing(len(budgets), len(areas)), parameters))
        blocked = frozenset(area.key for area in areas if found.pop(area.key, None) is not None)
        return Standing(found, blocked)

    def add(self, budgets: Sequence[Budget], at: datetime) -> None:
        """Add a send to all of some limits at the commit, which raises StaleVersion where one of them is full.

        The rows are locked in the order of the limits, which is the same everywhere (`budgets_of`).
        """
        if budgets:
            self._link.later(_adding(len(budgets)), _rows(budgets, at))

    def take(self, budgets: Sequence[Budget], at: datetime) -> bool:
        """Add a send to all of some limits at once; tell whether none of them was full.

        Where one was, the others have been used all the same, so that the transaction must be taken back.
        """
        return not budgets or self._link.run(_adding(len(budgets)), _rows(budgets, at)) == len(budgets)

    def prune(self, now: datetime, limit: int) -> int:
        """Remove some rows that are within no window any more; return how many."""
        return self._link.run(_PRUNE, {"now": now, "limit": limit})


def _rows(budgets: Sequence[Budget], at: datetime) -> Parameters:
    parameters: Parameters = {"mark": mark_of(at)}
    for number, budget in enumerate(budgets):
        parameters |= {f"{name}_of_{number}": value for name, value in _row(budget, at).items()}
    return parameters


def _row(budget: Budget, at: datetime) -> Parameters:
    is_marked = budget.grain == 1
    return {
        "key": budget.key,
        "marks": mark_of(at) if is_marked else "",
        "unmarked": 0 if is_marked else 1,
        "grain": budget.grain,
        "most": budget.most,
        "opens": mark_of(budget.window.opens_at(at)),
        "expires_at": _next_hour(at + budget.window.span),
    }


def _next_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0) + HOUR


@cache
def _listing(budgets: int, areas: int) -> Statement:
    """Build the search for marks and blocks; their keys are never the same."""
    keys = [bindparam(f"key_{number}", type_=Key) for number in range(budgets)]
    marks = select(send_marks.c.key, send_marks.c.marks).where(send_marks.c.key.in_(keys))
    if not areas:
        return Statement(marks)
    names = [bindparam(f"area_{number}", type_=Key) for number in range(areas)]
    shut = select(send_blocks.c.area, literal("", Text)).where(
        send_blocks.c.area.in_(names), send_blocks.c.ends_at > bindparam("now", type_=Moment)
    )
    return Statement(union_all(marks, shut) if budgets else shut)


@cache
def _adding(count: int) -> Statement:
    """Build the write for so many limits. Its condition is looked at when a row's lock is held, on the newest row."""
    rows = [
        {column.name: bindparam(f"{column.name}_of_{number}", type_=column.type) for column in _COLUMNS}
        for number in range(count)
    ]
    statement = insert(send_marks).values(rows)
    row, sent = send_marks.c, statement.excluded
    full = sent.most * MARK_WIDTH
    first_of_full = func.substr(row.marks, func.length(row.marks) - full + 1, MARK_WIDTH)
    is_to_be_marked = row.unmarked + 1 >= sent.grain
    # A mark is added to those that the next send may have to look at.
    kept = case(
        (func.length(row.marks) < full, row.marks),
        else_=func.substr(row.marks, func.length(row.marks) - full + 1 + MARK_WIDTH),
    )
    return Statement(
        statement.on_conflict_do_update(
            index_elements=[row.key],
            set_={
                "marks": case((is_to_be_marked, kept + bindparam("mark", type_=Key)), else_=row.marks),
                "unmarked": case((is_to_be_marked, 0), else_=row.unmarked + 1),
                "grain": sent.grain,
                "most": sent.most,
                "opens": sent.opens,
                "expires_at": sent.expires_at,
            },
            where=or_(func.length(row.marks) < full, first_of_full <= sent.opens),
        ),
        must_hit=count,
    )
