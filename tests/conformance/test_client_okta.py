"""Okta as a client: what it sends when users and groups are pushed to an application."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, GROUP, SCIM_JSON, USER, Client, expect, expect_error

ACCEPT = {"Accept": "application/scim+json; charset=utf-8"}


@pytest.fixture
def okta(applications):
    """Return a client of a service where what a provisioning client says of numbers counts at once."""
    service = applications(privileged_skip="true")
    return Client(service, service.admin())


def new_user(okta, **attributes):
    name = f"{okta.name('okta')}@example.com"
    return {
        "schemas": [USER],
        "userName": name,
        "name": {"givenName": "Ann", "familyName": "Ash"},
        "emails": [{"primary": True, "value": name, "type": "work"}],
        "displayName": "Ann Ash",
        "locale": "en-US",
        "externalId": okta.name("00u"),
        "groups": [],
        "password": "1mz050nq",
        "active": True,
        **attributes,
    }


def created(okta, **attributes):
    return expect(okta.post("/Users", new_user(okta, **attributes), headers=ACCEPT), 201)


def pushed(okta, *members):
    body = {
        "schemas": [GROUP],
        "displayName": okta.name("okta"),
        "members": [{"value": each["id"]} for each in members],
    }
    return expect(okta.post("/Groups", body), 201)


def send(okta, resource, *operations):
    return expect(okta.patch(resource, *operations, headers=ACCEPT))


def values(elements):
    return {element["value"] for element in elements}


def test_user_is_looked_for_before_it_is_created(okta):
    body = new_user(okta)
    asked = {"filter": f'userName eq "{body["userName"]}"', "startIndex": 1, "count": 100}

    before = expect(okta.get("/Users", **asked))
    expect(okta.post("/Users", body), 201)
    after = expect(okta.get("/Users", **asked))

    assert (before["totalResults"], before["Resources"]) == (0, [])
    assert (after["totalResults"], after["startIndex"]) == (1, 1)


@pytest.mark.parametrize("content_type", [SCIM_JSON, "application/json", "application/scim+json; charset=utf-8"])
def test_user_is_created_in_any_content_type(okta, content_type):
    body = new_user(okta)

    user = expect(okta.post("/Users", body, headers={"Content-Type": content_type, **ACCEPT}), 201)

    assert user["externalId"] == body["externalId"]
    assert {"password", "groups"}.isdisjoint(user)


def test_user_is_updated_by_sending_the_whole_body_back(okta):
    user = created(okta)
    pushed(okta, user)
    body = expect(okta.get(f"/Users/{user['id']}"))
    body["name"]["givenName"] = "Anna"
    body["phoneNumbers"] = [{"type": "mobile", "value": "+1-206-555-0123", "primary": True}]

    replaced = expect(okta.put(user, body, headers=ACCEPT))

    assert replaced["name"]["givenName"] == "Anna"
    assert replaced["phoneNumbers"] == [{"value": "+1-206-555-0123", "type": "mobile", "primary": True}]
    assert values(replaced["groups"]) == values(body["groups"])


def test_user_is_deactivated_and_activated_without_a_path(okta):
    user = created(okta)

    off = send(okta, user, {"op": "replace", "value": {"active": False}})
    on = send(okta, user, {"op": "replace", "value": {"active": True}})

    assert (off["active"], on["active"]) == (False, True)


def test_user_is_deactivated_by_put(okta):
    user = created(okta)

    assert expect(okta.put(user, {**user, "active": False}))["active"] is False


def test_password_is_changed_without_being_shown(okta):
    user = created(okta)

    patched = send(okta, user, {"op": "replace", "value": {"password": "Sup3r$ecret"}})

    assert "password" not in patched


def test_user_who_was_deactivated_is_not_created_again_and_the_error_says_why(okta):
    user = created(okta)
    send(okta, user, {"op": "replace", "value": {"active": False}})

    error = expect_error(okta.post("/Users", new_user(okta, userName=user["userName"])), 409, "uniqueness")

    assert "inactive" in error["detail"]


def test_users_are_imported_page_by_page(okta):
    made = [created(okta, nickName=okta.mark) for _ in range(5)]

    met = []
    for start in (1, 3, 5):
        listed = okta.users(startIndex=start, count=2)
        met += [user["id"] for user in listed]

    assert sorted(met) == sorted(user["id"] for user in made)


def test_group_is_pushed_with_its_members(okta):
    ann, ben = created(okta), created(okta)

    group = pushed(okta, ann, ben)

    assert values(group["members"]) == {ann["id"], ben["id"]}


def test_group_is_pushed_empty(okta):
    assert "members" not in pushed(okta)


def test_group_is_renamed_with_its_id_in_the_value(okta):
    ann = created(okta)
    group, name = pushed(okta, ann), okta.name("renamed")

    patched = send(okta, group, {"op": "replace", "value": {"id": group["id"], "displayName": name}})

    assert (patched["id"], patched["displayName"]) == (group["id"], name)
    assert values(patched["members"]) == {ann["id"]}


def test_members_are_removed_and_added_in_one_request(okta):
    ann, ben, cat = (created(okta) for _ in range(3))
    group = pushed(okta, ann, ben)

    patched = send(
        okta,
        group,
        {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'},
        {"op": "add", "path": "members", "value": [{"value": cat["id"], "display": cat["userName"]}]},
        {"op": "replace", "value": {"id": group["id"], "displayName": group["displayName"]}},
    )

    assert values(patched["members"]) == {ben["id"], cat["id"]}


def test_members_are_replaced_by_a_full_push(okta):
    ann, ben = created(okta), created(okta)
    group = pushed(okta, ann)

    by_path = send(okta, group, {"op": "replace", "path": "members", "value": [{"value": ben["id"]}]})
    by_value = send(okta, group, {"op": "replace", "value": {"members": [{"value": ann["id"]}]}})

    assert values(by_path["members"]) == {ben["id"]}
    assert values(by_value["members"]) == {ann["id"]}


def test_members_are_replaced_by_put(okta):
    ann, ben = created(okta), created(okta)
    group = pushed(okta, ann)

    replaced = expect(okta.put(group, {**group, "members": [{"value": ben["id"], "display": "Ben"}]}))

    assert values(replaced["members"]) == {ben["id"]}


def test_entitlements_and_enterprise_attributes_are_kept(okta):
    user = created(
        okta,
        entitlements=[{"value": "4", "display": "Pool", "type": "License"}],
        **{ENTERPRISE: {"department": "Tours"}},
    )

    assert user["entitlements"] == [{"value": "4", "display": "Pool", "type": "License"}]
    assert user["schemas"] == [USER, ENTERPRISE]


def test_number_of_a_pushed_user_waits_for_its_code_where_the_gate_is_shut(applications):
    service = applications()
    okta = Client(service, service.admin())
    user = created(okta, phoneNumbers=[{"type": "mobile", "value": "0111111111", "primary": True}])
    body = {**user, "title": "Head", "phoneNumbers": [{"type": "mobile", "value": "0133333333", "primary": True}]}

    replaced = expect(okta.put(user, body))

    assert replaced["title"] == "Head"
    assert replaced["phoneNumbers"][0]["value"] == "0111111111"
    assert replaced[ENTERPRISE]["pendingMobileNumber"] == "0133333333"
    assert service.user(user["id"]).validate(service.last_code()).status_code == 200
    assert okta.read(user)["phoneNumbers"][0]["value"] == "0133333333"
