"""Memberships are read for many resources at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from persistence.members import Member
from persistence.rosters import Membership, NamedMember
from tests.factories.stored import AT, add_group, add_user, new_id


@pytest.fixture
def users(database):
    return [add_user(database, f"user{n}") for n in range(2)]


def groups_of(database, user):
    return database.read(lambda unit: unit.rosters.groups_of([user.id])).get(user.id, [])


def test_groups_are_found_upwards_through_groups(database, users):
    inner = add_group(database, "Inner", users[0])
    middle = add_group(database, "Middle", inner)
    outer = add_group(database, "Outer", middle)
    add_group(database, "Other", users[1])

    found = groups_of(database, users[0])

    assert found == [
        Membership(inner.id, "Inner", is_direct=True),
        Membership(middle.id, "Middle", is_direct=False),
        Membership(outer.id, "Outer", is_direct=False),
    ]


def test_who_is_in_a_group_in_two_ways_is_in_it_directly(database, users):
    inner = add_group(database, "Inner", users[0])
    outer = add_group(database, "Outer", inner, users[0])

    found = groups_of(database, users[0])

    assert {item.group_id: item.is_direct for item in found} == {inner.id: True, outer.id: True}


def test_groups_that_hold_each_other_end_the_walk(database, users):
    one = add_group(database, "One", users[0])
    two = add_group(database, "Two", one)
    database.transact(lambda unit: unit.members.add([Member(one.id, two.id, two.resource_type)]))

    found = groups_of(database, users[0])

    assert {item.group_id for item in found} == {one.id, two.id}


def test_a_removed_group_is_nobodys(database, users):
    group = add_group(database, "Staff", users[0])

    database.transact(lambda unit: unit.resources.remove(group))

    assert groups_of(database, users[0]) == []


def test_many_are_asked_about_at_once(database, users):
    groups = [add_group(database, name, user) for name, user in zip(("One", "Two"), users, strict=True)]
    asked = [user.id for user in users] + [new_id() for _ in range(300)]

    found = database.read(lambda unit: unit.rosters.groups_of(asked))

    assert found == {
        user.id: [Membership(group.id, name, is_direct=True)]
        for user, group, name in zip(users, groups, ("One", "Two"), strict=True)
    }


def test_members_are_listed_with_their_display_names(database, users):
    ann = add_user(database, "ann", displayName="Ann Lee")
    inner = add_group(database, "Inner")
    outer = add_group(database, "Outer", users[0], ann, inner)

    found = database.read(lambda unit: unit.rosters.members_of([outer.id, inner.id]))

    expected = [
        NamedMember(users[0].id, "User", None),
        NamedMember(ann.id, "User", "Ann Lee"),
        NamedMember(inner.id, "Group", "Inner"),
    ]
    assert found == {outer.id: sorted(expected, key=lambda member: member.member_id)}


def test_the_groups_of_somebody_get_their_next_version(database, users):
    group, other = add_group(database, "Staff", users[0]), add_group(database, "Other", users[1])
    later = AT + timedelta(minutes=1)

    assert database.transact(lambda unit: unit.rosters.touch_groups_of(users[0].id, later)) == 1

    found = [database.read(lambda unit, g=g: unit.resources.lookup("Group", g.id)) for g in (group, other)]
    assert [(item.version, item.last_modified_at) for item in found] == [(2, later), (1, AT)]
