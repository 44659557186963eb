"""The users: a list to search in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.frame import render
from api.pages.console.people import person_of
from api.pages.console.searches import USERS, find
from api.resource_wiring import USER

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def show(visit: Visit) -> Response:
    """List the users that are looked for."""
    search = USERS.of(visit)
    listed, errors = find(visit, search, USER)
    return render(
        visit,
        "console/users.html",
        errors=errors,
        search=search,
        people=[person_of(visit, stored) for stored in listed.rows],
        total=listed.total,
        previous=search.at(listed.previous_cursor),
        next=search.at(listed.next_cursor),
    )
