"""The user that a page of the Console is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.errors import InsufficientScope
from api.pages.console.fresh import require_fresh_sign_in

if TYPE_CHECKING:
    from api.pages.visits import Visit
    from persistence.resources import StoredResource

USERS = "/console/users"


def path_of(user_id: str, *parts: str) -> str:
    """Return the path of the profile of a user, or of a page below it."""
    return "/".join((USERS, user_id, *parts))


def shown_user(visit: Visit, user_id: str) -> StoredResource:
    """Return the user that a page shows, or raise NotFound."""
    return visit.services.resources.users.get(user_id)


def changed_user(visit: Visit, user_id: str, *page: str) -> StoredResource:
    """Return the user that a page changes; who has to sign in again comes back to the page of these parts.

    Raises:
        NotFound: there is none.
        InsufficientScope: it is an administrator with more rights. Whoever could change the number or the address of
            one would soon have those rights.
        SignInAgain: it is an administrator, and the visitor, perhaps the very one, signed in too long ago.
    """
    found, is_administrator = _within_reach(visit, user_id)
    if is_administrator:
        require_fresh_sign_in(visit, path_of(user_id, *page))
    return found


def exposed_user(visit: Visit, user_id: str, *page: str) -> StoredResource:
    """Return the user whose account a page takes protection from, or removes; else as `changed_user`.

    Raises:
        SignInAgain: the visitor signed in too long ago, whoever the user is.
    """
    found, _ = _within_reach(visit, user_id)
    require_fresh_sign_in(visit, path_of(user_id, *page))
    return found


def _within_reach(visit: Visit, user_id: str) -> tuple[StoredResource, bool]:
    """Return a user whom the visitor may change, and whether it is an administrator."""
    found = shown_user(visit, user_id)
    rights = visit.services.administrators.lookup(user_id).scopes
    if not visit.may(*rights):
        raise InsufficientScope(rights)
    return found, bool(rights)
