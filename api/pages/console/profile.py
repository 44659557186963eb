"""The profile of a user: what is known of them, to be changed; and the two sides where two change it at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.contacts import panel_of
from api.pages.console.fields import EMAIL, FIELDS, MOBILE
from api.pages.console.merging import Sheet, take_form
from api.pages.console.people import person_of
from api.pages.console.tabs import render_tab
from api.pages.console.targets import changed_user, exposed_user, path_of, shown_user
from api.pages.editing.edits import Edit
from api.services.contact_attributes import EMAIL_ADDRESSES, MOBILE_NUMBERS
from api.services.contacts import pending_value

if TYPE_CHECKING:
    from flask import Response

    from api.pages.form_errors import FormError
    from api.pages.visits import Visit
    from persistence.resources import StoredResource


def show(visit: Visit, user_id: str) -> Response:
    """Show the profile."""
    stored = shown_user(visit, user_id)
    return _form(visit, stored, Edit.of_stored(stored, FIELDS))


def save(visit: Visit, user_id: str) -> Response:
    """Take the changes of a form; where somebody else was faster, show both sides."""
    changes = Edit.of_form(visit.request.form, FIELDS).changes
    leads_elsewhere = any(field.is_contact and field.name in changes for field in FIELDS)
    sheet = Sheet(
        path=path_of(user_id),
        fields=FIELDS,
        nameless="console.error.user_name",
        read=lambda: (exposed_user if leads_elsewhere else changed_user)(visit, user_id),
        name=lambda stored: person_of(visit, stored).name,
        form=partial(_form, visit),
        told=partial(_tell_of_code, visit),
    )
    return take_form(visit, sheet)


def _tell_of_code(visit: Visit, before: StoredResource, after: StoredResource) -> bool:
    """Say that a number or an address waits for its code, where one does since a change."""
    for where in (MOBILE_NUMBERS, EMAIL_ADDRESSES):
        pending = pending_value(after.document(), where)
        if pending is not None and pending != pending_value(before.document(), where):
            visit.tell("console.done.code_sent", number=pending)
            return True
    return False


def _form(visit: Visit, stored: StoredResource, edit: Edit, *errors: FormError) -> Response:
    return render_tab(
        visit,
        stored,
        "profile",
        errors=errors,
        fields=FIELDS,
        edit=edit.over(stored),
        groups=visit.services.rosters.groups_of(stored.id) if visit.may(Scope.GROUP_VIEW) else (),
        panels=[panel_of(visit, stored, kind) for kind in (MOBILE, EMAIL)],
    )
