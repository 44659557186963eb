"""The door of the Console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.frame import render
from api.pages.console.navigation import sections_for

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def show(visit: Visit) -> Response:
    """Lead to the first page that the visitor may open; whoever may open none is told so."""
    for section in sections_for(visit):
        return visit.go(section.entries[0].path)
    return render(visit, "console/nothing.html")
