"""/api/identity/user/v1.0/verifications: what became of codes, for those who look after users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.moments import rfc3339
from api.resources.codes import PREFIX
from api.resources.json_blueprint import JsonBlueprint, walking
from api.schemas_lists import HistoryPageSchema, HistoryQuerySchema
from api.services.histories import HistoryFilter

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.histories import HistoryService, Past
    from persistence.histories import LastDelivery


def history_blueprint(histories: HistoryService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("verifications", __name__, url_prefix=PREFIX, description="What became of codes")

    @blueprint.route("/verifications")
    class Verifications(MethodView):
        @requires(Scope.USER_CODE_VIEW)
        @blueprint.arguments(HistoryQuerySchema, location="query")
        @blueprint.response(200, HistoryPageSchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any]:
            """List the verifications of all users, newest first."""
            count, cursor = query.pop("count"), query.pop("cursor", None)
            names = {"user": "user_id", "userName": "user_name"}
            wanted = HistoryFilter(**{names.get(name, name): value for name, value in query.items()})
            with walking():
                page = histories.page(wanted, count, cursor)
            following = {"nextCursor": page.next_cursor} if page.next_cursor else {}
            return {"verifications": [_shown(past) for past in page.rows], **following}

    return blueprint


def _shown(past: Past) -> dict[str, Any]:
    verification, delivery = past
    return {
        "id": verification.id,
        "user": verification.user_id,
        "purpose": verification.purpose,
        "scenario": verification.scenario,
        "state": verification.status,
        "target": verification.target.masked(),
        "attempts": verification.attempts,
        "sends": verification.sends,
        "createdAt": rfc3339(verification.created_at),
        "expiresAt": rfc3339(verification.expires_at),
        "endedAt": _moment(verification.ended_at),
        "delivery": None if delivery is None else _delivery(delivery),
    }


def _delivery(delivery: LastDelivery) -> dict[str, Any]:
    return {
        "state": delivery.status,
        "channel": delivery.channel,
        "provider": delivery.provider,
        "reason": delivery.reason,
        "attempts": delivery.attempts,
        "settledAt": _moment(delivery.settled_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
