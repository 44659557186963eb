"""Lists of resources: which, in which order, from where on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, func, literal, null, or_, select, tuple_, type_coerce

from persistence.documents import StoredResource
from persistence.filter_shapes import parameters_of, shape_of, target_shape
from persistence.filters import compiled_filter
from persistence.membership import EACH_IS_MEMBER, IS_MEMBER
from persistence.sorting import Order, Position, order_of
from persistence.statements import Statement
from persistence.tables import resources
from persistence.types import Key, Octets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Dialect

    from persistence.filter_shapes import Shape
    from persistence.statements import Parameters, Row
    from scim.filter_binding import BoundNode
    from scim.resource_types import Resolved, ResourceType

_COLUMNS = (
    resources.c.id,
    resources.c.resource_type,
    resources.c.version,
    type_coerce(resources.c.body, Octets).label("body"),
    resources.c.extensions,
    resources.c.created_at,
    resources.c.last_modified_at,
)
# Of one resource, and of each of many.
STORED = (*_COLUMNS, IS_MEMBER)
EACH_STORED = (*_COLUMNS, EACH_IS_MEMBER)

# Filters come in few shapes; a client that makes up many must not fill the memory.
_MOST_LISTINGS = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is to hold.

    A filter is bound to one type. A query over several types takes one for each, by the name of the type; where
    one of them has none, it is not filtered.
    """

    resource_types: tuple[ResourceType, ...]
    filter: BoundNode | None = None
    filters: Mapping[str, BoundNode] = field(default_factory=dict)
    sort_by: Resolved | None = None
    descending: bool = False
    offset: int = 0
    limit: int = 100
    after: Position | None = None
    wants_total: bool = True

    def filter_of(self, resource_type: ResourceType) -> BoundNode | None:
        """Return the filter of one of the types."""
        return self.filters.get(resource_type.name, self.filter)

    @property
    def is_filtered(self) -> bool:
        """Tell whether any type is filtered."""
        return any(self.filter_of(item) is not None for item in self.resource_types)

    @property
    def shape(self) -> Shape:
        """Return what the statements of the list depend on; their parameters are all else."""
        return (
            tuple(
                (item.name, item.schema.id, tuple([each.schema.id for each in item.extensions]), _shape(node))
                for item in self.resource_types
                for node in (self.filter_of(item),)
            ),
            None if self.sort_by is None else target_shape(self.sort_by),
            self.descending,
            self.offset > 0,
            None if self.after is None else self.after.key is None,
        )

    def parameters(self) -> Parameters:
        """Return the parameters of the conditions."""
        parameters: Parameters = {}
        for number, item in enumerate(self.resource_types):
            node = self.filter_of(item)
            if node is not None:
                parameters |= parameters_of(node, _prefix(number))
        return parameters


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: how many resources it has in all, where that was asked for, and where to go on.

    `next` is None where nothing follows; `first` and `last` are the places of the first and the last resource.
    """

    total: int | None
    rows: tuple[StoredResource, ...]
    next: Position | None = None
    first: Position | None = None
    last: Position | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The statements of a list."""

    rows: Statement
    count: Statement
    order: Order

    def parameters(self, query: Query) -> Parameters:
        """Return the parameters for the rows of a page; one more than asked for tells whether there are more."""
        parameters = {**query.parameters(), "limit": query.limit + 1, "offset": query.offset}
        if query.after is not None:
            parameters |= {"last_id": query.after.id, "last_key": self.order.write_key(query.after.key)}
        return parameters

    def page(self, query: Query, rows: Sequence[Row], total: int | None) -> Page:
        """Build the page of the rows found."""
        shown = tuple([StoredResource._make(row[: len(EACH_STORED)]) for row in rows[: query.limit]])
        if not shown:
            return Page(total, shown)
        first, last = (self._position(row) for row in (rows[0], rows[len(shown) - 1]))
        return Page(total, shown, last if len(rows) > query.limit else None, first, last)

    def _position(self, row: Row) -> Position:
        return Position(row[0], self.order.read_key(row[len(EACH_STORED)]))


_listings: dict[tuple[str, Shape], Listing] = {}


def listing_of(query: Query, dialect: Dialect) -> Listing:
    """Return the statements of a list, built once for all that have its shape.

    Raises:
        ScimError: It cannot be filtered or sorted in this way.
    """
    key = (dialect.name, query.shape)
    found = _listings.get(key)
    if found is None:
        if len(_listings) >= _MOST_LISTINGS:
            _listings.clear()
        found = _listings[key] = _build(query, dialect)
    return found


def _build(query: Query, dialect: Dialect) -> Listing:
    order = order_of(query.sort_by, query.resource_types, dialect, descending=query.descending)
    selected = or_(
        *(_of_type(number, item, query.filter_of(item), dialect) for number, item in enumerate(query.resource_types))
    )
    count = select(func.count()).select_from(resources).where(selected)
    by: Sequence[Any] = order.clauses()
    if order.key is None and not query.is_filtered and len(query.resource_types) == 1:
        conditions, by = _walk(query.resource_types[0], order, has_position=query.after is not None)
    else:
        behind = [] if query.after is None else [order.behind(has_key=query.after.key is not None)]
        conditions = [selected, *behind]
    sort_key = null() if order.key is None else order.key
    rows = select(*EACH_STORED, sort_key).where(*conditions).order_by(*by).limit(bindparam("limit", type_=Integer))
    if query.offset:
        rows = rows.offset(bindparam("offset", type_=Integer))
    return Listing(Statement(rows), Statement(count), order)


def _walk(resource_type: ResourceType, order: Order, *, has_position: bool) -> tuple[list[Any], list[Any]]:
    """Return conditions and order of the plain list of a type, written as a walk along the index of type and id.

    With the type given by `=`, PostgreSQL takes it that the types are mixed evenly among the ids, and looks through
    all resources from the first id on for those of the type.
    """
    kind, number, name = resources.c.resource_type, resources.c.id, literal(resource_type.name, Key)
    start = tuple_(name, bindparam("last_id", type_=Key))
    if order.descending:
        return [kind >= name, tuple_(kind, number) < start if has_position else kind <= name], [
            kind.desc(),
            number.desc(),
        ]
    return [kind <= name, tuple_(kind, number) > start if has_position else kind >= name], [kind, number]


def _of_type(number: int, item: ResourceType, node: BoundNode | None, dialect: Dialect) -> ColumnElement[bool]:
    is_of_type = resources.c.resource_type == literal(item.name, Key)
    return is_of_type if node is None else and_(is_of_type, compiled_filter(node, item, dialect, _prefix(number)))


def _shape(node: BoundNode | None) -> Shape | None:
    return None if node is None else shape_of(node)


def _prefix(number: int) -> str:
    return f"filter_{number}_"
