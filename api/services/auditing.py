"""Reading the audit trail: page by page, or all of it in portions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.cursors import CursorSeal, Place
from api.services.trail import Deed
from persistence.resources import Position
from scim.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.audit import AuditEvent

PORTION = 500
"""Events of an export that are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events: those with all that is given; `since` is the first moment, `until` the first one after."""

    event: str | None = None
    actor: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def identity(self) -> list[object]:
        """Return what makes a walk the same one on every page."""
        return ["audit", self.event, self.actor, self.subject, self.since, self.until]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some events, newest first, and where to go on; None where there are no more."""

    events: tuple[AuditEvent, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AuditService:
    """Use cases of those who look into the trail."""

    core: Core
    seal: CursorSeal
    portion: int = PORTION

    def page(self, wanted: AuditFilter, count: int, cursor: str | None) -> AuditPage:
        """Return a page of events.

        Raises:
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """
        now = self.core.clock.now()
        place = self.seal.open(cursor, wanted.identity(), now).position if cursor else None
        # One more than is shown tells whether there are more.
        found = self._behind(wanted, place, count + 1)
        shown = found[:count]
        if len(found) == len(shown):
            return AuditPage(shown, None)
        last = Position(shown[-1].id, shown[-1].at.isoformat())
        return AuditPage(shown, self.seal.seal(Place(last), wanted.identity(), now))

    def export(self, wanted: AuditFilter, form: str, caller: Caller) -> Iterator[tuple[AuditEvent, ...]]:
        """Return all events in portions, newest first; that somebody took them is put on record.

        The first portion is read at once, so that a database that does not answer is told before anything is.
        """
        at = self.core.clock.now()
        first = self._behind(wanted, None, self.portion)
        shown = {
            "event": wanted.event,
            "by": wanted.actor,
            "of": wanted.subject,
            "since": wanted.since.isoformat() if wanted.since else None,
            "until": wanted.until.isoformat() if wanted.until else None,
        }
        self.core.database.transact(
            lambda unit: trail.record(unit, Deed.AUDIT_EXPORTED, caller, None, at, form=form, **shown)
        )
        return self._portions(wanted, first)

    def _portions(self, wanted: AuditFilter, portion: tuple[AuditEvent, ...]) -> Iterator[tuple[AuditEvent, ...]]:
        while portion:
            yield portion
            if len(portion) < self.portion:
                return
            last = portion[-1]
            portion = self._behind(wanted, Position(last.id, last.at.isoformat()), self.portion)

    def _behind(self, wanted: AuditFilter, place: Position | None, limit: int) -> tuple[AuditEvent, ...]:
        """Read events that are older than a place in the trail."""
        before = (read_moment(str(place.key)) if place else None) or wanted.until
        return self.core.database.read(
            lambda unit: unit.audit.list(
                before,
                before_id=place.id if place else "",
                subject_id=wanted.subject,
                event=wanted.event,
                actor=wanted.actor,
                since=wanted.since,
                limit=limit,
            )
        )
