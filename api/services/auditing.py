"""Reading the audit trail: page by page, or all of it in portions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.timelines import Timeline
from api.services.trail import Deed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.timelines import Mark, TimePage
    from persistence.audit import AuditEvent
    from persistence.unit_of_work import UnitOfWork

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
class AuditService:
    """Use cases of those who look into the trail."""

    core: Core
    portion: int = PORTION

    def page(self, wanted: AuditFilter, count: int, cursor: str | None) -> TimePage[AuditEvent]:
        """Return a page of events.

        Raises:
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """

        def read(unit: UnitOfWork, before: Mark | None, limit: int) -> tuple[AuditEvent, ...]:
            return _behind(unit, wanted, before, limit)

        return Timeline(wanted.identity(), read, _mark).page(self.core, count, cursor)

    def export(self, wanted: AuditFilter, form: str, caller: Caller) -> Iterator[tuple[AuditEvent, ...]]:
        """Return all events in portions, newest first; that somebody took them is put on record.

        The first portion is read at once, so that a database that does not answer is told before anything is.
        """
        at = self.core.clock.now()
        first = self._portion(wanted, None)
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
            portion = self._portion(wanted, _mark(portion[-1]))

    def _portion(self, wanted: AuditFilter, before: Mark | None) -> tuple[AuditEvent, ...]:
        return self.core.database.read(lambda unit: _behind(unit, wanted, before, self.portion))


def _behind(unit: UnitOfWork, wanted: AuditFilter, before: Mark | None, limit: int) -> tuple[AuditEvent, ...]:
    """Read events that are older than a place in the trail."""
    before_at, before_id = before or (wanted.until, "")
    return unit.audit.list(
        before_at,
        before_id=before_id,
        subject_id=wanted.subject,
        event=wanted.event,
        actor=wanted.actor,
        since=wanted.since,
        limit=limit,
    )


def _mark(event: AuditEvent) -> Mark:
    return event.at, event.id
