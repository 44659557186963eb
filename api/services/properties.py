"""The `properties` of the code endpoints: a list of `{key, value}`, of which only the recovery scenario is read.

The guide's product merges all of them over the text of the message; here the rest is dropped.
"""

from __future__ import annotations

from typing import Any

from verification.errors import InvalidScenario
from verification.verifications import Scenario

RECOVERY_SCENARIO = "RecoveryScenario"


def read_scenario(properties: object) -> Scenario:
    """Return the one recovery scenario that the properties name.

    Raises:
        InvalidScenario: it is missing, given twice, or not known (UAR-10011).
    """
    found = [item for item in _items(properties) if item.get("key") == RECOVERY_SCENARIO]
    if len(found) != 1:
        raise InvalidScenario
    try:
        return Scenario(str(found[0].get("value")))
    except ValueError as error:
        raise InvalidScenario from error


def _items(properties: object) -> list[dict[str, Any]]:
    items = properties if isinstance(properties, list) else []
    return [item for item in items if isinstance(item, dict)]
