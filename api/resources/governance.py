"""/api/server/v1/identity-governance: rules that administrators set while the service runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask.views import MethodView

from api import governance_schemas as schemas
from api.auth.scopes import Scope, requires
from api.governance_schemas import CATEGORY, CATEGORY_ID, CONNECTOR, CONNECTOR_ID
from api.request_state import caller
from api.resources.json_blueprint import JsonBlueprint
from api.services.errors import (
    InvalidRequest,
    NoFilter,
    NoOrder,
    NoPages,
    UnknownCategory,
    UnknownConnector,
    UnknownConnectorName,
    UnsupportedProperty,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.services.governance import GovernanceService, Value

Document = dict[str, Any]

PREFIX = "/api/server/v1/identity-governance"
_NOT_KEPT = {"limit": NoPages, "offset": NoPages, "filter": NoFilter, "sort": NoOrder, "sortBy": NoOrder}
"""Parameters of the guide's product that mean nothing in a list of one."""


def governance_blueprint(governance: GovernanceService) -> JsonBlueprint:
    """Build the blueprint."""
    blueprint = JsonBlueprint("governance", __name__, url_prefix=PREFIX, description="Rules")

    @blueprint.route("")
    class Categories(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.response(200, schemas.CategoryItemSchema(many=True))
        def get(self) -> list[Document]:
            """List the categories of rules."""
            _refuse_paging()
            reference = {"id": CONNECTOR_ID, "self_": f"{PREFIX}/{CATEGORY_ID}/connectors/{CONNECTOR_ID}"}
            item = {"id": CATEGORY_ID, "name": CATEGORY, "self_": f"{PREFIX}/{CATEGORY_ID}"}
            return [{**item, "connectors": [reference]}]

    @blueprint.route("/<category_id>")
    class Category(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.response(200, schemas.CategorySchema)
        def get(self, category_id: str) -> Document:
            """Show a category with its rules."""
            _require(category_id)
            return {"name": CATEGORY, "connectors": [_connector(governance)]}

    @blueprint.route("/<category_id>/connectors")
    class Connectors(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.response(200, schemas.ConnectorSchema(many=True))
        def get(self, category_id: str) -> list[Document]:
            """List the connectors of a category with their rules."""
            _require(category_id)
            return [_connector(governance)]

        @requires(Scope.GOVERNANCE_UPDATE)
        @blueprint.arguments(schemas.CategoryPatchSchema)
        @blueprint.response(200, schemas.ConnectorSchema(many=True))
        def patch(self, body: Document, category_id: str) -> list[Document]:
            """Set rules of several connectors."""
            for item in body["connectors"]:
                _require(category_id, item["id"])
            governance.set(_texts([each for item in body["connectors"] for each in item["properties"]]), caller())
            return [_connector(governance)]

    @blueprint.route("/<category_id>/connectors/<connector_id>")
    class Connector(MethodView):
        @requires(Scope.GOVERNANCE_VIEW)
        @blueprint.response(200, schemas.ConnectorSchema)
        def get(self, category_id: str, connector_id: str) -> Document:
            """Show a connector with its rules."""
            _require(category_id, connector_id)
            return _connector(governance)

        @requires(Scope.GOVERNANCE_UPDATE)
        @blueprint.arguments(schemas.ConnectorPatchSchema)
        @blueprint.response(200, schemas.ConnectorSchema)
        def patch(self, body: Document, category_id: str, connector_id: str) -> Document:
            """Set rules, over those of the environment."""
            _require(category_id, connector_id)
            governance.set(_texts(body["properties"]), caller())
            return _connector(governance)

    @blueprint.route("/<category_id>/connectors/revert")
    class Revert(MethodView):
        @requires(Scope.GOVERNANCE_UPDATE)
        @blueprint.arguments(schemas.RevertQuerySchema, location="query")
        @blueprint.arguments(schemas.RevertSchema)
        @blueprint.response(200, schemas.ConnectorSchema)
        def post(self, query: Document, body: Document, category_id: str) -> Document:
            """Give rules the environment's values again."""
            _require(category_id, query["connectorId"])
            governance.revert(body["properties"], caller())
            return _connector(governance)

    @blueprint.route("/preferences")
    class Preferences(MethodView):
        @requires(Scope.LOGIN)
        @blueprint.arguments(schemas.PreferenceRequestSchema(many=True))
        @blueprint.response(200, schemas.PreferenceSchema(many=True))
        def post(self, body: list[Document]) -> list[Document]:
            """Read some rules, as an application of the user needs them."""
            found = {value.rule.name: value.text for value in governance.values()}
            return [_preference(item, found) for item in body]

    return blueprint


def _refuse_paging() -> None:
    for name, fault in _NOT_KEPT.items():
        if name in request.args:
            raise fault


def _require(category_id: str, connector_id: str = CONNECTOR_ID) -> None:
    if category_id != CATEGORY_ID:
        raise UnknownCategory
    if connector_id != CONNECTOR_ID:
        raise UnknownConnector


def _texts(properties: list[Document]) -> dict[str, str]:
    texts = {item["name"]: item["value"] for item in properties}
    if len(texts) < len(properties):
        raise InvalidRequest("A property is named twice.")
    return texts


def _connector(governance: GovernanceService) -> Document:
    return {
        "id": CONNECTOR_ID,
        "name": CONNECTOR,
        "category": CATEGORY,
        "friendly_name": "User Claim Update",
        "order": "0",
        "sub_category": "DEFAULT",
        "properties": [_property(value) for value in governance.values()],
    }


def _property(value: Value) -> Document:
    rule = value.rule
    return {
        "name": rule.name,
        "value": value.text,
        "display_name": rule.display_name,
        "description": rule.description,
        "source": value.source,
        "read_only": rule.is_fixed,
    }


def _preference(wanted: Document, found: Mapping[str, str]) -> Document:
    if wanted["connector_name"] != CONNECTOR:
        raise UnknownConnectorName
    names = wanted.get("properties") or list(found)
    if not found.keys() >= set(names):
        raise UnsupportedProperty
    return {"connector_name": CONNECTOR, "properties": [{"name": name, "value": found[name]} for name in names]}
