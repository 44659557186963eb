"""RFC 7644 §3.9, §3.10, RFC 7643 §7 `returned`: which attributes an answer holds, and how they are named."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, USER, expect, expect_error, operation

MINIMUM = {"schemas", "id"}


@pytest.fixture
def user(scim):
    return scim.add_user(
        title="Guide",
        name={"givenName": "Ann", "familyName": "Ash"},
        emails=[{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"}],
        **{ENTERPRISE: {"department": "Tours", "costCenter": "7"}},
    )


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param("userName", {"userName"}, id="one"),
        pytest.param("userName,title", {"userName", "title"}, id="two"),
        pytest.param(" USERNAME , tItLe ", {"userName", "title"}, id="blanks and case"),
        pytest.param("name", {"name"}, id="complex"),
        pytest.param("meta", {"meta"}, id="meta"),
        pytest.param("id", set(), id="what is always there"),
        pytest.param("unknown", set(), id="unknown"),
        pytest.param(f"{USER}:title", {"title"}, id="full name"),
        pytest.param(f"{ENTERPRISE}:department", {ENTERPRISE}, id="extension"),
        pytest.param(ENTERPRISE, {ENTERPRISE}, id="whole extension"),
    ],
)
def test_7644_3_9_attributes_are_those_asked_for(scim, user, attributes, expected):
    assert set(scim.read(user, attributes=attributes)) == MINIMUM | expected


def test_7644_3_9_sub_attributes_are_those_asked_for(scim, user):
    shown = scim.read(user, attributes="name.givenName,emails.value,meta.version")

    assert shown["name"] == {"givenName": "Ann"}
    assert shown["emails"] == [{"value": "a@example.com"}, {"value": "b@example.com"}]
    assert shown["meta"] == {"version": user["meta"]["version"]}


def test_7644_3_9_attribute_of_an_extension_is_the_one_asked_for(scim, user):
    assert scim.read(user, attributes=f"{ENTERPRISE}:department")[ENTERPRISE] == {"department": "Tours"}


def test_7644_3_9_excluded_attributes_are_left_out(scim, user):
    shown = scim.read(user, excludedAttributes=f"title,NAME.familyName,{ENTERPRISE}:costCenter,emails.type")

    assert "title" not in shown
    assert shown["name"] == {"givenName": "Ann"}
    assert shown["emails"] == [{"value": "a@example.com"}, {"value": "b@example.com"}]
    assert shown[ENTERPRISE] == {"department": "Tours"}
    assert shown["userName"] == user["userName"]


def test_7644_3_9_what_is_always_returned_cannot_be_excluded(scim, user):
    shown = scim.read(user, excludedAttributes="id,schemas,userName")

    assert (shown["id"], shown["schemas"]) == (user["id"], user["schemas"])
    assert "userName" not in shown


def test_7644_3_9_both_parameters_at_once_are_refused(scim, user):
    expect_error(scim.get(f"/Users/{user['id']}", attributes="title", excludedAttributes="name"), 400, "invalidValue")


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH", "list", "search"])
def test_7644_3_9_every_answer_with_a_resource_is_projected(scim, user, verb):
    body = {"schemas": [USER], "userName": scim.name(), "nickName": scim.mark, "title": "Guide"}
    one, parameters = f"/scim2/Users/{user['id']}?attributes=title", {"attributes": "title"}
    calls = {
        "GET": lambda: expect(scim.caller.get(one)),
        "POST": lambda: expect(scim.post("/Users?attributes=title", body), 201),
        "PUT": lambda: expect(scim.caller.put(one, body)),
        "PATCH": lambda: expect(scim.caller.patch(one, operation("add", "title", "Head"))),
        "list": lambda: scim.users(**parameters)[0],
        "search": lambda: expect(
            scim.post("/Users/.search", {"filter": f'nickName eq "{scim.mark}"', "attributes": ["title"]})
        )["Resources"][0],
    }

    assert set(calls[verb]()) == MINIMUM | {"title"}


def test_7644_3_9_projection_does_not_change_what_is_stored(scim, user):
    expect(scim.caller.patch(f"/scim2/Users/{user['id']}?attributes=title", operation("add", "nickName", "Nan")))

    shown = scim.read(user)
    assert shown["nickName"] == "Nan"
    assert shown["emails"] == user["emails"]


def test_7644_3_9_members_can_be_left_out(scim, user):
    group = scim.add_group(members=[{"value": user["id"]}])

    assert "members" not in scim.read(group, excludedAttributes="members")
    assert scim.read(group, attributes="members.value")["members"] == [{"value": user["id"]}]


def test_7644_3_9_groups_are_projected(scim, user):
    group = scim.add_group(members=[{"value": user["id"]}])

    assert scim.read(user, attributes="groups.value")["groups"] == [{"value": group["id"]}]
    assert "groups" not in scim.read(user, excludedAttributes="groups")
    assert "groups" not in scim.read(user, attributes="title")


@pytest.mark.parametrize(
    ("parameters", "shown", "hidden"),
    [
        pytest.param({}, {"kind", "word", "label"}, {"notes", "pin"}, id="default"),
        pytest.param({"attributes": "word"}, {"kind", "word"}, {"notes", "pin", "label"}, id="always"),
        pytest.param({"attributes": "notes"}, {"kind", "notes"}, {"pin", "word"}, id="request"),
        pytest.param({"attributes": "pin"}, {"kind"}, {"pin", "word"}, id="never"),
        pytest.param({"excludedAttributes": "kind,word"}, {"kind", "label"}, {"word", "notes", "pin"}, id="excluded"),
    ],
)
def test_7643_7_returned_says_when_an_attribute_is_shown(things, parameters, shown, hidden):
    body = {"label": things.name("thing"), "word": "w", "notes": "n", "kind": "k", "pin": "p"}
    thing = expect(things.post("/Things", body), 201)

    seen = set(things.read(thing, **parameters))

    assert shown <= seen
    assert hidden.isdisjoint(seen)


def test_7643_7_returned_holds_for_sub_attributes(things):
    box = {"shelf": "top", "key": "k", "remark": "r"}
    thing = expect(things.post("/Things", {"label": things.name("thing"), "box": box}), 201)

    assert thing["box"] == {"shelf": "top"}
    assert things.read(thing, attributes="box")["box"] == {"shelf": "top"}
    assert things.read(thing, attributes="box.remark,box.key")["box"] == {"remark": "r"}


def test_7644_3_10_full_names_mean_the_same_everywhere(scim, user):
    scim.patched(user, operation("replace", f"{USER}:name.givenName", "Anna"))

    assert scim.read(user, attributes=f"{USER}:name.givenName")["name"] == {"givenName": "Anna"}
    assert [found["id"] for found in scim.users(f'{USER}:name.givenName eq "Anna"')] == [user["id"]]
    assert [found["id"] for found in scim.users(sortBy=f"{USER}:name.givenName")] == [user["id"]]


def test_7644_3_10_attribute_of_an_extension_needs_its_urn(scim, user):
    expect_error(scim.get("/Users", filter='department eq "Tours"'), 400, "invalidFilter")
    expect_error(scim.patch(user, operation("add", "department", "Head")), 400, "invalidPath")
    assert ENTERPRISE not in scim.read(user, attributes="department")
