"""The page behind the link of a notice: it shows what would be taken back, and does so when asked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.request_state import request_id
from api.services.callers import Caller
from api.services.errors import NoSuchChange
from verification.templates import Template

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

BY_LINK = "revert-link"
"""The actor of the audit trail: whoever has the mailbox."""
TOLD_AS = {Template.PHONE_RESTORED: Template.PHONE_CHANGED}
"""What a page tells of in the words of something else: a restored phone is a changed number."""


def show(visit: Visit, token: str) -> Response:
    """Show what the link takes back; scanners of mail follow links, and change nothing by it."""
    try:
        change = visit.site.services.reverts.offered(token)
    except NoSuchChange:
        return _gone(visit)
    return visit.render("revert.html", change=change, what=TOLD_AS.get(change.template, change.template))


def take_back(visit: Visit, token: str) -> Response:
    """Take the change back."""
    caller = Caller(subject=BY_LINK, user_id=None, request_id=request_id(), ip=visit.request.remote_addr)
    try:
        visit.site.services.reverts.revert_by_link(token, caller)
    except NoSuchChange:
        return _gone(visit)
    return visit.render("reverted.html", outcome="done")


def _gone(visit: Visit) -> Response:
    return visit.render("reverted.html", status=HTTPStatus.GONE, outcome="gone")
