"""Where one is signed in, and signing out there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, ask, render
from api.pages.questions import is_sure

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

PATH = f"{HOME}/sessions"


def show(visit: Visit) -> Response:
    """List the sessions, this one first and then those used last."""
    own = _own_id(visit)
    found = sorted(visit.services.sessions.list(visit.user_id), key=lambda session: session.seen_at, reverse=True)
    return render(
        visit, "account/sessions.html", sessions=sorted(found, key=lambda session: session.id != own), own_id=own
    )


def end(visit: Visit) -> Response:
    """Sign out of another browser."""
    session_id = visit.field("session")
    if session_id != _own_id(visit):
        visit.services.sessions.end(session_id, user_id=visit.user_id, caller=visit.caller)
        visit.tell("account.sessions.ended")
    return visit.go(PATH)


def end_others(visit: Visit) -> Response:
    """Sign out of every other browser."""
    if not is_sure(visit):
        return ask(visit, "others", PATH)
    visit.services.sessions.end_all(visit.user_id, caller=visit.caller, but=_own_id(visit))
    visit.tell("account.sessions.all_ended")
    return visit.go(PATH)


def _own_id(visit: Visit) -> str:
    return visit.session.id if visit.session else ""
