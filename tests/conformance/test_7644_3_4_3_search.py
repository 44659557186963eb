"""RFC 7644 §3.4.3: queries in a body, so that what they look for stays out of URLs."""

from __future__ import annotations

import pytest

from tests.factories.conformance import LIST_RESPONSE, SEARCH_REQUEST, expect, expect_error, sample


def test_7644_3_4_3_example_finds_names_of_users_and_groups(scim):
    start = scim.name("smith")
    user, group = scim.add_user(displayName=f"{start} James"), scim.add_group(displayName=f"{start} family")
    scim.add_user(displayName="Other")

    found = expect(scim.post("/.search", sample("rfc7644-3.4.3-search_request", start=start)))

    assert found["schemas"] == [LIST_RESPONSE]
    assert (found["totalResults"], found["itemsPerPage"], found["startIndex"]) == (2, 2, 1)
    shown = {item["id"]: item for item in found["Resources"]}
    assert set(shown) == {user["id"], group["id"]}
    assert shown[user["id"]]["userName"] == user["userName"]
    assert shown[group["id"]]["displayName"] == group["displayName"]
    assert "nickName" not in shown[user["id"]]


@pytest.mark.parametrize(("endpoint", "kind"), [("/Users", "User"), ("/Groups", "Group")])
def test_7644_3_4_3_search_at_an_endpoint_finds_its_type(scim, endpoint, kind):
    start = scim.name("smith")
    scim.add_user(displayName=f"{start} James")
    scim.add_group(displayName=f"{start} family")

    found = expect(scim.post(f"{endpoint}/.search", sample("rfc7644-3.4.3-search_request", start=start)))

    assert found["totalResults"] == 1
    assert expect(scim.get(f"{endpoint}/{found['Resources'][0]['id']}"))["meta"]["resourceType"] == kind


def test_7644_3_4_3_search_answers_like_get(scim):
    for number in range(5):
        scim.add_user(title=f"t{number}")
    asked = {"filter": f'nickName eq "{scim.mark}"', "sortBy": "title", "sortOrder": "descending"}
    page = {"startIndex": 2, "count": 2}

    by_get = expect(scim.get("/Users", **asked, **page, excludedAttributes="nickName"))
    body = {"schemas": [SEARCH_REQUEST], **asked, **page, "excludedAttributes": ["nickName"]}
    by_post = expect(scim.post("/Users/.search", body))

    assert by_post == by_get
    assert [user["title"] for user in by_post["Resources"]] == ["t3", "t2"]


def test_7644_3_4_3_search_with_nothing_asked_lists_all(scim):
    scim.add_user()

    found = expect(scim.post("/Users/.search", {"schemas": [SEARCH_REQUEST]}))

    assert found["totalResults"] == expect(scim.get("/Users", count=0))["totalResults"]


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        pytest.param([], "invalidSyntax", id="list"),
        pytest.param({"schemas": [LIST_RESPONSE]}, "invalidSyntax", id="schemas of another message"),
        pytest.param({"filter": "title"}, "invalidFilter", id="filter"),
        pytest.param({"filter": 7}, "invalidValue", id="filter that is no string"),
        pytest.param({"count": "many"}, "invalidValue", id="count"),
        pytest.param({"attributes": {"a": 1}}, "invalidValue", id="attributes"),
        pytest.param({"attributes": ["id"], "excludedAttributes": ["title"]}, "invalidValue", id="both lists"),
    ],
)
@pytest.mark.parametrize("path", ["/.search", "/Users/.search"])
def test_7644_3_4_3_faulty_search_is_refused(scim, path, body, scim_type):
    expect_error(scim.post(path, body), 400, scim_type)


def test_7644_3_4_3_search_is_a_post(scim):
    expect_error(scim.caller.call("PUT", "/scim2/.search", {}), 405)
