"""How many codes come back, and what follows where hardly any does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT
from verification.conversion import (
    BUCKET,
    REMEMBERED,
    Area,
    AreaKind,
    Block,
    ConversionRules,
    Figures,
    areas_of,
    bucket_of,
    is_suspicious,
    next_block,
    span_judged,
    suspicious,
)

RULES = ConversionRules()
PREFIX, COUNTRY = Area(AreaKind.PREFIX, "+9471234"), Area(AreaKind.COUNTRY, "LK")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("key", "areas"),
    [
        ("+94712345678", (COUNTRY, PREFIX)),
        ("0111111111", (Area(AreaKind.PREFIX, "011111"),)),
        ("123", ()),
        ("bob@example.com", ()),
    ],
)
def test_the_areas_of_a_target(key, areas):
    assert areas_of(key) == areas


@pytest.mark.parametrize("area", [PREFIX, COUNTRY])
def test_an_area_is_found_by_its_key(area):
    assert Area.of_key(area.key) == area


@pytest.mark.parametrize(
    ("sent", "verified", "expected"),
    [(49, 0, False), (50, 0, True), (50, 4, True), (50, 5, False), (1000, 99, True), (1000, 100, False)],
)
def test_few_codes_that_come_back_of_many_are_suspicious(sent, verified, expected):
    assert is_suspicious(Figures(PREFIX, sent, verified), RULES) is expected


def test_without_a_least_rate_nothing_is_suspicious():
    assert suspicious([Figures(PREFIX, 10_000, 0)], replace(RULES, min_percent=0)) == []


def test_only_the_suspicious_are_picked():
    bad, good = Figures(PREFIX, 60, 1), Figures(COUNTRY, 600, 400)

    assert suspicious([bad, good], RULES) == [bad]


def test_codes_that_may_still_come_back_are_not_judged():
    first, last = span_judged(RULES, timedelta(minutes=5), MOMENT)

    assert first == MOMENT - timedelta(days=1)
    assert last + BUCKET + timedelta(minutes=5) <= MOMENT


@pytest.mark.parametrize(("minutes", "expected"), [(0, 0), (9.9, 0), (10, 10), (25, 20)])
def test_a_moment_falls_into_a_bucket(minutes, expected):
    assert bucket_of(MOMENT + timedelta(minutes=minutes)) == MOMENT + timedelta(minutes=expected)


def _block(earlier=None, at=MOMENT):
    return next_block("b", Figures(PREFIX, 60, 1), earlier, rules=RULES, at=at)


def test_a_block_ends_by_itself():
    assert _block() == Block("b", PREFIX, MOMENT, MOMENT + HOUR, 0, 60, 1)


def test_each_repeat_lasts_twice_as_long_up_to_a_bound():
    block, spans = _block(), []
    for _ in range(9):
        block = _block(block, at=block.ends_at + HOUR)
        spans.append((block.ends_at - block.began_at) / HOUR)

    assert spans == [2, 4, 8, 16, 32, 64, 128, 168, 168]
    assert block.repeats == 9


def test_a_block_of_long_ago_is_forgotten():
    assert _block(_block(), at=MOMENT + HOUR + REMEMBERED).repeats == 0


def test_a_block_that_was_lifted_makes_none_longer():
    lifted = _block().lift(MOMENT + timedelta(minutes=5), "admin")

    assert (lifted.ends_at, lifted.lifted_by) == (MOMENT + timedelta(minutes=5), "admin")
    assert _block(lifted, at=MOMENT + HOUR).repeats == 0


def test_a_first_block_is_no_longer_than_the_longest():
    short = replace(RULES, longest_block=timedelta(minutes=30))

    block = next_block("b", Figures(PREFIX, 60, 1), None, rules=short, at=MOMENT)

    assert block.ends_at - block.began_at == timedelta(minutes=30)
