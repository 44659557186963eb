"""Lists of resources: filtered, sorted, paged (RFC 7644 §3.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from persistence.resources import Page, Query
from scim.attributes import parse_attribute_path
from scim.errors import InvalidPath, InvalidValue
from scim.filter_binding import bind
from scim.filters import parse_filter

if TYPE_CHECKING:
    from api.services.core import Core
    from scim.messages import ListQuery
    from scim.resource_types import Resolved, ResourceType

DEFAULT_PAGE = 100
MAX_PAGE = 200
"""Resources in one answer; a larger count is cut to it, as RFC 7644 §3.4.2.4 allows. Published as maxResults."""


@dataclass(frozen=True, slots=True)
class ListService:
    """Use cases of lists of one resource type."""

    core: Core
    resource_type: ResourceType

    def page(self, query: ListQuery) -> Page:
        """Return a page with the exact total of what matches.

        Raises:
            InvalidFilter: the filter is faulty, or names what this resource type does not have.
        """
        wanted = Query(
            resource_types=(self.resource_type,),
            filter=bind(parse_filter(query.filter), self.resource_type) if query.filter else None,
            sort_by=self._sort_attribute(query.sort_by),
            descending=query.is_descending,
            offset=query.start_index - 1,
            limit=min(DEFAULT_PAGE if query.count is None else query.count, MAX_PAGE),
        )
        return self.core.database.read(lambda unit: unit.resources.page(wanted))

    def _sort_attribute(self, name: str | None) -> Resolved | None:
        if name is None:
            return None
        try:
            resolved = self.resource_type.resolve(parse_attribute_path(name))
        except InvalidPath:
            resolved = None
        if resolved is None:
            raise InvalidValue("sortBy names no attribute of this resource type.")
        return resolved
