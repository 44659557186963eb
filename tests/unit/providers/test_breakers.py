"""When a breaker opens, and how it finds out that it may close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.breakers import Breaker, BreakerRules, Circuit

RULES = BreakerRules(failures=3, window=timedelta(seconds=60), pause=timedelta(seconds=30))


@pytest.fixture
def breaker():
    return Breaker(RULES)


def fail(breaker, *moments):
    for moment in moments:
        breaker.fail(moment)


def test_a_few_failures_leave_it_closed(breaker):
    fail(breaker, 100, 101)

    assert breaker.state is Circuit.CLOSED
    assert breaker.admits(101)


def test_enough_in_a_row_open_it(breaker):
    fail(breaker, 100, 101, 102)

    assert breaker.state is Circuit.OPEN
    assert not breaker.admits(131.9)


def test_a_success_between_begins_the_row_anew(breaker):
    fail(breaker, 100, 101)
    breaker.succeed()
    fail(breaker, 102, 103)

    assert breaker.state is Circuit.CLOSED


def test_failures_far_apart_do_not_count_together(breaker):
    fail(breaker, 100, 130, 161)
    assert breaker.state is Circuit.CLOSED

    fail(breaker, 162)
    assert breaker.state is Circuit.OPEN


def test_after_the_pause_one_message_finds_out(breaker):
    fail(breaker, 100, 101, 102)

    assert [breaker.admits(132), breaker.admits(132), breaker.admits(161)] == [True, False, False]
    assert breaker.state is Circuit.HALF_OPEN


def test_its_success_closes_the_circuit(breaker):
    fail(breaker, 100, 101, 102)
    breaker.admits(132)
    breaker.succeed()

    assert (breaker.state, breaker.admits(132)) == (Circuit.CLOSED, True)


def test_its_failure_opens_the_circuit_again(breaker):
    fail(breaker, 100, 101, 102)
    breaker.admits(132)
    fail(breaker, 133)

    assert breaker.state is Circuit.OPEN
    assert [breaker.admits(162), breaker.admits(163)] == [False, True]


def test_should_it_be_lost_another_one_finds_out(breaker):
    fail(breaker, 100, 101, 102)
    breaker.admits(132)

    assert [breaker.admits(161), breaker.admits(162)] == [False, True]


def test_it_can_be_switched_off():
    breaker = Breaker(BreakerRules(failures=0))
    fail(breaker, *range(100))

    assert (breaker.state, breaker.admits(100)) == (Circuit.CLOSED, True)
