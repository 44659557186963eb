"""RFC 7644 §3.5.2.2: the operation remove."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, USER, expect, expect_error, operation, path_of, sample

EMAILS = [
    {"value": "a@example.com", "type": "work", "display": "A"},
    {"value": "b@example.org", "type": "work"},
    {"value": "c@example.com", "type": "home"},
]


def send(scim, resource, name, **replaced):
    body = sample(name, **replaced)
    return expect(scim.caller.call("PATCH", f"/scim2{path_of(resource)}", body))


def values(elements):
    return {element["value"] for element in elements}


@pytest.fixture
def people(scim):
    return [scim.add_user() for _ in range(3)]


@pytest.fixture
def group(scim, people):
    return scim.add_group(members=[{"value": user["id"]} for user in people])


def test_7644_3_5_2_2_example_removes_one_member(scim, people, group):
    patched = send(scim, group, "rfc7644-3.5.2.2-remove_one_member", babs=people[0]["id"])

    assert values(patched["members"]) == {people[1]["id"], people[2]["id"]}


def test_7644_3_5_2_2_example_removes_all_members(scim, group):
    assert "members" not in send(scim, group, "rfc7644-3.5.2.2-remove_all_members")


def test_7644_3_5_2_2_example_removes_selected_values(scim):
    patched = send(scim, scim.add_user(emails=EMAILS), "rfc7644-3.5.2.2-remove_selected_emails")

    assert patched["emails"] == EMAILS[1:]


def test_7644_3_5_2_2_example_removes_one_and_adds_one_member(scim, people, group):
    james = scim.add_user()

    patched = send(scim, group, "rfc7644-3.5.2.2-remove_and_add_member", babs=people[0]["id"], james=james["id"])

    assert values(patched["members"]) == {people[1]["id"], people[2]["id"], james["id"]}


def test_7644_3_5_2_2_example_replaces_all_members_in_two_operations(scim, people, group):
    babs, james = scim.add_user(), scim.add_user()

    patched = send(scim, group, "rfc7644-3.5.2.2-replace_all_members", babs=babs["id"], james=james["id"])

    assert values(patched["members"]) == {babs["id"], james["id"]}


def test_7644_3_5_2_2_remove_needs_a_path(scim):
    expect_error(scim.patch(scim.add_user(), operation("remove")), 400, "noTarget")


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        pytest.param("title", "title", id="simple"),
        pytest.param(f"{USER}:title", "title", id="full name"),
        pytest.param("name", "name", id="complex"),
        pytest.param("emails", "emails", id="multi-valued"),
        pytest.param(ENTERPRISE, ENTERPRISE, id="whole extension"),
        pytest.param(f"{ENTERPRISE}:department", ENTERPRISE, id="last attribute of an extension"),
        pytest.param("name.givenName", "name", id="last sub-attribute"),
    ],
)
def test_7644_3_5_2_2_attribute_is_unassigned(scim, path, gone):
    user = scim.add_user(
        title="Guide", name={"givenName": "Ann"}, emails=EMAILS, **{ENTERPRISE: {"department": "Tours"}}
    )

    patched = scim.patched(user, operation("remove", path))

    assert set(user) - set(patched) == {gone}


def test_7644_3_5_2_2_sub_attribute_leaves_the_others(scim):
    user = scim.add_user(name={"givenName": "Ann", "familyName": "Ash"})

    assert scim.patched(user, operation("remove", "name.givenName"))["name"] == {"familyName": "Ash"}


def test_7644_3_5_2_2_selected_elements_are_removed(scim):
    patched = scim.patched(scim.add_user(emails=EMAILS), operation("remove", 'emails[type eq "work"]'))

    assert patched["emails"] == EMAILS[2:]


def test_7644_3_5_2_2_last_element_takes_the_attribute_with_it(scim):
    patched = scim.patched(scim.add_user(emails=EMAILS), operation("remove", "emails[value pr]"))

    assert "emails" not in patched


def test_7644_3_5_2_2_sub_attribute_of_selected_elements_is_removed(scim):
    patched = scim.patched(scim.add_user(emails=EMAILS), operation("remove", 'emails[type eq "work"].display'))

    assert patched["emails"] == [{"value": "a@example.com", "type": "work"}, *EMAILS[1:]]


def test_7644_3_5_2_2_sub_attribute_of_every_element_is_removed(scim):
    patched = scim.patched(scim.add_user(emails=EMAILS), operation("remove", "emails.type"))

    assert [set(email) & {"type"} for email in patched["emails"]] == [set()] * 3


@pytest.mark.parametrize("path", ["title", "emails", 'emails[type eq "work"]', "name.givenName", ENTERPRISE])
def test_7644_3_5_2_2_what_is_not_there_is_removed_already(scim, path):
    user = scim.add_user()

    assert scim.patched(user, operation("remove", path)) == user


def test_7644_3_5_2_2_member_who_is_not_in_is_removed_already(scim, people, group):
    outsider = scim.add_user()

    patched = scim.patched(group, operation("remove", f'members[value eq "{outsider["id"]}"]'))

    assert values(patched["members"]) == {user["id"] for user in people}


@pytest.mark.parametrize("path", ["userName", "id", "schemas"])
def test_7644_3_5_2_2_required_attribute_cannot_be_removed(scim, path):
    user = scim.add_user()

    expect_error(scim.patch(user, operation("remove", path)), 400, "mutability")
    assert scim.read(user) == user


def test_7644_3_5_2_2_display_name_of_a_group_cannot_be_removed(scim, group):
    expect_error(scim.patch(group, operation("remove", "displayName")), 400, "mutability")


def test_7644_3_5_2_2_several_members_are_selected_at_once(scim, people, group):
    selector = f'members[value eq "{people[0]["id"]}" or value eq "{people[1]["id"]}"]'

    patched = scim.patched(group, operation("remove", selector))

    assert values(patched["members"]) == {people[2]["id"]}


def test_7644_3_5_2_2_members_are_selected_by_their_type(scim, people):
    inner = scim.add_group()
    group = scim.add_group(members=[{"value": people[0]["id"]}, {"value": inner["id"]}])

    patched = scim.patched(group, operation("remove", 'members[type eq "Group"]'))

    assert values(patched["members"]) == {people[0]["id"]}


def test_7644_3_5_2_2_values_of_a_plain_list_are_removed(things):
    thing = expect(things.post("/Things", {"label": things.name("thing"), "tags": ["red", "blue", "green"]}), 201)

    patched = things.patched(thing, operation("remove", 'tags[value eq "RED"]'), operation("remove", "tags", ["blue"]))

    assert patched["tags"] == ["green"]
