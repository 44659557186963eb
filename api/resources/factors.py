"""/api/identity/mfa/v1.0: the second factors of a user, and when one is asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response
from flask.views import MethodView

from api.auth.scopes import Scope, authenticated, requires
from api.factor_schemas import (
    ConfirmationSchema,
    EnrolmentSchema,
    FactorsSchema,
    PolicySchema,
    RecoveryCodesSchema,
)
from api.moments import rfc3339
from api.request_state import caller, principal
from api.resources.json_blueprint import JsonBlueprint
from persistence.sign_ins import CLIENT, USER
from verification.factors import MfaPolicy

if TYPE_CHECKING:
    from api.services.enrolment import Enrolment
    from api.services.factors import FactorService
    from api.services.verifications import VerificationService

PREFIX = "/api/identity/mfa/v1.0"


def factor_blueprint(factors: FactorService, verifications: VerificationService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("factors", __name__, url_prefix=PREFIX, description="Second factors")

    def own_id() -> str:
        return verifications.own_user(principal().user_id).id

    @blueprint.route("/me/factors")
    class OwnFactors(MethodView):
        @authenticated
        @blueprint.response(200, FactorsSchema)
        def get(self) -> dict[str, Any]:
            """List one's own second factors."""
            found = factors.list(own_id())
            since = found.authenticator_since
            return {**asdict(found), "authenticator_since": rfc3339(since) if since else None}

    @blueprint.route("/me/totp")
    class OwnAuthenticator(MethodView):
        @authenticated
        @blueprint.response(201, EnrolmentSchema)
        def post(self) -> Enrolment:
            """Begin to enrol an authenticator."""
            return factors.begin_authenticator(own_id(), caller())

        @authenticated
        @blueprint.response(204, description="It is removed.")
        def delete(self) -> Response:
            """Remove one's own authenticator."""
            factors.remove_authenticator(own_id(), caller())
            return Response(status=204)

    @blueprint.route("/me/totp/confirm")
    class Confirmation(MethodView):
        @authenticated
        @blueprint.arguments(ConfirmationSchema)
        @blueprint.response(204, description="The authenticator is enrolled.")
        def post(self, body: dict[str, Any]) -> Response:
            """Prove a new authenticator by its first code."""
            factors.confirm_authenticator(own_id(), body["enrolment"], body["code"], caller())
            return Response(status=204)

    @blueprint.route("/me/recovery-codes")
    class OwnRecoveryCodes(MethodView):
        @authenticated
        @blueprint.response(201, RecoveryCodesSchema)
        def post(self) -> dict[str, Any]:
            """Make new recovery codes; those before are good no longer."""
            return {"codes": list(factors.new_recovery_codes(own_id(), caller()))}

    @blueprint.route("/me/policy")
    class OwnPolicy(MethodView):
        @authenticated
        @blueprint.arguments(PolicySchema)
        @blueprint.response(204, description="It holds from the next sign-in on.")
        def put(self, body: dict[str, Any]) -> Response:
            """Say when one is asked for a second factor; a user can only strengthen what holds anyway."""
            factors.set_own_policy(own_id(), _policy(body), caller())
            return Response(status=204)

    @blueprint.route("/users/<user_id>/policy")
    class UserPolicy(MethodView):
        @requires(Scope.GOVERNANCE_UPDATE)
        @blueprint.arguments(PolicySchema)
        @blueprint.response(204, description="It holds from the next sign-in on.")
        def put(self, body: dict[str, Any], user_id: str) -> Response:
            """Say when a user is asked for a second factor."""
            factors.set_policy(USER, user_id, _policy(body), caller())
            return Response(status=204)

    @blueprint.route("/clients/<client_id>/policy")
    class ClientPolicy(MethodView):
        @requires(Scope.GOVERNANCE_UPDATE)
        @blueprint.arguments(PolicySchema)
        @blueprint.response(204, description="It holds from the next sign-in on.")
        def put(self, body: dict[str, Any], client_id: str) -> Response:
            """Say when users of a client are asked for a second factor."""
            factors.set_policy(CLIENT, client_id, _policy(body), caller())
            return Response(status=204)

    return blueprint


def _policy(body: dict[str, Any]) -> MfaPolicy | None:
    return None if body["policy"] is None else MfaPolicy(body["policy"])
