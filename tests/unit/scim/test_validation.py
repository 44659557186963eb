"""Bodies read into canonical documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim.errors import InvalidSyntax, InvalidValue, Mutability, ScimError
from scim.schemas import ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA, WSO2_SCHEMA
from scim.validation import finish, read_resource, schemas_of
from tests.factories.schemas import EXTRA, group_type, thing_type, user_type

SAMPLES = sorted((Path(__file__).parent / "samples").glob("rfc764*-*user*.json"))
COMPUTED = {"schemas", "id", "meta", "groups"}


def read(body: object, stored: dict[str, Any] | None = None) -> dict[str, Any]:
    return read_resource(body, user_type(), stored=stored)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_sample_of_the_rfc_reads_as_itself_less_what_the_server_says(sample: Path):
    body = json.loads(sample.read_text(encoding="utf-8"))
    expected = {name: value for name, value in body.items() if name not in COMPUTED}
    if ENTERPRISE_SCHEMA in expected:
        del expected[ENTERPRISE_SCHEMA]["manager"]["displayName"]

    document = read(body)

    assert document == expected
    assert list(document) == [name for name in _written() if name in expected]


def _written() -> list[str]:
    return list(dict.fromkeys(home or attribute.name for home, attribute in user_type().walk()))


def test_group_of_the_rfc_reads_as_itself_less_what_the_server_says():
    sample = Path(__file__).parent / "samples" / "rfc7643-8.4-group.json"
    body = json.loads(sample.read_text(encoding="utf-8"))

    document = read_resource(body, group_type())

    members = [{name: value for name, value in member.items() if name != "display"} for member in body["members"]]
    assert document == {"displayName": "Keepers", "members": members}


@pytest.mark.parametrize("body", [None, [], "x", 5, [{"userName": "x"}]])
def test_body_that_is_no_object_is_invalid_syntax(body: object):
    with pytest.raises(InvalidSyntax):
        read(body)


@pytest.mark.parametrize(
    "schemas",
    [
        None,
        [],
        [USER_SCHEMA],
        [USER_SCHEMA.upper(), "urn:example:unknown"],
        [ENTERPRISE_SCHEMA, USER_SCHEMA],
    ],
    ids=["null", "empty", "core", "unknown", "extension"],
)
def test_schemas_may_be_missing_or_name_more(schemas: object):
    assert read({"schemas": schemas, "userName": "x"}) == {"userName": "x"}


@pytest.mark.parametrize("schemas", ["x", USER_SCHEMA, [1], {"a": 1}, 5])
def test_schemas_that_are_no_list_of_texts_are_invalid_syntax(schemas: object):
    with pytest.raises(InvalidSyntax):
        read({"Schemas": schemas, "userName": "x"})


@pytest.mark.parametrize("urn", [GROUP_SCHEMA, ENTERPRISE_SCHEMA])
def test_schemas_without_that_of_the_endpoint_are_an_invalid_value(urn: str):
    with pytest.raises(InvalidValue, match=f"schemas must name {USER_SCHEMA}"):
        read({"schemas": [urn], "userName": "x"})


def test_foreign_schema_of_a_group_is_tolerated():
    """Entra adds one."""
    foreign = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"

    document = read_resource({"schemas": [GROUP_SCHEMA, foreign], "displayName": "x"}, group_type())

    assert document == {"displayName": "x"}


def test_names_are_read_without_case_and_written_in_theirs():
    assert read({"USERNAME": "x", "Name": {"GIVENname": "y"}, ENTERPRISE_SCHEMA.lower(): {"COSTCENTER": "1"}}) == {
        "userName": "x",
        "name": {"givenName": "y"},
        ENTERPRISE_SCHEMA: {"costCenter": "1"},
    }


def test_core_attributes_may_be_wrapped_in_their_urn():
    assert read({USER_SCHEMA: {"userName": "x", "active": True}}) == {"userName": "x", "active": True}


def test_attributes_may_be_named_in_full():
    body = {f"{USER_SCHEMA}:userName": "x", f"{ENTERPRISE_SCHEMA}:employeeNumber": "7"}

    assert read(body) == {"userName": "x", ENTERPRISE_SCHEMA: {"employeeNumber": "7"}}


def test_unknown_attributes_are_ignored():
    """RFC 7644 §3.3."""
    assert read({"userName": "x", "shoeSize": 9, ENTERPRISE_SCHEMA: {"rank": 1}, "urn:example:x": {"a": 1}}) == {
        "userName": "x"
    }


def test_read_only_attributes_are_ignored():
    """RFC 7644 §3.3; Entra and Okta send id, meta and groups back."""
    body = {"userName": "x", "id": "1", "meta": {"version": "2"}, "groups": [{"value": "g"}], "schemas": []}
    ours = {WSO2_SCHEMA: {"phoneVerified": True, "pendingMobileNumber": "1"}}

    assert read(body | ours) == {"userName": "x"}


@pytest.mark.parametrize("value", [None, {}])
def test_extension_without_values_is_absent(value: object):
    assert read({"userName": "x", ENTERPRISE_SCHEMA: value}) == {"userName": "x"}


@pytest.mark.parametrize("value", ["x", [{"costCenter": "1"}], 5])
def test_extension_must_be_an_object(value: object):
    with pytest.raises(InvalidValue, match=f"{ENTERPRISE_SCHEMA} must be an object"):
        read({"userName": "x", ENTERPRISE_SCHEMA: value})


@pytest.mark.parametrize("body", [{}, {"userName": None}, {"userName": ""}, {"userName": " \t"}])
def test_missing_or_blank_user_name_is_an_invalid_value(body: dict[str, object]):
    with pytest.raises(InvalidValue, match="userName is required"):
        read(body)


def test_fault_in_an_extension_is_named_in_full():
    with pytest.raises(InvalidValue, match=f"{ENTERPRISE_SCHEMA}:manager.value must be a string"):
        read({"userName": "x", ENTERPRISE_SCHEMA: {"manager": {"value": 1}}})


def test_attribute_under_two_names_must_say_the_same():
    assert read({"userName": "x", "USERNAME": "x"}) == {"userName": "x"}
    with pytest.raises(InvalidValue, match="userName is given twice"):
        read({"userName": "x", "USERNAME": "y"})


@pytest.mark.parametrize("urn", [ENTERPRISE_SCHEMA, WSO2_SCHEMA])
def test_verify_mobile_is_read_under_either_urn(urn: str):
    assert read({"userName": "x", urn: {"verifyMobile": "True"}}) == {
        "userName": "x",
        WSO2_SCHEMA: {"verifyMobile": True},
    }


@pytest.mark.parametrize("value", ["011, 022", ["011", "022"]])
def test_number_lists_come_as_text_or_list(value: object):
    document = read({"userName": "x", WSO2_SCHEMA: {"mobileNumbers": value}})

    assert document[WSO2_SCHEMA] == {"mobileNumbers": ["011", "022"]}


def test_core_mobile_numbers_join_the_phone_numbers():
    """The request form of the guide."""
    body = {
        "userName": "x",
        "phoneNumbers": [{"type": "work", "value": "1"}],
        "mobileNumbers": [{"type": "mobile", "value": "2"}],
    }

    assert read(body)["phoneNumbers"] == [{"value": "1", "type": "work"}, {"value": "2", "type": "mobile"}]


def test_two_primary_values_are_refused():
    """RFC 7643 §2.4."""
    emails = [{"value": "a", "primary": True}, {"value": "b", "primary": "True"}]

    with pytest.raises(InvalidValue, match="emails has more than one primary value"):
        read({"userName": "x", "emails": emails})


def test_put_keeps_what_is_read_only_or_never_returned():
    """RFC 7644 §3.5.1: what a client cannot set or see, it does not clear by leaving it out."""
    stored = {"userName": "x", "title": "t", "password": "p", WSO2_SCHEMA: {"pendingMobileNumber": "1"}}

    assert read({"userName": "y"}, stored) == {
        "userName": "y",
        "password": "p",
        WSO2_SCHEMA: {"pendingMobileNumber": "1"},
    }


def test_put_replaces_what_is_never_returned():
    assert read({"userName": "x", "password": "new"}, {"userName": "x", "password": "old"})["password"] == "new"


def test_put_does_not_change_the_stored_document():
    stored = {"userName": "x", "name": {"givenName": "a"}, WSO2_SCHEMA: {"phoneVerified": True}}
    before = json.loads(json.dumps(stored))

    read({"userName": "y", "name": {"givenName": "b"}}, stored)

    assert stored == before


IMMUTABLE = thing_type(
    {"name": "serial", "mutability": "immutable"},
    {
        "name": "origin",
        "type": "complex",
        "subAttributes": [
            {"name": "town", "mutability": "immutable"},
            {"name": "note"},
            {"name": "seen", "mutability": "readOnly"},
        ],
    },
    {
        "name": "parts",
        "type": "complex",
        "multiValued": True,
        "subAttributes": [{"name": "value", "mutability": "immutable"}],
    },
)


@pytest.mark.parametrize("body", [{}, {"serial": None}, {"serial": "A1"}, {"serial": "a1"}])
def test_immutable_attribute_is_kept_where_it_is_the_same_or_missing(body: dict[str, object]):
    assert read_resource(body, IMMUTABLE, stored={"serial": "A1"}) == {"serial": "A1"}


def test_immutable_attribute_that_differs_is_refused():
    """RFC 7644 §3.5.1."""
    with pytest.raises(Mutability, match="serial cannot be changed"):
        read_resource({"serial": "B"}, IMMUTABLE, stored={"serial": "A1"})


def test_immutable_attribute_without_a_value_may_be_set():
    assert read_resource({"serial": "B"}, IMMUTABLE, stored={}) == {"serial": "B"}


def test_immutable_sub_attribute_is_judged_inside_an_object():
    stored = {"origin": {"town": "Oslo", "note": "n", "seen": "s"}}

    assert read_resource({"origin": {"note": "m"}}, IMMUTABLE, stored=stored) == {
        "origin": {"town": "Oslo", "note": "m", "seen": "s"}
    }
    with pytest.raises(Mutability, match=r"origin.town cannot be changed"):
        read_resource({"origin": {"town": "Rome"}}, IMMUTABLE, stored=stored)


def test_object_may_be_left_out_with_what_is_immutable_in_it():
    assert read_resource({}, IMMUTABLE, stored={"origin": {"town": "Oslo"}}) == {}


def test_elements_are_replaced_although_their_values_are_immutable():
    stored = {"parts": [{"value": "1"}, {"value": "2"}]}

    assert read_resource({"parts": [{"value": "3"}]}, IMMUTABLE, stored=stored) == {"parts": [{"value": "3"}]}


def test_required_list_and_required_sub_attributes_are_demanded():
    things = thing_type(
        {"name": "tags", "multiValued": True, "required": True},
        {"name": "maker", "type": "complex", "subAttributes": [{"name": "name", "required": True}, {"name": "town"}]},
        {"name": "stamp", "mutability": "readOnly", "required": True},
    )

    assert read_resource({"tags": ["a"]}, things) == {"tags": ["a"]}
    with pytest.raises(InvalidValue, match="tags is required"):
        read_resource({"tags": []}, things)
    with pytest.raises(InvalidValue, match=r"maker.name is required"):
        read_resource({"tags": ["a"], "maker": {"town": "Oslo"}}, things)


def test_required_extension_is_demanded():
    """RFC 7643 §6."""
    things = thing_type({"name": "colour"}, extension=({"name": "badge"},), extension_required=True)

    assert read_resource({EXTRA: {"badge": "1"}}, things) == {EXTRA: {"badge": "1"}}
    with pytest.raises(InvalidValue, match=f"{EXTRA} is required"):
        read_resource({"colour": "red"}, things)


RADIO = thing_type(
    {"name": "colour"},
    extension=(
        {"name": "version", "required": True},
        {"name": "tags", "multiValued": True},
        {"name": "key", "required": True, "mutability": "writeOnly", "returned": "never"},
    ),
)
BADGE = thing_type({"name": "colour"}, extension=({"name": "pin", "returned": "never"},))


@pytest.mark.parametrize("value", [None, {}, {"tags": []}])
def test_what_an_absent_extension_requires_is_not_demanded(value: object):
    assert read_resource({"colour": "red", EXTRA: value}, RADIO) == {"colour": "red"}


def test_what_an_extension_requires_is_demanded_with_any_part_of_it():
    with pytest.raises(InvalidValue, match=f"{EXTRA}:version is required"):
        read_resource({EXTRA: {"tags": ["a"]}}, RADIO)


def test_put_that_leaves_out_an_extension_drops_it_with_what_is_never_returned_in_it():
    """Else what is kept would demand what the client has dropped."""
    stored = {"colour": "red", EXTRA: {"version": "1", "key": "k"}}

    assert read_resource({"colour": "red"}, RADIO, stored=stored) == {"colour": "red"}


def test_put_of_an_extension_keeps_what_is_never_returned_in_it():
    stored = {EXTRA: {"version": "1", "key": "k"}}

    assert read_resource({EXTRA: {"version": "2"}}, RADIO, stored=stored) == {EXTRA: {"version": "2", "key": "k"}}


def test_put_keeps_an_extension_of_which_a_client_sees_nothing():
    stored = {"colour": "red", EXTRA: {"pin": "1"}}

    assert read_resource({"colour": "blue"}, BADGE, stored=stored) == {"colour": "blue", EXTRA: {"pin": "1"}}


def test_finish_orders_and_drops_what_is_empty():
    document = {
        WSO2_SCHEMA: {"mobileNumbers": [], "phoneVerified": False},
        ENTERPRISE_SCHEMA: {},
        "name": {},
        "emails": [{}, {"type": "work", "value": "a"}, {"value": "a", "type": "work"}],
        "userName": "x",
        "externalId": "1",
        "title": None,
    }

    finished = finish(document, user_type())

    assert json.dumps(finished) == json.dumps(
        {
            "externalId": "1",
            "userName": "x",
            "emails": [{"value": "a", "type": "work"}],
            WSO2_SCHEMA: {"phoneVerified": False},
        }
    )


def test_schemas_are_those_the_document_holds_attributes_of():
    assert schemas_of({"userName": "x", WSO2_SCHEMA: {"phoneVerified": True}, ENTERPRISE_SCHEMA: {}}, user_type()) == [
        USER_SCHEMA,
        WSO2_SCHEMA,
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["True", "1,2"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "TYPE", "primary", "manager", "mobileNumbers", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
NAMES = [attribute.name for _, attribute in user_type().walk()]
BODIES = st.dictionaries(
    st.sampled_from([*NAMES, "mobileNumbers", "NAME", ENTERPRISE_SCHEMA, WSO2_SCHEMA, f"{ENTERPRISE_SCHEMA}:manager"]),
    JSON,
    max_size=6,
)


@settings(deadline=None)
@given(body=BODIES)
def test_any_body_reads_as_a_document_that_reads_as_itself_or_is_a_scim_fault(body: dict[str, Any]):
    try:
        document = read({"userName": "x", **body})
    except ScimError:
        return

    assert read(document) == document
    assert read(document, document) == document
    assert finish(document, user_type()) == document
