"""Which attributes have a column, and what a column answers as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, func, literal

from persistence.documents import layout_of
from persistence.tables import resources
from persistence.types import Key
from scim.attributes import AttributeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from scim.resource_types import Resolved, ResourceType

Sql = Any


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """A value that stands in a column, or is worked out of one.

    `is_folded` says that its text is stored without case, or has none.
    """

    column: Sql
    is_folded: bool = True

    def exists(self) -> ColumnElement[bool]:
        """Ask whether there is a value at all."""
        condition: ColumnElement[bool] = self.column.is_not(None)
        return condition

    def is_present(self) -> ColumnElement[bool]:
        """Ask whether it is neither absent nor empty."""
        return and_(self.exists(), self.column != "") if isinstance(self.column.type, Text) else self.exists()

    def text(self, *, case_exact: bool) -> Sql:
        """Return it as text."""
        return self.column if case_exact or self.is_folded else func.lineproof_fold(self.column, type_=Key)

    def number(self) -> Sql:
        """Return it as a number."""
        return self.column

    def truth(self) -> Sql:
        """Return it as a boolean."""
        return self.column

    def moment(self) -> Sql:
        """Return it as a moment."""
        return self.column


Place = tuple[str, str | None]

_META: Mapping[Place, ColumnValue] = {
    ("meta", "created"): ColumnValue(resources.c.created_at),
    ("meta", "lastModified"): ColumnValue(resources.c.last_modified_at),
    ("meta", "resourceType"): ColumnValue(resources.c.resource_type, is_folded=False),
    ("meta", "version"): ColumnValue(
        literal('W/"', Key) + cast(resources.c.version, Text) + literal('"', Key), is_folded=False
    ),
}


def column_of(target: Resolved, resource_type: ResourceType) -> ColumnValue | None:
    """Return the column that holds an attribute, None where it is in the JSON text only."""
    if target.extension is not None:
        return None
    if target.sub is not None:
        return _META.get((target.attribute.name, target.sub.name))
    layout = layout_of(resource_type)
    columns = {"id": resources.c.id}
    if layout.external_id is not None:
        columns["externalId"] = resources.c.external_id
    if layout.display_name is not None:
        columns["displayName"] = resources.c.display_name_key
    if layout.name is not None:
        columns[layout.name.name] = resources.c.name_key
    if target.attribute.type is AttributeType.BOOLEAN and not target.attribute.multi_valued:
        columns["active"] = resources.c.is_active
    column = columns.get(target.attribute.name)
    return None if column is None else ColumnValue(column)
