"""A form of a user or a group is taken: saved, refused with what is wrong, or met by the changes of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.edits import Edit, Merge, undo_fields
from api.pages.console.faults import FAULTS, faults_of
from api.pages.console.fields import operations_for
from api.pages.console.frame import render
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.services.resources import unless_changed
from scim.errors import PreconditionFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from api.pages.console.fields import Fields
    from api.pages.visits import Visit
    from persistence.resources import StoredResource

    Form = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is edited.

    Attributes:
        resource_type: The name of its type.
        path: Its page, which takes its form.
        fields: What the form may have.
        nameless: The key of what is said where the field that must be filled in is empty.
        read: Returns it as stored, to who may change it.
        name: Returns what it is called.
        form: Shows the form again, given what is stored, the edit and the faults.
        told: The message about what was saved, where it is another one than that it was.
    """

    resource_type: str
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
    if edit.empty:
        return sheet.form(stored, edit, *(FormError(visit.text(sheet.nameless), name) for name in edit.empty))
    operations = operations_for(stored.document(), edit.changes, sheet.fields)
    if not operations:
        return visit.go(sheet.path)
    service = visit.services.resources.by_type[sheet.resource_type]
    try:
        saved = service.patch(stored.id, operations, visit.administrator, unless_changed(edit.version))
    except PreconditionFailed:
        return _both_sides(visit, sheet, edit)
    except FAULTS as error:
        return sheet.form(stored, edit, *faults_of(visit, error))
    if not sheet.told(stored, saved):
        fields = undo_fields(edit, stored.document(), saved)
        visit.tell("console.done.saved", undo=Undo(sheet.path, fields) if fields else None, name=sheet.name(saved))
    return visit.go(sheet.path)


def _both_sides(visit: Visit, sheet: Sheet, edit: Edit) -> Response:
    stored = sheet.read()
    merge, name = Merge.of(edit, stored), sheet.name(stored)
    if not merge.sides:
        # The other one has changed the same to the same.
        visit.tell("console.done.same", name=name)
        return visit.go(sheet.path)
    status = HTTPStatus.PRECONDITION_FAILED
    return render(visit, "console/merge.html", status=status, name=name, merge=merge, here=sheet.path)
