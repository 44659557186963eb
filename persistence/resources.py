"""Resources: all of every type in one table, with the rows they are found and counted by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import orjson
from sqlalchemy import Integer, and_, bindparam, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from persistence.documents import (
    INDEXED_VALUES,
    StoredResource,
    is_storable,
    layout_of,
    split,
    uniques_of,
    values_of,
)
from persistence.pages import EACH_STORED, STORED, Page, Query, listing_of
from persistence.sorting import Position
from persistence.statements import Statement, adding
from persistence.tables import resource_counters, resource_values, resources
from persistence.types import Key
from persistence.uniques import Uniques
from persistence.value_rows import ValueRows
from scim.folding import fold

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.documents import Split
    from persistence.links import Link
    from scim.resource_types import ResourceType

__all__ = ["Page", "Position", "Query", "Resources", "StoredResource"]

# The slots of a counter.
SLOTS = 16
# How many resources with one value are worth returning: callers tell none, one and several apart.
MOST_WITH_VALUE = 10

_IS_OF_TYPE = resources.c.resource_type == bindparam("resource_type")
_HAS_ID = and_(resources.c.id == bindparam("id"), _IS_OF_TYPE)
_LOOKUP = Statement(select(*STORED).where(_HAS_ID))
_LOCK = Statement(select(*STORED).where(_HAS_ID).with_for_update())
_FIND = Statement(select(*STORED).where(_IS_OF_TYPE, resources.c.name_key == bindparam("name_key")))
_FIND_BY_EXTERNAL_ID = Statement(
    select(*EACH_STORED)
    .where(_IS_OF_TYPE, resources.c.external_id == bindparam("key"))
    .order_by(resources.c.id)
    .limit(MOST_WITH_VALUE)
)
_FIND_BY_VALUE = Statement(
    select(*EACH_STORED)
    .where(
        _IS_OF_TYPE,
        resources.c.id.in_(
            select(resource_values.c.resource_id).where(
                resource_values.c.attribute == bindparam("attribute"), resource_values.c.value_key == bindparam("key")
            )
        ),
    )
    .order_by(resources.c.id)
    .limit(MOST_WITH_VALUE)
)
_ADD = Statement(adding(resources))
_SAVE = (
    update(resources)
    .where(resources.c.id == bindparam("the_id"), resources.c.version == bindparam("expected"))
    .values(
        version=resources.c.version + 1,
        **{
            name: bindparam(f"new_{name}", type_=resources.c[name].type)
            for name in (
                "body",
                "extensions",
                "name_key",
                "display_name_key",
                "label",
                "external_id",
                "is_active",
                "last_modified_at",
            )
        },
    )
)
_SAVE_NOW = Statement(_SAVE)
_SAVE_LATER = Statement(_SAVE, must_hit=1)
# Changes nothing, and takes the row's lock like a change.
_CONFIRM = Statement(
    update(resources)
    .where(resources.c.id == bindparam("the_id"), resources.c.version == bindparam("expected"))
    .values(version=resources.c.version),
    must_hit=1,
)
_REMOVE = Statement(
    delete(resources).where(resources.c.id == bindparam("id"), resources.c.version == bindparam("expected"))
)
# Counted before it is added, so that work done again after its commit does not count twice.
_NEW_COUNT = upsert(resource_counters).from_select(
    ["resource_type", "slot", "count"],
    select(bindparam("resource_type", type_=Key), bindparam("slot", type_=Integer), literal(1)).where(
        ~exists().where(resources.c.id == bindparam("id"))
    ),
)
_COUNT_ONE_MORE = Statement(
    _NEW_COUNT.on_conflict_do_update(
        index_elements=[resource_counters.c.resource_type, resource_counters.c.slot],
        set_={"count": resource_counters.c.count + 1},
    )
)
_COUNT_ONE_LESS = Statement(
    update(resource_counters)
    .where(
        resource_counters.c.resource_type == bindparam("the_type"), resource_counters.c.slot == bindparam("the_slot")
    )
    .values(count=resource_counters.c.count - 1)
)
_COUNT = Statement(
    select(func.coalesce(func.sum(resource_counters.c.count), 0)).where(
        resource_counters.c.resource_type == bindparam("resource_type")
    )
)


class Resources:
    """The resources of every type."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._values = ValueRows(link)
        self._uniques = Uniques(link)

    def lookup(self, resource_type: str, resource_id: str) -> StoredResource | None:
        """Find a resource by its id."""
        return self._one(_LOOKUP, {"id": resource_id, "resource_type": resource_type}, resource_id)

    def lock(self, resource_type: str, resource_id: str) -> StoredResource | None:
        """Find a resource by its id and keep others from writing it until the transaction ends."""
        return self._one(_LOCK, {"id": resource_id, "resource_type": resource_type}, resource_id)

    def find(self, resource_type: str, name: str) -> StoredResource | None:
        """Find a resource by what names it, whatever its case: the userName of users, the displayName of groups."""
        return self._one(_FIND, {"resource_type": resource_type, "name_key": fold(name)}, name)

    def find_holder(
        self, resource_id: str, resource_type: ResourceType, document: dict[str, Any]
    ) -> tuple[str, StoredResource] | None:
        """Find which unique value of a resource's document another one has: its path, and that other resource."""
        parts = split(document, resource_type)
        name = layout_of(resource_type).name
        if name is not None and parts.name_key is not None:
            row = self._link.row(_FIND, {"resource_type": resource_type.name, "name_key": parts.name_key})
            if row is not None and row[0] != resource_id:
                return name.name, StoredResource(*row)
        for path, key in parts.uniques:
            holder_id = self._uniques.find(resource_type.name, (path, key))
            if holder_id is not None and holder_id != resource_id:
                holder = self.lookup(resource_type.name, holder_id)
                return None if holder is None else (path, holder)
        return None

    def find_by_value(self, resource_type: str, attribute: str, value: str) -> list[StoredResource]:
        """Find the first few resources with a value of `externalId`, `emails` or `phoneNumbers`."""
        if not is_storable(value):
            return []
        if attribute == "externalId":
            rows = self._link.rows(_FIND_BY_EXTERNAL_ID, {"resource_type": resource_type, "key": value})
        elif attribute in INDEXED_VALUES:
            rows = self._link.rows(
                _FIND_BY_VALUE, {"resource_type": resource_type, "attribute": attribute, "key": fold(value)}
            )
        else:
            raise ValueError(f"{attribute} has no index")
        return [StoredResource(*row) for row in rows]

    def add(
        self, resource_id: str, resource_type: ResourceType, document: dict[str, Any], at: datetime
    ) -> StoredResource:
        """Add a resource.

        Raises:
            Uniqueness: Its name, or another value that must be unique, is taken; found out at the commit.
        """
        parts = split(document, resource_type)
        stored = StoredResource(
            resource_id, resource_type.name, 1, parts.body.encode(), parts.extensions, at, at, has_groups=False
        )
        self._link.later(
            _COUNT_ONE_MORE, {"resource_type": resource_type.name, "slot": _slot(resource_id), "id": resource_id}
        )
        self._link.later(
            _ADD,
            {
                "id": resource_id,
                "resource_type": resource_type.name,
                "version": 1,
                "created_at": at,
                **_columns(parts, at),
            },
        )
        self._values.add(resource_id, parts.values)
        self._uniques.add(resource_id, resource_type.name, parts.uniques)
        return stored

    def save(
        self, stored: StoredResource, resource_type: ResourceType, document: dict[str, Any], at: datetime
    ) -> StoredResource | None:
        """Change a resource where it is still at the version it was read at; None where it is not."""
        parts = split(document, resource_type)
        if not self._link.run(_SAVE_NOW, _saved(stored, parts, at)):
            return None
        self._change_rows(stored, resource_type, parts)
        return _next(stored, parts, at)

    def save_or_fail(
        self, stored: StoredResource, resource_type: ResourceType, document: dict[str, Any], at: datetime
    ) -> StoredResource:
        """Change a resource at the commit, which raises StaleVersion where the version is not the one read.

        Together with what else is written at the commit that is one round trip, where `save` needs four.
        """
        parts = split(document, resource_type)
        self._link.later(_SAVE_LATER, _saved(stored, parts, at))
        self._change_rows(stored, resource_type, parts)
        return _next(stored, parts, at)

    def confirm_or_fail(self, stored: StoredResource) -> None:
        """Leave a resource as it is; the commit raises StaleVersion where the version is not the one read."""
        self._link.later(_CONFIRM, {"the_id": stored.id, "expected": stored.version})

    def remove(self, stored: StoredResource) -> bool:
        """Remove a resource where it is still at the version it was read at, and every row that is about it."""
        if not self._link.run(_REMOVE, {"id": stored.id, "expected": stored.version}):
            return False
        self._link.later(_COUNT_ONE_LESS, {"the_type": stored.resource_type, "the_slot": _slot(stored.id)})
        return True

    def count(self, resource_type: str) -> int:
        """Count the resources of a type."""
        found = self._link.row(_COUNT, {"resource_type": resource_type})
        return 0 if found is None else int(found[0])

    def page(self, query: Query) -> Page:
        """List the resources a query selects."""
        listing = listing_of(query, self._link.dialect)
        rows = self._link.rows(listing.rows, listing.parameters(query)) if query.limit else []
        if not query.wants_total:
            return listing.page(query, rows, None)
        if not query.is_filtered:
            return listing.page(query, rows, sum(self.count(item.name) for item in query.resource_types))
        is_whole = len(rows) <= query.limit and not query.offset and query.after is None
        if query.limit and is_whole:
            return listing.page(query, rows, len(rows))
        counted = self._link.rows(listing.count, query.parameters())
        return listing.page(query, rows, int(counted[0][0]))

    def _one(self, statement: Statement, parameters: dict[str, Any], wanted: str) -> StoredResource | None:
        row = self._link.row(statement, parameters) if is_storable(wanted) else None
        return None if row is None else StoredResource(*row)

    def _change_rows(self, stored: StoredResource, resource_type: ResourceType, parts: Split) -> None:
        layout = layout_of(resource_type)
        if layout.values:
            before = values_of(orjson.loads(stored.body), resource_type)
            self._values.change(stored.id, before, parts.values)
        if layout.uniques:
            taken = uniques_of(stored.document(), resource_type)
            self._uniques.change(stored.id, resource_type.name, taken, parts.uniques)


def _slot(resource_id: str) -> int:
    return crc32(resource_id.encode()) % SLOTS


def _columns(parts: Split, at: datetime) -> dict[str, Any]:
    return {
        "body": parts.body,
        "extensions": parts.extensions,
        "name_key": parts.name_key,
        "display_name_key": parts.display_name_key,
        "label": parts.label,
        "external_id": parts.external_id,
        "is_active": parts.is_active,
        "last_modified_at": at,
    }


def _saved(stored: StoredResource, parts: Split, at: datetime) -> dict[str, Any]:
    changed = {f"new_{name}": value for name, value in _columns(parts, at).items()}
    return {"the_id": stored.id, "expected": stored.version, **changed}


def _next(stored: StoredResource, parts: Split, at: datetime) -> StoredResource:
    return stored._replace(
        version=stored.version + 1, body=parts.body.encode(), extensions=parts.extensions, last_modified_at=at
    )
