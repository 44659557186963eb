"""What has changed of one's numbers and addresses, which codes were sent, and taking a change back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, ask, render, while_fresh
from api.pages.masks import shown
from api.pages.questions import is_sure
from api.pages.revert import TOLD_AS
from api.services.errors import NoSuchChange
from api.services.histories import HistoryFilter

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from api.pages.visits import Visit
    from verification.notices import ContactChange

PATH = f"{HOME}/history"
CODES_SHOWN = 20


def show(visit: Visit) -> Response:
    """List the changes and the codes of late, the newest first."""
    at = visit.services.core.clock.now()
    changes = visit.services.reverts.list_of(visit.user_id)
    past = visit.services.histories.page(
        HistoryFilter(user_id=visit.user_id), CODES_SHOWN, visit.request.args.get("after")
    )
    return render(
        visit,
        "account/history.html",
        changes=[_told(visit, change, at) for change in changes],
        codes=[(verification, shown(verification.target.masked())) for verification, _ in past.rows],
        next_cursor=past.next_cursor,
    )


def _told(visit: Visit, change: ContactChange, at: datetime) -> tuple[ContactChange, str, bool]:
    key = f"revert.{TOLD_AS.get(change.template, change.template)}"
    return change, visit.text(key, old=shown(change.old), new=shown(change.new)), change.is_open(at)


def revert(visit: Visit) -> Response:
    """Take a change back; all sessions end with it, this one too."""
    change_id = visit.field("change")

    def take_back() -> Response:
        try:
            visit.services.reverts.revert_own(change_id, visit.user_id, visit.caller)
        except NoSuchChange:
            visit.tell("account.history.too_late")
            return visit.go(PATH)
        visit.end_session()
        return visit.go("/sign-in?notice=reverted")

    return while_fresh(PATH, take_back) if is_sure(visit) else ask(visit, "revert", PATH, change=change_id)
