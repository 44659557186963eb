"""The order of a list (RFC 7644 §3.4.2.3), and how to go on behind its last resource."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Double, and_, bindparam, cast, false, func, or_, select, tuple_

from persistence.columns import column_of
from persistence.documents import layout_of
from persistence.json_values import json_of
from persistence.tables import resources
from persistence.types import Key, Moment
from scim.attributes import AttributeType, Returned
from scim.errors import InvalidPath
from scim.resource_types import Resolved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.types import TypeEngine

    from persistence.filter_scopes import Value
    from scim.attributes import Attribute
    from scim.resource_types import ResourceType

Sql = Any
_NEVER_NULL = {resources.c.created_at, resources.c.last_modified_at, resources.c.resource_type}

SortKey = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: behind the resource with this id and, where the list is sorted, this sort key."""

    id: str
    key: SortKey = None


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by; resources without a value come last, or first where it descends (RFC 7644).

    The id decides between equals, in the same direction, so that one walk along an index does. Where there are
    no equals it is left out: the index that keeps names unique does not hold it.
    """

    key: Sql | None
    kind: TypeEngine[Any]
    descending: bool
    is_nullable: bool = False
    is_unique: bool = False

    def clauses(self) -> list[Sql]:
        """Return the clauses of ORDER BY."""
        by_id = resources.c.id.desc() if self.descending else resources.c.id.asc()
        if self.key is None:
            return [by_id]
        by_key = self.key.desc() if self.descending else self.key.asc()
        if self.is_nullable:
            by_key = by_key.nulls_first() if self.descending else by_key.nulls_last()
        return [by_key] if self.is_unique else [by_key, by_id]

    def behind(self, *, has_key: bool) -> ColumnElement[bool]:
        """Return the condition of what comes behind a position, which is given by parameters."""
        last_id = bindparam("last_id", type_=Key)
        follows = resources.c.id < last_id if self.descending else resources.c.id > last_id
        if self.key is None:
            return and_(follows)
        if not has_key:
            rest = self.key.is_not(None) if self.descending else false()
            return or_(and_(self.key.is_(None), follows), rest)
        if self.is_unique:
            last_key = bindparam("last_key", type_=self.kind)
            return and_(self.key < last_key if self.descending else self.key > last_key)
        here, there = tuple_(self.key, resources.c.id), tuple_(bindparam("last_key", type_=self.kind), last_id)
        if self.descending:
            return and_(here < there)
        return or_(here > there, self.key.is_(None)) if self.is_nullable else and_(here > there)

    def read_key(self, key: Any) -> SortKey:  # noqa: ANN401 whatever the column holds
        """Give a sort key a form that JSON has."""
        return key.astimezone(UTC).isoformat() if isinstance(key, datetime) else key

    def write_key(self, key: SortKey) -> object:
        """Give a sort key the type of what is sorted."""
        return datetime.fromisoformat(str(key)) if self.kind is Moment and key is not None else key


def order_of(
    sort_by: Resolved | None, resource_types: Sequence[ResourceType], dialect: Dialect, *, descending: bool
) -> Order:
    """Work out the order a request asks for; without an attribute it is that of the ids.

    Raises:
        InvalidPath: Resources cannot be sorted by this attribute.
    """
    if sort_by is None:
        return Order(None, Key, descending)
    target, leaf = _leaf(sort_by)
    columns = {column_of(target, resource_type) for resource_type in resource_types}
    column = columns.pop() if len(columns) == 1 else None
    if column is None:
        _require_stored(target, resource_types)
        return Order(_json_key(target, leaf, dialect), _kind(leaf), descending, is_nullable=True)
    if column.column is resources.c.id:
        return Order(None, Key, descending)
    is_always_there = leaf.required and len(resource_types) == 1
    return Order(
        _typed(column, leaf),
        _kind(leaf),
        descending,
        is_nullable=not is_always_there and column.column not in _NEVER_NULL,
        is_unique=is_always_there and column.column is resources.c.name_key,
    )


def _leaf(target: Resolved) -> tuple[Resolved, Attribute]:
    leaf = target.sub or target.attribute
    if leaf.is_complex and target.sub is None and (value := leaf.sub("value")) is not None:
        target, leaf = Resolved(target.extension, target.attribute, value), value
    if leaf.is_complex or Returned.NEVER in {leaf.returned, target.attribute.returned}:
        raise InvalidPath(f"Resources cannot be sorted by {leaf.name}.")
    return target, leaf


def _require_stored(target: Resolved, resource_types: Sequence[ResourceType]) -> None:
    computed = {"schemas", "id", "meta"}.union(*(layout_of(item).rows for item in resource_types))
    if target.extension is None and target.attribute.name in computed:
        raise InvalidPath(f"Resources cannot be sorted by {target.attribute.name}.")


def _json_key(target: Resolved, leaf: Attribute, dialect: Dialect) -> Sql:
    value = json_of(target, dialect)
    if not target.attribute.multi_valued:
        return _typed(value if target.sub is None else value.child(target.sub.name), leaf)
    # RFC 7644 §3.4.2.3: of several values the primary one counts, or else the first.
    elements = value.elements()
    element = elements.element
    by_primary = [] if target.sub is None else [func.coalesce(element.child("primary").truth(), false()).desc()]
    chosen = _typed(element if target.sub is None else element.child(target.sub.name), leaf)
    return (
        select(chosen).select_from(elements.source).order_by(*by_primary, elements.position).limit(1).scalar_subquery()
    )


def _typed(value: Value, leaf: Attribute) -> Sql:
    match leaf.type:
        case AttributeType.BOOLEAN:
            return value.truth()
        case AttributeType.INTEGER | AttributeType.DECIMAL:
            return cast(value.number(), Double)
        case AttributeType.DATE_TIME:
            return value.moment()
    return value.text(case_exact=leaf.case_exact or leaf.type is not AttributeType.STRING)


def _kind(leaf: Attribute) -> Any:  # noqa: ANN401 a type of SQLAlchemy's or an instance of one
    match leaf.type:
        case AttributeType.BOOLEAN:
            return Boolean()
        case AttributeType.INTEGER | AttributeType.DECIMAL:
            return Double()
        case AttributeType.DATE_TIME:
            return Moment
    return Key
