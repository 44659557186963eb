"""Where the RFCs leave a choice, or clients and suites disagree: what this service chose (docs/conformance.md)."""

from __future__ import annotations

import pytest

from tests.factories.conformance import GROUP, SETTINGS, USER, Client, expect, expect_error, operation


@pytest.fixture(scope="module")
def many(applications):
    """Add more users than a group is answered with after each small change of its members."""
    service = applications(**SETTINGS)
    client = Client(service, service.admin())
    return client, [client.add_user()["id"] for _ in range(101)]


def test_patch_of_a_large_group_is_204_unless_its_members_are_left_out(many):
    client, ids = many
    group = client.add_group(members=[{"value": user_id} for user_id in ids[1:]])
    change = operation("add", "members", [{"value": ids[0]}])

    answer = client.patch(group, change)
    body = {"Operations": [operation("remove", f'members[value eq "{ids[0]}"]')]}
    excluded = client.caller.call("PATCH", f"/scim2/Groups/{group['id']}?excludedAttributes=members", body)

    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert answer.headers["ETag"] != group["meta"]["version"]
    assert "members" not in expect(excluded)
    assert len(client.read(group)["members"]) == 100


def test_every_member_of_a_large_group_is_kept_and_shown(many):
    client, ids = many

    group = client.add_group(members=[{"value": user_id} for user_id in ids])
    client.patch(group, operation("replace", "displayName", client.name("renamed")))

    assert {member["value"] for member in client.read(group)["members"]} == set(ids)


def test_remove_of_members_with_a_value_list_takes_those_and_without_takes_all(scim):
    ann, ben = scim.add_user(), scim.add_user()
    group = scim.add_group(members=[{"value": ann["id"]}, {"value": ben["id"]}])

    some = scim.patched(group, operation("remove", "members", [{"value": ann["id"]}]))
    rest = scim.patched(group, operation("remove", "members"))

    assert [member["value"] for member in some["members"]] == [ben["id"]]
    assert "members" not in rest


def test_name_of_a_group_is_unique_and_said_to_be(scim):
    group = scim.add_group()
    schema = expect(scim.get(f"/Schemas/{GROUP}"))

    (name,) = [attribute for attribute in schema["attributes"] if attribute["name"] == "displayName"]
    assert name["uniqueness"] == "server"
    expect_error(scim.post("/Groups", {"schemas": [GROUP], "displayName": group["displayName"]}), 409, "uniqueness")


@pytest.mark.parametrize("text", ["userName eq ann", "userName eq 'ann'"])
def test_literal_of_a_filter_is_a_json_value(scim, text):
    expect_error(scim.get("/Users", filter=text), 400, "invalidFilter")


def test_core_attributes_may_stand_under_the_core_urn(scim):
    user = expect(scim.post("/Users", {USER: {"userName": scim.name()}, "title": "Guide"}), 201)

    patched = scim.patched(user, operation("replace", value={USER: {"title": "Head"}}))

    assert (patched["title"], USER in patched) == ("Head", False)


def test_groups_may_contain_each_other(scim):
    user = scim.add_user()
    first = scim.add_group(members=[{"value": user["id"]}])
    second = scim.add_group(members=[{"value": first["id"]}])

    expect(scim.patch(first, operation("add", "members", [{"value": second["id"]}])))

    kinds = {group["value"]: group["type"] for group in scim.read(user)["groups"]}
    assert kinds == {first["id"]: "direct", second["id"]: "indirect"}


def test_type_of_a_member_is_what_it_is_whatever_was_sent(scim):
    user = scim.add_user()

    group = scim.add_group(members=[{"value": user["id"], "type": "Group", "$ref": "https://example.com/Groups/1"}])

    (member,) = group["members"]
    assert (member["type"], member["$ref"]) == ("User", user["meta"]["location"])


def test_user_who_is_inactive_comes_back_by_patch_or_put(scim):
    user = scim.add_user(active=False)

    assert scim.patched(user, operation("replace", "active", value=True))["active"] is True
    assert expect(scim.put(user, {**user, "active": True}))["active"] is True


def test_own_account_cannot_be_created_through_me(scim):
    answer = scim.post("/Me", {"userName": scim.name()})

    expect_error(answer, 405)
    assert "GET" in answer.headers["Allow"]
