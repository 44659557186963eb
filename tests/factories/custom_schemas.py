"""Schemas and resource types as a deployer adds them: the examples of the documents, and made-up ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = ROOT / "docs" / "examples" / "schemas"
CARD = "urn:example:params:scim:schemas:extension:accessCard:1.0:User"
DEVICE = "urn:ietf:params:scim:schemas:core:2.0:Device"
BLE = "urn:ietf:params:scim:schemas:extension:ble:2.0:Device"
DPP = "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device"
MAB = "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device"
FDO = "urn:ietf:params:scim:schemas:extension:fido-device-onboard:2.0:Device"
MAC = "2C:54:91:88:C9:E2"
RADIO: dict[str, Any] = {"versionSupport": ["5.3", "5.4"], "deviceMacAddress": MAC, "pairingMethods": ["urn:x:null"]}
WIFI: dict[str, Any] = {"dppVersion": 2, "bootstrapKey": "MDkwEwYHKoZIzj0CAQ", "classChannel": ["81/1", "115/36"]}


def example_documents() -> list[dict[str, Any]]:
    """Read all documents of the examples."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob("*.json"))]
    return [document for text in texts for document in json.loads(text)]


def device(name: str = "Sensor", **attributes: Any) -> dict[str, Any]:
    """Make the body of a device."""
    return {"schemas": [DEVICE], "displayName": name, "active": True, **attributes}


def write_schemas(directory: Path, *documents: object) -> Path:
    """Write documents into a directory of schemas."""
    directory.mkdir(exist_ok=True)
    for number, document in enumerate(documents):
        (directory / f"{number}.json").write_text(json.dumps(document), encoding="utf-8")
    return directory
