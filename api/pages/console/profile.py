"""The profile of a user: what is known of them, to be changed; and the two sides where two change it at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.contacts import panel_of
from api.pages.console.edits import Edit, Merge, undo_fields
from api.pages.console.faults import FAULTS, faults_of
from api.pages.console.fields import EMAIL, FIELDS, MOBILE, USER_NAME, operations_for
from api.pages.console.merging import answer_merge
from api.pages.console.people import Person
from api.pages.console.tabs import render_tab
from api.pages.console.targets import changed_user, path_of, shown_user, unless_changed
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.resource_wiring import USER
from scim.errors import PreconditionFailed

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from persistence.resources import StoredResource


def show(visit: Visit, user_id: str) -> Response:
    """Show the profile."""
    stored = shown_user(visit, user_id)
    return _form(visit, stored, Edit.of_stored(stored, FIELDS))


def save(visit: Visit, user_id: str) -> Response:
    """Take the changes of a form; where somebody else was faster, show both sides."""
    stored, edit = changed_user(visit, user_id), Edit.of_form(visit.request.form, FIELDS)
    if edit.empty:
        return _form(visit, stored, edit, FormError(visit.text("console.error.user_name"), USER_NAME))
    operations = operations_for(stored.document(), edit.changes, FIELDS)
    if not operations:
        return visit.go(path_of(user_id))
    users = visit.services.resources.by_type[USER]
    try:
        saved = users.patch(user_id, operations, visit.administrator, unless_changed(edit.version))
    except PreconditionFailed:
        return _merge(visit, user_id, edit)
    except FAULTS as error:
        return _form(visit, stored, edit, *faults_of(visit, error))
    _tell(visit, stored, saved, edit)
    return visit.go(path_of(user_id))


def _tell(visit: Visit, stored: StoredResource, saved: StoredResource, edit: Edit) -> None:
    policy = visit.services.core.policy
    before, after = Person.of(stored, policy), Person.of(saved, policy)
    if after.pending is not None and after.pending != before.pending:
        visit.tell("console.done.code_sent", number=after.pending)
        return
    fields = undo_fields(edit, stored.document(), saved)
    undo = Undo(path_of(saved.id), fields) if fields else None
    visit.tell("console.done.saved", undo=undo, name=after.name)


def _merge(visit: Visit, user_id: str, edit: Edit) -> Response:
    stored = changed_user(visit, user_id)
    name = Person.of(stored, visit.services.core.policy).name
    return answer_merge(visit, Merge.of(edit, stored), name=name, path=path_of(user_id))


def _form(visit: Visit, stored: StoredResource, edit: Edit, *errors: FormError) -> Response:
    return render_tab(
        visit,
        stored,
        "profile",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        errors=errors,
        fields=FIELDS,
        edit=edit.over(stored),
        groups=_groups(visit, stored),
        panels=[panel_of(visit, stored, kind) for kind in (MOBILE, EMAIL)],
    )


def _groups(visit: Visit, stored: StoredResource) -> list[dict[str, str]]:
    """Return the groups that the user is in, where the visitor may look at them."""
    if not visit.may(Scope.GROUP_VIEW):
        return []
    computing = visit.services.resources.computing[USER]
    users = visit.services.resources.by_type[USER]
    _, computed = users.get_with(stored.id, lambda unit, found: computing.compute(unit, [found.id]).get(found.id))
    groups: list[dict[str, str]] = (computed or {}).get("groups", [])
    return groups
