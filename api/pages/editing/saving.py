"""What a form asks for is saved, or held against the changes of somebody who was faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.editing.edits import Merge, undo_fields
from api.pages.editing.fields import operations_for
from api.pages.flashes import Undo
from api.services.resources import unless_changed
from scim.errors import PreconditionFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.pages.editing.edits import Edit
    from api.pages.visits import Visit
    from persistence.resources import StoredResource


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored now, and the form that takes it back, where one can."""

    stored: StoredResource
    undo: Undo | None


def save_edit(
    visit: Visit, edit: Edit, stored: StoredResource, *, path: str, read: Callable[[], StoredResource]
) -> Saved | Merge | None:
    """Save an edit of what is stored; where somebody else was faster, return both sides of it.

    Nothing is returned where nothing is asked for. Both sides have nothing to choose from where the other one has
    changed the same to the same.

    Args:
        visit: Of who sent the form.
        edit: What the form says.
        stored: What it is about.
        path: The page that takes the form, and the one that takes it back.
        read: Returns what is stored by then.
    """
    document = stored.document()
    operations = operations_for(document, edit.changes, edit.fields)
    if not operations:
        return None
    service = visit.services.resources.by_type[stored.resource_type]
    try:
        saved = service.patch(stored.id, operations, visit.caller, unless_changed(edit.version))
    except PreconditionFailed:
        return Merge.of(edit, read())
    fields = undo_fields(edit, document, saved)
    return Saved(saved, Undo(path, fields) if fields else None)
