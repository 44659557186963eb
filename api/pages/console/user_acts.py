"""What is done to a user as a whole: made inactive and active again, and deleted."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.frame import ask
from api.pages.console.people import Person, person_of
from api.pages.console.targets import USERS, changed_user, exposed_user, path_of
from api.pages.editing.edits import version_in
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.services.resources import unless_changed
from scim.errors import PreconditionFailed
from scim.patch_request import Operation, OperationKind

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from persistence.resources import StoredResource

ACTIVE = "active"


def ask_deactivation(visit: Visit, user_id: str) -> Response:
    """Ask whether the user is to be made inactive."""
    person = person_of(visit, changed_user(visit, user_id, "deactivate"))
    return _ask(visit, person, "deactivate", action=path_of(user_id, ACTIVE), fields={ACTIVE: "false"})


def set_active(visit: Visit, user_id: str) -> Response:
    """Make the user inactive or active; either can be taken back."""
    changed_user(visit, user_id)
    is_active = visit.field(ACTIVE) == "true"
    operation = Operation(OperationKind.REPLACE, ACTIVE, is_active)
    users = visit.services.resources.users
    stored = users.patch(user_id, (operation,), visit.caller, lambda _: None)
    undo = Undo(path_of(user_id, ACTIVE), {ACTIVE: "false" if is_active else "true"})
    done = "activated" if is_active else "deactivated"
    visit.tell(f"console.done.{done}", undo=undo, name=person_of(visit, stored).name)
    return visit.go(path_of(user_id))


def ask_deletion(visit: Visit, user_id: str) -> Response:
    """Ask whether the user is to be deleted: that cannot be taken back."""
    return _deletion(visit, exposed_user(visit, user_id, "delete"))


def delete(visit: Visit, user_id: str) -> Response:
    """Delete the user, if it is still the one that was asked about."""
    stored = exposed_user(visit, user_id, "delete")
    users = visit.services.resources.users
    try:
        users.remove(user_id, visit.caller, unless_changed(version_in(visit.request.form)))
    except PreconditionFailed:
        changed = FormError(visit.text("console.error.changed_meanwhile"))
        return _deletion(visit, exposed_user(visit, user_id, "delete"), changed)
    visit.tell("console.done.deleted", name=person_of(visit, stored).name)
    return visit.go(USERS)


def _deletion(visit: Visit, stored: StoredResource, *errors: FormError) -> Response:
    person, fields = person_of(visit, stored), {"version": str(stored.version)}
    return _ask(visit, person, "delete", *errors, action=path_of(stored.id, "delete"), fields=fields)


def _ask(visit: Visit, person: Person, act: str, *errors: FormError, action: str, fields: dict[str, str]) -> Response:
    text = visit.text
    return ask(
        visit,
        *errors,
        status=HTTPStatus.PRECONDITION_FAILED if errors else None,
        title=text(f"console.{act}.title", name=person.name),
        text=text(f"console.{act}.text"),
        button=text(f"console.{act}.button"),
        action=action,
        back=path_of(person.id),
        fields=fields,
    )
