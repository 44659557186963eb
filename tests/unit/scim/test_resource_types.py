"""Resource types, what names mean for them, and what a deployer may add."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scim.attributes import parse_attribute_path
from scim.resource_types import load_registry
from scim.schemas import ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA, WSO2_SCHEMA, SchemaFault
from tests.factories.schemas import registry, thing_type, user_type

if TYPE_CHECKING:
    from pathlib import Path

NUMBER_LISTS = frozenset({f"{WSO2_SCHEMA}:mobileNumbers", f"{WSO2_SCHEMA}:verifiedMobileNumbers"})
BADGES = {"id": "urn:example:badges", "attributes": [{"name": "badge", "required": True}]}


def resolved(text: str) -> tuple[str | None, str, str | None] | None:
    found = user_type().resolve(parse_attribute_path(text))
    return found and (found.extension, found.attribute.name, found.sub.name if found.sub else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("username", (None, "userName", None)),
        ("NAME.GIVENNAME", (None, "name", "givenName")),
        ("id", (None, "id", None)),
        ("externalID", (None, "externalId", None)),
        ("meta.lastModified", (None, "meta", "lastModified")),
        ("schemas", (None, "schemas", None)),
        (f"{USER_SCHEMA}:userName", (None, "userName", None)),
        (f"{USER_SCHEMA.upper()}:emails.value", (None, "emails", "value")),
        (f"{ENTERPRISE_SCHEMA}:manager.$ref", (ENTERPRISE_SCHEMA, "manager", "$ref")),
        ("urn:SCIM:wso2:SCHEMA:verifiedmobilenumbers", (WSO2_SCHEMA, "verifiedMobileNumbers", None)),
    ],
)
def test_name_is_resolved_without_case(text: str, expected: tuple[str | None, str, str | None]):
    assert resolved(text) == expected


@pytest.mark.parametrize(
    "text",
    ["nothing", "name.nothing", "userName.value", "manager", f"{ENTERPRISE_SCHEMA}:userName", "urn:example:x:userName"],
)
def test_name_of_nothing_is_none(text: str):
    assert resolved(text) is None


@pytest.mark.parametrize("name", ["pendingMobileNumber", "phoneVerified", "verifyMobile"])
def test_attributes_of_verification_are_one_under_both_urns(name: str):
    assert resolved(f"{ENTERPRISE_SCHEMA}:{name}") == resolved(f"{WSO2_SCHEMA}:{name}") == (WSO2_SCHEMA, name, None)


def test_core_mobile_numbers_are_phone_numbers():
    """The request form of the guide."""
    assert resolved("mobileNumbers") == (None, "phoneNumbers", None)
    assert resolved("mobileNumbers.value") == (None, "phoneNumbers", "value")


def test_schemas_are_found_by_urn_without_case():
    assert user_type().schema_named(ENTERPRISE_SCHEMA.upper()) is registry().schema(ENTERPRISE_SCHEMA)
    assert user_type().schema_named(USER_SCHEMA) is user_type().schema
    assert user_type().schema_named(GROUP_SCHEMA) is None


def test_attributes_are_walked_in_their_order_without_aliases():
    names = [(home, attribute.name) for home, attribute in user_type().walk()]

    assert names[:5] == [(None, "schemas"), (None, "id"), (None, "externalId"), (None, "meta"), (None, "userName")]
    assert names.count((None, "mobileNumbers")) == 0
    assert names[-1] == (WSO2_SCHEMA, "verifyEmail")
    assert (ENTERPRISE_SCHEMA, "verifyMobile") not in names


def test_core_schema_does_not_change_a_common_attribute():
    things = thing_type({"name": "ID", "mutability": "readWrite"}, {"name": "colour"})

    assert [attribute.name for _, attribute in things.walk()] == ["schemas", "id", "externalId", "meta", "colour"]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"type": "complex", "multiValued": True, "mutability": "readOnly"}, True),
        ({"type": "complex", "multiValued": True}, False),
        ({"type": "complex", "mutability": "readOnly"}, False),
        ({"type": "string", "multiValued": True, "mutability": "readOnly"}, False),
    ],
)
def test_type_has_groups_where_the_server_writes_a_list_of_them(groups: dict[str, Any], expected: bool):
    assert thing_type({"name": "groups", "subAttributes": [{"name": "value"}], **groups}).has_groups is expected
    assert user_type().has_groups
    assert not thing_type({"name": "colour"}).has_groups


def test_registry_finds_what_it_holds():
    assert registry().resource_type("user") is user_type()
    assert registry().resource_type("Device") is None
    assert registry().schema(USER_SCHEMA.lower()) is user_type().schema
    assert registry().schema("urn:example:x") is None


def test_core_attributes_have_the_characteristics_the_rfc_gives_them():
    """RFC 7643 §3.1, §4.1, §4.2."""
    by_name = {attribute.name: attribute for _, attribute in user_type().walk()}
    groups = registry().resource_type("Group")
    assert groups is not None
    display_name = groups.schema.attribute("displayName")
    members = groups.schema.attribute("members")
    assert display_name is not None
    assert members is not None

    assert (by_name["userName"].uniqueness, by_name["userName"].case_exact) == ("server", False)
    assert (by_name["id"].returned, by_name["id"].mutability, by_name["id"].case_exact) == ("always", "readOnly", True)
    assert (by_name["password"].mutability, by_name["password"].returned) == ("writeOnly", "never")
    assert by_name["groups"].mutability == "readOnly"
    assert by_name["externalId"].case_exact
    assert (display_name.required, display_name.uniqueness) == (True, "server")
    assert [sub.mutability for sub in members.sub_attributes] == ["immutable", "immutable", "immutable", "readOnly"]


def test_registry_without_attributes_lacks_them_and_their_aliases():
    lean = registry().without(NUMBER_LISTS | {f"{USER_SCHEMA}:PHONENUMBERS", f"{WSO2_SCHEMA}:phoneVerified"})
    users = lean.resource_type("User")
    assert users is not None

    assert users.find(WSO2_SCHEMA, "mobileNumbers") is None
    assert users.find(None, "mobileNumbers") is None
    assert users.find(ENTERPRISE_SCHEMA, "phoneVerified") is None
    assert users.find(ENTERPRISE_SCHEMA, "pendingMobileNumber") is not None
    assert users.schema is lean.schema(USER_SCHEMA)
    assert registry().resource_type("User") is user_type()


def load(tmp_path: Path, *documents: Any) -> Any:
    for number, document in enumerate(documents):
        (tmp_path / f"{number}.json").write_text(json.dumps(document), encoding="utf-8")
    return load_registry(tmp_path)


def test_deployer_adds_an_extension_to_a_type_that_exists(tmp_path: Path):
    extended = {"name": "user", "schemaExtensions": [{"schema": "URN:example:badges", "required": True}]}

    users = load(tmp_path, BADGES, extended).resource_type("User")

    assert [extension.schema.id for extension in users.extensions] == [
        ENTERPRISE_SCHEMA,
        WSO2_SCHEMA,
        "urn:example:badges",
    ]
    assert users.extensions[-1].required
    assert users.find("urn:example:badges", "badge") is not None


def test_extension_a_type_has_already_stays_as_it_is(tmp_path: Path):
    again = {"name": "User", "endpoint": "/Users", "schemaExtensions": [{"schema": WSO2_SCHEMA, "required": True}]}

    assert load(tmp_path, again).resource_type("User") == user_type()


def test_deployer_adds_a_resource_type(tmp_path: Path):
    devices = {"name": "Device", "endpoint": "/Devices", "schema": "urn:example:badges", "description": "Devices"}

    found = load(tmp_path, [BADGES, devices]).resource_type("Device")

    assert (found.id, found.endpoint, found.description, found.extensions) == ("Device", "/Devices", "Devices", ())
    assert found.find(None, "externalId") is not None


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"endpoint": "/Xs"}, "a resource type needs a text as its name"),
        ({"name": "X", "endpoint": "/Xs", "schema": "urn:example:none"}, "urn:example:none, which is not defined"),
        ({"name": "X", "endpoint": "/Xs"}, "names the schema None"),
        ({"name": "X", "endpoint": "Xs", "schema": USER_SCHEMA}, 'must be of the form "/Name"'),
        ({"name": "X", "endpoint": 3, "schema": USER_SCHEMA}, 'must be of the form "/Name"'),
        ({"name": "X", "endpoint": "/Xs/y", "schema": USER_SCHEMA}, 'must be of the form "/Name"'),
        ({"name": "X", "endpoint": "/me", "schema": USER_SCHEMA}, "taken by the protocol"),
        ({"name": "X", "endpoint": "/users", "schema": GROUP_SCHEMA}, "the endpoint of .* X is already that of"),
        ({"name": "X", "endpoint": "/Xs", "id": "user", "schema": GROUP_SCHEMA}, "the id of .* X is already that of"),
        ({"name": "User", "endpoint": "/People"}, "already defined with another endpoint"),
        ({"name": "User", "endpoint": "/Users", "schema": GROUP_SCHEMA}, "already defined with another schema"),
        ({"name": "User", "schemaExtensions": {}}, "needs a list of objects as its schemaExtensions"),
        ({"name": "User", "schemaExtensions": ["x"]}, "needs a list of objects as its schemaExtensions"),
        ({"id": USER_SCHEMA, "attributes": [{"name": "a"}]}, f"the schema {USER_SCHEMA} is already defined"),
        ({"id": "urn:example:x", "attributes": [{}]}, "needs a text as its name"),
    ],
)
def test_faults_of_a_deployer_name_file_and_fault(tmp_path: Path, document: dict[str, Any], fault: str):
    with pytest.raises(SchemaFault, match=f"0.json: .*{fault}"):
        load(tmp_path, document)


def test_complex_in_complex_is_a_fault(tmp_path: Path):
    """RFC 7643 §2.3.8."""
    inner = {"name": "b", "type": "complex", "subAttributes": [{"name": "c"}]}
    schema = {"id": "urn:example:x", "attributes": [{"name": "a", "type": "complex", "subAttributes": [inner]}]}

    with pytest.raises(SchemaFault, match="urn:example:x:a is complex and holds a complex"):
        load(tmp_path, schema, {"name": "User", "schemaExtensions": [{"schema": "urn:example:x"}]})


@pytest.mark.parametrize("target", ["urn:example:none:a", "userName", f"{WSO2_SCHEMA}:nothing"])
def test_alias_of_nothing_is_a_fault(tmp_path: Path, target: str):
    schema = {"id": "urn:example:x", "attributes": [{"name": "a", "x-aliasOf": target}]}

    with pytest.raises(SchemaFault, match=f"1.json: urn:example:x:a is an alias of {target}"):
        load(tmp_path, schema, {"name": "User", "schemaExtensions": [{"schema": "urn:example:x"}]})
