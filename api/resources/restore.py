"""/api/identity/recovery/v1.0/phone: restoring a lost phone, step by step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response
from flask.views import MethodView

from api.auth.scopes import Scope, public
from api.request_state import anonymous_caller
from api.resources.json_blueprint import JsonBlueprint
from api.restore_schemas import (
    BegunSchema,
    CodeOfFlowSchema,
    HoldSchema,
    OnwardSchema,
    PhoneOfFlowSchema,
    ProofSchema,
    StartSchema,
)
from api.services.errors import InvalidRequest
from api.services.restores import Hold

if TYPE_CHECKING:
    from api.auth.issuer import TokenIssuer
    from api.services.restore import RestoreService
    from api.services.restores import Begun, Onward

PREFIX = "/api/identity/recovery/v1.0/phone"
CLIENT = "restore"
"""The client that a token is issued to where a restore signs in."""
TOKEN_LIFETIME = timedelta(hours=1)


def restore_blueprint(restore: RestoreService, issuer: TokenIssuer) -> JsonBlueprint:
    """Build the blueprint. Nobody is known yet: the secret of the flow is what opens its steps."""
    blueprint = JsonBlueprint("restore", __name__, url_prefix=PREFIX, description="Restoring a lost phone")

    @blueprint.route("/start")
    class Start(MethodView):
        @public
        @blueprint.arguments(StartSchema)
        @blueprint.response(200, BegunSchema)
        def post(self, body: dict[str, Any]) -> Begun:
            """Begin, by a mail address; the answer is the same whether there is such a user."""
            return restore.start(body["email"], anonymous_caller())

    @blueprint.route("/verify-email")
    class VerifyEmail(MethodView):
        @public
        @blueprint.arguments(CodeOfFlowSchema)
        @blueprint.response(200, OnwardSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Submit the code that went to the mailbox."""
            return _shown(restore.verify_email(_hold(body), body["code"], anonymous_caller()))

    @blueprint.route("/prove")
    class Prove(MethodView):
        @public
        @blueprint.arguments(ProofSchema)
        @blueprint.response(200, OnwardSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Submit the second proof: the password, or a saved recovery code."""
            return _shown(_proved(restore, body))

    @blueprint.route("/phone")
    class Phone(MethodView):
        @public
        @blueprint.arguments(PhoneOfFlowSchema)
        @blueprint.response(200, OnwardSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Give the new number; a code goes to it."""
            return _shown(restore.phone(_hold(body), body["phone_number"], anonymous_caller()))

    @blueprint.route("/resend")
    class Resend(MethodView):
        @public
        @blueprint.arguments(HoldSchema)
        @blueprint.response(201, description="Another code is on its way, if there was one before.")
        def post(self, body: dict[str, Any]) -> Response:
            """Send another code, to the mailbox or to the new number."""
            restore.resend(_hold(body), anonymous_caller())
            return Response(status=201)

    @blueprint.route("/verify-phone")
    class VerifyPhone(MethodView):
        @public
        @blueprint.arguments(CodeOfFlowSchema)
        @blueprint.response(200, OnwardSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Submit the code that went to the new number: it is the verified primary one from then on."""
            onward = restore.verify_phone(_hold(body), body["code"], anonymous_caller())
            return {**_shown(onward), **_token(onward.user_id)}

    def _token(user_id: str | None) -> dict[str, str]:
        if user_id is None:
            return {}
        scopes = {Scope.LOGIN}
        return {"access_token": issuer.mint_for_user(user_id, client_id=CLIENT, scopes=scopes, lifetime=TOKEN_LIFETIME)}

    return blueprint


def _proved(restore: RestoreService, body: dict[str, Any]) -> Onward:
    match body:
        case {"password": _, "recovery_code": _}:
            raise InvalidRequest("One of password and recoveryCode will do.")
        case {"password": password}:
            return restore.prove_by_password(_hold(body), password, anonymous_caller())
        case {"recovery_code": code}:
            return restore.prove_by_recovery_code(_hold(body), code, anonymous_caller())
    raise InvalidRequest("One of password and recoveryCode is needed.")


def _hold(body: dict[str, Any]) -> Hold:
    return Hold(body["flow_id"], body["secret"])


def _shown(onward: Onward) -> dict[str, Any]:
    optional = {"proof": onward.proof, "sent_to": onward.sent_to}
    return {"next": onward.step, **{name: value for name, value in optional.items() if value is not None}}
