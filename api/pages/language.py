"""The choice of a language, at the foot of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.cookies import Cookie
from api.pages.paths import own_path
from api.pages.translations import translations

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def choose(visit: Visit) -> Response:
    """Keep the language and go back to the page."""
    if (locale := visit.field("locale")) in translations():
        visit.keep(Cookie.LOCALE, locale)
    return visit.go(own_path(visit.field("here")))
