"""What resources are called, several at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from persistence.batches import named, padded, places
from persistence.documents import is_storable
from persistence.statements import Statement
from persistence.tables import resources

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
        several = padded(known)
        rows = self._link.rows(of_resources(len(several)), named(several))
        return {row[0]: row[1] for row in rows if row[1] is not None}


@cache
def of_resources(count: int) -> Statement:
    """Build the look-up of so many names."""
    return Statement(select(resources.c.id, NAME).where(resources.c.id.in_(places(count))))
