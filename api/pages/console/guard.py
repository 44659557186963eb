"""What the guard has refused, and the prefixes and countries that it has shut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.frame import gone, render
from api.pages.console.fresh import STALE_RULES, require_fresh_sign_in
from api.pages.console.walks import Walk
from api.pages.masks import shown
from api.services.errors import NoSuchBlock
from persistence.blocked_attempts import AttemptQuery
from scim.errors import ExpiredCursor, InvalidCursor
from verification.guard import Reason

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from verification.conversion import Block

PATH = "/console/guard"
TEXTS = "watch.guard"
PER_PAGE = 25


def show(visit: Visit) -> Response:
    """Show what is shut, and what was refused."""
    walk = Walk.of(visit, PATH, "reason", "country")
    query = AttemptQuery(walk["country"].upper() or None, walk.kind("reason", Reason))
    try:
        page = visit.services.guard.attempts(query, PER_PAGE, walk.cursor or None)
    except (InvalidCursor, ExpiredCursor):
        return visit.go(walk.first)
    return render(
        visit,
        "console/guard.html",
        walk=walk,
        blocks=visit.services.guard.current(),
        attempts=page.rows,
        users=visit.services.names.of({each.user_id for each in page.rows}),
        next=walk.at(page.next_cursor),
        reasons=[(each.value, visit.text(f"watch.refusal.{each.value}")) for each in Reason],
        shown=shown,
        may_lift=visit.may(Scope.GOVERNANCE_UPDATE),
    )


def ask(visit: Visit, block_id: str) -> Response:
    """Ask whether a block is to be lifted."""
    require_fresh_sign_in(visit, f"{PATH}/blocks/{block_id}/lift", STALE_RULES)
    block = _current(visit, block_id)
    return gone(visit, TEXTS, PATH) if block is None else render(visit, "console/block.html", block=block)


def lift(visit: Visit, block_id: str) -> Response:
    """Open an area before its time."""
    require_fresh_sign_in(visit, f"{PATH}/blocks/{block_id}/lift", STALE_RULES)
    block = _current(visit, block_id)
    if block is None:
        return gone(visit, TEXTS, PATH)
    try:
        visit.services.guard.lift(block_id, visit.caller)
    except NoSuchBlock:
        return gone(visit, TEXTS, PATH)
    visit.tell("watch.guard.lifted", area=block.area.name)
    return visit.go(PATH)


def _current(visit: Visit, block_id: str) -> Block | None:
    return next((block for block in visit.services.guard.current() if block.id == block_id), None)
