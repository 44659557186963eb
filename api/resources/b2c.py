"""/api/identity/b2c/v1.0: what a custom policy of Azure AD B2C calls as RESTful technical profiles.

Claims come and go as JSON. An error that the policy is to show to its user has the status 409 and a `userMessage`
(api/errors.py). The policy authenticates as a client, by Basic or by a bearer token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.b2c_paths import PREFIX
from api.b2c_schemas import (
    CodeClaimsSchema,
    FlowClaimsSchema,
    PersistedClaimsSchema,
    ProvedClaimsSchema,
    SendClaimsSchema,
    SentClaimsSchema,
)
from api.request_state import caller
from api.resources.json_blueprint import JsonBlueprint
from api.services.b2c import Account, Sent
from api.services.errors import InvalidRequest

if TYPE_CHECKING:
    from api.services.b2c import B2cService


def b2c_blueprint(b2c: B2cService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("b2c", __name__, url_prefix=PREFIX, description="For policies of Azure AD B2C")

    @blueprint.route("/send-code")
    class SendCode(MethodView):
        @requires(Scope.USER_CODE_CREATE)
        @blueprint.arguments(SendClaimsSchema)
        @blueprint.response(200, SentClaimsSchema)
        def post(self, body: dict[str, Any]) -> Sent:
            """Send a code to a number that is to be a user's, or another one."""
            if "handle" in body:
                return Sent(body["handle"], b2c.resend(body["handle"], caller()))
            account = Account(body.get("object_id"), body.get("sign_in_name"))
            if "phone_number" not in body or account == Account():
                raise InvalidRequest("phoneNumber is needed, and objectId or signInName.")
            return b2c.send(account, body["phone_number"], caller())

    @blueprint.route("/verify-code")
    class VerifyCode(MethodView):
        @requires(Scope.USER_CODE_CREATE)
        @blueprint.arguments(CodeClaimsSchema)
        @blueprint.response(200, ProvedClaimsSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Check the code that went to the number."""
            return {"number": b2c.verify(body["handle"], body["code"], caller()), "is_verified": True}

    @blueprint.route("/persist-number")
    class PersistNumber(MethodView):
        @requires(Scope.USER_CODE_CREATE, Scope.USER_UPDATE)
        @blueprint.arguments(FlowClaimsSchema)
        @blueprint.response(200, PersistedClaimsSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Make the number that is proved the verified primary one of the user."""
            return {"object_id": b2c.persist(body["handle"], caller())}

    return blueprint
