"""RFC 7644 §3.3, §3.4.1: creating a resource, and reading it back."""

from __future__ import annotations

import pytest

from tests.factories.conformance import GROUP, USER, expect, expect_error, sample, unique


def test_7644_3_3_example_is_answered_with_the_resource(scim):
    body = sample("rfc7644-3.3-create_user", user_name=scim.name())

    user = expect(scim.post("/Users", body), 201)

    assert {name: user[name] for name in body} == body
    assert user["meta"]["resourceType"] == "User"


@pytest.mark.parametrize(
    ("endpoint", "schema", "attribute"),
    [pytest.param("/Users", USER, "userName", id="User"), pytest.param("/Groups", GROUP, "displayName", id="Group")],
)
def test_7644_3_3_answer_names_the_location_and_the_version(scim, endpoint, schema, attribute):
    answer = scim.post(endpoint, {"schemas": [schema], attribute: scim.name()})

    resource = expect(answer, 201)
    assert answer.headers["Location"] == resource["meta"]["location"]
    assert answer.headers["ETag"] == resource["meta"]["version"]
    assert resource["meta"]["location"] == f"http://127.0.0.1:8080/scim2{endpoint}/{resource['id']}"


def test_7644_3_3_answer_is_what_a_read_returns(scim):
    user = scim.add_user(emails=[{"value": "a@example.com"}], name={"givenName": "Ann"})

    assert scim.read(user) == user


@pytest.mark.parametrize("attribute", ["id", "meta", "groups"])
def test_7644_3_3_read_only_attributes_of_the_body_are_ignored(scim, attribute):
    values = {"id": "mine", "meta": {"version": "mine"}, "groups": [{"value": "mine"}]}

    user = scim.add_user(**{attribute: values[attribute]})

    assert "mine" not in str(user.get(attribute))


def test_7644_3_3_unknown_attributes_are_ignored(scim):
    user = scim.add_user(shoeSize=41, **{"urn:example:unknown": {"a": 1}})

    assert {"shoeSize", "urn:example:unknown"}.isdisjoint(user)
    assert user["schemas"] == [USER]


def test_7644_3_3_body_without_schemas_is_taken_for_what_the_endpoint_has(scim):
    user = expect(scim.post("/Users", {"userName": scim.name()}), 201)

    assert user["schemas"] == [USER]


def test_7644_3_3_same_attribute_twice_with_different_values_is_refused(scim):
    body = {"schemas": [USER], "userName": scim.name(), "title": "a", "TITLE": "b"}

    expect_error(scim.post("/Users", body), 400, "invalidValue")


def test_7644_3_3_1_duplicate_is_409_uniqueness(scim):
    user = scim.add_user()

    expect_error(scim.post("/Users", {"schemas": [USER], "userName": user["userName"]}), 409, "uniqueness")
    assert len(scim.users(f'userName eq "{user["userName"]}"')) == 1


def test_7644_3_3_refused_creation_leaves_nothing(scim):
    name = scim.name()

    expect_error(scim.post("/Users", {"schemas": [USER], "userName": name, "active": "often"}), 400, "invalidValue")

    assert expect(scim.get("/Users", filter=f'userName eq "{name}"'))["totalResults"] == 0


@pytest.mark.parametrize("parameter", ["attributes", "excludedAttributes"])
def test_7644_3_3_answer_is_projected(scim, parameter):
    body = {"schemas": [USER], "userName": scim.name(), "title": "Guide", "nickName": "Ann"}

    user = expect(scim.post(f"/Users?{parameter}=title", body), 201)

    assert ("title" in user) is (parameter == "attributes")
    assert ("nickName" in user) is (parameter != "attributes")


def test_7644_3_4_1_read_has_the_version_in_its_etag(scim):
    user = scim.add_user()

    answer = scim.get(f"/Users/{user['id']}")

    assert expect(answer) == user
    assert answer.headers["ETag"] == user["meta"]["version"]


def test_7644_3_4_1_resource_of_another_type_is_not_found(scim):
    user, group = scim.add_user(), scim.add_group()

    expect_error(scim.get(f"/Groups/{user['id']}"), 404)
    expect_error(scim.get(f"/Users/{group['id']}"), 404)


@pytest.mark.parametrize("resource_id", ["unknown", "%00", "a" * 3000, "%F0%9F%99%82", "' OR 1=1 --"])
def test_7644_3_4_1_id_that_nobody_has_is_not_found(scim, resource_id):
    expect_error(scim.get(f"/Users/{resource_id}"), 404)


def test_7644_3_4_1_name_of_a_user_is_not_an_id(scim):
    user = scim.add_user(userName=f"name{unique()}")

    expect_error(scim.get(f"/Users/{user['userName']}"), 404)
