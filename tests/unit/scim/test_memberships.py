"""Operations on members, parted from those on the rest of a group."""

from __future__ import annotations

import pytest

from scim.errors import InvalidFilter, InvalidPath, InvalidValue, Mutability, NoTarget
from scim.evaluation import element_matches
from scim.memberships import (
    MembersAdded,
    MembersRemoved,
    MembersRemovedWhere,
    MembersReplaced,
    split_membership,
)
from scim.patch_request import Operation, OperationKind, read_patch
from tests.factories.patches import add, remove, replace
from tests.factories.schemas import group_type

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def split(*operations):
    return split_membership(read_patch({"Operations": list(operations)}), group_type(), "members")


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        (
            add("members", [{"value": "1"}, {"value": "2", "type": "User"}]),
            MembersAdded(({"value": "1"}, {"value": "2", "type": "User"})),
        ),
        (add("members", {"value": "1", "display": "ignored"}), MembersAdded(({"value": "1"},))),
        (add("MEMBERS", "1"), MembersAdded(({"value": "1"},))),
        (add(f"{GROUP}:members", ["1", "1"]), MembersAdded(({"value": "1"},))),
        (add("members", None), MembersAdded(())),
        (add('members[value eq "1"]', {}), MembersAdded(({"value": "1"},))),
        (remove("members"), MembersReplaced()),
        (remove("members", [{"value": "1", "$ref": None}]), MembersRemoved(("1",))),
        (remove("members", "1"), MembersRemoved(("1",))),
        (remove("members", []), MembersRemoved(())),
        (remove('members[value eq "A1"]'), MembersRemoved(("A1",))),
        (remove('members[VALUE eq "1" or (value eq "2")]'), MembersRemoved(("1", "2"))),
        (replace("members", [{"value": "1"}]), MembersReplaced(({"value": "1"},))),
        (replace("members", []), MembersReplaced()),
        (replace("members", None), MembersReplaced()),
    ],
)
def test_operation_on_members_becomes_a_change(operation, change):
    assert split(operation) == ((), (change,))


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ('type eq "group"', {"value": "1", "type": "Group"}),
        ('value sw "1"', {"value": "12"}),
        ('value eq "1" or type eq "User"', {"value": "2", "type": "User"}),
        ('value eq "1" and type eq "User"', {"value": "1", "type": "User"}),
        ('not (value eq "1")', {"value": "2"}),
    ],
)
def test_other_filters_are_left_to_the_storage(selector: str, selected):
    _, (change,) = split(remove(f"members[{selector}]"))

    assert isinstance(change, MembersRemovedWhere)
    assert element_matches(change.selector, selected)


def test_the_rest_and_the_changes_keep_their_order():
    rest, changes = split(
        replace("displayName", "A"),
        remove('members[value eq "1"]'),
        add("members", [{"value": "2"}]),
        replace(f"{GROUP}:displayName", "B"),
        replace("members", [{"value": "3"}]),
    )

    assert rest == (
        Operation(OperationKind.REPLACE, "displayName", "A"),
        Operation(OperationKind.REPLACE, f"{GROUP}:displayName", "B"),
    )
    assert changes == (MembersRemoved(("1",)), MembersAdded(({"value": "2"},)), MembersReplaced(({"value": "3"},)))


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({"id": "g", "displayName": "A", "Members": [{"value": "1"}]}, {"id": "g", "displayName": "A"}),
        ({"members": [{"value": "1"}], "x:y": 5}, {"x:y": 5}),
        ({GROUP: {"displayName": "A", "members": [{"value": "1"}]}}, {GROUP: {"displayName": "A"}}),
        ({GROUP: {"members": "1"}, "externalId": "e"}, {"externalId": "e"}),
        ([{"displayName": "A", "members": "1"}], {"displayName": "A"}),
    ],
)
def test_members_are_taken_out_of_an_object(value, left):
    """Okta pushes a group as one object."""
    rest, changes = split(replace(None, value))

    assert rest == (Operation(OperationKind.REPLACE, None, left),)
    assert changes == (MembersReplaced(({"value": "1"},)),)


@pytest.mark.parametrize("operation", [add(None, {"members": ["1"]}), add(GROUP, {"members": ["1"]})])
def test_nothing_is_left_of_an_object_of_members(operation):
    assert split(operation) == ((), (MembersAdded(({"value": "1"},)),))


def test_members_are_taken_out_of_the_core_schema():
    rest, changes = split(add(GROUP, {"members": ["1"], "displayName": "A"}))

    assert rest == (Operation(OperationKind.ADD, GROUP, {"displayName": "A"}),)
    assert changes == (MembersAdded(({"value": "1"},)),)


@pytest.mark.parametrize(
    "operation",
    [
        add(None, {}),
        add(None, "text"),
        add(None, {GROUP: 5}),
        add(GROUP, None),
        remove(GROUP),
        remove(GROUP, {"members": "1"}),
        add("id", "5"),
        remove("displayName"),
        replace(None, {"shoeSize": 5, "a b": 6}),
        replace(GROUP, {GROUP: {GROUP: {"members": ["1"]}}}),
    ],
)
def test_what_is_not_about_members_goes_through(operation):
    rest, changes = split(operation)

    assert rest == (Operation(OperationKind(operation["op"]), operation["path"], operation["value"]),)
    assert changes == ()


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        (replace('members[value eq "1"].value', "2"), Mutability),
        (replace('members[value eq "1"]', {"value": "2"}), Mutability),
        (remove("members.value"), Mutability),
        (add('members[value eq "1"].type', "User"), Mutability),
        (add('members[type eq "User"]', {"value": "1"}), NoTarget),
        (add('members[value eq "1" and type eq "User"]', {}), NoTarget),
        (add("members[value eq true or value pr]", {}), InvalidFilter),
        (add('members[value eq "1" or value pr]', {}), NoTarget),
        (add("members", [{"type": "User"}]), InvalidValue),
        (add("members", [{"value": " "}]), InvalidValue),
        (remove("members", [{"type": "User"}]), InvalidValue),
        (replace(None, {"members": [[]]}), InvalidValue),
        (add("shoeSize", 5), InvalidPath),
        (add("members[value eq 1", []), InvalidFilter),
    ],
)
def test_change_that_cannot_be_made_is_refused(operation, error):
    with pytest.raises(error):
        split(operation)
