"""Spans are rounded up, whatever ends them."""

from __future__ import annotations

import pytest

from api.services.pacing import STEP, Pace
from verification.errors import CodeInvalid, Limit, LimitReached


class Time:
    """A clock that goes on when somebody works or sleeps."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def pace(time):
    return Pace(time.monotonic, time.pass_by)


@pytest.mark.parametrize(("work", "steps"), [(0.001, 1), (0.03, 1), (0.049, 1), (0.051, 2), (0.12, 3)])
def test_a_span_is_rounded_up(time, pace, work, steps):
    with pace.kept():
        time.pass_by(work)

    assert time.now - 1000 == pytest.approx(steps * STEP)


def test_a_refusal_takes_as_long(time, pace):
    def refuse():
        time.pass_by(0.01)
        raise CodeInvalid

    with pytest.raises(CodeInvalid), pace.kept():
        refuse()

    assert time.now - 1000 == pytest.approx(STEP)


def test_a_limit_is_told_at_once(time, pace):
    with pytest.raises(LimitReached), pace.kept():
        raise LimitReached(Limit.RESTORE, 60)

    assert time.now == 1000
