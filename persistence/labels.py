"""What resources are called, several at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from persistence.documents import is_storable
from persistence.statements import Statement
from persistence.tables import resources
from persistence.types import Key

if TYPE_CHECKING:
    from collections.abc import Collection

    from persistence.links import Link


# Users are called by their display name; who has none is known by the one to sign in with.
NAME = func.coalesce(resources.c.label, resources.c.name_key)


class Labels:
    """The names of resources of any type."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def of(self, ids: Collection[str]) -> dict[str, str]:
        """Return what each of some resources is called; those that are not there are left out."""
        known = [each for each in ids if is_storable(each)]
        if not known:
            return {}
        # A statement for each size that is a power of two: what is left of it is the last id again.
        size = 1 << (len(known) - 1).bit_length()
        padded = [*known, *[known[-1]] * (size - len(known))]
        rows = self._link.rows(of_resources(size), {f"id_{number}": value for number, value in enumerate(padded)})
        return {row[0]: row[1] for row in rows if row[1] is not None}


@cache
def of_resources(count: int) -> Statement:
    """Build the look-up of so many names."""
    ids = [bindparam(f"id_{number}", type_=Key) for number in range(count)]
    return Statement(select(resources.c.id, NAME).where(resources.c.id.in_(ids)))
