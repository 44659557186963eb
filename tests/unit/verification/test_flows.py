"""Flows move on in order, and end for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT
from verification.errors import IllegalTransition
from verification.flows import Flow, FlowKind


def flow(**changes):
    values = {"user_id": "bob", "step": "first", "created_at": MOMENT, "expires_at": MOMENT + timedelta(minutes=10)}
    return Flow(id="f", kind=FlowKind.SIGN_IN, secret_digest="secret-digest", **{**values, **changes})


def test_each_step_is_another_turn_and_adds_what_it_knows():
    second = flow(data={"a": 1}).advance("second", b=2)

    assert (second.step, second.turn, second.data) == ("second", 1, {"a": 1, "b": 2})


def test_it_is_open_until_it_expires_or_ends():
    begun = flow()

    assert begun.is_open(begun.expires_at - timedelta(microseconds=1))
    assert not begun.is_open(begun.expires_at)
    assert not begun.end().is_open(MOMENT)


def test_what_has_ended_does_not_move_on():
    with pytest.raises(IllegalTransition):
        flow().end().advance("second")


def test_secret_and_data_are_not_in_its_repr():
    shown = repr(flow(data={"number": "0123456789"}))

    assert "secret-digest" not in shown
    assert "0123456789" not in shown
