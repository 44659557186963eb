"""What takes a fresh sign-in in the Console: whoever finds the browser of an administrator open must not do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.errors import SignInAgain
from api.services.errors import StaleAuthentication
from api.services.freshness import require_fresh

if TYPE_CHECKING:
    from api.pages.visits import Visit

STALE, STALE_RULES, STALE_SENDERS = "stale_console", "stale_rules", "stale_senders"
"""What the page of the sign-in says."""


def require_fresh_sign_in(visit: Visit, back: str, notice: str = STALE) -> None:
    """Raise SignInAgain to who signed in too long ago; `back` is the page to go on from, the notice says what for."""
    services = visit.services
    try:
        require_fresh(visit.caller, services.core.clock.now(), services.settings.fresh_sign_in)
    except StaleAuthentication:
        raise SignInAgain(back, notice) from None


def way_to_fresh(visit: Visit, back: str) -> str | None:
    """Return where to sign in again before a form is filled in that takes a fresh sign-in, None to who has one."""
    try:
        require_fresh_sign_in(visit, back)
    except SignInAgain as needed:
        return needed.path
    return None
