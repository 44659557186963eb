"""/api/identity/user/v1.0: changes of contact values, and taking them back on behalf of their users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.views import MethodView

from api.auth.scopes import Scope, authenticated, requires
from api.change_schemas import ChangeListSchema, ChangeSchema, UserQuerySchema
from api.moments import rfc3339
from api.request_state import caller, principal
from api.resources.codes import PREFIX
from api.resources.json_blueprint import JsonBlueprint

if TYPE_CHECKING:
    from api.services.reverting import RevertService
    from api.services.verifications import VerificationService
    from verification.notices import ContactChange


def change_blueprint(reverts: RevertService, verifications: VerificationService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("changes", __name__, url_prefix=PREFIX, description="Changes that can be taken back")

    @blueprint.route("/me/changes")
    class OwnChanges(MethodView):
        @authenticated
        @blueprint.response(200, ChangeListSchema)
        def get(self) -> dict[str, Any]:
            """List the changes of one's own numbers and addresses, the newest first."""
            user = verifications.own_user(principal().user_id)
            return {"changes": [_shown(change) for change in reverts.list_of(user.id)]}

    @blueprint.route("/changes")
    class Changes(MethodView):
        @requires(Scope.USER_VIEW)
        @blueprint.arguments(UserQuerySchema, location="query")
        @blueprint.response(200, ChangeListSchema)
        def get(self, query: dict[str, str]) -> dict[str, Any]:
            """List the changes of a user, given by id or userName, the newest first."""
            return {"changes": [_shown(change) for change in reverts.list_of_named(query["user"])]}

    @blueprint.route("/changes/<change_id>/revert")
    class Reverted(MethodView):
        @requires(Scope.USER_UPDATE)
        @blueprint.response(200, ChangeSchema)
        def post(self, change_id: str) -> dict[str, Any]:
            """Take a change back on behalf of its user, also when the link has expired."""
            return _shown(reverts.revert_for_another(change_id, caller()))

    return blueprint


def _shown(change: ContactChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "user_id": change.user_id,
        "what": change.template,
        "before": change.old,
        "after": change.new,
        "status": change.status,
        "changed_at": rfc3339(change.created_at),
        "revertible_until": rfc3339(change.expires_at),
        "ended_at": None if change.ended_at is None else rfc3339(change.ended_at),
    }
