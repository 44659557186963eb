"""The bound that `make attack` states is right about times that are known."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, so that every run is alike

from tests.attacks.bounds import difference

GENERATOR = random.Random(7)  # noqa: S311 - no secret
NOISE = [GENERATOR.gauss(20, 4) for _ in range(400)]
OTHER = [GENERATOR.gauss(20, 4) for _ in range(400)]


def test_equal_times_tell_nothing():
    found = difference(NOISE, OTHER, GENERATOR)

    assert found.low < 0 < found.high
    assert 0.4 < found.share < 0.6
    assert not found.tells


def test_a_shift_is_found_and_bounded():
    found = difference([time + 4 for time in NOISE], OTHER, GENERATOR)

    assert 2.5 < found.low < found.high < 5.5
    assert found.bound == found.high
    assert found.tells
    assert difference(OTHER, [time + 4 for time in NOISE], GENERATOR).tells


def test_what_both_of_a_pair_suffer_does_not_count():
    load = [50 * (turn % 7) for turn in range(400)]
    first, second = ([time + more for time, more in zip(times, load, strict=True)] for times in (NOISE, OTHER))

    assert difference(first, second, GENERATOR).bound < 2


def test_a_shift_of_less_than_a_twentieth_is_taken_for_none():
    assert not difference([100.0 + 4] * 50, [100.0] * 50, GENERATOR).tells
    assert difference([100.0 + 6] * 50, [100.0] * 50, GENERATOR).tells
