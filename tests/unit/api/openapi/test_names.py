"""Names of components for what deployers name."""

from __future__ import annotations

import pytest

from api.openapi.names import component_names
from scim.attributes import Attribute
from scim.resource_types import Extension, Registry, ResourceType
from scim.schemas import Schema
from tests.factories.schemas import registry

EXTRA = "urn:example:Extra"


def made(type_name: str, extension_name: str = "Extra") -> Registry:
    """Make a registry of one resource type with one extension."""
    core = Schema(id="urn:example:Core", name="Core", description="", attributes=(Attribute("one"),))
    extra = Schema(id=EXTRA, name=extension_name, description="", attributes=(Attribute("two"),))
    thing = ResourceType("1", type_name, "/Things", "", core, (Extension(extra),))
    return Registry((core, extra), (thing,))


def test_packaged_types_and_extensions_have_names_of_their_own():
    assert component_names(registry(), []) == {
        "User": "User",
        "Group": "Group",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": "EnterpriseUser",
        "urn:scim:wso2:schema": "MobileNumbers",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Device", "Device"), ("my device", "MyDevice"), ("smart-watch_2", "SmartWatch2"), ("§", "Unnamed")],
)
def test_name_becomes_one_word(name: str, expected: str):
    assert component_names(made(name), [])[name] == expected


@pytest.mark.parametrize("taken", ["Device", "device", "DeviceRequest", "DeviceList", "DevicePatch"])
def test_taken_name_gets_a_number(taken: str):
    assert component_names(made("Device"), [taken])["Device"] == "Device2"


def test_extension_is_not_named_like_a_resource_type():
    names = component_names(made("Device", "Device"), ["Device2"])

    assert names == {"Device": "Device", EXTRA: "Device3"}
