"""A new user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.faults import FAULTS, all_faults
from api.pages.console.fields import EMAIL, FIELDS, MOBILE, USER_NAME, new_user
from api.pages.console.frame import render
from api.pages.console.people import person_of
from api.pages.console.targets import path_of
from api.pages.editing.fields import operations_for
from api.pages.form_errors import FormError
from api.services.contact_attributes import EXTENSION, MOBILE_NUMBERS
from api.services.errors import NotInvitable
from scim.patch_request import Operation, OperationKind

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from persistence.resources import StoredResource
    from scim.errors import ScimError

PASSWORD, VERIFY, INVITE = "password", "verify", "invite"
"""Of the form, beside the fields of every user."""


def show(visit: Visit) -> Response:
    """Show the form."""
    return _form(visit)


def take(visit: Visit) -> Response:
    """Add the user, and what is asked for beside: a code to the number, an invitation to the mailbox."""
    values = {field.name: visit.field(field.name).strip() for field in FIELDS}
    if missing := _missing(visit, values):
        return _form(visit, *all_faults(visit, _refusals(visit, values), *missing))
    body = new_user(values)
    if password := visit.field(PASSWORD):
        body[PASSWORD] = password
    if visit.field(VERIFY) and values[MOBILE]:
        body[EXTENSION] = {MOBILE_NUMBERS.claim: True}
    try:
        added = visit.services.resources.users.create(body, visit.caller)
    except FAULTS as error:
        return _form(visit, *all_faults(visit, (error, *_refusals(visit, values))))
    person = person_of(visit, added)
    visit.tell(f"console.done.{_invited(visit, added)}", name=person.name)
    return visit.go(path_of(added.id))


def _missing(visit: Visit, values: dict[str, str]) -> tuple[FormError, ...]:
    errors = [] if values[USER_NAME] else [FormError(visit.text("console.error.user_name"), USER_NAME)]
    if visit.field(INVITE) and not values[EMAIL]:
        errors.append(FormError(visit.text("console.error.no_address"), EMAIL))
    return tuple(errors)


def _refusals(visit: Visit, values: dict[str, str]) -> tuple[ScimError, ...]:
    """Return what else would be refused, so that nobody is told of it one by one."""
    filled_in = {name: value for name, value in values.items() if value}
    operations = operations_for({}, filled_in, FIELDS)
    if password := visit.field(PASSWORD):
        operations = (*operations, Operation(OperationKind.REPLACE, PASSWORD, password))
    # Nothing can be said of a user without a name; what is wrong with it is said first.
    return visit.services.resources.users.faults({"userName": "-"}, operations)


def _invited(visit: Visit, added: StoredResource) -> str:
    """Invite the new user where that is asked for; return what has been done."""
    if not visit.field(INVITE) or not _may_invite(visit):
        return "added"
    try:
        visit.services.invitations.invite(visit.caller, user_id=added.id)
    except (NotInvitable, *FAULTS):
        # The user is there all the same; the page of the user says more.
        return "added_not_invited"
    return "added_invited"


def _may_invite(visit: Visit) -> bool:
    settings = visit.services.settings
    return settings.has_mail and not settings.invite_new_users and visit.may(Scope.USER_UPDATE)


def _form(visit: Visit, *errors: FormError) -> Response:
    return render(
        visit,
        "console/new_user.html",
        errors=errors,
        fields=FIELDS,
        values={field.name: visit.field(field.name) for field in FIELDS},
        min_length=visit.services.settings.password_min_length,
        has_gate=visit.services.core.policy.mobile_verification,
        may_invite=_may_invite(visit),
        wants={name: bool(visit.field(name)) for name in (VERIFY, INVITE)},
    )
