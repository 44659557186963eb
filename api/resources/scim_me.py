"""/scim2/Me: the resource of the user a token stands for (RFC 7644 §3.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.scopes import Scope, requires
from api.request_state import principal
from api.resources.routes import add_route
from scim.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from flask import Blueprint, Response

    from api.resources.scim_resources import ResourceViews


ME = "/Me"


@dataclass(frozen=True, slots=True)
class MeViews:
    """The views of /Me: those of /Users, for the caller's own id."""

    users: ResourceViews

    def register(self, blueprint: Blueprint) -> None:
        """Add the routes to the SCIM blueprint."""
        for method, view in {"GET": self.get, "PUT": self.replace, "PATCH": self.patch, "DELETE": self.delete}.items():
            add_route(blueprint, ME, method, view, requires(Scope.LOGIN))

    def get(self) -> Response:
        """GET oneself."""
        return self.users.get(_own_id())

    def replace(self) -> Response:
        """PUT oneself."""
        return self.users.replace(_own_id())

    def patch(self) -> Response:
        """PATCH oneself."""
        return self.users.patch(_own_id())

    def delete(self) -> Response:
        """Refuse: nobody removes the own account here."""
        raise Forbidden("A user cannot delete the own account.")


def _own_id() -> str:
    user_id = principal().user_id
    if user_id is None:
        raise NotFound("The token is not that of a user.")
    return user_id
