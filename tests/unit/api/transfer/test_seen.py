"""Which texts have been met."""

from __future__ import annotations

from api.transfer.seen import Seen


def test_a_text_is_new_once():
    seen = Seen()

    assert [seen.add(text) for text in ("ann", "bob", "ann", "", "", "bob")] == [True, True, False, True, False, False]


def test_as_many_are_known_as_there_are():
    seen, names = Seen(), [f"user{number}" for number in range(20_000)]

    assert all(seen.add(name) for name in names)
    assert not any(seen.add(name) for name in names)


def test_no_more_are_kept_than_there_may_be():
    seen = Seen(most=2)

    assert [seen.add(text) for text in ("a", "b", "c", "c", "a")] == [True, True, True, True, False]
