"""/api/server/v1/statistics: figures of what is sent and what comes back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.moments import rfc3339
from api.resources.json_blueprint import JsonBlueprint
from api.schemas_statistics import OverviewSchema, StatisticsQuerySchema

if TYPE_CHECKING:
    from api.services.statistics import Overview, ProviderHealth, StatisticsService

PREFIX = "/api/server/v1"


def statistics_blueprint(statistics: StatisticsService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("statistics", __name__, url_prefix=PREFIX, description="Figures of codes and providers")

    @blueprint.route("/statistics")
    class Statistics(MethodView):
        @requires(Scope.USER_CODE_VIEW)
        @blueprint.arguments(StatisticsQuerySchema, location="query")
        @blueprint.response(200, OverviewSchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any]:
            """Return figures of the last day, week or month."""
            return _shown(statistics.overview(query["span"]))

    return blueprint


def _shown(overview: Overview) -> dict[str, Any]:
    oldest = overview.oldest_queued_at
    return {
        "span": overview.span,
        "since": rfc3339(overview.since),
        "until": rfc3339(overview.until),
        "steps": [{**asdict(point), "at": rfc3339(point.at)} for point in overview.points],
        "countries": [
            {"country": each.country, "callingCode": each.calling_code, "sent": each.sent, "verified": each.verified}
            for each in overview.countries
        ],
        "providers": [_provider(each) for each in overview.providers],
        "failures": [asdict(each) for each in overview.failures],
        "queued": overview.queued,
        "oldestQueuedAt": None if oldest is None else rfc3339(oldest),
    }


def _provider(provider: ProviderHealth) -> dict[str, Any]:
    return {
        "name": provider.name,
        "circuit": provider.circuit,
        "since": None if provider.since is None else rfc3339(provider.since),
        "calls": provider.calls,
        "averageMilliseconds": provider.milliseconds,
        "accepted": provider.accepted,
        "delivered": provider.delivered,
        "failed": provider.failed,
    }
