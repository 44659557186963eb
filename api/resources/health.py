"""/healthz and /readyz: whether the process lives, and whether it can do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response

from api.auth.scopes import public
from api.resources.routes import add_route

if TYPE_CHECKING:
    from api.services.readiness import ReadinessService


def health_blueprint(readiness: ReadinessService) -> Blueprint:
    """Build the blueprint."""
    blueprint = Blueprint("health", __name__)

    def healthz() -> Response:
        return _answer(200, {"status": "ok"})

    def readyz() -> Response:
        checks = readiness.checks()
        is_ready = all(checks.values())
        return _answer(200 if is_ready else 503, {"status": "ok" if is_ready else "unavailable", "checks": checks})

    add_route(blueprint, "/healthz", "GET", healthz, public)
    add_route(blueprint, "/readyz", "GET", readyz, public)
    return blueprint


def _answer(status: int, body: dict[str, object]) -> Response:
    return Response(orjson.dumps(body), status=status, content_type="application/json")
