"""What an administrator does only who has signed in a moment ago: whoever finds a browser open must not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.services.errors import StaleAuthentication
from api.services.freshness import require_fresh

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def sign_in_first(visit: Visit, path: str, notice: str) -> Response | None:
    """Send a visitor who has signed in too long ago to sign in, and back to a path; None where there is no need."""
    services = visit.services
    try:
        require_fresh(visit.administrator, services.core.clock.now(), services.settings.fresh_sign_in)
    except StaleAuthentication:
        return sign_in_again(visit, path, notice)
    return None


def sign_in_again(visit: Visit, path: str, notice: str) -> Response:
    """Send a visitor to sign in, and back to a path; the notice says what for."""
    return visit.go(f"/sign-in?{urlencode({'return_to': path, 'notice': notice})}")
