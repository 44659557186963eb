"""Limits across verifications."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT
from verification.errors import Limit, LimitReached, TargetRefused
from verification.limits import (
    CLEAR,
    Clearance,
    Wait,
    Window,
    daily_wrong,
    privileged_wrong,
    retry_after,
    seconds_until,
)
from verification.policy import OtpRules, Policy

HOUR = Window(Limit.HOURLY, timedelta(hours=1), 10)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (daily_wrong, Window(Limit.DAILY, timedelta(days=1), 8)),
        (privileged_wrong, Window(Limit.ATTEMPTS, timedelta(seconds=600), 9)),
    ],
)
def test_a_window_takes_its_maximum_from_the_policy(window, expected):
    policy = Policy(otp=OtpRules(max_wrong_per_day=8), privileged_max_wrong=9)

    assert window(policy) == expected


def test_a_window_opens_its_span_ago():
    assert HOUR.opens_at(MOMENT) == MOMENT - timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds_ago", "expected"),
    [(0, 3600), (3599, 1), (3599.5, 1), (3600, 0), (4000, 0)],
)
def test_the_wait_ends_when_the_event_leaves_the_window(seconds_ago, expected):
    assert retry_after(MOMENT - timedelta(seconds=seconds_ago), HOUR, MOMENT) == expected


def test_there_is_no_wait_with_fewer_events_than_the_maximum():
    assert retry_after(None, HOUR, MOMENT) == 0


def test_a_maximum_of_zero_is_no_limit():
    assert retry_after(MOMENT, Window(Limit.HOURLY, timedelta(hours=1), 0), MOMENT) == 0


def test_seconds_are_rounded_up_so_that_a_punctual_retry_is_not_too_early():
    assert seconds_until(MOMENT + timedelta(milliseconds=1), MOMENT) == 1


def test_a_clearance_lets_pass_what_nothing_stands_against():
    assert CLEAR.require() is None


@pytest.mark.parametrize(
    ("clearance", "error"),
    [(Clearance(Wait(Limit.IP, 7)), LimitReached), (Clearance(refusal=TargetRefused()), TargetRefused)],
)
def test_a_clearance_says_what_stands_against_a_code(clearance, error):
    with pytest.raises(error):
        clearance.require()
