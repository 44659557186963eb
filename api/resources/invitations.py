"""/api/identity/user/v1.0: inviting users who have no password, and setting it without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response
from flask.views import MethodView

from api.auth.scopes import Scope, public, requires
from api.invitation_schemas import AcceptSchema, InvitedSchema, InviteSchema
from api.moments import rfc3339
from api.request_state import anonymous_caller, caller
from api.resources.codes import PREFIX
from api.resources.json_blueprint import JsonBlueprint

if TYPE_CHECKING:
    from api.services.invitations import InvitationService


def invitation_blueprint(invitations: InvitationService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("invitations", __name__, url_prefix=PREFIX, description="Invitations by e-mail")

    @blueprint.route("/invite")
    class Invite(MethodView):
        @requires(Scope.USER_UPDATE)
        @blueprint.arguments(InviteSchema)
        @blueprint.response(202, InvitedSchema, description="The mail is on its way.")
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Invite a user without a password by mail; the invitation before is good no longer."""
            invited = invitations.invite(caller(), user_id=body.get("id"), user_name=body.get("user_name"))
            return {
                "user_id": invited.user_id,
                "sent_to": invited.sent_to,
                "expires_at": rfc3339(invited.expires_at),
            }

    @blueprint.route("/invitation")
    class Acceptance(MethodView):
        @public
        @blueprint.arguments(AcceptSchema)
        @blueprint.response(204, description="The password is set; sign in with it.")
        def post(self, body: dict[str, Any]) -> Response:
            """Set the first password of the user whom an invitation is for. Its token is what lets the caller in."""
            invitations.accept(body["token"], body["password"], anonymous_caller())
            return Response(status=204)

    return blueprint
