"""/api/server/v1: what the guard has refused, and what it has shut."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response
from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.moments import rfc3339
from api.request_state import caller
from api.resources.json_blueprint import JsonBlueprint
from api.schemas_guard import AttemptPageSchema, AttemptQuerySchema, BlockListSchema
from api.services.errors import InvalidRequest
from persistence.blocked_attempts import AttemptQuery
from scim.errors import ExpiredCursor, InvalidCursor

if TYPE_CHECKING:
    from api.services.guarding import GuardService
    from verification.conversion import Block

PREFIX = "/api/server/v1"


def guard_blueprint(guard: GuardService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("guard", __name__, url_prefix=PREFIX, description="The guard against toll fraud")

    @blueprint.route("/blocked-attempts")
    class Attempts(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.arguments(AttemptQuerySchema, location="query")
        @blueprint.response(200, AttemptPageSchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any]:
            """List codes that were refused, newest first."""
            count, cursor = query.pop("count"), query.pop("cursor", None)
            try:
                page = guard.attempts(AttemptQuery(**query), count, cursor)
            except (InvalidCursor, ExpiredCursor) as error:
                raise InvalidRequest("The cursor is not one of this list, or has expired.") from error
            following = {"next_cursor": page.next_cursor} if page.next_cursor else {}
            shown = [{**asdict(attempt), "at": rfc3339(attempt.at)} for attempt in page.rows]
            return {"attempts": shown, **following}

    @blueprint.route("/blocks")
    class Blocks(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.response(200, BlockListSchema)
        def get(self) -> dict[str, Any]:
            """List the prefixes and countries that get no codes at the moment."""
            return {"blocks": [_shown(block) for block in guard.current()]}

    @blueprint.route("/blocks/<block_id>")
    class OneBlock(MethodView):
        @requires(Scope.GOVERNANCE_UPDATE)
        @blueprint.response(204, description="It is lifted: codes are sent again.")
        def delete(self, block_id: str) -> Response:
            """Lift a block before its time."""
            guard.lift(block_id, caller())
            return Response(status=204)

    return blueprint


def _shown(block: Block) -> dict[str, Any]:
    return {
        **asdict(block),
        "kind": block.area.kind,
        "area": block.area.name,
        "began_at": rfc3339(block.began_at),
        "ends_at": rfc3339(block.ends_at),
    }
