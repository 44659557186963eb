"""The users: a list to search in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.frame import render
from api.pages.console.people import Person
from api.pages.console.searches import Search
from api.pages.form_errors import FormError
from api.resource_wiring import USER
from api.services.lists import Listed
from scim.errors import ExpiredCursor, InvalidCursor, InvalidFilter, InvalidPath

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

PATH = "/console/users"
_NOBODY = Listed((), {}, 0)


def show(visit: Visit) -> Response:
    """List the users that are looked for."""
    search = Search.of(PATH, visit.request.args)
    try:
        return _list(visit, search, visit.services.resources.lists[USER].page(search.query()))
    except (InvalidFilter, InvalidPath) as error:
        fault = FormError(visit.text("console.users.filter_fault", detail=error.detail), "filter")
        return _list(visit, search, _NOBODY, fault)
    except (InvalidCursor, ExpiredCursor):
        return visit.go(search.at("") or PATH)


def _list(visit: Visit, search: Search, listed: Listed, *errors: FormError) -> Response:
    policy = visit.services.core.policy
    return render(
        visit,
        "console/users.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        errors=errors,
        search=search,
        people=[Person.of(stored, policy) for stored in listed.rows],
        total=listed.total,
        previous=search.at(listed.previous_cursor),
        next=search.at(listed.next_cursor),
    )
