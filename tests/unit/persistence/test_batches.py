"""Ids are looked up several at once, by few statements."""

from __future__ import annotations

import pytest

from persistence.batches import AT_ONCE, chunks, named, padded, places


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, []), (1, [1]), (AT_ONCE, [AT_ONCE]), (AT_ONCE + 1, [AT_ONCE, 1])],
)
def test_a_chunk_has_as_many_as_one_statement_takes(count, sizes):
    assert [len(chunk) for chunk in chunks([str(number) for number in range(count)])] == sizes


@pytest.mark.parametrize(("count", "size"), [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8)])
def test_sizes_are_powers_of_two_and_say_nothing_more(count, size):
    ids = [str(number) for number in range(count)]

    several = padded(ids)

    assert len(several) == size
    assert set(several) == set(ids)


def test_every_place_has_its_id():
    assert [place.key for place in places(2)] == list(named(["a", "b"])) == ["id_0", "id_1"]
