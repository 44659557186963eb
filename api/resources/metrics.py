"""/metrics: for Prometheus, at the service's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from api.auth.scopes import Scope, requires
from api.exposition import CONTENT_TYPE
from api.resources.routes import add_route

if TYPE_CHECKING:
    from api.exposition import Exposition


def metrics_blueprint(exposition: Exposition) -> Blueprint:
    """Build the blueprint; a scraper with a token of its own does not come here (`ScrapersDoor`)."""
    blueprint = Blueprint("metrics", __name__)

    def metrics() -> Response:
        return Response(exposition.text(), content_type=CONTENT_TYPE)

    add_route(blueprint, "/metrics", "GET", metrics, requires(Scope.GOVERNANCE_VIEW))
    return blueprint
