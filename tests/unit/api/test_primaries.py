"""Which of several addresses is the primary one, and how it is put among the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services.primaries import primary_email, with_primary_email
from verification.addresses import stored_address

A = {"value": "ann@example.com"}
B = {"value": "ben@example.com"}
C = {"value": "cat@example.com"}
WORK = {"value": "ann@example.com", "type": "work"}


def first(element):
    return {**element, "primary": True}


def other(element):
    return {**element, "primary": False}


def address(element):
    return element and stored_address(element["value"])


STORED = {
    "none": ([], None),
    "one": ([A], A),
    "the marked one": ([A, first(B)], B),
    "the first of several": ([A, B], A),
    "the first that is not marked as another": ([other(A), B], B),
    "none of those that are others": ([other(A), other(B)], None),
    "none without a value": ([{"type": "work", "primary": True}], None),
    "none that is blank": ([{"value": "  "}, A], A),
}


@pytest.mark.parametrize(("elements", "expected"), STORED.values(), ids=STORED)
def test_the_primary_address_of_what_is_stored(elements, expected):
    assert address(primary_email(elements, [])) == address(expected)


REQUESTED = {
    "another order says nothing": ([A, B], [B, A], A),
    "another value in its place": ([WORK], [{**WORK, "value": C["value"]}], C),
    "a new one beside it": ([A], [A, C], A),
    "a new one before it": ([A], [C, A], A),
    "a new one that is marked": ([A], [A, first(C)], C),
    "one that was there and is marked": ([A, B], [A, first(B)], B),
    "spelled otherwise": ([A], [{"value": "ANN@Example.com"}], A),
    "gone, and another stays another": ([A, B], [B], None),
    "gone, and a new one comes": ([A, B], [B, C], C),
    "marked as another": ([A], [other(A)], None),
    "all gone": ([A, B], [], None),
}


@pytest.mark.parametrize(("stored", "requested", "expected"), REQUESTED.values(), ids=REQUESTED)
def test_the_primary_address_of_a_request(stored, requested, expected):
    assert address(primary_email(requested, stored)) == address(expected)


PLACED = {
    "kept as it is sent": ([A], [A, C], A, [A, C]),
    "kept in another order, and marked": ([A, B], [B, A], A, [B, first(A)]),
    "kept in its spelling": ([A], [{"value": "ANN@example.com", "type": "home"}], A, [{**A, "type": "home"}]),
    "taken at once": ([A], [C], C, [C]),
    "waiting in the place of the old one": (
        [WORK],
        [{"value": C["value"], "type": "home"}],
        A,
        [{**A, "type": "home"}],
    ),
    "waiting beside the old one": ([first(A)], [other(A), first(C)], A, [first(A)]),
    "waiting though it was there": ([first(A), B], [other(A), first(B)], A, [first(A), other(B)]),
    "waiting though it was there, the old one gone": ([first(WORK), B], [first(B)], A, [first(WORK), other(B)]),
    "waiting as the first of all": ([], [A], None, []),
    "waiting as the first of several": ([], [A, B], None, [other(B)]),
    "waiting where all were others": ([other(B)], [other(B), C], None, [other(B)]),
    "waiting where it was one of the others": ([other(B)], [first(B)], None, [other(B)]),
    "removed": ([first(A), B], [B], None, [other(B)]),
    "blank": ([A], [{"value": ""}, {"value": " ", "primary": True}], None, []),
    "beside one without a value": ([A], [A, {"type": "work"}], A, [A, {"type": "work"}]),
}


@pytest.mark.parametrize(("stored", "requested", "primary", "expected"), PLACED.values(), ids=PLACED)
def test_the_addresses_of_a_request_with_the_primary_one_that_was_decided_on(stored, requested, primary, expected):
    result = with_primary_email(requested, stored, address(primary))

    assert result == expected
    assert address(primary_email(result, [])) == address(primary)


PROMOTED = {
    "in the place of the old one": ([first(WORK), B], C, [first({**WORK, "value": C["value"]}), B]),
    "one of the others": ([A, B], B, [A, first(B)]),
    "one of the others, instead of a marked one": ([first(A), B], B, [other(A), first(B)]),
    "the first of all": ([], C, [C]),
    "where there were only others": ([other(B)], C, [C, other(B)]),
    "the old one itself": ([A], A, [A]),
}


@pytest.mark.parametrize(("stored", "primary", "expected"), PROMOTED.values(), ids=PROMOTED)
def test_a_promoted_address_takes_the_place_of_the_old_one(stored, primary, expected):
    result = with_primary_email(stored, stored, address(primary))

    assert result == expected
    assert address(primary_email(result, [])) == address(primary)


def test_what_is_given_is_left_as_it_is():
    stored, requested = [first(A)], [other(A), first(C)]

    with_primary_email(requested, stored, address(A))

    assert (stored, requested) == ([first(A)], [other(A), first(C)])


# Laws

ADDRESSES = st.sampled_from([A["value"], B["value"], C["value"], "ANN@example.com", "dan@example.com"])
ELEMENTS = st.fixed_dictionaries(
    {"value": ADDRESSES},
    optional={"type": st.sampled_from(["work", "home"]), "primary": st.booleans()},
)


def one_mark(elements):
    return sum(element.get("primary") is True for element in elements) <= 1


LISTS = st.lists(ELEMENTS, max_size=4).filter(one_mark)


def keys(elements):
    return {address(element).key for element in elements}


@given(LISTS, LISTS, st.data())
def test_whatever_is_sent_the_primary_address_is_the_one_that_was_decided_on(stored, requested, data):
    before, wanted = primary_email(stored, []), primary_email(requested, stored)
    decided = address(data.draw(st.sampled_from([before, wanted, None])))

    result = with_primary_email(requested, stored, decided)

    assert address(primary_email(result, [])) == decided
    assert one_mark(result)
    assert with_primary_email(result, result, decided) == result
    assert primary_email(result, result) == primary_email(result, [])
    # Nothing comes from anywhere else, and only what waits for its proof or has been replaced may be missing.
    gone = {address(wanted).key} if wanted else set()
    assert keys(requested) - gone <= keys(result) <= keys(requested) | ({decided.key} if decided else set())
