"""The audit trail: who did what to whom, to read and to take away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from api.pages.console.frame import render
from api.pages.console.walks import Walk
from api.resources.audit import audit_file
from api.services.auditing import AuditFilter
from api.services.trail import Deed
from scim.errors import ExpiredCursor, InvalidCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from api.pages.translations import Translation
    from api.pages.visits import Visit
    from persistence.audit import AuditEvent

PATH = "/console/audit"
PER_PAGE = 50
FORMS = ("csv", "jsonl")
_NAMES = ("event", "actor", "subject", "since", "until")
_DAY = timedelta(days=1)
_LAST_DAY = datetime.max.replace(tzinfo=UTC) - _DAY


def show(visit: Visit) -> Response:
    """List events, newest first."""
    walk = Walk.of(visit, PATH, *_NAMES)
    try:
        page = visit.services.audit.page(_wanted(visit, walk), PER_PAGE, walk.cursor or None)
    except (InvalidCursor, ExpiredCursor):
        return visit.go(walk.first)
    return render(
        visit,
        "console/audit.html",
        walk=walk,
        events=page.rows,
        names=visit.services.names.of(_ids(page.rows)),
        next=walk.at(page.next_cursor),
        deeds=sorted(((deed.value, deed_text(visit.text, deed)) for deed in Deed), key=itemgetter(1)),
        deed_text=partial(deed_text, visit.text),
        exports=[(form, Walk(f"{PATH}/export/{form}", walk.given, "").first) for form in FORMS],
    )


def export(visit: Visit, form: str) -> Response:
    """Answer with all events that are looked for, in a file."""
    if form not in FORMS:
        raise NotFound
    wanted = _wanted(visit, Walk.of(visit, PATH, *_NAMES))
    return audit_file(visit.services.audit, wanted, form, visit.caller)


def deed_text(text: Translation, deed: str) -> str:
    """Return a deed in words; one of a release that has been taken back is shown by its name."""
    key = f"watch.deed.{deed.replace('.', '_')}"
    return text(key) if text.has(key) else deed


def _wanted(visit: Visit, walk: Walk) -> AuditFilter:
    id_of = visit.services.names.id_of
    until = _day(walk["until"])
    return AuditFilter(
        event=walk.kind("event", Deed),
        actor=id_of(walk["actor"]) if walk["actor"] else None,
        subject=id_of(walk["subject"]) if walk["subject"] else None,
        since=_day(walk["since"]),
        # The last day that is shown, so all of it is.
        until=until + _DAY if until and until < _LAST_DAY else None,
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _ids(events: Sequence[AuditEvent]) -> set[str]:
    return {each for event in events for each in (event.actor, event.subject_id) if each}
