"""The front page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def show(visit: Visit) -> Response:
    """Show what this is, and where to go from here."""
    return visit.render("home.html", is_signed_in=visit.session is not None, has_console=bool(visit.scopes))
