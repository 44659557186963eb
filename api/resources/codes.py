"""/api/identity/user/v1.0: checking codes and sending them again, in the paths and forms of the guide."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response
from flask.views import MethodView

from api.auth.scopes import Scope, authenticated, requires
from api.dialect import Dialect
from api.moments import rfc3339
from api.request_state import caller, principal
from api.resources.json_blueprint import JsonBlueprint
from api.schemas import (
    CheckSchema,
    PendingListSchema,
    PrivilegedCheckSchema,
    PrivilegedResendSchema,
    ProvedSchema,
    ResendSchema,
)
from api.services.properties import read_scenario

if TYPE_CHECKING:
    from api.services.codes import CodeService, Proved
    from api.services.verifications import Pending, VerificationService

PREFIX = "/api/identity/user/v1.0"


def code_blueprint(codes: CodeService, verifications: VerificationService, dialect: Dialect) -> JsonBlueprint:
    """Build the blueprint; a right code is answered 200 in the guide's dialect, 202 in the current one."""
    blueprint = JsonBlueprint("codes", __name__, url_prefix=PREFIX, description="Verification codes")
    accepted = 200 if dialect is Dialect.GUIDE else 202

    @blueprint.route("/me/validate-code")
    class OwnCheck(MethodView):
        @authenticated
        @blueprint.arguments(CheckSchema)
        @blueprint.response(accepted, description="The number or address is verified.")
        def post(self, body: dict[str, Any]) -> Response:
            """Check a code sent to oneself."""
            user = verifications.own_user(principal().user_id)
            codes.check_own(user.id, body["code"], caller())
            return Response(status=accepted)

    @blueprint.route("/validate-code")
    class PrivilegedCheck(MethodView):
        @requires(Scope.USER_CODE_CREATE)
        @blueprint.arguments(PrivilegedCheckSchema)
        @blueprint.response(accepted, ProvedSchema)
        def post(self, body: dict[str, Any]) -> Proved:
            """Check a code on behalf of the user it was sent to."""
            return codes.check_for_another(body["code"], body.get("user", {}).get("username"), caller())

    @blueprint.route("/me/resend-code")
    class OwnResend(MethodView):
        @authenticated
        @blueprint.arguments(ResendSchema)
        @blueprint.response(201, description="Another code is on its way.")
        def post(self, body: dict[str, Any]) -> Response:
            """Send another code to oneself."""
            user = verifications.own_user(principal().user_id)
            verifications.resend(user.id, read_scenario(body.get("properties")), caller())
            return Response(status=201)

    @blueprint.route("/resend-code")
    class PrivilegedResend(MethodView):
        @requires(Scope.USER_CODE_CREATE)
        @blueprint.arguments(PrivilegedResendSchema)
        @blueprint.response(201, description="Another code is on its way.")
        def post(self, body: dict[str, Any]) -> Response:
            """Send another code on behalf of a user."""
            scenario = read_scenario(body.get("properties"))
            verifications.resend(verifications.user_named(body["user"]["username"]), scenario, caller())
            return Response(status=201)

    @blueprint.route("/me/verifications")
    class OwnVerifications(MethodView):
        @authenticated
        @blueprint.response(200, PendingListSchema)
        def get(self) -> dict[str, Any]:
            """List what is pending for oneself."""
            user = verifications.own_user(principal().user_id)
            pending = verifications.pending(user.id)
            return {"verifications": [_shown(item) for item in pending]}

    @blueprint.route("/me/verifications/<verification_id>")
    class OwnVerification(MethodView):
        @authenticated
        @blueprint.response(204, description="It is canceled; what was pending is gone.")
        def delete(self, verification_id: str) -> Response:
            """Give up what is pending."""
            user = verifications.own_user(principal().user_id)
            verifications.cancel(user.id, verification_id, caller())
            return Response(status=204)

    return blueprint


def _shown(pending: Pending) -> dict[str, Any]:
    shown = {**asdict(pending), "expires_at": rfc3339(pending.expires_at)}
    return {name: value for name, value in shown.items() if name != "reason" or value is not None}
