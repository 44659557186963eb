"""RFC 7644 §3.5.1: replacing a resource by PUT."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, GROUP, USER, expect, expect_error, sample


def test_7644_3_5_1_example_replaces_the_user(scim):
    user = scim.add_user(title="Guide", emails=[{"value": "old@example.com"}])
    body = sample("rfc7644-3.5.1-replace_user", user_name=user["userName"])

    answer = scim.put(user, body)

    replaced = expect(answer)
    assert replaced["name"] == body["name"]
    assert replaced["emails"] == body["emails"]
    assert replaced["externalId"] == "bjensen"
    assert {"title", "roles", "nickName"}.isdisjoint(replaced)
    assert answer.headers["ETag"] == replaced["meta"]["version"] != user["meta"]["version"]
    assert scim.read(user) == replaced


def test_7644_3_5_1_attributes_that_are_left_out_are_cleared(scim):
    user = scim.add_user(title="Guide", name={"givenName": "Ann"}, **{ENTERPRISE: {"department": "Tours"}})

    replaced = expect(scim.put(user, {"schemas": [USER], "userName": user["userName"]}))

    assert set(replaced) == {"schemas", "id", "userName", "meta"}


@pytest.mark.parametrize(
    "extra",
    [
        {"id": "another"},
        {"meta": {"created": "2001-01-01T00:00:00Z", "resourceType": "Robot"}},
        {"groups": [{"value": "somewhere"}]},
    ],
    ids=["id", "meta", "groups"],
)
def test_7644_3_5_1_read_only_values_are_ignored(scim, extra):
    user = scim.add_user()

    replaced = expect(scim.put(user, {**user, **extra, "title": "Guide"}))

    assert replaced["id"] == user["id"]
    assert replaced["meta"]["created"] == user["meta"]["created"]
    assert replaced["meta"]["resourceType"] == "User"
    assert "groups" not in replaced


def test_7644_3_5_1_resource_that_was_read_can_be_sent_back_whole(scim):
    user = scim.add_user(emails=[{"value": "a@example.com", "primary": True}], **{ENTERPRISE: {"costCenter": "7"}})
    scim.add_group(members=[{"value": user["id"]}])
    before = scim.read(user)

    assert expect(scim.put(user, before)) == before


def test_7644_3_5_1_required_attribute_must_be_there(scim):
    user = scim.add_user()

    expect_error(scim.put(user, {"schemas": [USER], "title": "Guide"}), 400, "invalidValue")
    assert scim.read(user) == user


def test_7644_3_5_1_put_that_changes_nothing_keeps_the_version(scim):
    user = scim.add_user(title="Guide")
    scim.application.clock.move(seconds=1)

    assert expect(scim.put(user, user))["meta"] == user["meta"]


def test_7644_3_5_1_put_does_not_create(scim):
    expect_error(scim.caller.put("/scim2/Users/unknown", {"schemas": [USER], "userName": scim.name()}), 404)


def test_7644_3_5_1_put_at_an_endpoint_is_not_there(scim):
    expect_error(scim.caller.put("/scim2/Users", {"schemas": [USER], "userName": scim.name()}), 405)


@pytest.mark.parametrize("value", ["Ann Ltd", "ANN LTD"], ids=["the same", "the same but for case"])
def test_7644_3_5_1_immutable_value_may_be_sent_as_it_is(things, value):
    body = {"label": things.name("thing"), "maker": "Ann Ltd"}
    thing = expect(things.post("/Things", body), 201)

    assert expect(things.put(thing, {**body, "maker": value}))["maker"] == "Ann Ltd"


def test_7644_3_5_1_immutable_value_cannot_be_changed(things):
    body = {"label": things.name("thing"), "maker": "Ann Ltd"}
    thing = expect(things.post("/Things", body), 201)

    expect_error(things.put(thing, {**body, "maker": "Ben Ltd"}), 400, "mutability")
    assert things.read(thing)["maker"] == "Ann Ltd"


def test_7644_3_5_1_immutable_value_can_be_set_where_there_is_none(things):
    body = {"label": things.name("thing")}
    thing = expect(things.post("/Things", body), 201)

    assert expect(things.put(thing, {**body, "maker": "Ann Ltd"}))["maker"] == "Ann Ltd"


def test_7644_3_5_1_members_are_replaced(scim):
    ann, ben, cat = (scim.add_user() for _ in range(3))
    group = scim.add_group(members=[{"value": ann["id"]}, {"value": ben["id"]}])
    body = {"schemas": [GROUP], "displayName": group["displayName"]}

    replaced = expect(scim.put(group, {**body, "members": [{"value": ben["id"]}, {"value": cat["id"]}]}))
    emptied = expect(scim.put(group, body))

    assert {member["value"] for member in replaced["members"]} == {ben["id"], cat["id"]}
    assert "members" not in emptied


def test_7644_3_5_1_unknown_member_undoes_the_whole_put(scim):
    group = scim.add_group()
    body = {"schemas": [GROUP], "displayName": scim.name("renamed"), "members": [{"value": "unknown"}]}

    expect_error(scim.put(group, body), 400, "invalidValue")
    assert scim.read(group) == group


def test_7644_3_5_1_two_primary_values_undo_the_whole_put(scim):
    user = scim.add_user()
    emails = [{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": True}]

    expect_error(scim.put(user, {**user, "title": "Guide", "emails": emails}), 400, "invalidValue")
    assert scim.read(user) == user
