"""The applications that one has let into the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, ask, render
from api.pages.questions import is_sure
from api.services.clients import NoSuchClient

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

PATH = f"{HOME}/applications"


def show(visit: Visit) -> Response:
    """List the applications, with what they may do."""
    return render(visit, "account/applications.html", applications=visit.services.applications.list(visit.user_id))


def remove(visit: Visit) -> Response:
    """Take back what an application may do; that it has nothing any more is no fault."""
    client_id = visit.field("client")
    if not is_sure(visit):
        return ask(visit, "application", PATH, client=client_id)
    try:
        visit.services.applications.remove(visit.user_id, client_id, visit.caller)
    except NoSuchClient:
        return visit.go(PATH)
    visit.tell("account.applications.removed")
    return visit.go(PATH)
