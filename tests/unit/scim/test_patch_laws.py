"""What holds for every PATCH, whatever the values."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from scim.errors import ScimError
from tests.factories.filters import TEXTS
from tests.factories.patches import ENTERPRISE, WSO2, add, patched, remove, replace
from tests.factories.schemas import group_type

WORDS = st.text(st.sampled_from("aAbB1 "), min_size=1, max_size=4).filter(str.strip)
NUMBERS = st.text("0123456789", min_size=1, max_size=3)
EMAILS = st.fixed_dictionaries(
    {"value": WORDS}, optional={"type": st.sampled_from(["work", "home", "Work"]), "display": WORDS}
)
USERS = st.fixed_dictionaries(
    {"userName": WORDS},
    optional={
        "title": WORDS,
        "name": st.fixed_dictionaries({"givenName": WORDS}, optional={"familyName": WORDS}),
        "emails": st.lists(EMAILS, min_size=1, max_size=4),
        WSO2: st.fixed_dictionaries({"mobileNumbers": st.lists(NUMBERS, min_size=1, max_size=4, unique=True)}),
    },
).map(lambda document: patched(document, replace(None, {})))
PATHS = st.sampled_from(
    [
        None,
        "title",
        "userName",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.value",
        'emails[type eq "work"]',
        'emails[type eq "work"].value',
        "emails[value pr].primary",
        'emails[not (display sw "a") and (value pr or type pr)]',
        "mobileNumbers",
        "groups",
        "shoeSize",
        ENTERPRISE,
        f"{ENTERPRISE}:manager",
        f"{ENTERPRISE}:manager.value",
        f"{WSO2}:mobileNumbers",
        f'{WSO2}:mobileNumbers[value sw "0"]',
    ]
)
KEYS = st.sampled_from(["title", "emails", "value", "type", "primary", "name.givenName", "manager", ENTERPRISE, "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
OPERATIONS = st.builds(
    lambda make, path, value: make(path, value), st.sampled_from([add, replace, remove]), PATHS, VALUES
)


@given(USERS, st.lists(OPERATIONS, min_size=1, max_size=4))
def test_document_given_is_never_changed_and_the_result_is_stable(document, operations):
    before, result = copy.deepcopy(document), {"userName": "none"}
    try:
        result = patched(document, *operations)
    except ScimError as exc:
        assert exc.status == 400  # noqa: PT017 - both ways are right

    assert document == before
    assert patched(result, replace(None, {})) == result


@given(USERS, st.sampled_from(["emails", "mobileNumbers"]), st.lists(EMAILS, max_size=3))
def test_adding_twice_is_adding_once(document, path: str, values):
    once = patched(document, add(path, values))

    assert patched(once, add(path, values)) == once
    assert patched(document, add(path, values), add(path, values)) == once


@given(USERS, st.lists(NUMBERS, max_size=4))
def test_list_after_an_addition_is_the_union(document, numbers):
    before = document.get(WSO2, {}).get("mobileNumbers", [])

    after = patched(document, add(f"{WSO2}:mobileNumbers", ",".join(numbers))).get(WSO2, {}).get("mobileNumbers", [])

    assert after[: len(before)] == before
    assert (set(after), len(after)) == (set(before) | set(numbers), len(set(before) | set(numbers)))


@given(USERS, EMAILS)
def test_removing_what_was_added_restores(document, email):
    new = {**email, "value": "new@example.com"}

    restored = patched(document, add("emails", new), remove("emails", [{"value": "new@example.com"}]))

    assert restored == document


@given(USERS, EMAILS)
def test_removing_by_a_filter_what_was_added_restores(document, email):
    new = {**email, "value": "new@example.com"}

    restored = patched(document, add("emails", new), remove('emails[value eq "new@example.com"]'))

    assert restored == document


@given(USERS, st.lists(EMAILS, max_size=3))
def test_replacing_twice_is_replacing_once(document, values):
    once = patched(document, replace("emails", values))

    assert patched(once, replace("emails", values)) == once


@given(USERS, USERS)
def test_order_of_independent_operations_does_not_matter(document, other):
    first, second = replace("name", other.get("name")), add("emails", other.get("emails"))

    assert patched(document, first, second) == patched(document, second, first)


@given(st.lists(NUMBERS, unique=True, max_size=6), st.lists(NUMBERS, max_size=3))
def test_member_is_removed_by_value_or_by_filter_alike(values, gone):
    group = {"displayName": "Keepers", "members": [{"value": value} for value in values]}
    filters = [remove(f'members[value eq "{value}"]') for value in gone]

    listed = patched(group, remove("members", [{"value": value} for value in gone]), resource_type=group_type())

    assert listed == patched(group, remove("members", []), *filters, resource_type=group_type())
