"""Filters over memberships, which are rows and no part of any document."""

from __future__ import annotations

import pytest

from persistence.resources import Query
from scim.errors import InvalidFilter
from scim.filter_binding import bind
from scim.filters import parse_filter
from tests.factories.schemas import group_type, user_type
from tests.factories.stored import add_group, add_user


@pytest.fixture
def world(database):
    """Two users; Inner holds ann, Outer holds Inner and bob."""
    ann, bob, cat = (add_user(database, name) for name in ("ann", "bob", "cat"))
    inner = add_group(database, "Inner", ann)
    outer = add_group(database, "Outer", inner, bob)
    empty = add_group(database, "Empty")
    return {"ann": ann, "bob": bob, "cat": cat, "Inner": inner, "Outer": outer, "Empty": empty}


def found(database, world, resource_type, text):
    for name, stored in world.items():
        text = text.replace(f"<{name}>", stored.id)
    query = Query((resource_type,), filter=bind(parse_filter(text), resource_type))
    page = database.read(lambda unit: unit.resources.page(query))
    assert page.total == len(page.rows)
    return {name for name, stored in world.items() if stored.id in {row.id for row in page.rows}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('members eq "<ann>"', {"Inner"}),
        ('members.value eq "<bob>"', {"Outer"}),
        ('members[value eq "<bob>"]', {"Outer"}),
        ('members[value eq "<bob>" and type eq "group"]', set()),
        ('members[value eq "<Inner>" and type eq "Group"]', {"Outer"}),
        ('members.type eq "user"', {"Inner", "Outer"}),
        ("members pr", {"Inner", "Outer"}),
        ("not (members pr)", {"Empty"}),
        ('not (members.value eq "<ann>")', {"Outer", "Empty"}),
        ('id eq "<Outer>" and members[value eq "<bob>"]', {"Outer"}),
        ('members.value eq "<cat>"', set()),
        ('displayName sw "O" and members.value sw "<bob>"', {"Outer"}),
    ],
)
def test_groups_are_found_by_their_members(database, world, text, expected):
    assert found(database, world, group_type(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('groups eq "<Inner>"', {"ann"}),
        ('groups.value eq "<Outer>"', {"ann", "bob"}),
        ('groups[value eq "<Outer>" and type eq "direct"]', {"bob"}),
        ('groups[value eq "<Outer>" and type eq "indirect"]', {"ann"}),
        ('groups.display eq "outer"', {"ann", "bob"}),
        ('groups.type eq "indirect"', {"ann"}),
        ("groups pr", {"ann", "bob"}),
        ("not (groups pr)", {"cat"}),
        ('not (groups.display eq "INNER")', {"bob", "cat"}),
        ('userName eq "bob" and groups.display sw "o"', {"bob"}),
    ],
)
def test_users_are_found_by_their_groups(database, world, text, expected):
    assert found(database, world, user_type(), text) == expected


@pytest.mark.parametrize(
    ("resource_type", "text"), [(group_type(), 'members.$ref eq "x"'), (user_type(), 'groups.$ref co "x"')]
)
def test_references_depend_on_the_address_of_the_service(database, world, resource_type, text):
    with pytest.raises(InvalidFilter):
        found(database, world, resource_type, text)
