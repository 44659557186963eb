"""/scim2/{Users,Groups,…}: the same thin views for every resource type (RFC 7644 §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, request

from api.auth.scopes import Scope, requires
from api.bodies import read_json
from api.rendering import list_body
from api.request_state import caller
from api.resources.answers import not_modified, precondition, projection, resource_answer, scim_answer
from api.resources.routes import add_route
from scim.messages import ListQuery
from scim.patch_request import read_patch

if TYPE_CHECKING:
    from flask import Blueprint

    from api.rendering import Renderer
    from api.services.lists import ListService
    from api.services.resources import ResourceService
    from persistence.resources import StoredResource
    from scim.projection import Projection


@dataclass(frozen=True, slots=True)
class ResourceScopes:
    """What each verb needs."""

    view: Scope
    list: Scope
    create: Scope
    update: Scope
    delete: Scope


USER_SCOPES = ResourceScopes(
    view=Scope.USER_VIEW,
    list=Scope.USER_LIST,
    create=Scope.USER_CREATE,
    update=Scope.USER_UPDATE,
    delete=Scope.USER_DELETE,
)


@dataclass(frozen=True, slots=True)
class ResourceViews:
    """The views of one resource type."""

    service: ResourceService
    lists: ListService
    renderer: Renderer

    def register(self, blueprint: Blueprint, scopes: ResourceScopes) -> None:
        """Add the routes of the resource type to the SCIM blueprint."""
        endpoint = self.service.resource_type.endpoint
        one = f"{endpoint}/<resource_id>"
        add_route(blueprint, endpoint, "POST", self.create, requires(scopes.create))
        add_route(blueprint, endpoint, "GET", self.list, requires(scopes.list))
        add_route(blueprint, f"{endpoint}/.search", "POST", self.search, requires(scopes.list))
        add_route(blueprint, one, "GET", self.get, requires(scopes.view))
        add_route(blueprint, one, "PUT", self.replace, requires(scopes.update))
        add_route(blueprint, one, "PATCH", self.patch, requires(scopes.update))
        add_route(blueprint, one, "DELETE", self.delete, requires(scopes.delete))

    def create(self) -> Response:
        """POST a resource (RFC 7644 §3.3)."""
        shown = projection()
        return self._answer(self.service.create(read_json(request), caller()), shown, 201)

    def list(self) -> Response:
        """GET a list (RFC 7644 §3.4.2)."""
        return self._list(ListQuery.from_query(request.args))

    def search(self) -> Response:
        """POST a query, so that personal data stay out of URLs (RFC 7644 §3.4.3)."""
        return self._list(ListQuery.from_search(read_json(request)))

    def get(self, resource_id: str) -> Response:
        """GET one resource (RFC 7644 §3.4.1)."""
        shown = projection()
        stored = self.service.get(resource_id)
        return not_modified(stored) or self._answer(stored, shown)

    def replace(self, resource_id: str) -> Response:
        """PUT a resource (RFC 7644 §3.5.1)."""
        shown = projection()
        return self._answer(self.service.replace(resource_id, read_json(request), caller(), precondition()), shown)

    def patch(self, resource_id: str) -> Response:
        """PATCH a resource; the answer is always 200 with the resource (RFC 7644 §3.5.2)."""
        shown = projection()
        operations = read_patch(read_json(request))
        return self._answer(self.service.patch(resource_id, operations, caller(), precondition()), shown)

    def delete(self, resource_id: str) -> Response:
        """DELETE a resource (RFC 7644 §3.6)."""
        self.service.remove(resource_id, caller(), precondition())
        return Response(status=204)

    def _list(self, query: ListQuery) -> Response:
        page = self.lists.page(query)
        resource_type = self.service.resource_type
        shown = [self.renderer.projected(stored, resource_type, query.projection) for stored in page.rows]
        return scim_answer(list_body(shown, total=page.total, start_index=query.start_index))

    def _answer(self, stored: StoredResource, shown: Projection, status: int = 200) -> Response:
        return resource_answer(self.renderer, stored, self.service.resource_type, shown=shown, status=status)
