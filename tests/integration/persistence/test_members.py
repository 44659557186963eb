"""Members are rows: a change of one costs the same in a group of any size."""

from __future__ import annotations

import pytest

from persistence.database import Database
from persistence.errors import DatabaseUnavailable, ReferenceGone
from persistence.members import Member
from tests.factories.stored import add_group, add_user, new_id


@pytest.fixture
def users(database):
    return [add_user(database, f"user{n}") for n in range(4)]


def rows(group, *members):
    return [Member(group.id, member.id, member.resource_type) for member in members]


def ids(members):
    return [member.member_id for member in members]


def test_members_are_listed_by_their_ids(database, users):
    group = add_group(database, "Staff", *users)

    listed = database.read(lambda unit: unit.members.list(group.id))

    assert listed == tuple(sorted(rows(group, *users), key=lambda member: member.member_id))
    assert database.read(lambda unit: unit.members.count(group.id)) == 4


def test_a_long_list_of_members_is_walked(database, users):
    group = add_group(database, "Staff", *users)
    expected = sorted(user.id for user in users)

    def listed(**options):
        return ids(database.read(lambda unit: unit.members.list(group.id, **options)))

    assert listed(limit=2) == expected[:2]
    assert listed(offset=1, limit=2) == expected[1:3]
    assert listed(after=expected[1]) == expected[2:]


def test_adding_a_member_twice_changes_nothing(database, users):
    group = add_group(database, "Staff", users[0])

    added = database.transact(lambda unit: unit.members.add(rows(group, *users[:2])))

    assert added == 1
    assert database.read(lambda unit: unit.members.count(group.id)) == 2
    assert database.transact(lambda unit: unit.members.add([])) == 0


def test_only_those_named_are_removed(database, users):
    group = add_group(database, "Staff", *users)

    removed = database.transact(lambda unit: unit.members.remove(group.id, [users[0].id, new_id()]))

    assert removed == 1
    assert set(ids(database.read(lambda unit: unit.members.list(group.id)))) == {user.id for user in users[1:]}


def test_a_group_is_cleared(database, users):
    group, other = add_group(database, "Staff", *users), add_group(database, "Other", *users)

    assert database.transact(lambda unit: unit.members.clear(group.id)) == 4
    assert database.read(lambda unit: (unit.members.count(group.id), unit.members.count(other.id))) == (0, 4)


def test_members_are_told_from_others(database, users):
    group = add_group(database, "Staff", *users[:2])
    asked = [user.id for user in users] + [new_id() for _ in range(300)]

    assert database.read(lambda unit: unit.members.holding(group.id, asked)) == {users[0].id, users[1].id}
    assert database.read(lambda unit: unit.members.holding(group.id, [])) == set()


def test_the_types_of_what_exists_are_told(database, users):
    group = add_group(database, "Staff")

    found = database.read(lambda unit: unit.members.types_of([users[0].id, group.id, new_id()]))

    assert found == {users[0].id: "User", group.id: "Group"}


def test_nobody_becomes_a_member_who_is_not_there(database, database_url, users):
    """The work is done again, as looking again would tell; work that does not look fails."""
    group = add_group(database, "Staff")
    impatient = Database.open(database_url, deadline=0.0)

    with pytest.raises(DatabaseUnavailable) as caught:
        impatient.transact(lambda unit: unit.members.add([Member(group.id, new_id(), "User")]))

    impatient.close()
    assert isinstance(caught.value.__cause__, ReferenceGone)
