"""/api/identity/mfa/v1.0/users/{id}/methods: every authentication method of a user, and those registered elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.views import MethodView

from api.auth.scopes import Scope, requires
from api.method_schemas import MethodListSchema, MethodSchema, NewMethodSchema
from api.request_state import caller
from api.resources.json_blueprint import JsonBlueprint
from api.resources.mfa_reset import PREFIX
from api.services.registered_methods import NewMethod
from verification.errors import MethodGone
from verification.methods import MethodKind

if TYPE_CHECKING:
    from api.services.methods import MethodService
    from api.services.registered_methods import RegisteredMethodService
    from api.services.user_methods import UserMethod


def method_blueprint(methods: MethodService, registered: RegisteredMethodService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("methods", __name__, url_prefix=PREFIX, description="Authentication methods")

    @blueprint.route("/users/<user_id>/methods")
    class Methods(MethodView):
        @requires(Scope.USER_VIEW)
        @blueprint.response(200, MethodListSchema, description="The methods.")
        def get(self, user_id: str) -> dict[str, Any]:
            """List every authentication method of a user."""
            _, found = methods.list(user_id)
            return {"methods": found}

        @requires(Scope.MFA_RESET)
        @blueprint.arguments(NewMethodSchema)
        @blueprint.response(201, MethodSchema, description="It is kept.")
        def post(self, body: dict[str, Any], user_id: str) -> UserMethod:
            """Keep a method that is registered elsewhere."""
            new = NewMethod(MethodKind(body["type"]), body["attributes"], body.get("id"))
            return registered.add(methods.find(user_id).id, new, caller())

    @blueprint.route("/users/<user_id>/methods/<kind>/<method_id>")
    class OneMethod(MethodView):
        @requires(Scope.MFA_RESET)
        @blueprint.response(204, description="It is gone.")
        def delete(self, user_id: str, kind: str, method_id: str) -> None:
            """Remove a method; the default one goes last, a mobile after the alternate mobile."""
            if kind not in set(MethodKind):
                raise MethodGone
            methods.remove(methods.find(user_id).id, MethodKind(kind), method_id, caller())

    return blueprint
