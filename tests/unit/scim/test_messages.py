"""List responses, and what requests for lists say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.messages import LIST_RESPONSE_SCHEMA, SEARCH_REQUEST_SCHEMA, ListQuery, list_response
from scim.projection import Projection

SAMPLE = Path(__file__).parent / "samples" / "rfc7644-3.4.3-search_request.json"


def test_list_response_has_its_page():
    """RFC 7644 §3.4.2."""
    assert list_response([{"id": "1"}], total=3, start_index=2) == {
        "schemas": [LIST_RESPONSE_SCHEMA],
        "totalResults": 3,
        "startIndex": 2,
        "itemsPerPage": 1,
        "Resources": [{"id": "1"}],
    }


def test_empty_list_response_still_has_its_resources():
    """Entra wants to see them."""
    assert list_response([], total=0, start_index=1)["Resources"] == []


def test_list_response_of_a_cursor_may_do_without_a_total():
    """RFC 9865 §2."""
    assert list_response([], next_cursor="n", previous_cursor="p") == {
        "schemas": [LIST_RESPONSE_SCHEMA],
        "itemsPerPage": 0,
        "nextCursor": "n",
        "previousCursor": "p",
        "Resources": [],
    }


def test_query_without_parameters_asks_for_the_first_page_of_all():
    assert ListQuery.from_query({"tenant": "x"}) == ListQuery()


def test_query_has_what_its_parameters_say():
    parameters = {
        "filter": 'userName eq "x"',
        "sortBy": "name.familyName",
        "sortOrder": "Descending",
        "startIndex": "11",
        "count": "10",
        "attributes": "userName, emails.value",
    }

    assert ListQuery.from_query(parameters) == ListQuery(
        filter='userName eq "x"',
        sort_by="name.familyName",
        is_descending=True,
        start_index=11,
        count=10,
        projection=Projection(("userName", "emails.value")),
    )


def test_search_of_the_rfc_is_read():
    assert ListQuery.from_search(json.loads(SAMPLE.read_text(encoding="utf-8"))) == ListQuery(
        filter='displayName sw "mira"', count=10, projection=Projection(("displayName", "userName"))
    )


def test_search_has_what_its_members_say():
    body = {
        "Schemas": [SEARCH_REQUEST_SCHEMA],
        "FILTER": "a pr",
        "sortBy": "a",
        "sortOrder": "ascending",
        "startIndex": 2,
        "count": "3",
        "cursor": "c",
        "excludedAttributes": "members, x",
        "unknown": 1,
    }

    assert ListQuery.from_search(body) == ListQuery(
        filter="a pr", sort_by="a", start_index=2, count=3, cursor="c", projection=Projection((), ("members", "x"))
    )


def test_search_may_say_nothing():
    nothing = {"schemas": None, "filter": None, "attributes": None, "count": None, "sortOrder": None}

    assert ListQuery.from_search(nothing) == ListQuery.from_search({}) == ListQuery()


@pytest.mark.parametrize("name", ["filter", "sortBy", "sortOrder", "startIndex", "count", "attributes"])
def test_blank_parameter_is_as_good_as_none(name: str):
    assert ListQuery.from_query({name: ""}) == ListQuery()


def test_blank_cursor_starts_a_walk():
    """RFC 9865 §2."""
    assert ListQuery.from_query({"cursor": ""}).cursor == ""
    assert ListQuery.from_search({"cursor": ""}).cursor == ""
    assert ListQuery.from_query({}).cursor is None


@pytest.mark.parametrize(
    ("value", "start_index", "count"),
    [("-5", 1, 0), ("0", 1, 0), ("1", 1, 1), ("+7", 7, 7), ("999999999999999999", 2**31 - 1, 2**31 - 1)],
)
def test_numbers_are_brought_into_their_range(value: str, start_index: int, count: int):
    """RFC 7644 §3.4.2.4."""
    query = ListQuery.from_query({"startIndex": value, "count": value})

    assert (query.start_index, query.count) == (start_index, count)


@pytest.mark.parametrize("value", ["x", "1.5", "1e3", " 1", "1_0", "9" * 5000, "\u0661"])
@pytest.mark.parametrize("name", ["startIndex", "count"])
def test_number_that_is_none_is_an_invalid_value(name: str, value: str):
    with pytest.raises(InvalidValue, match=f"{name} must be an integer"):
        ListQuery.from_query({name: value})


@pytest.mark.parametrize("value", [True, 1.5, [], {}])
@pytest.mark.parametrize("name", ["startIndex", "count"])
def test_number_of_a_search_that_is_none_is_an_invalid_value(name: str, value: object):
    with pytest.raises(InvalidValue, match=f"{name} must be an integer"):
        ListQuery.from_search({name: value})


def test_sort_order_is_one_of_two():
    with pytest.raises(InvalidValue, match="sortOrder must be ascending or descending"):
        ListQuery.from_query({"sortOrder": "up"})


@pytest.mark.parametrize("body", [None, [], "x"])
def test_search_that_is_no_object_is_invalid_syntax(body: object):
    with pytest.raises(InvalidSyntax):
        ListQuery.from_search(body)


@pytest.mark.parametrize("schemas", ["x", ["urn:example:x"], {"a": 1}])
def test_search_of_another_schema_is_invalid_syntax(schemas: object):
    with pytest.raises(InvalidSyntax, match="schemas must name"):
        ListQuery.from_search({"schemas": schemas})


@pytest.mark.parametrize("name", ["filter", "sortBy", "sortOrder", "cursor"])
def test_text_of_a_search_must_be_one(name: str):
    with pytest.raises(InvalidValue, match=f"{name} must be a string"):
        ListQuery.from_search({name: 5})


@pytest.mark.parametrize("value", [5, {"a": 1}, [1]])
@pytest.mark.parametrize("name", ["attributes", "excludedAttributes"])
def test_names_of_a_search_must_be_texts(name: str, value: Any):
    with pytest.raises(InvalidValue, match=f"{name} must be a list of strings"):
        ListQuery.from_search({name: value})


def test_query_does_not_show_its_filter():
    assert "5550100" not in repr(ListQuery(filter='phoneNumbers.value eq "5550100"', cursor="5550100"))
