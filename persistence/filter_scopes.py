"""Where the values of an attribute are: in columns, in the JSON texts, in rows of values or of memberships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import and_, literal, or_, select, true, union

from persistence.columns import ColumnValue, column_of
from persistence.documents import layout_of
from persistence.json_values import extension_of, json_of
from persistence.membership import direct_members, indirect_members
from persistence.tables import group_members, resource_values, resources
from persistence.types import Key
from scim.errors import InvalidFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Dialect

    from persistence.json_values import JsonValue
    from scim.resource_types import Resolved, ResourceType

    Condition = ColumnElement[bool]
    Value = ColumnValue | JsonValue
    Ask = Callable[[Value], Condition]
    Term = Callable[["Scope"], Condition]


class Scope(Protocol):
    """What the paths of a term start from: a resource, or one element of an attribute."""

    def any(self, target: Resolved, ask: Ask) -> Condition:
        """Ask whether any value of an attribute answers yes."""


@dataclass(frozen=True, slots=True)
class ElementScope:
    """One element of an attribute, as JSON."""

    value: JsonValue

    def any(self, target: Resolved, ask: Ask) -> Condition:
        """Ask the element itself, or its sub-attribute."""
        if target.sub is None:
            return ask(self.value)
        value = self.value.child(target.sub.name)
        if not target.sub.multi_valued:
            return ask(value)
        elements = value.elements()
        return elements.any(ask(elements.element))


@dataclass(frozen=True, slots=True)
class RowScope:
    """One element of an attribute whose elements are rows, by the names of its sub-attributes."""

    values: Mapping[str, ColumnValue]

    def any(self, target: Resolved, ask: Ask) -> Condition:
        """Ask the sub-attribute; the row itself is present."""
        if target.sub is None:
            return true()
        value = self.values.get(target.sub.name)
        if value is None:
            raise InvalidFilter(f"{target.attribute.name}.{target.sub.name} cannot be used in a filter.")
        return ask(value)


@dataclass(frozen=True, slots=True)
class ResourceScope:
    """A resource of a type."""

    resource_type: ResourceType
    dialect: Dialect

    def any(self, target: Resolved, ask: Ask) -> Condition:
        """Ask the column of an attribute, the rows that hold its values, or the JSON text."""
        column = column_of(target, self.resource_type)
        if column is not None:
            return ask(column)
        if self._are_rows(target):
            return _any_row(target, lambda scope: scope.any(target, ask))
        if self.has_value_rows(target):
            return _any_value_row(target, ask)
        if target.extension is None and target.attribute.name in {"schemas", "meta"}:
            return self._any_schema(ask) if target.attribute.name == "schemas" else _any_meta(target)
        return self._any_json(target, ask)

    def element(self, target: Resolved, term: Term) -> Condition:
        """Ask whether one element of an attribute satisfies a term."""
        if self._are_rows(target):
            return _any_row(target, term)
        if target.attribute.multi_valued:
            elements = json_of(target, self.dialect).elements()
            return elements.any(term(ElementScope(elements.element)))
        # The one element of a complex attribute: its paths are those of the resource.
        is_meta = target.extension is None and target.attribute.name == "meta"
        return and_(true() if is_meta else json_of(target, self.dialect).exists(), term(self))

    def has_value_rows(self, target: Resolved) -> bool:
        """Tell whether the values of a path are rows with an index."""
        if target.extension is not None or target.sub is None:
            return False
        return any(
            target.attribute.name == name and target.sub.name == value.name
            for name, value in layout_of(self.resource_type).values
        )

    def _are_rows(self, target: Resolved) -> bool:
        return target.extension is None and target.attribute.name in layout_of(self.resource_type).rows

    def _any_json(self, target: Resolved, ask: Ask) -> Condition:
        value = json_of(target, self.dialect)
        if not target.attribute.multi_valued:
            return ElementScope(value).any(target, ask)
        elements = value.elements()
        return elements.any(ElementScope(elements.element).any(target, ask))

    def _any_schema(self, ask: Ask) -> Condition:
        def named(urn: str) -> Condition:
            return ask(ColumnValue(literal(urn, Key), is_folded=False))

        extensions = (extension.schema.id for extension in self.resource_type.extensions)
        return or_(
            named(self.resource_type.schema.id),
            *(and_(extension_of(urn, self.dialect).exists(), named(urn)) for urn in extensions),
        )


def _any_meta(target: Resolved) -> Condition:
    if target.sub is None:
        return true()
    raise InvalidFilter(f"meta.{target.sub.name} cannot be used in a filter.")


def _any_value_row(target: Resolved, ask: Ask) -> Condition:
    rows = select(resource_values.c.resource_id).where(
        resource_values.c.attribute == literal(target.attribute.name, Key),
        ask(ColumnValue(resource_values.c.value_key)),
    )
    return resources.c.id.in_(rows)


def _any_row(target: Resolved, term: Term) -> Condition:
    """Ask for one membership: the members of a group, or the groups of a user."""
    if target.attribute.name == "members":
        scope = RowScope(
            {
                "value": ColumnValue(group_members.c.member_id),
                "type": ColumnValue(group_members.c.member_type, is_folded=False),
            }
        )
        return resources.c.id.in_(select(group_members.c.group_id).where(term(scope)))
    groups = resources.alias()

    def belonging(kind: str) -> Condition:
        return term(
            RowScope(
                {
                    "value": ColumnValue(groups.c.id),
                    "display": ColumnValue(groups.c.display_name_key),
                    "type": ColumnValue(literal(kind, Key)),
                }
            )
        )

    members = union(
        direct_members(groups, belonging("direct")), indirect_members(groups, belonging("indirect"))
    ).subquery()
    # Two conditions joined by OR would be asked of each user.
    return resources.c.id.in_(select(members.c.member_id))
