"""References among bulk operations (RFC 7644 §3.7.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.bulk import read_bulk
from scim.bulk_references import plan, references, resolve, set_aside
from scim.errors import Conflict
from scim.patch_request import Operation, OperationKind

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def group(name: str, *members: str):
    data = {"displayName": name, "members": [{"value": f"bulkId:{member}"} for member in members]}
    return {"method": "POST", "path": "/Groups", "bulkId": name, "data": data}


def user(name: str):
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": {"userName": name}}


def steps(*operations):
    """Write a plan in short: which operation, what it does without, whether it completes."""
    read = read_bulk({"Operations": list(operations)}, max_operations=100)
    return [(step.operation.index, set(step.deferred), step.is_completion) for step in plan(read.operations)]


def test_order_of_the_request_is_kept():
    delete = {"method": "DELETE", "path": "/Users/5"}

    assert steps(user("a"), delete, group("g", "a"), "broken") == [
        (0, set(), False),
        (1, set(), False),
        (2, set(), False),
        (3, set(), False),
    ]


def test_operation_waits_for_what_it_refers_to():
    order = [index for index, _, _ in steps(group("h", "g"), group("g", "a"), user("b"), user("a"), user("c"))]

    assert order == [2, 3, 1, 0, 4]


def test_path_is_a_reference_too():
    patch = {"method": "PATCH", "path": "/Users/bulkId:a", "data": {"Operations": []}}

    assert [index for index, _, _ in steps(patch, user("a"))] == [1, 0]


def test_circle_is_opened_and_closed_again():
    assert steps(group("a", "b"), group("b", "a")) == [(0, {"b"}, False), (1, set(), False), (0, set(), True)]


def test_longer_circle_and_what_hangs_on_it():
    planned = steps(group("x", "a"), group("a", "b"), group("b", "c", "u"), group("c", "a"), user("u"))

    assert planned == [
        (4, set(), False),
        (1, {"b"}, False),
        (0, set(), False),
        (3, set(), False),
        (2, set(), False),
        (1, set(), True),
    ]


def test_reference_to_itself_is_completed_afterwards():
    assert steps(group("a", "a")) == [(0, {"a"}, False), (0, set(), True)]


def test_reference_to_nothing_holds_nobody_up():
    assert steps(group("a", "nobody")) == [(0, set(), False)]


@given(st.lists(st.sets(st.sampled_from("abcdef"), max_size=3), max_size=6))
def test_every_plan_is_complete(wanted):
    """Each operation is done once, and what it refers to exists by then or is deferred and completed."""
    operations = [group(name, *sorted(members)) for name, members in zip("abcdef", wanted, strict=False)]
    if not operations:
        operations = [user("a")]
    known = {operation["bulkId"] for operation in operations}
    made: set[str] = set()

    planned = plan(read_bulk({"Operations": operations}, max_operations=10).operations)

    for step in planned:
        needed = references(step.operation) & known
        assert step.is_completion or needed - made == step.deferred
        assert not step.is_completion or needed <= made
        made.add(step.operation.bulk_id or "")
    assert sorted(step.operation.index for step in planned if not step.is_completion) == list(range(len(operations)))
    assert {step.operation.index for step in planned if step.deferred} == {
        step.operation.index for step in planned if step.is_completion
    }


def test_references_are_replaced_by_ids():
    value = {
        "members": [{"value": "bulkId:a", "$ref": None}, {"value": "5"}],
        "manager": "bulkId:b",
        "count": 3,
        "Operations": [{"path": 'members[value eq "bulkId:a"]'}],
        "note": "see bulkId:a",
    }

    assert resolve(value, {"a": "1", "b": "2"}) == {
        "members": [{"value": "1", "$ref": None}, {"value": "5"}],
        "manager": "2",
        "count": 3,
        "Operations": [{"path": 'members[value eq "1"]'}],
        "note": "see bulkId:a",
    }


@pytest.mark.parametrize("value", ["bulkId:x", ["bulkId:x"], {"path": 'members[value eq "bulkId:x"]'}])
def test_reference_to_nothing_is_a_conflict(value):
    """RFC 7644 §3.7.1: 409 where references cannot be resolved."""
    with pytest.raises(Conflict):
        resolve(value, {"a": "1"})


def test_what_refers_to_the_missing_is_set_aside():
    data = {
        "schemas": ["urn:x"],
        "displayName": "g",
        "members": [{"value": "bulkId:a"}, {"value": "bulkId:b"}, {"value": "5"}],
        "owner": {"value": "bulkId:a"},
        ENTERPRISE: {"manager": {"value": "bulkId:a"}, "division": "North"},
    }

    now, later = set_aside(data, {"a"})

    assert now == {
        "schemas": ["urn:x"],
        "displayName": "g",
        "members": [{"value": "bulkId:b"}, {"value": "5"}],
        ENTERPRISE: {"division": "North"},
    }
    assert later == (
        Operation(OperationKind.ADD, "members", [{"value": "bulkId:a"}]),
        Operation(OperationKind.ADD, "owner", {"value": "bulkId:a"}),
        Operation(OperationKind.ADD, f"{ENTERPRISE}:manager", {"value": "bulkId:a"}),
    )
