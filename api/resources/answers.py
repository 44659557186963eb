"""SCIM answers and preconditions, shared by the views of every resource type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from scim.projection import Projection
from scim.versions import is_not_modified, require_match, weak_etag

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.rendering import Document, Renderer
    from persistence.resources import StoredResource
    from scim.resource_types import ResourceType

SCIM_TYPE = "application/scim+json"


def scim_answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Build an answer in exactly `application/scim+json` (RFC 7644 §3.1)."""
    response = Response(body, status=status, headers=headers)
    response.headers["Content-Type"] = SCIM_TYPE
    return response


def projection() -> Projection:
    """Read `attributes` and `excludedAttributes` off the query string (RFC 7644 §3.9)."""
    return Projection.from_query(request.args.get("attributes"), request.args.get("excludedAttributes"))


def precondition() -> Callable[[int], None]:
    """Return the check of If-Match for this request; without the header every version passes (RFC 7644 §3.14)."""
    header = request.headers.get("If-Match")
    none_match = request.headers.get("If-None-Match")

    def check(version: int) -> None:
        require_match(header, none_match, version)

    return check


def resource_answer(
    renderer: Renderer,
    stored: StoredResource,
    resource_type: ResourceType,
    *,
    shown: Projection,
    computed: Document | None = None,
    status: int = 200,
) -> Response:
    """Answer with one resource, its ETag and its location."""
    headers = {"ETag": weak_etag(stored.version)}
    location = renderer.location(resource_type, stored.id)
    if status == 201:  # noqa: PLR2004 - RFC 7644 §3.3
        headers["Location"] = location
    else:
        headers["Content-Location"] = location
    return scim_answer(renderer.projected(stored, resource_type, shown, computed), status, headers)


def not_modified(stored: StoredResource) -> Response | None:
    """Return 304 where If-None-Match names the present version (RFC 7644 §3.14)."""
    if is_not_modified(request.headers.get("If-None-Match"), stored.version):
        return Response(status=304, headers={"ETag": weak_etag(stored.version)})
    return None
