"""SCIM answers and preconditions, shared by the views of every resource type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from scim.projection import Projection
from scim.versions import is_not_modified, require_match, weak_etag

if TYPE_CHECKING:
    from collections.abc import Callable

    from persistence.resources import StoredResource

SCIM_TYPE = "application/scim+json"
EVERYTHING = Projection()
ON_EVERY_ANSWER = (
    # Answers hold personal data: no cache may keep them (RFC 7644 §7.4 asks for care; RFC 9111 §5.2.2.5).
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)


def scim_answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Build an answer in exactly `application/scim+json` (RFC 7644 §3.1)."""
    return Response(body, status=status, headers=headers, content_type=SCIM_TYPE)


def projection() -> Projection:
    """Read `attributes` and `excludedAttributes` off the query string (RFC 7644 §3.9)."""
    if not request.query_string:
        return EVERYTHING
    return Projection.from_query(request.args.get("attributes"), request.args.get("excludedAttributes"))


def precondition() -> Callable[[int], None]:
    """Return the check of If-Match for this request; without the header every version passes (RFC 7644 §3.14)."""
    header = request.headers.get("If-Match")
    none_match = request.headers.get("If-None-Match")

    def check(version: int) -> None:
        require_match(header, none_match, version)

    return check


def not_modified(stored: StoredResource) -> Response | None:
    """Return 304 where If-None-Match names the present version (RFC 7644 §3.14).

    Raises:
        PreconditionFailed: If-Match names others only, which comes first (RFC 9110 §13.2.2).
    """
    require_match(request.headers.get("If-Match"), None, stored.version)
    if is_not_modified(request.headers.get("If-None-Match"), stored.version):
        return Response(status=304, headers={"ETag": weak_etag(stored.version)})
    return None
