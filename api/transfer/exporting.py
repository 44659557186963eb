"""Users out: page by page, so that a directory of any size needs the memory of one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services import trail
from api.services.trail import Deed
from api.transfer.forms import Format, csv_header, csv_row
from scim.messages import ListQuery
from scim.projection import Projection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.rendering import Renderer
    from api.services.callers import Caller
    from api.services.lists import ListService

PAGE = 200


def export(
    lists: ListService, renderer: Renderer, form: Format, filter_text: str | None = None
) -> Iterator[tuple[int, bytes]]:
    """Yield the users that match a SCIM filter, a page at a time, each with how many users it has.

    Somebody who comes, changes or goes meanwhile may be in it or not; nobody is in it twice.

    Raises:
        InvalidFilter: the filter is faulty.
    """
    types = {item.name: item for item in lists.resource_types}
    if form is Format.CSV:
        yield 0, csv_header().encode()
    cursor: str | None = ""
    while cursor is not None:
        page = lists.page(ListQuery(filter=filter_text, count=PAGE, cursor=cursor))
        if form is Format.CSV:
            content = "".join(csv_row(row.document()) for row in page.rows).encode()
        else:
            bodies = renderer.page(page.rows, types, Projection(), page.computed)
            content = b"".join(body + b"\n" for body in bodies)
        yield len(page.rows), content
        cursor = page.next_cursor


def count(lists: ListService, filter_text: str | None = None) -> int:
    """Return how many users match."""
    return lists.page(ListQuery(filter=filter_text, count=0)).total or 0


def export_for(
    caller: Caller, lists: ListService, renderer: Renderer, form: Format, filter_text: str | None = None
) -> Iterator[bytes]:
    """Put on record that somebody takes users out, and return them as `export` does.

    Raises:
        InvalidFilter, InvalidPath: the filter is faulty; nothing is put on record.
    """
    count(lists, filter_text)
    core = lists.core
    at, detail = core.clock.now(), {"form": form.value, "filtered": "no" if filter_text is None else "yes"}
    core.database.transact(lambda unit: trail.record(unit, Deed.USERS_EXPORTED, caller, None, at, **detail))
    return (content for _, content in export(lists, renderer, form, filter_text))
