"""The cache forgets in time and stays small."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.tokens import cache
from tests.factories.verification import MOMENT

LATER = MOMENT + timedelta(seconds=10)


def test_value_is_kept_until_its_moment():
    kept = cache()
    kept.put("a", 1, LATER)

    assert kept.get("a", LATER - timedelta(microseconds=1)) == 1
    assert kept.get("a", LATER) is None
    assert len(kept) == 0


def test_unknown_key_has_no_value():
    assert cache().get("a", MOMENT) is None


def test_later_value_replaces_the_earlier_one():
    kept = cache()
    kept.put("a", 1, LATER)
    kept.put("a", 2, LATER)

    assert kept.get("a", MOMENT) == 2


def test_least_recently_used_value_goes_first():
    kept = cache(capacity=2)
    kept.put("a", 1, LATER)
    kept.put("b", 2, LATER)
    kept.get("a", MOMENT)
    kept.put("c", 3, LATER)

    assert [kept.get(key, MOMENT) for key in "abc"] == [1, None, 3]
