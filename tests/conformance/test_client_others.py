"""JumpCloud, OneLogin, Google and WSO2's own clients, where they differ from Entra and Okta."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, PATCH_OP, USER, Client, expect, operation


@pytest.fixture
def client(applications):
    """Return a client of a service where what a provisioning client says of numbers counts at once."""
    service = applications(privileged_skip="true")
    return Client(service, service.admin())


def values(elements):
    return {element["value"] for element in elements}


def test_jumpcloud_renames_a_group_without_a_path(client):
    group, name = client.add_group(), client.name("renamed")

    assert client.patched(group, {"op": "replace", "value": {"displayName": name}})["displayName"] == name


def test_jumpcloud_adds_and_removes_members_as_value_lists(client):
    ann, ben = client.add_user(), client.add_user()
    group = client.add_group()

    added = client.patched(
        group,
        {"op": "add", "path": "members", "value": [{"value": ann["id"]}]},
        {"op": "add", "path": "members", "value": [{"value": ben["id"]}]},
    )
    removed = client.patched(group, {"op": "remove", "path": "members", "value": [{"value": ann["id"]}]})

    assert values(added["members"]) == {ann["id"], ben["id"]}
    assert values(removed["members"]) == {ben["id"]}


def test_onelogin_probes_for_a_user_that_is_not_there(client):
    listed = expect(client.get("/Users", filter='userName eq "onelogin-probe"', count=1))

    assert (listed["totalResults"], listed["Resources"]) == (0, [])


def test_onelogin_sends_one_email_as_an_object(client):
    user = client.add_user(emails={"value": "ann@example.com", "type": "work", "primary": True})

    assert user["emails"] == [{"value": "ann@example.com", "type": "work", "primary": True}]


def test_google_creates_a_suspended_account(client):
    user = client.add_user(active=False)

    assert user["active"] is False
    assert client.read(user)["active"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"op": "replace", "value": {"active": False}},
        {"op": "replace", "path": "active", "value": False},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": [{"active": False}]},
        {"op": "replace", "path": "active", "value": [{"value": "False"}]},
    ],
    ids=["value", "path", "word", "list", "list of values"],
)
def test_both_shapes_of_a_suspension_are_read(client, change):
    assert client.patched(client.add_user(active=True), change)["active"] is False


def test_whole_resource_without_a_path_replaces_what_it_names(client):
    user = client.add_user(title="Guide", displayName="Ann")

    patched = client.patched(user, {"op": "replace", "value": {**user, "title": "Head"}})

    assert (patched["title"], patched["displayName"]) == ("Head", "Ann")


def test_wso2_sends_emails_as_texts(client):
    user = client.add_user(emails=["ann@example.com"])

    assert user["emails"] == [{"value": "ann@example.com"}]


def test_wso2_sends_the_core_schema_as_a_key(client):
    body = {"schemas": [USER], USER: {"userName": client.name(), "title": "Guide"}}

    assert expect(client.post("/Users", body), 201)["title"] == "Guide"


def test_user_and_group_of_one_sync_are_made_in_one_bulk(client):
    name = client.name("group")
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "ann", "data": {"userName": client.name()}},
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "staff",
            "data": {"displayName": name, "members": [{"value": "bulkId:ann"}]},
        },
        {
            "method": "PATCH",
            "path": "/Users/bulkId:ann",
            "data": {
                "schemas": [PATCH_OP],
                "Operations": [operation("Add", 'phoneNumbers[type eq "mobile"].value', "0111111111")],
            },
        },
    ]

    results = expect(client.post("/Bulk", {"Operations": operations}))["Operations"]

    assert [result["status"] for result in results] == ["201", "201", "200"]
    user = expect(client.get(f"/Users/{results[0]['location'].rpartition('/')[2]}"))
    assert values(user["phoneNumbers"]) == {"0111111111"}
    assert [group["display"] for group in user["groups"]] == [name]


def test_number_in_a_bulk_waits_for_its_code_where_the_gate_is_shut(applications):
    service = applications()
    client = Client(service, service.admin())
    user = client.add_user(phoneNumbers=[{"type": "mobile", "value": "0111111111"}])
    data = {"Operations": [operation("replace", value={"phoneNumbers": [{"type": "mobile", "value": "0144444444"}]})]}

    (result,) = expect(
        client.post("/Bulk", {"Operations": [{"method": "PATCH", "path": f"/Users/{user['id']}", "data": data}]})
    )["Operations"]

    assert result["status"] == "200"
    shown = client.read(user)
    assert values(shown["phoneNumbers"]) == {"0111111111"}
    assert shown[ENTERPRISE]["pendingMobileNumber"] == "0144444444"
