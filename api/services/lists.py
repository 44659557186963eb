"""Lists of resources: filtered, sorted, paged by index or by cursor (RFC 7644 §3.4.2, RFC 9865)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.cursors import CursorSeal, Place
from persistence.resources import Page, Query
from scim.attributes import parse_attribute_path
from scim.errors import InvalidCount, InvalidFilter, InvalidPath, InvalidValue
from scim.filter_binding import bind
from scim.filters import parse_filter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.services.computed import Computing, Document
    from api.services.core import Core
    from persistence.resources import Position, StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.filter_binding import BoundNode
    from scim.messages import ListQuery
    from scim.projection import Projection
    from scim.resource_types import Resolved, ResourceType

DEFAULT_PAGE = 100
MAX_PAGE = 200
"""Resources in one answer; a larger count is cut to it, as RFC 7644 §3.4.2.4 allows. Published as maxResults."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page as it is answered; `computed` are the attributes that are not stored, by the id of the resource."""

    rows: tuple[StoredResource, ...]
    computed: Mapping[str, Document]
    total: int | None
    start_index: int | None = None
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ListService:
    """Use cases of lists over some resource types: one of them, or all for a query at the root."""

    core: Core
    resource_types: tuple[ResourceType, ...]
    computing: Mapping[str, Computing]
    """By the name of the resource type."""
    seal: CursorSeal

    def page(self, query: ListQuery) -> Listed:
        """Return a page with the exact total of what matches.

        Raises:
            InvalidFilter: the filter is faulty, or names what no resource type here has.
            InvalidCursor, ExpiredCursor, InvalidCount: the walk by cursor cannot go on (RFC 9865 §2.1).
        """
        if query.cursor is None:
            return self._by_index(query)
        return self._by_cursor(query, query.cursor)

    def _by_index(self, query: ListQuery) -> Listed:
        limit = min(DEFAULT_PAGE if query.count is None else query.count, MAX_PAGE)
        wanted = self._query(query, limit, offset=query.start_index - 1)
        page, computed = self._read(wanted, query)
        return Listed(page.rows, computed, page.total, start_index=query.start_index)

    def _by_cursor(self, query: ListQuery, cursor: str) -> Listed:
        limit = DEFAULT_PAGE if query.count is None else query.count
        if limit > MAX_PAGE:
            raise InvalidCount
        place = self._place(query, cursor) if cursor else None
        is_backward = place is not None and place.is_backward
        wanted = self._query(query, limit, after=place.position if place else None, is_backward=is_backward)
        page, computed = self._read(wanted, query)
        rows, first, last = page.rows, page.first, page.last
        if is_backward:
            rows, first, last = rows[::-1], last, first
        # Where the walk came from there is more; where it goes, only if the page says so.
        follows = last if is_backward or page.next else None
        precedes = first if page.next or not is_backward else None
        return Listed(
            rows,
            computed,
            page.total,
            next_cursor=self._sealed(query, follows, is_backward=False),
            previous_cursor=self._sealed(query, precedes if place else None, is_backward=True),
        )

    def _query(
        self, query: ListQuery, limit: int, *, offset: int = 0, after: Position | None = None, is_backward: bool = False
    ) -> Query:
        filters = self._filters(query.filter) if query.filter else {}
        types = tuple(item for item in self.resource_types if not query.filter or item.name in filters)
        return Query(
            resource_types=types,
            filters=filters,
            sort_by=self._sort_attribute(query.sort_by, types),
            descending=query.is_descending is not is_backward,
            offset=offset,
            limit=limit,
            after=after,
        )

    def _filters(self, text: str) -> dict[str, BoundNode]:
        node = parse_filter(text)
        filters: dict[str, BoundNode] = {}
        fault: InvalidFilter | None = None
        for item in self.resource_types:
            try:
                filters[item.name] = bind(node, item)
            except InvalidFilter as error:
                # RFC 7644 §3.4.2.1: what a type does not define does not match there.
                fault = error
        if fault is not None and not filters:
            raise fault
        return filters

    def _sort_attribute(self, name: str | None, types: tuple[ResourceType, ...]) -> Resolved | None:
        if name is None:
            return None
        try:
            path = parse_attribute_path(name)
        except InvalidPath:
            path = None
        found = [resolved for item in types if path is not None and (resolved := item.resolve(path)) is not None]
        if not found:
            raise InvalidValue("sortBy names no attribute of this resource type.")
        return found[0]

    def _read(self, wanted: Query, query: ListQuery) -> tuple[Page, dict[str, Document]]:
        def read(unit: UnitOfWork) -> tuple[Page, dict[str, Document]]:
            page = unit.resources.page(wanted)
            computed: dict[str, Document] = {}
            for item in self.resource_types:
                ids = self._incomplete(item, page.rows, query.projection)
                if ids:
                    computed.update(self.computing[item.name].compute(unit, ids))
            return page, computed

        return self.core.database.read(read)

    def _incomplete(self, item: ResourceType, rows: tuple[StoredResource, ...], shown: Projection) -> list[str]:
        """List the resources of a type for which something is to be computed."""
        needs = self.computing[item.name].needs
        return [stored.id for stored in rows if stored.resource_type == item.name and needs(stored, shown)]

    def _place(self, query: ListQuery, cursor: str) -> Place:
        return self.seal.open(cursor, self._identity(query), self.core.clock.now())

    def _sealed(self, query: ListQuery, position: Position | None, *, is_backward: bool) -> str | None:
        if position is None:
            return None
        return self.seal.seal(Place(position, is_backward), self._identity(query), self.core.clock.now())

    def _identity(self, query: ListQuery) -> list[object]:
        """Return what makes the list the same one on every page of a walk."""
        return [[item.name for item in self.resource_types], query.filter, query.sort_by, query.is_descending]
