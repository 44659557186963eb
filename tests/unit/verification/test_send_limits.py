"""Limits on codes sent: what each counts, and what its marks say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.verification import BEN, MOMENT, number
from verification.errors import Limit
from verification.guard import GuardRules
from verification.limits import Wait, Window
from verification.policy import Policy, SendLimits
from verification.send_limits import (
    DAY,
    HOUR,
    Budget,
    Sending,
    budgets_of,
    longest_wait,
    mark_of,
    own_budgets,
)
from verification.targets import Target

ALL = replace(Policy(), sends=SendLimits(per_country_hour=1000, per_domain_hour=50))
LANKAN = number("+94712345678")
MAIL = Target("Bob@Example.com", "bob@example.com")


def _budgets(target, ip=None, policy=ALL):
    return {
        budget.window.limit: (budget.subject, budget.window.span, budget.window.maximum)
        for budget in budgets_of(Sending("user-1", target, ip), policy)
    }


def test_a_number_is_counted_by_all_it_tells():
    assert _budgets(LANKAN, "192.0.2.7") == {
        Limit.HOURLY: ("user-1", HOUR, 10),
        Limit.DAILY_SENDS: ("user-1", DAY, 20),
        Limit.IP: ("192.0.2.7/32", HOUR, 60),
        Limit.NUMBER: ("+94712345678", DAY, 10),
        Limit.PREFIX: ("+9471234", HOUR, 100),
        Limit.COUNTRY: ("LK", HOUR, 1000),
    }


def test_a_number_that_tells_little_is_counted_by_that():
    assert set(_budgets(number(BEN))) == {Limit.HOURLY, Limit.DAILY_SENDS, Limit.NUMBER, Limit.PREFIX}
    assert set(_budgets(number("123"))) == {Limit.HOURLY, Limit.DAILY_SENDS, Limit.NUMBER}


def test_an_address_is_counted_by_itself_and_its_domain():
    found = _budgets(MAIL)

    assert set(found) == {Limit.HOURLY, Limit.DAILY_SENDS, Limit.ADDRESS, Limit.DOMAIN}
    assert (found[Limit.ADDRESS], found[Limit.DOMAIN]) == (("bob@example.com", DAY, 10), ("example.com", HOUR, 50))


def test_a_limit_of_zero_is_counted_nowhere():
    off = replace(Policy(), sends=SendLimits(0, 0, 0, 0, 0, 0, 0), otp=replace(Policy().otp, max_sends_per_hour=0))

    assert budgets_of(Sending("user-1", LANKAN, "::1"), off) == ()


def test_limits_stand_in_one_order_everywhere():
    keys = [budget.key for budget in budgets_of(Sending("user-1", LANKAN, "::1"), ALL)]

    assert keys == sorted(keys)
    assert keys[0] == "OTP_COUNTRY:LK"


def test_a_safe_number_counts_for_no_prefix_and_no_country():
    safe = replace(ALL, guard=GuardRules(safe=("+9471",)))

    assert set(_budgets(LANKAN, policy=safe)) == {Limit.HOURLY, Limit.DAILY_SENDS, Limit.NUMBER}


def test_a_refused_code_counts_for_who_asked_for_it():
    own = own_budgets(Sending("user-1", LANKAN, "192.0.2.7"), ALL)

    assert [budget.window.limit for budget in own] == [Limit.DAILY_SENDS, Limit.HOURLY, Limit.IP]


def _marks(*seconds):
    return "".join(mark_of(MOMENT + timedelta(seconds=each)) for each in seconds)


def _budget(maximum, span=HOUR, limit=Limit.NUMBER):
    return Budget(Window(limit, span, maximum), "x")


@pytest.mark.parametrize(
    ("marks", "seconds", "expected"),
    [
        ("", 0, 0),
        (_marks(0), 0, 0),
        (_marks(0, 10), 10, 3590),
        (_marks(0, 10), 3599.5, 1),
        (_marks(0, 10), 3600, 0),
        # Only the last ones matter, should there be more of them.
        (_marks(0, 10, 20), 20, 3590),
    ],
)
def test_the_wait_lasts_until_the_first_of_a_full_window_has_left_it(marks, seconds, expected):
    assert _budget(2).wait(marks, MOMENT + timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("maximum", "grain", "most"), [(1, 1, 1), (100, 1, 100), (101, 2, 50), (1000, 10, 100), (999_999, 10_000, 99)]
)
def test_a_large_limit_needs_no_more_marks_than_a_small_one(maximum, grain, most):
    budget = _budget(maximum)

    assert (budget.grain, budget.most) == (grain, most)
    assert maximum - grain < budget.grain * budget.most <= maximum


def test_the_longest_wait_is_told():
    first, second = _budget(1), _budget(1, DAY, Limit.IP)
    marks = {first.key: _marks(0), second.key: _marks(0)}

    assert longest_wait((first, second), marks, MOMENT) == Wait(Limit.IP, 86400)
    assert longest_wait((first, second), {}, MOMENT) is None
    assert longest_wait((), {}, MOMENT) is None


def test_marks_sort_by_time():
    moments = [MOMENT + timedelta(milliseconds=ms) for ms in (0, 1, 999, 10_000)]

    assert [mark_of(moment) for moment in moments] == sorted(mark_of(moment) for moment in moments)
    assert {len(mark_of(moment)) for moment in moments} == {13}
