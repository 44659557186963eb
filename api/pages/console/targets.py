"""The user that a page of the Console is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.errors import InsufficientScope
from api.pages.console.fresh import require_fresh_sign_in
from api.resource_wiring import USER

if TYPE_CHECKING:
    from api.pages.visits import Visit
    from persistence.resources import StoredResource

USERS = "/console/users"


def path_of(user_id: str, *parts: str) -> str:
    """Return the path of the profile of a user, or of a page below it."""
    return "/".join((USERS, user_id, *parts))


def shown_user(visit: Visit, user_id: str) -> StoredResource:
    """Return the user that a page shows, or raise NotFound."""
    return visit.services.resources.by_type[USER].get(user_id)


def changed_user(visit: Visit, user_id: str) -> StoredResource:
    """Return the user that a page changes.

    Raises:
        NotFound: there is none.
        InsufficientScope: it is an administrator with more rights. Whoever could change the number or the address of
            one would soon have those rights.
        SignInAgain: it is an administrator, perhaps the visitor, who signed in too long ago.
    """
    found = shown_user(visit, user_id)
    rights = visit.services.administrators.lookup(user_id).scopes
    if not visit.may(*rights):
        raise InsufficientScope(rights)
    if rights:
        require_fresh_sign_in(visit, visit.path if visit.request.method == "GET" else path_of(user_id))
    return found
