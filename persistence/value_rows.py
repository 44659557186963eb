"""Values of multi-valued attributes that have an index: one row each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from persistence.documents import INDEXED_VALUES
from persistence.statements import Statement
from persistence.tables import resource_values
from persistence.types import Key

if TYPE_CHECKING:
    from persistence.documents import IndexedValues
    from persistence.links import Link

_AT_ONCE = 20

_CLEAR = Statement(
    delete(resource_values).where(
        resource_values.c.resource_id == bindparam("resource_id"), resource_values.c.attribute == bindparam("attribute")
    )
)


class ValueRows:
    """The indexed values of all resources."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, resource_id: str, values: IndexedValues) -> None:
        """Add the values of a resource."""
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            parameters: dict[str, Any] = {"resource_id": resource_id}
            for number, (attribute, position, key) in enumerate(some):
                parameters |= {f"attribute_{number}": attribute, f"position_{number}": position, f"key_{number}": key}
            self._link.later(_adding(len(some)), parameters)

    def change(self, resource_id: str, before: IndexedValues, after: IndexedValues) -> None:
        """Put the values of a resource in the place of those before; an attribute that stays is not written."""
        if before == after:
            return
        for attribute in INDEXED_VALUES:
            old = tuple(value for value in before if value[0] == attribute)
            new = tuple(value for value in after if value[0] == attribute)
            if old != new:
                if old:
                    self._link.later(_CLEAR, {"resource_id": resource_id, "attribute": attribute})
                self.add(resource_id, new)


@cache
def _adding(count: int) -> Statement:
    """Build the insertion of so many values, of which there are at most _AT_ONCE forms."""
    rows = [
        {
            "resource_id": bindparam("resource_id", type_=Key),
            "attribute": bindparam(f"attribute_{number}", type_=Key),
            "position": bindparam(f"position_{number}", type_=Integer),
            "value_key": bindparam(f"key_{number}", type_=Key),
        }
        for number in range(count)
    ]
    return Statement(insert(resource_values).values(rows).on_conflict_do_nothing())
