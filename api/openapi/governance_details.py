"""What is said of rules that administrators set, and what can go wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.governance_schemas import CATEGORY, CATEGORY_ID, CONNECTOR, CONNECTOR_ID
from api.openapi.details import Details
from api.resources.governance import PREFIX
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
from verification.errors import RuleRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.code_failures import Cause
    from api.openapi.details import Operation

GOVERNANCE_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "NoSuchCategory": {"category": UnknownCategory},
    "NoSuchConnector": {"category": UnknownCategory, "connector": UnknownConnector},
    "InvalidRules": {"faultyBody": InvalidRequest, "unknownRule": UnsupportedProperty, "faultyValue": RuleRefused},
    "InvalidPreferences": {
        "faultyBody": InvalidRequest,
        "unknownConnector": UnknownConnectorName,
        "unknownRule": UnsupportedProperty,
    },
    "NotImplemented": {"pages": NoPages, "filter": NoFilter, "order": NoOrder},
}
"""By name: examples, and what causes each."""

_CATEGORY = f"{PREFIX}/{{category_id}}"
_CONNECTOR = f"{_CATEGORY}/connectors/{{connector_id}}"
_LENGTH = "UserClaimUpdate.OTP.OTPLength"
_VALUES = [{"name": _LENGTH, "value": "8"}]
_SHOWN: dict[str, Any] = {
    "id": CONNECTOR_ID,
    "name": CONNECTOR,
    "category": CATEGORY,
    "friendlyName": "User Claim Update",
    "order": "0",
    "subCategory": "DEFAULT",
    "properties": [
        {
            **_VALUES[0],
            "displayName": "Length of codes",
            "description": "Characters of a code, 6 to 8.",
            "source": "stored",
            "readOnly": False,
        }
    ],
}
_SELF = f"{PREFIX}/{CATEGORY_ID}"


def governance_details() -> Mapping[Operation, Details]:
    """Return the details of the rules."""
    patch: dict[str, Any] = {"operation": "UPDATE", "properties": _VALUES}
    several: dict[str, Any] = {
        "operation": "UPDATE",
        "connectors": [{"id": CONNECTOR_ID, "properties": _VALUES}],
    }
    return {
        (PREFIX, "get"): Details(
            id="listGovernanceCategories",
            failures=("NotImplemented",),
            answer=[
                {
                    "id": CATEGORY_ID,
                    "name": CATEGORY,
                    "self": _SELF,
                    "connectors": [{"id": CONNECTOR_ID, "self": f"{_SELF}/connectors/{CONNECTOR_ID}"}],
                }
            ],
        ),
        (_CATEGORY, "get"): Details(
            id="getGovernanceCategory",
            failures=("NoSuchCategory",),
            answer={"name": CATEGORY, "connectors": [_SHOWN]},
        ),
        (f"{_CATEGORY}/connectors", "get"): Details(
            id="listGovernanceConnectors", failures=("NoSuchCategory",), answer=[_SHOWN]
        ),
        (f"{_CATEGORY}/connectors", "patch"): Details(
            id="setRulesOfConnectors",
            failures=("InvalidRules", "NoSuchConnector"),
            requests={"length": several},
            answer=[_SHOWN],
        ),
        (_CONNECTOR, "get"): Details(id="getGovernanceConnector", failures=("NoSuchConnector",), answer=_SHOWN),
        (_CONNECTOR, "patch"): Details(
            id="setRules", failures=("InvalidRules", "NoSuchConnector"), requests={"length": patch}, answer=_SHOWN
        ),
        (f"{_CATEGORY}/connectors/revert", "post"): Details(
            id="revertRules",
            failures=("InvalidRules", "NoSuchConnector"),
            requests={"length": {"properties": [_LENGTH]}},
            answer=_SHOWN,
        ),
        (f"{PREFIX}/preferences", "post"): Details(
            id="readPreferences",
            failures=("InvalidPreferences",),
            requests={"length": [{"connector-name": CONNECTOR, "properties": [_LENGTH]}]},
            answer=[{"connector-name": CONNECTOR, "properties": _VALUES}],
        ),
    }
