"""RFC 7644 §3.5.2.1: the operation add."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, USER, expect, expect_error, operation, path_of, sample


def send(scim, resource, name, **replaced):
    body = sample(name, **replaced)
    return expect(scim.caller.call("PATCH", f"/scim2{path_of(resource)}", body))


def test_7644_3_5_2_1_example_adds_a_member(scim):
    babs, other = scim.add_user(displayName="Babs Jensen"), scim.add_user()
    group = scim.add_group(members=[{"value": other["id"]}])

    patched = send(scim, group, "rfc7644-3.5.2.1-add_member", babs=babs["id"])

    assert {member["value"] for member in patched["members"]} == {babs["id"], other["id"]}


def test_7644_3_5_2_1_example_adds_without_a_path(scim):
    user = scim.add_user(nickName=None, emails=[{"value": "bjensen@example.com", "type": "work"}])

    patched = send(scim, user, "rfc7644-3.5.2.1-add_without_path")

    assert patched["nickName"] == "Babs"
    assert patched["emails"] == [
        {"value": "bjensen@example.com", "type": "work"},
        {"value": "babs@jensen.org", "type": "home"},
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("title", "Guide", id="simple"),
        pytest.param(f"{USER}:title", "Guide", id="full name"),
        pytest.param("name", {"givenName": "Ann"}, id="complex"),
        pytest.param("emails", [{"value": "a@example.com"}], id="multi-valued"),
        pytest.param("active", False, id="false"),
        pytest.param(ENTERPRISE, {"department": "Tours"}, id="whole extension"),
    ],
)
def test_7644_3_5_2_1_attribute_that_is_not_there_is_added(scim, path, value):
    patched = scim.patched(scim.add_user(), operation("add", path, value))

    assert patched[path.removeprefix(f"{USER}:")] == value


def test_7644_3_5_2_1_sub_attribute_makes_its_attribute(scim):
    user = scim.add_user()

    patched = scim.patched(
        user, operation("add", "name.givenName", "Ann"), operation("add", f"{ENTERPRISE}:manager.value", "26118915")
    )

    assert patched["name"] == {"givenName": "Ann"}
    assert patched[ENTERPRISE] == {"manager": {"value": "26118915"}}
    assert patched["schemas"] == [USER, ENTERPRISE]


def test_7644_3_5_2_1_single_value_is_replaced(scim):
    assert scim.patched(scim.add_user(title="Guide"), operation("add", "title", "Head"))["title"] == "Head"


def test_7644_3_5_2_1_complex_value_is_added_to(scim):
    user = scim.add_user(name={"givenName": "Ann", "familyName": "Ash"})

    patched = scim.patched(user, operation("add", "name", {"familyName": "Oak", "middleName": "B"}))

    assert patched["name"] == {"givenName": "Ann", "familyName": "Oak", "middleName": "B"}


def test_7644_3_5_2_1_new_value_joins_the_others(scim):
    user = scim.add_user(emails=[{"value": "a@example.com"}])

    patched = scim.patched(user, operation("add", "emails", [{"value": "b@example.com"}]))

    assert patched["emails"] == [{"value": "a@example.com"}, {"value": "b@example.com"}]


def test_7644_3_5_2_1_one_object_is_a_value_too(scim):
    user = scim.add_user(emails=[{"value": "a@example.com"}])

    assert len(scim.patched(user, operation("add", "emails", {"value": "b@example.com"}))["emails"]) == 2


def test_7644_3_5_2_1_value_that_is_there_is_not_added_again(scim):
    emails = [{"value": "a@example.com", "type": "work"}]

    assert scim.patched(scim.add_user(emails=emails), operation("add", "emails", emails))["emails"] == emails


def test_7644_3_5_2_1_member_that_is_there_is_not_added_again(scim):
    user = scim.add_user()
    group = scim.add_group(members=[{"value": user["id"]}])
    scim.application.clock.move(seconds=1)

    patched = scim.patched(group, operation("add", "members", [{"value": user["id"]}] * 2))

    assert len(patched["members"]) == 1
    assert patched["meta"] == group["meta"]


def test_7644_3_5_2_1_member_that_does_not_exist_is_refused(scim):
    group = scim.add_group()

    expect_error(scim.patch(group, operation("add", "members", [{"value": "unknown"}])), 400, "invalidValue")


def test_7644_3_5_2_1_selected_elements_are_changed(scim):
    user = scim.add_user(emails=[{"value": "a@example.com", "type": "work"}, {"value": "b@example.com"}])

    patched = scim.patched(user, operation("add", 'emails[type eq "work"].display', "Work"))

    assert patched["emails"] == [
        {"value": "a@example.com", "display": "Work", "type": "work"},
        {"value": "b@example.com"},
    ]


def test_7644_3_5_2_1_selector_that_finds_nothing_makes_its_element(scim):
    user = scim.add_user()

    patched = scim.patched(
        user,
        operation("add", 'emails[type eq "work"].value', "a@example.com"),
        operation("add", 'emails[type eq "work"].display', "Work"),
    )

    assert patched["emails"] == [{"value": "a@example.com", "display": "Work", "type": "work"}]


def test_7644_3_5_2_1_selector_that_says_no_value_makes_nothing(scim):
    change = operation("add", 'emails[type sw "w"].value', "a@example.com")

    expect_error(scim.patch(scim.add_user(), change), 400, "noTarget")


def test_7644_3_5_2_1_value_without_a_path_must_be_an_object(scim):
    expect_error(scim.patch(scim.add_user(), operation("add", value="Guide")), 400, "invalidValue")


def test_7644_3_5_2_1_two_primary_values_are_refused(scim):
    emails = [{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": True}]

    expect_error(scim.patch(scim.add_user(), operation("add", "emails", emails)), 400, "invalidValue")


def test_7644_3_5_2_1_values_of_a_plain_list_are_added(things):
    thing = expect(things.post("/Things", {"label": things.name("thing"), "tags": ["red"], "sizes": [1]}), 201)

    patched = things.patched(thing, operation("add", "tags", ["blue", "RED"]), operation("add", "sizes", 2))

    assert patched["tags"] == ["red", "blue"]
    assert patched["sizes"] == [1, 2]
