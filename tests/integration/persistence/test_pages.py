"""Lists: selected, counted, ordered, walked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persistence.resources import Position, Query
from scim.attributes import parse_attribute_path
from scim.errors import InvalidPath
from scim.filter_binding import bind
from scim.filters import parse_filter
from tests.factories.schemas import EXTRA, group_type, user_type
from tests.factories.stored import AT, add_group, add_user, new_id
from tests.factories.things import documents, everything_type

THING = everything_type()
MINUTE = timedelta(minutes=1)


def page(database, query):
    return database.read(lambda unit: unit.resources.page(query))


def names(found):
    return [row.document().get("userName", row.document().get("displayName")) for row in found.rows]


def bound(text, resource_type=None):
    return bind(parse_filter(text), resource_type or user_type())


def sorted_by(path, resource_type=None):
    return (resource_type or user_type()).resolve(parse_attribute_path(path))


@pytest.fixture
def users(database):
    return sorted(
        [
            add_user(database, name, AT + n * MINUTE, active=n % 2 == 0)
            for n, name in enumerate(["ann", "Bob", "cat", "Dan", "eve"])
        ],
        key=lambda user: user.id,
    )


def test_an_empty_list_has_nothing_and_goes_nowhere(database):
    found = page(database, Query((user_type(),)))

    assert (found.total, found.rows, found.next) == (0, (), None)


def test_a_list_holds_the_resources_of_its_type_by_id(database, users):
    add_group(database, "Staff")

    found = page(database, Query((user_type(),)))

    assert (found.total, list(found.rows), found.next) == (5, users, None)


def test_a_part_of_a_list_tells_the_total_of_the_whole(database, users):
    found = page(database, Query((user_type(),), offset=1, limit=2))

    assert (found.total, list(found.rows)) == (5, users[1:3])


def test_behind_its_end_a_list_is_empty(database, users):
    found = page(database, Query((user_type(),), offset=5, limit=2))

    assert (found.total, found.rows) == (5, ())


def test_without_rows_only_the_total_is_told(database, users):
    assert page(database, Query((user_type(),), limit=0)).total == 5
    assert page(database, Query((user_type(),), limit=0)).rows == ()
    assert page(database, Query((user_type(),), filter=bound("active eq true"), limit=0)).total == 3


def test_a_total_nobody_wants_is_not_counted(database, users):
    assert page(database, Query((user_type(),), wants_total=False)).total is None


@pytest.mark.parametrize("options", [{}, {"limit": 2}, {"offset": 1}, {"limit": 3}, {"offset": 3}])
def test_a_filtered_total_is_exact_wherever_the_page_lies(database, users, options):
    query = Query((user_type(),), filter=bound("active eq true"), **options)

    assert page(database, query).total == 3


def test_a_filtered_part_is_a_part_of_what_matches(database, users):
    query = Query((user_type(),), filter=bound("active eq true"), offset=1, limit=1)

    matching = [user for user in users if user.document()["active"]]
    assert list(page(database, query).rows) == matching[1:2]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("descending", [False, True])
def test_a_walk_by_position_meets_everybody_once(database, users, limit, descending):
    query = Query((user_type(),), limit=limit, descending=descending)
    walked, after = [], None
    while True:
        found = page(database, Query((user_type(),), limit=limit, descending=descending, after=after))
        walked += found.rows
        after = found.next
        if after is None:
            break

    assert walked == (users[::-1] if descending else users)
    assert query.limit == limit


def test_several_types_are_listed_together(database, users):
    group = add_group(database, "Staff")

    found = page(database, Query((user_type(), group_type())))

    assert found.total == 6
    assert list(found.rows) == sorted([*users, group], key=lambda item: item.id)


def test_each_type_has_its_own_filter(database, users):
    add_group(database, "Staff")
    add_group(database, "Other")
    filters = {"User": bound('userName eq "bob"'), "Group": bound('displayName eq "staff"', group_type())}

    found = page(database, Query((user_type(), group_type()), filters=filters))

    assert found.total == 2
    assert sorted(names(found)) == ["Bob", "Staff"]


def test_several_types_are_sorted_by_what_they_share(database, users):
    add_group(database, "Charlie")
    ann = add_user(database, "zoe", displayName="Alpha")

    found = page(database, Query((user_type(), group_type()), sort_by=sorted_by("displayName"), limit=2))

    assert found.rows[0] == ann
    assert names(found)[1] == "Charlie"


@pytest.mark.parametrize(
    ("path", "descending", "expected"),
    [
        ("userName", False, ["ann", "Bob", "cat", "Dan", "eve"]),
        ("userName", True, ["eve", "Dan", "cat", "Bob", "ann"]),
        ("meta.created", True, ["eve", "Dan", "cat", "Bob", "ann"]),
        ("meta.lastModified", False, ["ann", "Bob", "cat", "Dan", "eve"]),
    ],
)
def test_a_list_is_sorted_as_asked(database, users, path, descending, expected):
    query = Query((user_type(),), sort_by=sorted_by(path), descending=descending)

    assert names(page(database, query)) == expected


def test_of_several_values_the_primary_one_counts_or_else_the_first(database):
    add_user(database, "first", emails=[{"value": "m@x"}, {"value": "a@x"}])
    add_user(database, "primary", emails=[{"value": "z@x"}, {"value": "b@x", "primary": True}])
    add_user(database, "none")

    query = Query((user_type(),), sort_by=sorted_by("emails"))

    assert names(page(database, query)) == ["primary", "first", "none"]


@pytest.mark.parametrize("path", ["schemas", "meta.location", "name", "password", "groups"])
def test_some_attributes_give_no_order(database, path):
    with pytest.raises(InvalidPath):
        page(database, Query((user_type(),), sort_by=sorted_by(path)))


def test_members_give_no_order(database):
    with pytest.raises(InvalidPath):
        page(database, Query((group_type(),), sort_by=sorted_by("members.value", group_type())))


SORTS = ["displayName", "nick", "token", "active", "flag", "level", "score", "born", "tags", "items.rank", "name.since"]
SORTS += ["emails", "meta.created", "meta.version", "title", "externalId", f"{EXTRA}:level", f"{EXTRA}:items", "id"]


class TakenBack(Exception):
    """The resources of an example are to go again."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.lists(documents(), min_size=1, max_size=6),
    path=st.sampled_from(SORTS),
    descending=st.booleans(),
    limit=st.integers(1, 3),
)
def test_a_sorted_walk_is_the_whole_list_in_its_order(database, contents, path, descending, limit):
    """Going on behind each page gives what one long page gives; those without a value are last, or first descending."""
    target = sorted_by(path, THING)

    def work(unit):
        for number, content in enumerate(contents):
            unit.resources.add(new_id(), THING, {"title": f"t{number}", **content}, AT + number // 2 * MINUTE)
        whole = unit.resources.page(Query((THING,), sort_by=target, descending=descending))
        walked, after = [], None
        while after is not None or not walked:
            found = unit.resources.page(
                Query((THING,), sort_by=target, descending=descending, limit=limit, after=after)
            )
            walked += found.rows
            after = found.next
        raise TakenBack([row.id for row in whole.rows], [row.id for row in walked])

    with pytest.raises(TakenBack) as caught:
        database.transact(work)

    whole, walked = caught.value.args
    assert len(whole) == len(contents)
    assert walked == whole


@pytest.mark.parametrize("descending", [False, True])
def test_those_without_a_value_are_last_or_first_when_descending(database, descending):
    add_user(database, "none")
    add_user(database, "some", nickName="x")

    query = Query((user_type(),), sort_by=sorted_by("nickName"), descending=descending)

    assert names(page(database, query)) == (["none", "some"] if descending else ["some", "none"])


def test_a_position_can_be_made_by_a_caller(database, users):
    query = Query((user_type(),), after=Position(users[1].id))

    assert list(page(database, query).rows) == users[2:]
