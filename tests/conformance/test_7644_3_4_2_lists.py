"""RFC 7644 §3.4.2, §3.4.2.3, §3.4.2.4, §3.4.2.1: lists, their order, their pages, and lists over several types."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, LIST_RESPONSE, SETTINGS, Client, expect, expect_error

CITIES = {
    "ann": {"title": "b", "name": {"familyName": "Zola"}, "active": True},
    "ben": {"title": "A", "emails": [{"value": "c@example.com"}, {"value": "a@example.com", "primary": True}]},
    "cat": {"title": "c", "name": {"familyName": "abel"}, "emails": [{"value": "b@example.com"}], "active": False},
    "dan": {"displayName": "Dan", ENTERPRISE: {"employeeNumber": "3"}},
    "eve": {"title": "b", "emails": [{"value": "d@example.com"}], ENTERPRISE: {"employeeNumber": "20"}},
}


@pytest.fixture(scope="module")
def crowd(applications):
    """Return a client with people who are only looked at, each a second younger than the one before."""
    service = applications(**SETTINGS)
    client = Client(service, service.admin())
    for name, attributes in CITIES.items():
        client.add_user(userName=f"{name}-{client.mark}", **attributes)
        service.clock.move(seconds=1)
    return client


def names(crowd, **parameters):
    return [user["userName"].partition("-")[0] for user in crowd.users(**parameters)]


def page(crowd, **parameters):
    return expect(crowd.get("/Users", filter=f'nickName eq "{crowd.mark}"', **parameters))


def test_7644_3_4_2_list_is_a_list_response(crowd):
    listed = page(crowd)

    assert listed["schemas"] == [LIST_RESPONSE]
    assert listed["totalResults"] == listed["itemsPerPage"] == len(listed["Resources"]) == len(CITIES)
    assert listed["startIndex"] == 1


def test_7644_3_4_2_list_without_results_is_200(scim):
    listed = expect(scim.get("/Users", filter='userName eq "nobody at all"'))

    assert (listed["totalResults"], listed["itemsPerPage"], listed["Resources"]) == (0, 0, [])


def test_7644_3_4_2_listed_resource_is_what_a_read_returns(crowd):
    for user in crowd.users():
        assert crowd.read(user) == user


def test_7644_3_4_2_list_of_all_is_of_the_type_of_its_endpoint(scim):
    group = scim.add_group()

    users = expect(scim.get("/Users", sortBy="meta.created", sortOrder="descending"))["Resources"]

    assert {user["meta"]["resourceType"] for user in users} == {"User"}
    assert group["id"] not in {user["id"] for user in users}


def test_7644_3_4_2_total_of_all_counts_what_comes_and_goes(scim):
    def total():
        return expect(scim.get("/Users", count=0))["totalResults"]

    before = total()
    user = scim.add_user()
    between = total()
    scim.delete(user)

    assert (between, total()) == (before + 1, before)


@pytest.mark.parametrize(
    ("sort_by", "order", "expected"),
    [
        pytest.param("userName", "ascending", ["ann", "ben", "cat", "dan", "eve"], id="userName"),
        pytest.param("userName", "descending", ["eve", "dan", "cat", "ben", "ann"], id="userName descending"),
        pytest.param("title", "ascending", ["ben", "ann", "eve", "cat", "dan"], id="without case, missing last"),
        pytest.param("title", "descending", ["dan", "cat", "eve", "ann", "ben"], id="missing first when descending"),
        pytest.param("name.familyName", "ascending", ["cat", "ann"], id="sub-attribute"),
        pytest.param("emails", "ascending", ["ben", "cat", "eve"], id="primary value, else the first"),
        pytest.param("emails.value", "ascending", ["ben", "cat", "eve"], id="value of the primary"),
        pytest.param("meta.created", "descending", ["eve", "dan", "cat", "ben", "ann"], id="dateTime"),
        pytest.param(f"{ENTERPRISE}:employeeNumber", "ascending", ["eve", "dan"], id="extension"),
        pytest.param("active", "ascending", ["cat", "ann"], id="boolean"),
        pytest.param("USERNAME", "Descending", ["eve", "dan", "cat", "ben", "ann"], id="names without case"),
    ],
)
def test_7644_3_4_2_3_list_is_sorted(crowd, sort_by, order, expected):
    found = names(crowd, sortBy=sort_by, sortOrder=order)

    assert len(found) == len(CITIES)
    assert found[: len(expected)] == expected


def test_7644_3_4_2_3_order_is_ascending_when_nothing_is_said(crowd):
    assert names(crowd, sortBy="userName") == list(CITIES)


def test_7644_3_4_2_3_equal_values_have_a_stable_order(crowd):
    pages = [names(crowd, sortBy="nickName", count=2, startIndex=start) for start in (1, 3, 5)]

    assert sorted(name for part in pages for name in part) == list(CITIES)


@pytest.mark.parametrize(
    "parameters",
    [
        {"sortBy": "shoeSize"},
        {"sortBy": "userName", "sortOrder": "sideways"},
        {"sortBy": "name"},
        {"sortBy": "password"},
        {"sortBy": "emails["},
    ],
    ids=str,
)
def test_7644_3_4_2_3_faulty_order_is_refused(scim, parameters):
    answer = scim.get("/Users", **parameters)

    assert answer.get_json()["scimType"] in {"invalidValue", "invalidPath"}
    expect_error(answer, 400, answer.get_json()["scimType"])


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        pytest.param(1, 2, ["ann", "ben"], id="first page"),
        pytest.param(3, 2, ["cat", "dan"], id="second page"),
        pytest.param(5, 2, ["eve"], id="last page"),
        pytest.param(6, 2, [], id="beyond the end"),
        pytest.param(0, 2, ["ann", "ben"], id="below 1 is 1"),
        pytest.param(-7, 2, ["ann", "ben"], id="negative is 1"),
        pytest.param(2, -1, [], id="negative count is 0"),
        pytest.param(1, 0, [], id="count 0"),
        pytest.param(2**40, 1, [], id="huge index"),
    ],
)
def test_7644_3_4_2_4_page(crowd, start, count, expected):
    listed = page(crowd, sortBy="userName", startIndex=start, count=count)

    assert [user["userName"].partition("-")[0] for user in listed["Resources"]] == expected
    assert listed["totalResults"] == len(CITIES)
    assert listed["itemsPerPage"] == len(expected)
    assert listed["startIndex"] >= 1


def test_7644_3_4_2_4_count_is_a_maximum_the_service_may_lower(scim):
    limit = expect(scim.get("/ServiceProviderConfig"))["filter"]["maxResults"]

    listed = expect(scim.get("/Users", count=limit + 1000))

    assert listed["itemsPerPage"] <= limit


@pytest.mark.parametrize("parameters", [{"count": "ten"}, {"startIndex": "1.5"}, {"count": "1e3"}], ids=str)
def test_7644_3_4_2_4_page_that_is_no_number_is_refused(scim, parameters):
    expect_error(scim.get("/Users", **parameters), 400, "invalidValue")


def test_7644_3_4_2_4_total_is_that_of_the_filter_not_of_the_page(crowd):
    listed = expect(crowd.get("/Users", filter=f'nickName eq "{crowd.mark}" and title pr', count=1))

    assert (listed["totalResults"], listed["itemsPerPage"]) == (4, 1)


def test_7644_3_4_2_1_root_is_a_list_over_all_types(scim):
    name = scim.name("everything")
    user, group = scim.add_user(displayName=name), scim.add_group(displayName=name)

    listed = expect(scim.get("/", filter=f'displayName eq "{name}"'))

    assert {item["id"] for item in listed["Resources"]} == {user["id"], group["id"]}
    assert {item["meta"]["resourceType"] for item in listed["Resources"]} == {"User", "Group"}
    assert listed["totalResults"] == 2


def test_7644_3_4_2_1_root_can_be_narrowed_to_a_type(scim):
    name = scim.name("everything")
    scim.add_user(displayName=name)
    group = scim.add_group(displayName=name)

    text = f'meta.resourceType eq "Group" and displayName eq "{name}"'

    assert [item["id"] for item in expect(scim.get("/", filter=text))["Resources"]] == [group["id"]]


def test_7644_3_4_2_1_root_filter_may_name_what_only_one_type_has(scim):
    user = scim.add_user()

    listed = expect(scim.get("/", filter=f'userName eq "{user["userName"]}"'))

    assert [item["id"] for item in listed["Resources"]] == [user["id"]]


def test_7644_3_4_2_1_root_is_sorted_and_paged(scim):
    name = scim.name("everything")
    made = [scim.add_user(displayName=f"{name} b"), scim.add_group(displayName=f"{name} a")]
    made.append(scim.add_user(displayName=f"{name} c"))
    text = f'displayName sw "{name}"'

    pages = [
        expect(scim.get("/", filter=text, sortBy="displayName", startIndex=start, count=1))["Resources"][0]["id"]
        for start in (1, 2, 3)
    ]

    assert pages == [made[1]["id"], made[0]["id"], made[2]["id"]]
