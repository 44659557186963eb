"""Unique values beside the name of a resource: one row each, so that the database keeps the promise."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables import unique_values
from persistence.types import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from persistence.documents import UniqueKey
    from persistence.links import Link

_AT_ONCE = 20

_HOLDER = Statement(
    select(unique_values.c.resource_id).where(
        unique_values.c.resource_type == bindparam("resource_type"),
        unique_values.c.attribute == bindparam("attribute"),
        unique_values.c.value_key == bindparam("value_key"),
    )
)
_REMOVE = Statement(
    delete(unique_values).where(
        unique_values.c.resource_id == bindparam("resource_id"),
        unique_values.c.attribute == bindparam("attribute"),
        unique_values.c.value_key == bindparam("value_key"),
    )
)


class Uniques:
    """The unique values of all resources."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, resource_id: str, resource_type: str, keys: Sequence[UniqueKey]) -> None:
        """Take values for a resource; that one is taken is found out at the commit."""
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            parameters: dict[str, Any] = {"resource_id": resource_id, "resource_type": resource_type}
            for number, (attribute, key) in enumerate(some):
                parameters |= {f"attribute_{number}": attribute, f"key_{number}": key}
            self._link.later(_adding(len(some)), parameters)

    def change(
        self, resource_id: str, resource_type: str, before: Sequence[UniqueKey], after: Sequence[UniqueKey]
    ) -> None:
        """Give back the values a resource no longer has, and take its new ones."""
        for attribute, key in before:
            if (attribute, key) not in after:
                self._link.later(_REMOVE, {"resource_id": resource_id, "attribute": attribute, "value_key": key})
        self.add(resource_id, resource_type, [item for item in after if item not in before])

    def find(self, resource_type: str, key: UniqueKey) -> str | None:
        """Find who has a value."""
        attribute, value_key = key
        parameters = {"resource_type": resource_type, "attribute": attribute, "value_key": value_key}
        row = self._link.row(_HOLDER, parameters)
        return None if row is None else str(row[0])


@cache
def _adding(count: int) -> Statement:
    """Build the insertion of so many values, of which there are at most _AT_ONCE forms."""
    rows = [
        {
            "resource_id": bindparam("resource_id", type_=Key),
            "attribute": bindparam(f"attribute_{number}", type_=Key),
            "value_key": bindparam(f"key_{number}", type_=Key),
            "resource_type": bindparam("resource_type", type_=Key),
        }
        for number in range(count)
    ]
    # Work that is done again meets its own rows; those of another resource break the unique index.
    own = [unique_values.c.resource_id, unique_values.c.attribute, unique_values.c.value_key]
    return Statement(insert(unique_values).values(rows).on_conflict_do_nothing(index_elements=own))
