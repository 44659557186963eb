"""What takes a fresh sign-in in the Console: whoever finds the browser of an administrator open must not do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.errors import SignInAgain
from api.services.errors import StaleAuthentication
from api.services.freshness import require_fresh

if TYPE_CHECKING:
    from api.pages.visits import Visit


def require_fresh_sign_in(visit: Visit, back: str, notice: str = "stale_console") -> None:
    """Raise SignInAgain to who signed in too long ago; `back` is the page to go on from, the notice says what for."""
    services = visit.services
    try:
        require_fresh(visit.administrator, services.core.clock.now(), services.settings.fresh_sign_in)
    except StaleAuthentication:
        raise SignInAgain(back, notice) from None
