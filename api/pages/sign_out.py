"""Signing out of this browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def take(visit: Visit) -> Response:
    """End the session of this browser, if there is one."""
    visit.end_session()
    return visit.go("/signed-out")


def done(visit: Visit) -> Response:
    """Say that it is done."""
    return visit.render("signed_out.html")
