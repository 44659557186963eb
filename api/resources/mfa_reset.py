"""/api/identity/mfa/v1.0/reset: all authentication methods of a user go, and each is told of."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request
from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.directories import GRAPH
from api.errors import answer
from api.request_state import caller
from api.reset_schemas import ALL, ResetReportSchema, ResetSchema
from api.resources.json_blueprint import JsonBlueprint
from api.services.errors import InvalidRequest
from api.services.local_directory import LOCAL
from api.services.mfa_reset import Wanted
from verification.errors import DirectoryUnavailable
from verification.methods import MethodKind
from verification.resetting import Overall

if TYPE_CHECKING:
    from api.services.mfa_reset import ResetService

PREFIX = "/api/identity/mfa/v1.0"
LONGEST_KEY = 255
_REPORT = ResetReportSchema()


def mfa_reset_blueprint(service: ResetService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("mfa_reset", __name__, url_prefix=PREFIX, description="Reset of authentication methods")

    @blueprint.route("/reset")
    class Reset(MethodView):
        @requires(Scope.MFA_RESET)
        @blueprint.arguments(ResetSchema)
        @blueprint.response(200, ResetReportSchema, description="All that was to go went.")
        @blueprint.alt_response(207, schema=ResetReportSchema, description="Some stayed.")
        def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], int] | Response:
            """Reset all authentication methods of a user.

            Where the directory fails on the way, the error has the members of the report beside its own.
            """
            answered = service.reset(_wanted(body, service), caller())
            shown: dict[str, Any] = dict(answered.report)
            if answered.access_pass is not None:
                shown["access_pass"] = answered.access_pass
            if answered.confirmation is not None:
                shown["confirmation"] = answered.confirmation
            if shown["overall"] == Overall.INTERRUPTED:
                return _interrupted(shown)
            return shown, HTTPStatus.MULTI_STATUS if shown["overall"] == Overall.PARTIAL else HTTPStatus.OK

    @blueprint.after_request
    def keep_to_yourself(response: Response) -> Response:
        # The answer may hold a pass.
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _interrupted(report: dict[str, Any]) -> Response:
    code = DirectoryUnavailable.code or ""
    answered = answer(HTTPStatus.BAD_GATEWAY, code, "The directory failed on the way; see what had been done.")
    answered.set_data(orjson.dumps({**orjson.loads(answered.get_data()), **_REPORT.dump(report)}))
    return answered


def _wanted(body: dict[str, Any], service: ResetService) -> Wanted:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise InvalidRequest(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    kinds = body["methods"]
    return Wanted(
        name=next(body[name] for name in ("id", "user_name", "email", "mail", "name") if name in body),
        directory=body.get("directory") or (GRAPH if GRAPH in service.directories else LOCAL),
        kinds=None if kinds == ALL else frozenset(MethodKind(kind) for kind in kinds),
        reason=body.get("reason"),
        is_dry_run=body["dry_run"],
        revokes_sessions=body["revoke_sessions"],
        issues_pass=body["issue_temporary_access_pass"],
        confirmation=body.get("confirmation_token"),
        idempotency_key=key,
    )
