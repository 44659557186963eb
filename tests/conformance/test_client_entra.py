"""Entra as a client, in both of its flavours, as its provisioning service sends its requests."""

from __future__ import annotations

import json

import pytest

from tests.factories.conformance import ENTERPRISE, GROUP, LIST_RESPONSE, PATCH_OP, USER, Client, expect, path_of

ADSCIM_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
FLAG = "aadOptscim062020"


@pytest.fixture
def entra(applications):
    """Return a client of a service where what a provisioning client says of numbers counts at once."""
    service = applications(privileged_skip="true")
    return Client(service, service.admin())


def send(entra, resource, *operations, query=""):
    """PATCH as Entra does, which may have a query in the URL of the service."""
    body = {"schemas": [PATCH_OP], "Operations": list(operations)}
    return expect(entra.caller.call("PATCH", f"/scim2{path_of(resource)}{query}", body))


def new_user(entra, **attributes):
    name = entra.name("entra")
    return {
        "schemas": [USER, ENTERPRISE],
        "externalId": name,
        "userName": f"{name}@example.com",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": f"{name}@work.example.com"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Ann Ash", "familyName": "Ash", "givenName": "Ann"},
        "roles": [],
        **attributes,
    }


def created(entra, **attributes):
    return expect(entra.post("/Users", new_user(entra, **attributes)), 201)


def new_group(entra):
    name = entra.name("entra")
    body = {
        "schemas": [GROUP, ADSCIM_GROUP],
        "externalId": name,
        "displayName": name,
        "meta": {"resourceType": "Group"},
    }
    return expect(entra.post("/Groups", body), 201)


def test_connection_test_finds_nobody(entra):
    listed = expect(entra.get("/Users", filter='userName eq "27a48f30-2d1f-4a3c-9c84-7a7b1b2f3a11"'))

    assert listed["schemas"] == [LIST_RESPONSE]
    assert (listed["totalResults"], listed["Resources"]) == (0, [])


def test_user_is_created_and_found_again(entra):
    body = new_user(entra)

    user = expect(entra.post("/Users", body), 201)

    for text in (
        f'userName eq "{body["userName"]}"',
        f'externalId eq "{body["externalId"]}"',
        f'emails[type eq "work"].value eq "{body["emails"][0]["value"]}"',
        f'id eq "{user["id"]}"',
    ):
        assert [found["id"] for found in expect(entra.get("/Users", filter=text))["Resources"]] == [user["id"]]
    assert "roles" not in user


def test_single_path_replaces_of_the_default_flavour(entra):
    user = created(entra)

    patched = send(
        entra,
        user,
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ann@example.com"},
        {"op": "Replace", "path": "name.familyName", "value": "Oak"},
        {"op": "Replace", "path": "name.givenName", "value": "Anna"},
        {"op": "Add", "path": "displayName", "value": "Anna Oak"},
        {"op": "Add", "path": "title", "value": "Head"},
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Tours"},
    )

    assert patched["emails"] == [{"value": "ann@example.com", "type": "work", "primary": True}]
    assert patched["name"] == {"formatted": "Ann Ash", "familyName": "Oak", "givenName": "Anna"}
    assert (patched["displayName"], patched["title"]) == ("Anna Oak", "Head")
    assert patched[ENTERPRISE]["department"] == "Tours"


@pytest.mark.parametrize(("sent", "stored"), [("False", False), ("True", True), (False, False)], ids=str)
def test_active_is_a_word_in_the_default_flavour(entra, sent, stored):
    user = created(entra, active="True")

    patched = send(entra, user, {"op": "Replace", "path": "active", "value": sent})

    assert patched["active"] is stored
    assert entra.read(user)["active"] is stored


def test_disabled_user_is_still_found(entra):
    user = created(entra)
    send(entra, user, {"op": "Replace", "path": "active", "value": "False"})

    found = expect(entra.get("/Users", filter=f'externalId eq "{user["externalId"]}"'))["Resources"]

    assert [each["id"] for each in found] == [user["id"]]


@pytest.mark.parametrize("op", ["Add", "Replace"])
def test_phone_number_is_made_where_the_user_has_none(entra, op):
    user = created(entra)

    patched = send(
        entra,
        user,
        {"op": op, "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1 206 555 0123"},
        {"op": op, "path": 'phoneNumbers[type eq "work"].value', "value": "+1 206 555 0199"},
    )

    numbers = {phone["type"]: phone["value"] for phone in patched["phoneNumbers"]}
    assert numbers == {"mobile": "+1 206 555 0123", "work": "+1 206 555 0199"}


def test_phone_number_is_replaced_at_once_where_the_privileged_are_not_asked(entra):
    user = created(entra, phoneNumbers=[{"type": "mobile", "value": "+1 206 555 0100"}])

    patched = send(entra, user, {"op": "Replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "5550123"})

    assert patched["phoneNumbers"] == [{"value": "5550123", "type": "mobile"}]
    assert "pendingMobileNumber" not in patched.get(ENTERPRISE, {})


@pytest.mark.parametrize("work_type", ["work", "home", "other"])
def test_address_is_made_where_the_user_has_none(entra, work_type):
    patched = send(
        entra,
        created(entra),
        {"op": "Add", "path": f'addresses[type eq "{work_type}"].streetAddress', "value": "1 High Street"},
        {"op": "Add", "path": f'addresses[type eq "{work_type}"].country', "value": "GB"},
    )

    assert patched["addresses"] == [{"streetAddress": "1 High Street", "country": "GB", "type": work_type}]


@pytest.mark.parametrize(
    "value",
    ["26118915", {"value": "26118915"}, [{"$ref": None, "value": "26118915"}], {"$ref": None, "value": "26118915"}],
    ids=["text", "object", "list", "null reference"],
)
@pytest.mark.parametrize("op", ["Add", "Replace"])
def test_manager_comes_in_many_forms(entra, op, value):
    patched = send(entra, created(entra), {"op": op, "path": f"{ENTERPRISE}:manager", "value": value})

    assert patched[ENTERPRISE]["manager"] == {"value": "26118915"}


@pytest.mark.parametrize(
    "change",
    [
        {"op": "Remove", "path": f"{ENTERPRISE}:manager"},
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": ""},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": {"value": ""}},
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": {"value": None}},
    ],
    ids=["remove", "empty text", "empty value", "null"],
)
def test_manager_goes_in_many_forms(entra, change):
    user = created(entra, **{ENTERPRISE: {"department": "Tours", "manager": {"value": "26118915"}}})

    assert send(entra, user, change)[ENTERPRISE] == {"department": "Tours"}


def test_manager_is_found(entra):
    user = created(entra, **{ENTERPRISE: {"manager": {"value": entra.mark}}})

    for manager, expected in ((entra.mark, 1), ("another", 0)):
        text = f'id eq "{user["id"]}" and {ENTERPRISE}:manager eq "{manager}"'
        assert expect(entra.get("/Users", filter=text, attributes="id"))["totalResults"] == expected


def test_app_roles_are_json_texts(entra):
    role = json.dumps({"id": "18d14569", "value": "Admin", "displayName": "Admin"})
    user = created(entra)

    patched = send(
        entra,
        user,
        {
            "op": "Add",
            "path": "roles",
            "value": [{"primary": "False", "type": "WindowsAzureActiveDirectoryRole", "value": role}],
        },
        {"op": "Replace", "path": 'roles[primary eq "False"].display', "value": "Admin"},
    )

    (shown,) = patched["roles"]
    assert json.loads(shown["value"])["displayName"] == "Admin"
    assert (shown["primary"], shown["display"]) == (False, "Admin")


@pytest.mark.parametrize("parameter", [FLAG, f"{FLAG}="])
def test_patch_of_the_flavour_with_a_flag(entra, parameter):
    user = created(entra)

    patched = send(
        entra,
        user,
        {
            "op": "replace",
            "value": {
                "displayName": "Anna Oak",
                'emails[type eq "work"].value': "anna@example.com",
                "name.givenName": "Anna",
                "active": False,
                f"{ENTERPRISE}:employeeNumber": "701984",
            },
        },
        {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Tours"},
        {"op": "remove", "path": "title"},
        query=f"?{parameter}",
    )

    assert patched["displayName"] == "Anna Oak"
    assert patched["emails"] == [{"value": "anna@example.com", "type": "work", "primary": True}]
    assert patched["name"]["givenName"] == "Anna"
    assert patched["active"] is False
    assert patched[ENTERPRISE] == {"employeeNumber": "701984", "department": "Tours"}


def test_foreign_extension_is_ignored(entra):
    urn = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User"
    body = new_user(entra, **{urn: {"tag": "701984"}})
    body["schemas"].append(urn)

    user = expect(entra.post("/Users", body), 201)

    assert urn not in user
    assert urn not in user["schemas"]


def test_group_is_created_and_found_without_its_members(entra):
    group = new_group(entra)

    assert group["schemas"] == [GROUP]
    text = f'displayName eq "{group["displayName"]}"'
    (found,) = expect(entra.get("/Groups", excludedAttributes="members", filter=text))["Resources"]
    assert found["id"] == group["id"]
    read = expect(entra.get(f"/Groups/{group['id']}", excludedAttributes="members"))
    assert (read["externalId"], "members" in read) == (group["externalId"], False)


def test_members_come_and_go_as_value_lists_in_the_default_flavour(entra):
    ann, ben, group = created(entra), created(entra), new_group(entra)

    for user in (ann, ben):
        send(entra, group, {"op": "Add", "path": "members", "value": [{"$ref": None, "value": user["id"]}]})
    patched = send(entra, group, {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": ann["id"]}]})

    assert [member["value"] for member in patched["members"]] == [ben["id"]]


def test_members_go_by_a_selector_in_the_flavour_with_a_flag(entra):
    ann, ben, group = created(entra), created(entra), new_group(entra)

    send(
        entra,
        group,
        {"op": "add", "path": "members", "value": [{"value": ann["id"]}, {"value": ben["id"]}]},
        query=f"?{FLAG}",
    )
    patched = send(
        entra, group, {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'}, query=f"?{FLAG}&excludedAttributes="
    )

    assert [member["value"] for member in patched["members"]] == [ben["id"]]


@pytest.mark.parametrize("form", ['members eq "{}"', 'members[value eq "{}"]', 'members.value eq "{}"'])
def test_membership_is_asked_for(entra, form):
    ann, ben, group = created(entra), created(entra), new_group(entra)
    send(entra, group, {"op": "Add", "path": "members", "value": [{"value": ann["id"]}]})

    for user, expected in ((ann, 1), (ben, 0)):
        text = f'id eq "{group["id"]}" and {form.format(user["id"])}'
        assert expect(entra.get("/Groups", excludedAttributes="members", filter=text))["totalResults"] == expected


def test_group_is_renamed(entra):
    group, name = new_group(entra), entra.name("renamed")

    assert send(entra, group, {"op": "Replace", "path": "displayName", "value": name})["displayName"] == name


def test_user_and_group_are_deleted(entra):
    user, group = created(entra), new_group(entra)
    send(entra, group, {"op": "Add", "path": "members", "value": [{"value": user["id"]}]})

    assert [entra.delete(each).status_code for each in (user, group)] == [204, 204]
    assert entra.delete(user).status_code == 404


def test_number_of_a_provisioned_user_waits_for_its_code_where_the_gate_is_shut(applications):
    service = applications()
    entra = Client(service, service.admin())
    user = created(entra, phoneNumbers=[{"type": "mobile", "value": "0111111111"}])
    change = {"op": "Replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "0122222222"}

    patched = send(entra, user, change, {"op": "Replace", "path": "displayName", "value": "Anna"})
    again = send(entra, user, change)

    assert patched["displayName"] == "Anna"
    assert patched["phoneNumbers"] == again["phoneNumbers"] == [{"value": "0111111111", "type": "mobile"}]
    assert patched[ENTERPRISE]["pendingMobileNumber"] == "0122222222"
    assert service.user(user["id"]).validate(service.last_code()).status_code == 200
    settled = entra.read(user)
    assert settled["phoneNumbers"] == [{"value": "0122222222", "type": "mobile"}]
    assert "pendingMobileNumber" not in settled.get(ENTERPRISE, {})
    # The next cycle sends the same again, and nothing happens.
    assert send(entra, user, change)["meta"]["version"] == settled["meta"]["version"]
