"""/api/identity/user/v1.0/me/prove-number: proving the present number before it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response
from flask.views import MethodView

from api.auth.scopes import authenticated
from api.request_state import caller, principal
from api.resources.codes import PREFIX
from api.resources.json_blueprint import JsonBlueprint
from api.restore_schemas import SentSchema
from api.schemas import CheckSchema

if TYPE_CHECKING:
    from api.services.old_numbers import OldNumberService
    from api.services.verifications import VerificationService


def old_number_blueprint(old_numbers: OldNumberService, verifications: VerificationService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("old numbers", __name__, url_prefix=PREFIX, description="Proving the present number")

    def own_id() -> str:
        return verifications.own_user(principal().user_id).id

    @blueprint.route("/me/prove-number")
    class ProveNumber(MethodView):
        @authenticated
        @blueprint.response(200, SentSchema)
        def post(self) -> dict[str, str]:
            """Send a code to one's own present number, or another one."""
            return {"sent_to": old_numbers.send(own_id(), caller())}

    @blueprint.route("/me/prove-number/confirm")
    class ConfirmNumber(MethodView):
        @authenticated
        @blueprint.arguments(CheckSchema)
        @blueprint.response(204, description="The number may be changed once, within ten minutes.")
        def post(self, body: dict[str, Any]) -> Response:
            """Submit the code that went to one's own present number."""
            old_numbers.confirm(own_id(), body["code"], caller())
            return Response(status=204)

    return blueprint
