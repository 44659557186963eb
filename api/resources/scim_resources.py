"""/scim2/{Users,Groups,…}: the same thin views for every resource type (RFC 7644 §3)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, request

from api.auth.scopes import Scope, requires
from api.bodies import read_json
from api.request_state import caller
from api.resources.answers import not_modified, precondition, projection, scim_answer
from api.resources.routes import add_route
from scim.bulk import BulkMethod
from scim.patch_request import read_patch
from scim.versions import weak_etag

if TYPE_CHECKING:
    from flask import Blueprint

    from api.rendering import Renderer
    from api.resources.scim_lists import ListViews
    from api.services.computed import Computing, Document
    from api.services.resources import ResourceService
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.projection import Projection


@dataclass(frozen=True, slots=True)
class ResourceScopes:
    """What each verb needs."""

    view: Scope
    list: Scope
    create: Scope
    update: Scope
    delete: Scope

    def of(self, method: BulkMethod) -> Scope:
        """Return what an operation of a bulk request needs."""
        needs = {BulkMethod.POST: self.create, BulkMethod.DELETE: self.delete}
        return needs.get(method, self.update)


USER_SCOPES = ResourceScopes(
    view=Scope.USER_VIEW,
    list=Scope.USER_LIST,
    create=Scope.USER_CREATE,
    update=Scope.USER_UPDATE,
    delete=Scope.USER_DELETE,
)
"""Of users, and of the resource types that a deployer adds."""
GROUP_SCOPES = ResourceScopes(
    view=Scope.GROUP_VIEW,
    list=Scope.GROUP_VIEW,
    create=Scope.GROUP_CREATE,
    update=Scope.GROUP_UPDATE,
    delete=Scope.GROUP_DELETE,
)


@dataclass(frozen=True, slots=True)
class ResourceViews:
    """The views of one resource type."""

    service: ResourceService
    lists: ListViews
    computing: Computing
    renderer: Renderer
    scopes: ResourceScopes

    @property
    def endpoint(self) -> str:
        """Return the path of the resource type."""
        return self.service.resource_type.endpoint

    def register(self, blueprint: Blueprint) -> None:
        """Add the routes of the resource type to the SCIM blueprint."""
        endpoint = self.endpoint
        one = f"{endpoint}/<resource_id>"
        add_route(blueprint, endpoint, "POST", self.create, requires(self.scopes.create))
        add_route(blueprint, endpoint, "GET", self.lists.get, requires(self.scopes.list))
        add_route(blueprint, f"{endpoint}/.search", "POST", self.lists.search, requires(self.scopes.list))
        add_route(blueprint, one, "GET", self.get, requires(self.scopes.view))
        add_route(blueprint, one, "PUT", self.replace, requires(self.scopes.update))
        add_route(blueprint, one, "PATCH", self.patch, requires(self.scopes.update))
        add_route(blueprint, one, "DELETE", self.delete, requires(self.scopes.delete))

    def create(self) -> Response:
        """POST a resource (RFC 7644 §3.3)."""
        shown = projection()
        return self._answer(self.service.create(read_json(request), caller()), shown, 201)

    def get(self, resource_id: str) -> Response:
        """GET one resource (RFC 7644 §3.4.1)."""
        shown = projection()
        stored, computed = self.read(resource_id, shown)
        return not_modified(stored) or self._answer_with(stored, shown, computed)

    def replace(self, resource_id: str) -> Response:
        """PUT a resource (RFC 7644 §3.5.1)."""
        shown = projection()
        return self._answer(self.service.replace(resource_id, read_json(request), caller(), precondition()), shown)

    def patch(self, resource_id: str) -> Response:
        """PATCH a resource and answer with it, unless it is too large for that (RFC 7644 §3.5.2)."""
        shown = projection()
        operations = read_patch(read_json(request))
        stored = self.service.patch(resource_id, operations, caller(), precondition())
        if shown.is_default and self.service.is_large(stored):
            return Response(status=204, headers=self._headers(stored))
        return self._answer(stored, shown)

    def delete(self, resource_id: str) -> Response:
        """DELETE a resource (RFC 7644 §3.6)."""
        self.service.remove(resource_id, caller(), precondition())
        return Response(status=204)

    def read(self, resource_id: str, shown: Projection) -> tuple[StoredResource, Document | None]:
        """Return a resource, and what is computed of what is shown; or raise NotFound."""

        def compute(unit: UnitOfWork, found: StoredResource) -> Document | None:
            return self._computed(unit, found) if self.computing.needs(found, shown) else None

        return self.service.get_with(resource_id, compute)

    def _answer(self, stored: StoredResource, shown: Projection, status: int = 200) -> Response:
        computed: Document | None = None
        if self.computing.needs(stored, shown):
            computed = self.service.core.database.read(lambda unit: self._computed(unit, stored))
        return self._answer_with(stored, shown, computed, status)

    def _computed(self, unit: UnitOfWork, stored: StoredResource) -> Document | None:
        return self.computing.compute(unit, [stored.id]).get(stored.id)

    def _answer_with(
        self, stored: StoredResource, shown: Projection, computed: Document | None, status: int = 200
    ) -> Response:
        body = self.renderer.projected(stored, self.service.resource_type, shown, computed)
        return scim_answer(body, status, self._headers(stored, status))

    def _headers(self, stored: StoredResource, status: int = 200) -> dict[str, str]:
        headers = {"ETag": weak_etag(stored.version)}
        if status == HTTPStatus.CREATED:
            # RFC 7644 §3.3. Elsewhere `meta.location` says it, and Werkzeug takes long over each such header.
            headers["Location"] = self.renderer.location(self.service.resource_type, stored.id)
        return headers
