"""One's own profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import render
from api.resource_wiring import USER

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def show(visit: Visit) -> Response:
    """Show who one is here."""
    document = visit.services.resources.by_type[USER].get(visit.user_id).document()
    return render(visit, "account/profile.html", user_name=document["userName"])
