"""Lists of one resource type, and of all at the root (RFC 7644 §3.4.2, §3.4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from api.auth.scopes import Scope, requires
from api.bodies import read_json
from api.rendering import list_body
from api.resources.answers import scim_answer
from api.resources.routes import add_route
from scim.messages import ListQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint, Response

    from api.rendering import Renderer
    from api.services.lists import ListService
    from scim.resource_types import ResourceType


@dataclass(frozen=True, slots=True)
class ListViews:
    """The views of one list."""

    service: ListService
    renderer: Renderer
    resource_types: Mapping[str, ResourceType]
    """By name."""

    def register_root(self, blueprint: Blueprint) -> None:
        """Add the routes of a query over all resource types; it needs what their own lists need."""
        access = requires(Scope.USER_LIST, Scope.GROUP_VIEW)
        add_route(blueprint, "/", "GET", self.get, access)
        add_route(blueprint, "/.search", "POST", self.search, access)

    def get(self) -> Response:
        """GET a list."""
        return self._answer(ListQuery.from_query(request.args))

    def search(self) -> Response:
        """POST a query, so that personal data stay out of URLs."""
        return self._answer(ListQuery.from_search(read_json(request)))

    def listed(self, query: ListQuery) -> bytes:
        """Return a page as it is answered."""
        listed = self.service.page(query)
        shown = self.renderer.page(listed.rows, self.resource_types, query.projection, listed.computed)
        cursors = {"nextCursor": listed.next_cursor, "previousCursor": listed.previous_cursor}
        extra = {name: cursor for name, cursor in cursors.items() if cursor is not None}
        return list_body(shown, total=listed.total, start_index=listed.start_index, extra=extra)

    def _answer(self, query: ListQuery) -> Response:
        return scim_answer(self.listed(query))
