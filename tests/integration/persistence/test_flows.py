"""Flows move on where they are as they were read, and no further than their attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.races import race
from tests.factories.stored import AT, add_user, new_id
from verification.flows import Flow, FlowKind


@pytest.fixture
def flow(database):
    user = add_user(database)
    made = Flow(
        id=new_id(),
        kind=FlowKind.SIGN_IN,
        secret_digest="digest",
        user_id=user.id,
        step="first",
        created_at=AT,
        expires_at=AT + timedelta(minutes=10),
        data={"number": "01"},
    )
    database.transact(lambda unit: unit.flows.add(made))
    return made


def lookup(database, flow):
    return database.read(lambda unit: unit.flows.lookup(flow.id, flow.kind))


def test_what_is_added_is_found(database, flow):
    assert lookup(database, flow) == flow
    assert database.read(lambda unit: unit.flows.lookup("\x00", FlowKind.SIGN_IN)) is None


def test_each_step_is_taken_once(database, flow):
    second = flow.advance("second", code="x")

    assert database.transact(lambda unit: unit.flows.save(second, expected=flow))
    assert not database.transact(lambda unit: unit.flows.save(flow.advance("other"), expected=flow))
    assert lookup(database, flow) == second


def test_attempts_are_counted_up_to_the_maximum(database, flow):
    counted = race(lambda _: database.transact(lambda unit: unit.flows.count_attempt(flow, 3)), 12)

    assert sorted(found.attempts for found in counted if found) == [1, 2, 3]


def test_an_attempt_can_be_taken_back(database, flow):
    database.transact(lambda unit: unit.flows.count_attempt(flow, 3))
    database.transact(lambda unit: unit.flows.uncount_attempt(flow))

    assert lookup(database, flow).attempts == 0


@pytest.mark.parametrize("later", [lambda flow: flow.advance("second"), lambda flow: flow.end()], ids=["on", "ended"])
def test_what_has_moved_on_takes_no_attempt_of_before(database, flow, later):
    database.transact(lambda unit: unit.flows.save(later(flow), expected=flow))

    assert database.transact(lambda unit: unit.flows.count_attempt(flow, 3)) is None


def test_what_has_ended_takes_no_attempt(database, flow):
    ended = flow.end()
    database.transact(lambda unit: unit.flows.save(ended, expected=flow))

    assert database.transact(lambda unit: unit.flows.count_attempt(ended, 3)) is None


def test_expired_flows_are_pruned(database, flow):
    before = database.transact(lambda unit: unit.flows.prune(flow.expires_at - timedelta(microseconds=1), 10))
    after = database.transact(lambda unit: unit.flows.prune(flow.expires_at, 10))

    assert (before, after) == (0, 1)
    assert lookup(database, flow) is None
