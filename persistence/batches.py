"""Ids that are looked up several at once: `id_0`, `id_1` and so on are the parameters of such a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam

from persistence.types import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import BindParameter

AT_ONCE = 200


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split ids into as many as one statement takes."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def padded(ids: Sequence[str]) -> Sequence[str]:
    """Repeat the last id up to a power of two, so that there are few sizes, and a statement for each."""
    size = 1 << (len(ids) - 1).bit_length()
    return [*ids, *[ids[-1]] * (size - len(ids))]


def named(ids: Sequence[str]) -> dict[str, str]:
    """Return ids as the parameters of a statement."""
    return {f"id_{number}": value for number, value in enumerate(ids)}


def places(count: int) -> list[BindParameter[str]]:
    """Return the places of so many ids in a statement."""
    return [bindparam(f"id_{number}", type_=Key) for number in range(count)]
