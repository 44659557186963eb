"""/scim2/Bulk (RFC 7644 §3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from flask import request

from api.auth.scopes import Scope, requires
from api.bodies import read_json
from api.request_state import caller, principal
from api.resources.answers import scim_answer
from api.resources.routes import add_route
from api.services.bulk import MAX_OPERATIONS, MAX_PAYLOAD
from scim.bulk import read_bulk
from scim.versions import weak_etag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint, Response

    from api.rendering import Renderer
    from api.resources.scim_resources import ResourceScopes
    from api.services.bulk import BulkResult, BulkService
    from api.services.resources import ResourceService
    from scim.bulk import BulkMethod

BULK_RESPONSE_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


@dataclass(frozen=True, slots=True)
class BulkViews:
    """The view of bulk requests."""

    service: BulkService
    renderer: Renderer
    scopes: Mapping[str, ResourceScopes]
    """By the name of the resource type."""

    def register(self, blueprint: Blueprint) -> None:
        """Add the route; each operation needs its own scope besides."""
        add_route(blueprint, "/Bulk", "POST", self.run, requires(Scope.BULK_CREATE))

    def run(self) -> Response:
        """POST a bulk request; the answer is 200, whatever became of the single operations."""
        bulk = read_bulk(read_json(request, limit=MAX_PAYLOAD), max_operations=MAX_OPERATIONS)
        results = self.service.run(bulk, caller(), self._may)
        body = {"schemas": [BULK_RESPONSE_SCHEMA], "Operations": [self._shown(result) for result in results]}
        return scim_answer(orjson.dumps(body))

    def _may(self, service: ResourceService, method: BulkMethod) -> bool:
        return self.scopes[service.resource_type.name].of(method) in principal().scopes

    def _shown(self, result: BulkResult) -> dict[str, Any]:
        """Return the answer to one operation (RFC 7644 §3.7.3)."""
        location = None
        if result.service is not None and result.resource_id is not None:
            location = self.renderer.location(result.service.resource_type, result.resource_id)
        shown = {
            "location": location,
            "method": result.operation.method,
            "bulkId": result.operation.bulk_id,
            "version": weak_etag(result.stored.version) if result.stored else None,
            "status": str(result.status),
            "response": result.fault.body() if result.fault else None,
        }
        return {name: value for name, value in shown.items() if value is not None}
