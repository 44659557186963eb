"""RFC 7643 §2: names, data types, multi-valued attributes, and attributes without a value."""

from __future__ import annotations

import pytest

from tests.factories.conformance import USER, expect, expect_error, operation, path_of

THING = "urn:example:params:scim:schemas:Thing"


def add_thing(things, **attributes):
    body = {"schemas": [THING], "label": things.name("thing"), **attributes}
    return expect(things.post("/Things", body), 201)


def test_7643_2_1_names_of_attributes_are_read_without_case(scim):
    user = expect(scim.post("/Users", {"SCHEMAS": [USER], "USERNAME": scim.name(), "Name": {"GIVENNAME": "Ann"}}), 201)

    assert user["name"] == {"givenName": "Ann"}
    assert "userName" in user


def test_7643_2_1_names_of_attributes_are_read_without_case_in_a_path_and_a_filter(scim):
    user = scim.add_user()

    scim.patched(user, operation("add", "NAME.familyname", "Ash"))

    assert [found["id"] for found in scim.users('nAmE.FamilyName eq "Ash"')] == [user["id"]]


def test_7643_2_1_names_of_attributes_are_shown_as_their_schema_writes_them(scim):
    user = scim.add_user(DISPLAYNAME="Ann", EMAILS=[{"VALUE": "a@example.com", "TYPE": "work"}])

    assert user["displayName"] == "Ann"
    assert user["emails"] == [{"value": "a@example.com", "type": "work"}]


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        pytest.param("word", 'naïve 🙂 "quoted" \\ / \n', id="2.3.1 string"),
        pytest.param("isNew", True, id="2.3.2 boolean true"),
        pytest.param("isNew", False, id="2.3.2 boolean false"),
        pytest.param("weight", 12.75, id="2.3.3 decimal"),
        pytest.param("weight", -3, id="2.3.3 decimal without a fraction"),
        pytest.param("count", 42, id="2.3.4 integer"),
        pytest.param("count", -(2**63), id="2.3.4 smallest integer"),
        pytest.param("madeAt", "2008-01-23T04:56:22Z", id="2.3.5 dateTime"),
        pytest.param("madeAt", "2008-01-23T04:56:22.123+02:00", id="2.3.5 dateTime with fraction and offset"),
        pytest.param("seal", "aGVsbG8=", id="2.3.6 binary"),
        pytest.param("manual", "https://example.com/Manual", id="2.3.7 reference"),
        pytest.param("manual", "../Manuals/1", id="2.3.7 relative reference"),
        pytest.param("box", {"shelf": "a", "place": 1}, id="2.3.8 complex"),
        pytest.param("tags", ["x", "y"], id="2.4 multi-valued"),
        pytest.param("sizes", [3, 1], id="2.4 multi-valued integers"),
        pytest.param("parts", [{"value": "a", "number": 2}], id="2.4 multi-valued complex"),
    ],
)
def test_7643_2_3_value_of_a_data_type_is_kept_as_it_is(things, attribute, value):
    thing = add_thing(things, **{attribute: value})

    shown = things.read(thing)[attribute]

    assert shown == value
    assert type(shown) is type(value)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        pytest.param("word", 7, id="2.3.1 number as string"),
        pytest.param("word", {"a": 1}, id="2.3.1 object as string"),
        pytest.param("isNew", "perhaps", id="2.3.2 word as boolean"),
        pytest.param("isNew", 1, id="2.3.2 number as boolean"),
        pytest.param("weight", "12.75", id="2.3.3 string as decimal"),
        pytest.param("weight", True, id="2.3.3 boolean as decimal"),
        pytest.param("count", 4.5, id="2.3.4 fraction as integer"),
        pytest.param("count", "4", id="2.3.4 string as integer"),
        pytest.param("count", 2**63, id="2.3.4 integer beyond 64 bits"),
        pytest.param("madeAt", "2008-01-23", id="2.3.5 date without time"),
        pytest.param("madeAt", "2008-13-23T04:56:22Z", id="2.3.5 month 13"),
        pytest.param("madeAt", 1200000000, id="2.3.5 number as dateTime"),
        pytest.param("seal", "no base64!", id="2.3.6 words as binary"),
        pytest.param("manual", ["https://example.com"], id="2.3.7 list as reference"),
        pytest.param("box", "a", id="2.3.8 string as complex"),
        pytest.param("box", [{"shelf": "a"}, {"shelf": "b"}], id="2.3.8 several as one"),
        pytest.param("tags", [{"value": "x"}], id="2.4 object as string"),
        pytest.param("parts", [["a"]], id="2.4 list as element"),
    ],
)
def test_7643_2_3_value_of_another_data_type_is_refused(things, attribute, value):
    body = {"schemas": [THING], "label": things.name("thing"), attribute: value}

    expect_error(things.post("/Things", body), 400, "invalidValue")


def test_7643_2_3_8_no_complex_attribute_has_a_complex_sub_attribute(scim):
    schemas = expect(scim.get("/Schemas"))["Resources"]

    # The schema of schemas is the RFC's own exception (§7).
    described = [schema for schema in schemas if not schema["id"].startswith("urn:ietf:params:scim:schemas:core:2.0:S")]
    nested = [
        (schema["id"], attribute["name"])
        for schema in described
        for attribute in schema["attributes"]
        if any(sub["type"] == "complex" for sub in attribute.get("subAttributes", []))
    ]
    assert nested == []


def test_7643_2_3_6_binary_is_compared_by_case(things):
    word = things.name("thing")
    add_thing(things, word=word, seal="aGVsbG8=")

    found = expect(things.get("/Things", filter=f'word eq "{word}" and seal eq "AGVSBG8="'))

    assert found["totalResults"] == 0


def test_7643_2_3_7_reference_is_compared_by_case(things):
    word = things.name("thing")
    add_thing(things, word=word, manual="https://example.com/A")

    found = expect(things.get("/Things", filter=f'word eq "{word}" and manual eq "https://example.com/a"'))

    assert found["totalResults"] == 0


def test_7643_2_4_two_primary_values_are_refused(scim):
    emails = [{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": True}]

    expect_error(
        scim.post("/Users", {"schemas": [USER], "userName": scim.name(), "emails": emails}), 400, "invalidValue"
    )


def test_7643_2_4_values_that_are_no_primary_ones_may_be_many(scim):
    emails = [{"value": "a@example.com", "primary": False}, {"value": "b@example.com", "primary": False}]

    assert scim.add_user(emails=emails)["emails"] == emails


def test_7643_2_4_same_type_and_value_appear_once(scim):
    emails = [{"value": "a@example.com", "type": "work"}] * 2

    assert scim.add_user(emails=emails)["emails"] == emails[:1]


def test_7643_2_4_same_value_of_another_type_is_another_value(scim):
    emails = [{"value": "a@example.com", "type": "work"}, {"value": "a@example.com", "type": "home"}]

    assert scim.add_user(emails=emails)["emails"] == emails


def test_7643_2_4_types_beyond_the_canonical_ones_are_kept(scim):
    emails = [{"value": "a@example.com", "type": "island"}]

    assert scim.add_user(emails=emails)["emails"] == emails


def test_7643_2_4_sub_attributes_that_are_not_defined_are_left_out(scim):
    user = scim.add_user(emails=[{"value": "a@example.com", "colour": "blue"}])

    assert user["emails"] == [{"value": "a@example.com"}]


@pytest.mark.parametrize("empty", [None, []], ids=["null", "empty list"])
def test_7643_2_5_null_and_empty_list_are_no_value_in_post(scim, empty):
    user = scim.add_user(emails=empty, title=None, name={"givenName": None})

    assert {"emails", "title", "name"}.isdisjoint(user)


@pytest.mark.parametrize("empty", [None, []], ids=["null", "empty list"])
def test_7643_2_5_null_and_empty_list_unassign_in_put(scim, empty):
    user = scim.add_user(emails=[{"value": "a@example.com"}], title="Guide")

    replaced = expect(scim.put(user, {**user, "emails": empty, "title": None}))

    assert {"emails", "title"}.isdisjoint(replaced)


@pytest.mark.parametrize("empty", [None, []], ids=["null", "empty list"])
def test_7643_2_5_null_and_empty_list_unassign_in_patch(scim, empty):
    user = scim.add_user(emails=[{"value": "a@example.com"}], title="Guide")
    body = {
        "Operations": [{"op": "replace", "path": "emails", "value": empty}, {"op": "replace", "value": {"title": None}}]
    }

    patched = expect(scim.caller.call("PATCH", f"/scim2{path_of(user)}", body))

    assert {"emails", "title"}.isdisjoint(patched)


def test_7643_2_5_attribute_without_a_value_is_not_shown(scim):
    user = scim.add_user()

    assert None not in scim.read(user).values()
    assert [] not in scim.read(user).values()


def test_7643_2_5_required_attribute_must_have_a_value(scim):
    for body in ({"userName": None}, {"userName": ""}, {"userName": "  "}, {}):
        expect_error(scim.post("/Users", {"schemas": [USER], **body}), 400, "invalidValue")
