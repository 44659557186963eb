"""A form of a user or a group is taken: saved, refused with what is wrong, or met by the changes of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.faults import FAULTS, all_faults
from api.pages.console.frame import render
from api.pages.editing.edits import Edit, Merge
from api.pages.editing.fields import operations_for
from api.pages.editing.saving import Saved, save_edit
from api.pages.form_errors import FormError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from api.pages.editing.fields import Fields
    from api.pages.visits import Visit
    from persistence.resources import StoredResource
    from scim.errors import ScimError

    Form = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is edited.

    Attributes:
        path: Its page, which takes its form.
        fields: What the form may have.
        nameless: The key of what is said where the field that must be filled in is empty.
        read: Returns it as stored, to who may change it.
        name: Returns what it is called.
        form: Shows the form again, given what is stored, the edit and the faults.
        told: The message about what was saved, where it is another one than that it was.
    """

    path: str
    fields: Fields
    nameless: str
    read: Callable[[], StoredResource]
    name: Callable[[StoredResource], str]
    form: Form
    told: Callable[[StoredResource, StoredResource], bool] = lambda _before, _after: False


def take_form(visit: Visit, sheet: Sheet) -> Response:
    """Take the changes of a form; where somebody else was faster, show both sides."""
    stored, edit = sheet.read(), Edit.of_form(visit.request.form, sheet.fields)
    missing = [FormError(visit.text(sheet.nameless), name) for name in edit.empty]
    if missing:
        return sheet.form(stored, edit, *all_faults(visit, _refusals(visit, stored, edit), *missing))
    try:
        outcome = save_edit(visit, edit, stored, path=sheet.path, read=sheet.read)
    except FAULTS as error:
        return sheet.form(stored, edit, *all_faults(visit, (error, *_refusals(visit, stored, edit))))
    match outcome:
        case Merge(now, sides=()):
            visit.tell("console.done.same", name=sheet.name(now))
        case Merge(now):
            status, name = HTTPStatus.PRECONDITION_FAILED, sheet.name(now)
            return render(visit, "console/merge.html", status=status, name=name, merge=outcome, here=sheet.path)
        case Saved(saved, undo) if not sheet.told(stored, saved):
            visit.tell("console.done.saved", undo=undo, name=sheet.name(saved))
    return visit.go(sheet.path)


def _refusals(visit: Visit, stored: StoredResource, edit: Edit) -> tuple[ScimError, ...]:
    """Return what else would be refused, so that nobody is told of it one by one."""
    document = stored.document()
    filled_in = {name: value for name, value in edit.changes.items() if name not in edit.empty}
    service = visit.services.resources.by_type[stored.resource_type]
    return service.faults(document, operations_for(document, filled_in, edit.fields), stored.id)
