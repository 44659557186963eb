"""RFC 7643 §4: what is special about the attributes of users, enterprise users and groups."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, GROUP, USER, expect, expect_error, operation


def ids(elements):
    return {element["value"] for element in elements}


def test_7643_4_1_1_user_name_is_required(scim):
    expect_error(scim.post("/Users", {"schemas": [USER], "displayName": "Ann"}), 400, "invalidValue")


def test_7643_4_1_1_user_name_is_unique(scim):
    user = scim.add_user()

    body = {"schemas": [USER], "userName": user["userName"]}
    expect_error(scim.post("/Users", body), 409, "uniqueness")


def test_7643_4_1_1_user_name_is_unique_whatever_its_case(scim):
    user = scim.add_user(userName=scim.name("ünique"))

    body = {"schemas": [USER], "userName": user["userName"].upper()}
    expect_error(scim.post("/Users", body), 409, "uniqueness")


def test_7643_4_1_1_user_name_keeps_its_case(scim):
    name = scim.name("Ann.Ash")

    assert scim.add_user(userName=name)["userName"] == name


def test_7643_4_1_1_user_name_may_change_its_case(scim):
    user = scim.add_user(userName=scim.name("ann"))

    patched = scim.patched(user, operation("replace", "userName", user["userName"].upper()))

    assert patched["userName"] == user["userName"].upper()


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_7643_4_1_1_user_name_of_another_cannot_be_taken(scim, verb):
    first, second = scim.add_user(), scim.add_user()

    if verb == "PUT":
        answer = scim.put(second, {**second, "userName": first["userName"]})
    else:
        answer = scim.patch(second, operation("replace", "userName", first["userName"]))

    expect_error(answer, 409, "uniqueness")
    assert scim.read(second) == second


def test_7643_4_1_1_user_name_is_free_again_after_a_removal(scim):
    user = scim.add_user()
    scim.delete(user)

    assert scim.add_user(userName=user["userName"])["userName"] == user["userName"]


def test_7643_4_1_1_user_name_of_an_inactive_user_is_taken_and_the_error_says_so(scim):
    user = scim.add_user(active=False)

    error = expect_error(scim.post("/Users", {"schemas": [USER], "userName": user["userName"]}), 409, "uniqueness")

    assert "inactive" in error["detail"]


def test_7643_4_1_1_password_is_never_returned(scim):
    body = {"schemas": [USER], "userName": scim.name(), "nickName": scim.mark, "password": "t1meMa$heen"}
    user = expect(scim.post("/Users?attributes=password,meta", body), 201)

    shown = [
        user,
        scim.read(user, attributes="password"),
        expect(scim.put(user, {**body, "password": "0ther$ecret"})),
        scim.patched(user, operation("replace", "password", "an0ther$ecret")),
        *scim.users(attributes="password"),
    ]

    assert ["password" in each for each in shown] == [False] * 5
    assert "t1meMa$heen" not in str(shown)


@pytest.mark.parametrize("text", ['password eq "t1meMa$heen"', 'password sw "t"', "password pr"])
def test_7643_4_1_1_password_cannot_be_looked_for(scim, text):
    scim.add_user(password="t1meMa$heen")

    expect_error(scim.get("/Users", filter=text), 400, "invalidFilter")


def test_7643_4_1_1_active_keeps_the_user(scim):
    user = scim.add_user(active=True)

    patched = scim.patched(user, operation("replace", "active", value=False))

    assert patched["active"] is False
    assert scim.read(user)["active"] is False
    assert [found["id"] for found in scim.users("active eq false")] == [user["id"]]


def test_7643_4_1_2_every_multi_valued_attribute_of_a_user_is_kept(scim):
    values = {
        "emails": [{"value": "a@example.com", "type": "work", "primary": True, "display": "A"}],
        "phoneNumbers": [{"value": "tel:+1-201-555-0123", "type": "work"}],
        "ims": [{"value": "ann", "type": "xmpp"}],
        "photos": [{"value": "https://photos.example.com/Ann.JPG", "type": "photo"}],
        "addresses": [{"formatted": "1 High Street", "country": "GB", "type": "home"}],
        "entitlements": [{"value": "pool"}],
        "roles": [{"value": "guide", "type": "work"}],
        "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJ"}],
    }

    shown = scim.read(scim.add_user(**values))

    assert {name: shown[name] for name in values} == values


def test_7643_4_1_2_certificate_must_be_base64(scim):
    body = {"schemas": [USER], "userName": scim.name(), "x509Certificates": [{"value": "-----BEGIN"}]}

    expect_error(scim.post("/Users", body), 400, "invalidValue")


def test_7643_4_1_2_groups_cannot_be_set_through_the_user(scim):
    group = scim.add_group()
    user = scim.add_user(groups=[{"value": group["id"]}])

    assert "groups" not in user
    expect_error(scim.patch(user, operation("add", "groups", [{"value": group["id"]}])), 400, "mutability")
    assert "members" not in scim.read(group)


def test_7643_4_1_2_groups_are_those_the_user_is_a_member_of(scim):
    user = scim.add_user()
    group = scim.add_group(members=[{"value": user["id"]}])

    assert scim.read(user)["groups"] == [
        {
            "value": group["id"],
            "$ref": group["meta"]["location"],
            "display": group["displayName"],
            "type": "direct",
        }
    ]


def test_7643_4_1_2_groups_of_groups_are_indirect(scim):
    user = scim.add_user()
    inner = scim.add_group(members=[{"value": user["id"]}])
    outer = scim.add_group(members=[{"value": inner["id"], "type": "Group"}])

    kinds = {group["value"]: group["type"] for group in scim.read(user)["groups"]}

    assert kinds == {inner["id"]: "direct", outer["id"]: "indirect"}


def test_7643_4_1_2_groups_follow_a_change_of_members(scim):
    user = scim.add_user()
    group = scim.add_group(members=[{"value": user["id"]}])

    scim.patched(group, operation("remove", "members"))

    assert "groups" not in scim.read(user)


def test_7643_4_2_display_name_of_a_group_is_required(scim):
    expect_error(scim.post("/Groups", {"schemas": [GROUP]}), 400, "invalidValue")


def test_7643_4_2_display_name_of_a_group_is_unique(scim):
    group = scim.add_group()

    body = {"schemas": [GROUP], "displayName": group["displayName"].upper()}
    expect_error(scim.post("/Groups", body), 409, "uniqueness")


def test_7643_4_2_members_are_users_and_groups(scim):
    user, inner = scim.add_user(displayName="Ann"), scim.add_group()

    group = scim.add_group(members=[{"value": user["id"]}, {"value": inner["id"]}])

    shown = {member["value"]: member for member in scim.read(group)["members"]}
    assert shown == {
        user["id"]: {
            "value": user["id"],
            "$ref": user["meta"]["location"],
            "type": "User",
            "display": "Ann",
        },
        inner["id"]: {
            "value": inner["id"],
            "$ref": inner["meta"]["location"],
            "type": "Group",
            "display": inner["displayName"],
        },
    }


def test_7643_4_2_member_is_displayed_by_its_display_name(scim):
    user = scim.add_user()
    group = scim.add_group(members=[{"value": user["id"], "display": "Somebody"}])

    unnamed = group["members"][0]
    scim.patched(user, operation("add", "displayName", "Ann"))

    assert "display" not in unnamed
    assert scim.read(group)["members"][0]["display"] == "Ann"


def test_7643_4_2_member_that_does_not_exist_is_refused(scim):
    body = {"schemas": [GROUP], "displayName": scim.name("group"), "members": [{"value": "nobody"}]}

    expect_error(scim.post("/Groups", body), 400, "invalidValue")


def test_7643_4_2_member_that_is_removed_leaves_its_groups(scim):
    user, other = scim.add_user(), scim.add_user()
    group = scim.add_group(members=[{"value": user["id"]}, {"value": other["id"]}])

    scim.delete(user)

    assert ids(scim.read(group)["members"]) == {other["id"]}


def test_7643_4_2_group_that_is_removed_leaves_its_members(scim):
    user = scim.add_user()
    group = scim.add_group(members=[{"value": user["id"]}])

    scim.delete(group)

    assert "groups" not in scim.read(user)


def test_7643_4_2_member_cannot_be_changed_in_place(scim):
    user, other = scim.add_user(), scim.add_user()
    group = scim.add_group(members=[{"value": user["id"]}])

    change = operation("replace", f'members[value eq "{user["id"]}"].value', other["id"])

    expect_error(scim.patch(group, change), 400, "mutability")


def test_7643_4_3_every_attribute_of_an_enterprise_user_is_kept(scim):
    manager = scim.add_user()
    values = {
        "employeeNumber": "701984",
        "costCenter": "4130",
        "organization": "Universal Studios",
        "division": "Theme Park",
        "department": "Tour Operations",
        "manager": {"value": manager["id"], "$ref": manager["meta"]["location"]},
    }

    assert scim.read(scim.add_user(**{ENTERPRISE: values}))[ENTERPRISE] == values


def test_7643_4_3_name_of_the_manager_is_read_only(scim):
    manager = {"value": "26118915", "displayName": "John Smith"}
    user = scim.add_user(**{ENTERPRISE: {"manager": manager}})

    assert user[ENTERPRISE]["manager"] == {"value": "26118915"}
    change = operation("add", f"{ENTERPRISE}:manager.displayName", "John Smith")
    expect_error(scim.patch(user, change), 400, "mutability")
