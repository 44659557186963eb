"""RFC 7644 §3.5.2.3: the operation replace."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, USER, expect, expect_error, operation, path_of, sample

WORK = {
    "type": "work",
    "streetAddress": "100 Universal City Plaza",
    "locality": "Hollywood",
    "country": "USA",
    "primary": True,
}
HOME = {"type": "home", "streetAddress": "456 Hollywood Blvd", "locality": "Hollywood"}


def send(scim, resource, name, **replaced):
    body = sample(name, **replaced)
    return expect(scim.caller.call("PATCH", f"/scim2{path_of(resource)}", body))


def test_7644_3_5_2_3_example_replaces_all_members(scim):
    old, babs, james = (scim.add_user() for _ in range(3))
    group = scim.add_group(members=[{"value": old["id"]}, {"value": babs["id"]}])

    patched = send(scim, group, "rfc7644-3.5.2.3-replace_all_members", babs=babs["id"], james=james["id"])

    assert {member["value"] for member in patched["members"]} == {babs["id"], james["id"]}


def test_7644_3_5_2_3_example_replaces_the_work_address(scim):
    user = scim.add_user(addresses=[WORK, HOME])

    patched = send(scim, user, "rfc7644-3.5.2.3-replace_work_address")

    value = sample("rfc7644-3.5.2.3-replace_work_address")["Operations"][0]["value"]
    assert patched["addresses"] == [value, HOME]


def test_7644_3_5_2_3_example_replaces_the_street_of_the_work_address(scim):
    user = scim.add_user(addresses=[WORK, HOME])

    patched = send(scim, user, "rfc7644-3.5.2.3-replace_work_street")

    streets = {address["type"]: address["streetAddress"] for address in patched["addresses"]}
    assert streets == {"work": "1010 Broadway Ave", "home": HOME["streetAddress"]}
    assert patched["addresses"][0]["locality"] == "Hollywood"


def test_7644_3_5_2_3_example_replaces_without_a_path(scim):
    user = scim.add_user(emails=[{"value": "old@example.com"}], title="Guide")

    patched = send(scim, user, "rfc7644-3.5.2.3-replace_without_path")

    assert patched["emails"] == [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home"},
    ]
    assert (patched["nickName"], patched["title"]) == ("Babs", "Guide")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("title", "Head", id="simple"),
        pytest.param("emails", [{"value": "new@example.com"}], id="multi-valued"),
        pytest.param("active", False, id="boolean"),
    ],
)
def test_7644_3_5_2_3_value_is_replaced(scim, path, value):
    user = scim.add_user(title="Guide", emails=[{"value": "a@example.com"}, {"value": "b@example.com"}], active=True)

    assert scim.patched(user, operation("replace", path, value))[path] == value


@pytest.mark.parametrize(
    ("path", "value"),
    [("title", "Head"), ("emails", [{"value": "new@example.com"}]), ("name", {"givenName": "Ann"})],
)
def test_7644_3_5_2_3_value_that_is_not_there_is_added(scim, path, value):
    assert scim.patched(scim.add_user(), operation("replace", path, value))[path] == value


def test_7644_3_5_2_3_sub_attributes_that_are_not_given_stay(scim):
    user = scim.add_user(name={"givenName": "Ann", "familyName": "Ash"})

    patched = scim.patched(user, operation("replace", "name", {"familyName": "Oak"}))

    assert patched["name"] == {"givenName": "Ann", "familyName": "Oak"}


def test_7644_3_5_2_3_sub_attribute_is_replaced(scim):
    user = scim.add_user(name={"givenName": "Ann", "familyName": "Ash"})

    assert scim.patched(user, operation("replace", "name.familyName", "Oak"))["name"]["familyName"] == "Oak"


def test_7644_3_5_2_3_sub_attribute_of_every_selected_element_is_replaced(scim):
    emails = [{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "work"}]
    user = scim.add_user(emails=[*emails, {"value": "c@example.com", "type": "home"}])

    patched = scim.patched(user, operation("replace", 'emails[type eq "work"].display', "Work"))

    assert [email.get("display") for email in patched["emails"]] == ["Work", "Work", None]


def test_7644_3_5_2_3_selected_element_keeps_what_is_not_given(scim):
    user = scim.add_user(addresses=[WORK, HOME])

    patched = scim.patched(user, operation("replace", 'addresses[type eq "work"]', {"locality": "Burbank"}))

    assert patched["addresses"][0] == {**WORK, "locality": "Burbank"}


@pytest.mark.parametrize(
    "path",
    [
        'emails[type eq "nonexistent"].value',
        'emails[value eq "nobody@example.com"].type',
        'emails[type eq "nonexistent"]',
        'emails[type sw "w"].value',
    ],
)
def test_7644_3_5_2_3_selector_that_finds_nothing_is_no_target(scim, path):
    user = scim.add_user(emails=[{"value": "a@example.com", "type": "home"}])
    value = {"value": "b@example.com"} if path.endswith("]") else "b@example.com"

    expect_error(scim.patch(user, operation("replace", path, value)), 400, "noTarget")


def test_7644_3_5_2_3_selector_by_a_canonical_type_makes_its_element(scim):
    user = scim.add_user(emails=[{"value": "a@example.com", "type": "home"}])

    patched = scim.patched(user, operation("replace", 'emails[type eq "work"].value', "b@example.com"))

    assert {"value": "b@example.com", "type": "work"} in patched["emails"]
    assert len(patched["emails"]) == 2


def test_7644_3_5_2_3_extension_is_replaced_by_its_urn_or_within_a_value(scim):
    user = scim.add_user(**{ENTERPRISE: {"department": "Tours", "costCenter": "7"}})

    first = scim.patched(user, operation("replace", ENTERPRISE, {"department": "Rides"}))
    second = scim.patched(user, operation("replace", value={ENTERPRISE: {"costCenter": "8"}}))

    assert first[ENTERPRISE]["department"] == "Rides"
    assert second[ENTERPRISE] == {"department": "Rides", "costCenter": "8"}


def test_7644_3_5_2_3_keys_of_a_value_may_be_full_names(scim):
    user = scim.add_user(title="Guide")

    assert scim.patched(user, operation("replace", value={f"{USER}:title": "Head"}))["title"] == "Head"


def test_7644_3_5_2_3_required_attribute_cannot_be_emptied(scim):
    user = scim.add_user()

    for value in ("", "  "):
        expect_error(scim.patch(user, operation("replace", "userName", value)), 400, "invalidValue")
    assert scim.read(user) == user


def test_7644_3_5_2_3_two_primary_values_are_refused(scim):
    emails = [{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": True}]

    expect_error(scim.patch(scim.add_user(), operation("replace", "emails", emails)), 400, "invalidValue")


def test_7644_3_5_2_3_element_of_a_plain_list_is_replaced(things):
    thing = expect(things.post("/Things", {"label": things.name("thing"), "tags": ["red", "blue"]}), 201)

    assert things.patched(thing, operation("replace", 'tags[value eq "red"]', "green"))["tags"] == ["green", "blue"]
