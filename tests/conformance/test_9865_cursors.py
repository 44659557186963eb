"""RFC 9865: walking through a list by cursors."""

from __future__ import annotations

import re

import pytest

from tests.factories.conformance import LIST_RESPONSE, expect, expect_error, sample

TITLES = ["a", "b", "b", "c", None, None, "D"]
# RFC 9865 §2, RFC 3986 §2.3: a cursor needs no escaping.
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")


@pytest.fixture
def crowd(scim):
    for title in TITLES:
        scim.add_user(title=title)
    return scim


def page(scim, cursor="", **parameters):
    return expect(scim.get("/Users", filter=f'nickName eq "{scim.mark}"', cursor=cursor, **parameters))


def walk(scim, **parameters):
    pages = [page(scim, **parameters)]
    while "nextCursor" in pages[-1]:
        pages.append(page(scim, pages[-1]["nextCursor"], **parameters))
    return pages


def test_9865_2_first_page_has_a_cursor_for_the_next(crowd):
    first = page(crowd, count=3)

    assert first["schemas"] == [LIST_RESPONSE]
    assert len(first["Resources"]) == first["itemsPerPage"] == 3
    assert UNRESERVED.fullmatch(first["nextCursor"])
    assert "startIndex" not in first


def test_9865_2_cursor_may_be_written_without_a_value(crowd):
    answer = crowd.caller.get("/scim2/Users?cursor&count=1")

    assert "nextCursor" in expect(answer)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
def test_9865_2_walk_meets_every_resource_once(crowd, count):
    pages = walk(crowd, count=count)

    met = [user["id"] for part in pages for user in part["Resources"]]
    assert sorted(met) == sorted(user["id"] for user in crowd.users())
    assert all(len(part["Resources"]) <= count for part in pages)


def test_9865_2_last_page_has_no_cursor_for_a_next(crowd):
    pages = walk(crowd, count=3)

    assert ["nextCursor" in part for part in pages] == [True, True, False]


def test_9865_2_previous_cursor_leads_back(crowd):
    first = page(crowd, count=3)
    second = page(crowd, first["nextCursor"], count=3)

    back = page(crowd, second["previousCursor"], count=3)

    assert "previousCursor" not in first
    assert back["Resources"] == first["Resources"]
    assert page(crowd, back["nextCursor"], count=3)["Resources"] == second["Resources"]


def test_9865_2_total_is_that_of_all_pages(crowd):
    assert {part.get("totalResults", len(TITLES)) for part in walk(crowd, count=3)} == {len(TITLES)}


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_9865_2_2_walk_is_sorted(crowd, order):
    pages = walk(crowd, count=2, sortBy="title", sortOrder=order)

    by_index = crowd.users(sortBy="title", sortOrder=order)
    assert [user["id"] for part in pages for user in part["Resources"]] == [user["id"] for user in by_index]


def test_9865_2_walk_is_not_disturbed_by_what_comes_and_goes(crowd):
    first = page(crowd, count=3, sortBy="userName")
    crowd.delete(first["Resources"][1])
    crowd.add_user(userName=f"a-{crowd.mark}")

    second = page(crowd, first["nextCursor"], count=100, sortBy="userName")

    assert len(second["Resources"]) == len(TITLES) - 3


@pytest.mark.parametrize("cursor", ["nonsense", "a" * 5000, "....", "%00"])
def test_9865_2_1_cursor_that_was_never_given_is_invalid(crowd, cursor):
    expect_error(crowd.get("/Users", cursor=cursor), 400, "invalidCursor")


def test_9865_2_1_cursor_that_was_altered_is_invalid(crowd):
    cursor = page(crowd, count=1)["nextCursor"]
    altered = ("B" if cursor[0] == "A" else "A") + cursor[1:]

    expect_error(crowd.get("/Users", cursor=altered, count=1), 400, "invalidCursor")


@pytest.mark.parametrize(
    "change",
    [{"filter": "title pr"}, {"sortBy": "title"}, {"sortBy": "userName", "sortOrder": "descending"}],
    ids=str,
)
def test_9865_2_1_cursor_of_another_query_is_invalid(crowd, change):
    asked = {"filter": f'nickName eq "{crowd.mark}"', "sortBy": "userName", "count": 2}
    cursor = expect(crowd.get("/Users", cursor="", **asked))["nextCursor"]

    expect_error(crowd.get("/Users", **{**asked, **change}, cursor=cursor), 400, "invalidCursor")


def test_9865_2_1_cursor_of_another_endpoint_is_invalid(crowd):
    cursor = expect(crowd.get("/Users", cursor="", count=1))["nextCursor"]

    expect_error(crowd.get("/Groups", cursor=cursor, count=1), 400, "invalidCursor")


def test_9865_2_1_cursor_expires(crowd):
    cursor = page(crowd, count=1)["nextCursor"]
    timeout = expect(crowd.get("/ServiceProviderConfig"))["pagination"]["cursorTimeout"]
    crowd.application.clock.move(seconds=timeout + 1)

    text = f'nickName eq "{crowd.mark}"'
    expect_error(crowd.get("/Users", filter=text, cursor=cursor, count=1), 400, "expiredCursor")


def test_9865_2_1_cursor_is_good_until_its_timeout(crowd):
    first = page(crowd, count=1)
    timeout = expect(crowd.get("/ServiceProviderConfig"))["pagination"]["cursorTimeout"]
    crowd.application.clock.move(seconds=timeout - 1)

    assert len(page(crowd, first["nextCursor"], count=1)["Resources"]) == 1


def test_9865_2_1_count_beyond_the_largest_page_is_invalid(crowd):
    largest = expect(crowd.get("/ServiceProviderConfig"))["pagination"]["maxPageSize"]

    expect_error(crowd.get("/Users", cursor="", count=largest + 1), 400, "invalidCount")


def test_9865_2_3_index_is_the_default_method(crowd):
    listed = expect(crowd.get("/Users", count=1))

    assert listed["startIndex"] == 1
    assert "nextCursor" not in listed


def test_9865_3_search_walks_by_cursor(scim):
    start = scim.name("smith")
    for number in range(12):
        scim.add_user(displayName=f"{start} {number}")
    body = sample("rfc9865-3-search_request", start=start)

    first = expect(scim.post("/Users/.search", body))
    second = expect(scim.post("/Users/.search", {**body, "cursor": first["nextCursor"]}))

    assert (len(first["Resources"]), len(second["Resources"])) == (10, 2)
    assert "nextCursor" not in second


def test_9865_2_root_walks_by_cursor(scim):
    name = scim.name("everything")
    made = [scim.add_user(displayName=f"{name} 1"), scim.add_group(displayName=f"{name} 2")]
    made.append(scim.add_user(displayName=f"{name} 3"))
    asked = {"filter": f'displayName sw "{name}"', "sortBy": "displayName", "count": 2}

    first = expect(scim.get("/", cursor="", **asked))
    second = expect(scim.get("/", cursor=first["nextCursor"], **asked))

    met = [item["id"] for item in (*first["Resources"], *second["Resources"])]
    assert met == [item["id"] for item in made]


def test_9865_4_pagination_is_published(scim):
    pagination = expect(scim.get("/ServiceProviderConfig"))["pagination"]

    assert (pagination["cursor"], pagination["index"]) == (True, True)
    assert pagination["defaultPaginationMethod"] == "index"
    sizes = [pagination[name] for name in ("defaultPageSize", "maxPageSize", "cursorTimeout")]
    assert all(type(size) is int and size > 0 for size in sizes)


def test_9865_4_default_page_size_is_true(scim):
    size = expect(scim.get("/ServiceProviderConfig"))["pagination"]["defaultPageSize"]

    assert expect(scim.get("/Users"))["itemsPerPage"] <= size
