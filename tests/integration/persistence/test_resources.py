"""Resources are stored, found, changed and counted alike on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from persistence.errors import StaleVersion
from scim.errors import InvalidValue, Uniqueness
from tests.factories.schemas import group_type, user_type
from tests.factories.stored import AT, add_group, add_resource, add_user, new_id

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DOCUMENT = {
    "userName": "Bob",
    "externalId": "E-1",
    "displayName": "Bob Smith",
    "active": True,
    "emails": [{"value": "Bob@example.com", "type": "work"}, {"type": "home"}],
    "phoneNumbers": [{"value": "0111111111", "type": "mobile"}],
    ENTERPRISE: {"department": "Sales"},
}


def test_a_resource_comes_back_as_it_was_added(database):
    stored = add_resource(database, user_type(), {"schemas": ["x"], "id": "y", "meta": {}, "groups": [], **DOCUMENT})

    found = database.read(lambda unit: unit.resources.lookup("User", stored.id))

    assert found == stored
    assert found.document() == DOCUMENT
    assert (found.version, found.created_at, found.last_modified_at) == (1, AT, AT)


def test_extensions_are_kept_apart(database):
    stored = add_resource(database, user_type(), DOCUMENT)

    assert ENTERPRISE not in stored.body.decode()
    assert stored.extensions == f'{{"{ENTERPRISE}":{{"department":"Sales"}}}}'
    assert add_user(database, "plain").extensions == ""


def test_members_are_no_part_of_a_group(database):
    group = add_resource(database, group_type(), {"displayName": "Staff", "members": [{"value": "x"}]})

    assert group.document() == {"displayName": "Staff"}


def test_a_resource_is_found_by_type_and_id_only(database):
    stored = add_user(database)

    assert database.read(lambda unit: unit.resources.lookup("Group", stored.id)) is None
    assert database.read(lambda unit: unit.resources.lookup("User", new_id())) is None


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["null", "surrogate"])
def test_what_no_database_can_hold_is_not_found(database, text):
    found = database.read(
        lambda unit: (
            unit.resources.lookup("User", text),
            unit.resources.find("User", text),
            unit.resources.find_by_value("User", "externalId", text),
        )
    )

    assert found == (None, None, [])


@pytest.mark.parametrize("name", ["bob", "BOB", "Bob"])
def test_names_are_compared_without_case(database, name):
    stored = add_resource(database, user_type(), DOCUMENT)

    assert database.read(lambda unit: unit.resources.find("User", name)) == stored


@pytest.mark.parametrize(
    ("attribute", "value", "is_found"),
    [
        ("externalId", "E-1", True),
        ("externalId", "e-1", False),
        ("emails", "bob@EXAMPLE.com", True),
        ("emails", "home", False),
        ("phoneNumbers", "0111111111", True),
        ("phoneNumbers", "bob@example.com", False),
    ],
)
def test_resources_are_found_by_indexed_values(database, attribute, value, is_found):
    stored = add_resource(database, user_type(), DOCUMENT)

    found = database.read(lambda unit: unit.resources.find_by_value("User", attribute, value))

    assert found == ([stored] if is_found else [])


def test_several_resources_may_share_a_value(database):
    stored = [add_user(database, f"user{n}", emails=[{"value": "shared@example.com"}]) for n in range(3)]

    found = database.read(lambda unit: unit.resources.find_by_value("User", "emails", "shared@example.com"))

    assert {item.id for item in found} == {item.id for item in stored}


def test_an_attribute_without_an_index_is_refused(database):
    with pytest.raises(ValueError, match="nickName has no index"):
        database.read(lambda unit: unit.resources.find_by_value("User", "nickName", "x"))


def test_a_name_is_unique_among_its_type_whatever_its_case(database):
    add_user(database, "bob")

    with pytest.raises(Uniqueness):
        add_user(database, "BOB")

    assert add_group(database, "bob").resource_type == "Group"


def test_a_name_is_unique_after_a_change_too(database):
    add_user(database, "bob")
    ann = add_user(database, "ann")

    with pytest.raises(Uniqueness):
        database.transact(lambda unit: unit.resources.save(ann, user_type(), {"userName": "Bob"}, AT))


def test_nothing_of_a_refused_addition_is_kept(database):
    add_user(database, "bob", emails=[{"value": "bob@example.com"}])

    with pytest.raises(Uniqueness):
        add_user(database, "bob", emails=[{"value": "other@example.com"}])

    count, found = database.read(
        lambda unit: (unit.resources.count("User"), unit.resources.find_by_value("User", "emails", "other@example.com"))
    )
    assert (count, found) == (1, [])


def test_the_same_addition_done_again_is_done_once(database):
    resource_id = new_id()

    def add(unit):
        return unit.resources.add(resource_id, user_type(), DOCUMENT, AT)

    first, again = database.transact(add), database.transact(add)

    assert first == again
    assert database.read(lambda unit: unit.resources.count("User")) == 1
    assert database.read(lambda unit: unit.resources.lookup("User", resource_id)) == first


def test_saving_counts_the_version_on(database):
    stored = add_user(database)
    later = AT + timedelta(minutes=1)

    saved = database.transact(lambda unit: unit.resources.save(stored, user_type(), {"userName": "rob"}, later))

    assert saved == database.read(lambda unit: unit.resources.lookup("User", stored.id))
    assert (saved.version, saved.created_at, saved.last_modified_at) == (2, AT, later)
    assert saved.document() == {"userName": "rob"}
    assert database.read(lambda unit: unit.resources.find("User", "bob")) is None


def test_a_stale_version_is_not_saved(database):
    stored = add_user(database)
    saved = database.transact(lambda unit: unit.resources.save(stored, user_type(), {"userName": "rob"}, AT))

    stale = database.transact(lambda unit: unit.resources.save(stored, user_type(), {"userName": "ann"}, AT))

    assert stale is None
    assert database.read(lambda unit: unit.resources.lookup("User", stored.id)) == saved


def test_a_stale_version_fails_at_the_commit_where_success_was_taken_for_granted(database):
    stored = add_user(database)
    database.transact(lambda unit: unit.resources.save(stored, user_type(), {"userName": "rob"}, AT))

    with pytest.raises(StaleVersion):
        database.transact(lambda unit: unit.resources.save_or_fail(stored, user_type(), {"userName": "ann"}, AT))


def test_a_save_put_off_to_the_commit_is_the_same_save(database):
    stored = add_resource(database, user_type(), DOCUMENT)
    document = {"userName": "rob", "emails": [{"value": "rob@example.com"}]}

    saved = database.transact(lambda unit: unit.resources.save_or_fail(stored, user_type(), document, AT))

    found = database.read(
        lambda unit: (
            unit.resources.lookup("User", stored.id),
            unit.resources.find_by_value("User", "emails", "rob@example.com"),
            unit.resources.find_by_value("User", "emails", "bob@example.com"),
        )
    )
    assert found == (saved, [saved], [])


def test_a_confirmed_version_stays_and_another_fails_the_work(database):
    stored = add_resource(database, user_type(), DOCUMENT)

    database.transact(lambda unit: unit.resources.confirm_or_fail(stored))

    assert database.read(lambda unit: unit.resources.lookup("User", stored.id)) == stored
    database.transact(lambda unit: unit.resources.save(stored, user_type(), {"userName": "rob"}, AT))
    with pytest.raises(StaleVersion):
        database.transact(lambda unit: unit.resources.confirm_or_fail(stored))


def test_changed_values_are_found_and_old_ones_are_not(database):
    stored = add_resource(database, user_type(), DOCUMENT)
    document = {**DOCUMENT, "phoneNumbers": [{"value": "0222222222"}, {"value": "0333333333"}]}

    saved = database.transact(lambda unit: unit.resources.save(stored, user_type(), document, AT))

    def find(attribute, value):
        return database.read(lambda unit: unit.resources.find_by_value("User", attribute, value))

    assert find("phoneNumbers", "0111111111") == []
    assert find("phoneNumbers", "0333333333") == [saved]
    assert find("emails", "bob@example.com") == [saved]


def test_a_work_reads_what_it_has_put_off(database):
    def work(unit):
        stored = unit.resources.add(new_id(), user_type(), {"userName": "bob"}, AT)
        return stored, unit.resources.lookup("User", stored.id), unit.resources.count("User")

    stored, found, count = database.transact(work)

    assert (found, count) == (stored, 1)


def test_many_values_are_found_each(database):
    emails = [{"value": f"bob{n}@example.com"} for n in range(45)]
    stored = add_user(database, emails=emails)

    found = [
        database.read(lambda unit, n=n: unit.resources.find_by_value("User", "emails", f"bob{n}@example.com"))
        for n in (0, 19, 20, 44)
    ]

    assert found == [[stored]] * 4


def test_removal_takes_everything_about_a_resource_along(database):
    stored = add_resource(database, user_type(), DOCUMENT)
    group = add_group(database, "Staff", stored)

    assert database.transact(lambda unit: unit.resources.remove(stored)) is True

    left = database.read(
        lambda unit: (
            unit.resources.lookup("User", stored.id),
            unit.resources.find_by_value("User", "emails", "bob@example.com"),
            unit.members.list(group.id),
            unit.resources.count("User"),
        )
    )
    assert left == (None, [], (), 0)


def test_a_stale_version_is_not_removed(database):
    stored = add_user(database)
    database.transact(lambda unit: unit.resources.save(stored, user_type(), {"userName": "rob"}, AT))

    assert database.transact(lambda unit: unit.resources.remove(stored)) is False
    assert database.read(lambda unit: unit.resources.count("User")) == 1


def test_a_name_is_free_again_after_a_removal(database):
    stored = add_user(database, "bob")
    database.transact(lambda unit: unit.resources.remove(stored))

    assert add_user(database, "bob").id != stored.id


def test_a_locked_resource_is_the_one_stored(database):
    stored = add_user(database)

    assert database.transact(lambda unit: unit.resources.lock("User", stored.id)) == stored
    assert database.transact(lambda unit: unit.resources.lock("User", new_id())) is None


@pytest.mark.parametrize(
    "attributes",
    [
        {"externalId": "é" * 1025},
        {"emails": [{"value": "x" * 2049}]},
        {"nickName": "a\0b"},
        {"name": {"givenName": "\0"}},
    ],
    ids=["external id", "e-mail", "null", "null below"],
)
def test_what_no_index_or_text_can_hold_is_refused(database, attributes):
    with pytest.raises(InvalidValue):
        add_user(database, **attributes)


def test_an_escaped_backslash_before_u0000_is_a_text_like_any_other(database):
    stored = add_user(database, nickName="\\u0000")

    assert database.read(lambda unit: unit.resources.lookup("User", stored.id)).document()["nickName"] == "\\u0000"
