"""PATCH as a whole: the examples of RFC 7644 §3.5.2, targets, order and atomicity."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from scim.errors import InvalidFilter, InvalidPath, InvalidValue, Mutability, NoTarget
from scim.patch import apply_patch
from scim.patch_request import read_patch
from tests.factories.patches import ENTERPRISE, HOME, WORK, WSO2, add, patched, remove, replace, user
from tests.factories.schemas import EXTRA, registry, thing_type

SAMPLES = sorted((Path(__file__).parent / "samples").glob("rfc7644-3.5.2*.json"))
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_example_of_the_rfc(sample: Path):
    content = json.loads(sample.read_text(encoding="utf-8"))
    resource_type = registry().resource_type(content["resourceType"])
    assert resource_type is not None

    document = apply_patch(content["document"], read_patch(content["request"]), resource_type)

    assert document == content["expected"]


def test_document_given_is_never_changed():
    document = user(emails=[dict(WORK)], **{ENTERPRISE: {"manager": {"value": "1"}}})
    before = copy.deepcopy(document)

    patched(
        document,
        replace('emails[type eq "work"].value', "x@example.com"),
        add("emails", [{**HOME, "primary": True}]),
        replace(f"{ENTERPRISE}:manager.value", "2"),
        remove(f"{ENTERPRISE}"),
    )

    assert document == before


def test_later_operations_see_what_earlier_ones_did():
    document = patched(
        user(),
        add('emails[type eq "work"].value', "a@example.com"),
        replace('emails[value eq "a@example.com"].display', "A"),
        remove('emails[display eq "A"].type'),
    )

    assert document == user(emails=[{"value": "a@example.com", "display": "A"}])


def test_fault_of_a_later_operation_undoes_the_earlier_ones():
    document = user(nickName="Mi")

    with pytest.raises(InvalidPath):
        patched(document, remove("nickName"), add("shoeSize", 5))

    assert document == user(nickName="Mi")


def test_result_is_canonical():
    document = patched(user(), add(None, {"TITLE": "Boss", "EMAILS": [{"TYPE": "work", "VALUE": "a@example.com"}]}))

    assert list(document) == ["userName", "title", "emails"]
    assert document["emails"] == [{"value": "a@example.com", "type": "work"}]


def test_keys_of_a_value_without_a_path_may_be_paths():
    """Entra with aadOptscim062020, and My Account."""
    document = patched(
        user(name={"familyName": "L"}),
        replace(
            None,
            {
                "name.givenName": "Mira",
                f"{ENTERPRISE}:employeeNumber": "5",
                f"{ENTERPRISE}:manager.value": "26",
                f"{USER}:title": "Boss",
                'phoneNumbers[type eq "mobile"].value': "0771",
                USER: {"nickName": "Mi", "name": {"middleName": "K"}},
                WSO2: {"mobileNumbers": "0771,0772"},
            },
        ),
    )

    assert document == user(
        name={"familyName": "L", "givenName": "Mira", "middleName": "K"},
        nickName="Mi",
        title="Boss",
        phoneNumbers=[{"value": "0771", "type": "mobile"}],
        **{ENTERPRISE: {"employeeNumber": "5", "manager": {"value": "26"}}, WSO2: {"mobileNumbers": ["0771", "0772"]}},
    )


@pytest.mark.parametrize(
    "key", ["shoeSize", "name.nick", "manager", "a b", "", 'emails[type eq "work"].nick', "urn:x:y:z", "schemas", "id"]
)
def test_what_is_unknown_or_of_the_server_is_ignored_without_a_path(key: str):
    assert patched(user(), replace(None, {key: "x", "title": "Boss"})) == user(title="Boss")


def test_broken_filter_in_a_key_is_refused():
    with pytest.raises(InvalidFilter):
        patched(user(), replace(None, {"emails[type eq]": "x"}))


@pytest.mark.parametrize("value", ["text", 5, None, [], [{}, {}], True])
def test_value_without_a_path_is_an_object(value):
    with pytest.raises(InvalidValue, match="must be an object"):
        patched(user(), add(None, value))


def test_object_may_be_packed_into_a_list():
    assert patched(user(), add(None, [{"title": "Boss"}])) == user(title="Boss")


def test_urn_of_an_extension_is_a_path():
    document = patched(
        user(**{ENTERPRISE: {"employeeNumber": "5", "division": "North"}}),
        replace(ENTERPRISE, {"employeeNumber": "6", "department": "Quay", "shoeSize": 5}),
    )

    assert document[ENTERPRISE] == {"employeeNumber": "6", "division": "North", "department": "Quay"}


@pytest.mark.parametrize(
    "operation", [remove(ENTERPRISE), replace(None, {ENTERPRISE: None}), remove(ENTERPRISE.upper())]
)
def test_extension_is_removed_as_a_whole(operation):
    assert patched(user(**{ENTERPRISE: {"employeeNumber": "6"}}), operation) == user()


def test_removing_an_extension_leaves_what_is_read_only():
    document = user(**{WSO2: {"mobileNumbers": ["1"], "pendingMobileNumber": "2"}})

    assert patched(document, remove(WSO2)) == user(**{WSO2: {"pendingMobileNumber": "2"}})


def test_extension_is_removed_without_a_value():
    with pytest.raises(InvalidValue, match="as a whole"):
        patched(user(), remove(ENTERPRISE, {"manager": "5"}))


def test_resource_itself_cannot_be_removed():
    with pytest.raises(NoTarget):
        patched(user(), remove(USER))


def test_null_for_the_core_schema_says_nothing():
    assert patched(user(), replace(None, {USER: None})) == user()


def test_urn_of_the_core_schema_is_a_path():
    assert patched(user(), add(USER, {"title": "Boss"})) == user(title="Boss")


def test_alias_leads_to_its_target():
    """The guide's request form, at the core level."""
    document = patched(
        user(phoneNumbers=[{"value": "0771", "type": "work"}]),
        add(None, {"mobileNumbers": [{"type": "mobile", "value": "0772"}]}),
        replace('mobileNumbers[type eq "work"].value', "0773"),
    )

    assert document == user(phoneNumbers=[{"value": "0773", "type": "work"}, {"value": "0772", "type": "mobile"}])


@pytest.mark.parametrize(
    "path", ["id", "meta", "meta.version", "schemas", "groups", f"{ENTERPRISE}:pendingMobileNumber"]
)
@pytest.mark.parametrize("operation", [add, replace, remove], ids=["add", "replace", "remove"])
def test_read_only_attribute_is_refused_by_path(path: str, operation):
    with pytest.raises(Mutability, match="is readOnly"):
        patched(user(), operation(path, "x"))


def test_read_only_sub_attribute_is_refused_by_path_and_ignored_in_an_object():
    with pytest.raises(Mutability):
        patched(user(), replace(f"{ENTERPRISE}:manager.displayName", "Boss"))

    document = patched(user(), replace(f"{ENTERPRISE}:manager", {"value": "5", "displayName": "Boss"}))

    assert document == user(**{ENTERPRISE: {"manager": {"value": "5"}}})


def test_read_only_attributes_are_ignored_in_an_object():
    document = patched(
        user(),
        replace(None, {WSO2: {"pendingMobileNumber": "1", "phoneVerified": True}, "groups": [], "active": True}),
        replace(WSO2, {"pendingMobileNumber": "1"}),
        replace(None, {f"{ENTERPRISE}:pendingMobileNumber": "1"}),
    )

    assert document == user(active=True)


def test_write_only_attribute_is_in_the_result():
    """Whoever stores the document takes it out; it is a part of the request."""
    assert patched(user(), replace(None, {ENTERPRISE: {"verifyMobile": "True"}})) == user(
        **{WSO2: {"verifyMobile": True}}
    )


@pytest.mark.parametrize(
    "operation",
    [
        remove("userName"),
        replace("userName", None),
        replace(None, {"userName": None}),
        add("userName", []),
        replace(USER, {"userName": None}),
    ],
)
def test_required_attribute_stays(operation):
    """RFC 7644 §3.5.2.2 has mutability for this."""
    with pytest.raises(Mutability, match="userName is required"):
        patched(user(), operation)


def test_required_attribute_cannot_be_blank():
    with pytest.raises(InvalidValue, match="userName is required"):
        patched(user(), replace("userName", " "))


THING = thing_type(
    {"name": "serial", "mutability": "immutable"},
    {
        "name": "maker",
        "type": "complex",
        "subAttributes": [{"name": "code", "mutability": "immutable"}, {"name": "name"}],
    },
    {
        "name": "parts",
        "type": "complex",
        "multiValued": True,
        "subAttributes": [
            {"name": "value", "mutability": "immutable"},
            {"name": "type"},
            {"name": "tags", "multiValued": True},
        ],
    },
    {"name": "is_on", "type": "boolean", "required": True},
    extension=({"name": "colour", "mutability": "immutable"},),
)


def thing(**attributes):
    return {"is_on": False, **attributes}


@pytest.mark.parametrize("kind", [add, replace])
def test_immutable_attribute_is_set_once(kind):
    """RFC 7643 §7: it may also be set when it has no value yet; the same again is no change."""
    document = patched(thing(), kind("serial", "A1"), kind("serial", "a1"), resource_type=THING)

    assert document["serial"].lower() == "a1"


@pytest.mark.parametrize(
    "operation",
    [
        replace("serial", "B2"),
        add(None, {"serial": "B2"}),
        remove("serial"),
        replace("serial", None),
        replace("maker.code", "y"),
        replace("maker", {"code": "y"}),
        remove("maker"),
        remove("maker.code"),
        replace('parts[value eq "p"].value', "q"),
        replace('parts[type eq "t"]', {"value": "q"}),
        remove(EXTRA),
        replace(f"{EXTRA}:colour", "blue"),
    ],
)
def test_immutable_attribute_does_not_change(operation):
    document = thing(
        serial="A1", maker={"code": "x", "name": "X"}, parts=[{"value": "p", "type": "t"}], **{EXTRA: {"colour": "red"}}
    )

    with pytest.raises(Mutability, match="cannot be changed once it is set"):
        patched(document, operation, resource_type=THING)


@pytest.mark.parametrize(
    ("operation", "parts"),
    [
        (replace("parts", [{"value": "q"}]), [{"value": "q"}]),
        (remove('parts[value eq "p"]'), None),
        (remove('parts[value eq "p"].type'), [{"value": "p"}]),
        (replace('parts[value eq "p"].type', "u"), [{"value": "p", "type": "u"}]),
        (add('parts[value eq "p"].tags', ["a", "b"]), [{"value": "p", "type": "t", "tags": ["a", "b"]}]),
    ],
)
def test_elements_with_immutable_parts_come_and_go(operation, parts):
    document = patched(thing(parts=[{"value": "p", "type": "t"}]), operation, resource_type=THING)

    assert document.get("parts") == parts


def test_false_is_a_value_of_a_required_attribute():
    assert patched({"is_on": True}, replace("is_on", "False"), resource_type=THING) == {"is_on": False}


def test_faults_do_not_repeat_numbers():
    with pytest.raises(InvalidValue) as caught:
        patched(
            user(phoneNumbers=[{"value": "0771234567"}]), replace('phoneNumbers[value eq "0771234567"]', ["1", "2"])
        )

    assert "0771234567" not in caught.value.detail
