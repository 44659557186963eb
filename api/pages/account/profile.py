"""One's own profile, to be changed; and the two sides where somebody else has changed it meanwhile."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, render
from api.pages.editing.edits import Edit, Merge
from api.pages.editing.fields import plain
from api.pages.editing.saving import Saved, save_edit
from api.pages.form_errors import FormError
from scim.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.editing.fields import Fields
    from api.pages.visits import Visit
    from persistence.resources import StoredResource

FIELDS: Fields = (
    plain("given_name", "name.givenName"),
    plain("family_name", "name.familyName"),
    plain("display_name", "displayName"),
    plain("nick_name", "nickName"),
    plain("language", "preferredLanguage"),
    plain("locale", "locale"),
    plain("timezone", "timezone"),
)
"""What users change of their own profile; the rest is for those who look after users."""
_TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_ZONE = re.compile(r"[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}")
_FORMS = {"language": _TAG, "locale": _TAG, "timezone": _ZONE}
"""What the values of some fields look like: language tags (RFC 5646), and names of the time zone database."""


def show(visit: Visit) -> Response:
    """Show the profile."""
    stored = _stored(visit)
    return _form(visit, stored, Edit.of_stored(stored, FIELDS))


def save(visit: Visit) -> Response:
    """Take the changes of a form; where somebody else was faster, show both sides."""
    stored, edit = _stored(visit), Edit.of_form(visit.request.form, FIELDS)
    if errors := _faults(visit, edit.changes):
        return _form(visit, stored, edit, *errors)
    try:
        outcome = save_edit(visit, edit, stored, path=HOME, read=lambda: _stored(visit))
    except InvalidValue as error:
        return _form(visit, stored, edit, FormError(visit.text("account.error.refused", detail=error.detail)))
    match outcome:
        case Merge(sides=()):
            visit.tell("account.saved")
        case Merge():
            status = HTTPStatus.PRECONDITION_FAILED
            return render(visit, "account/merge.html", status=status, here=HOME, merge=outcome)
        case Saved(undo=undo):
            visit.tell("account.saved", undo=undo)
    return visit.go(HOME)


def _form(visit: Visit, stored: StoredResource, edit: Edit, *errors: FormError) -> Response:
    return render(
        visit,
        "account/profile.html",
        errors=errors,
        user_name=stored.document()["userName"],
        fields=FIELDS,
        edit=edit.over(stored),
    )


def _faults(visit: Visit, changes: Mapping[str, str]) -> tuple[FormError, ...]:
    return tuple(
        FormError(visit.text(f"account.error.{name}"), name)
        for name, form in _FORMS.items()
        if changes.get(name) and form.fullmatch(changes[name]) is None
    )


def _stored(visit: Visit) -> StoredResource:
    return visit.services.resources.users.get(visit.user_id)
