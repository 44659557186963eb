"""What is done with the numbers and addresses of a user, each by the use case that the API calls for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from api.pages.contacts.faults import FAULTS, refused
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.pages.questions import is_sure
from api.services.contact_attributes import EXTENSION
from api.services.contacts import pending_value, stored_contact
from api.services.errors import NoSuchVerification
from scim.patch_request import Operation, OperationKind
from verification.errors import NothingToResend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    from api.pages.contacts.desk import Desk
    from api.services.changes import Document
    from verification.verifications import Scenario


def act(desk: Desk, name: str) -> Response:
    """Do what a form asks for, by the last part of its path.

    Raises:
        NotFound: there is no such act, or no such user.
    """
    if name in _WITH_VALUE:
        if not desk.value:
            return desk.refuse(FormError(desk.visit.text(f"contact.{desk.kind}.missing"), desk.field))
        work, field = _WITH_VALUE[name], desk.field
    elif name in _WITH_CODE:
        work, field = _WITH_CODE[name], desk.code_field
    else:
        raise NotFound
    try:
        return work(desk)
    except FAULTS as error:
        return refused(desk, error, field)


def _change(desk: Desk) -> Response:
    """Make a number the primary one, once it is proved."""
    return _asked(desk, _primary(desk), *_claim(desk))


def _add(desk: Desk) -> Response:
    """Add a number to the list, unproved."""
    desk.patch(Operation(OperationKind.ADD, f"{EXTENSION}:{desk.where.listed}", [desk.value]))
    return desk.done("added", value=desk.value)


def _prove(desk: Desk) -> Response:
    """Send a code to a number of the list."""
    verified = Operation(OperationKind.ADD, f"{EXTENSION}:{desk.where.verified}", [desk.value])
    return _asked(desk, verified, _asks_for_proof(desk))


def _remove(desk: Desk) -> Response:
    """Ask whether a number is to go, and remove it."""
    policy, document = desk.visit.services.core.policy, desk.stored().document()
    contact, value = stored_contact(document, desk.where, policy), desk.where.kind.stored(desk.value, policy)
    if not is_sure(desk.visit):
        return desk.ask_removal(is_primary=value == contact.primary)
    operations = [Operation(OperationKind.REMOVE, f"{EXTENSION}:{desk.where.listed}", [desk.value])]
    if value == contact.primary:
        operations.append(_without_primary(desk, document))
    desk.patch(*operations)
    can_come_back = value in contact.listed and value not in contact.verified and value != contact.primary
    undo = Undo(f"{desk.base}/add", {desk.field: desk.value}) if can_come_back else None
    return desk.done("removed", value=desk.value, undo=undo)


def _verify(desk: Desk) -> Response:
    """Take a code."""
    code = desk.visit.field(desk.code_field)
    if not code.strip():
        return desk.refuse(FormError(desk.visit.text("error.code.missing"), desk.code_field))
    stored, codes = desk.stored(), desk.visit.services.codes
    if desk.is_own:
        codes.check_own(desk.user_id, code, desk.caller)
    else:
        codes.check_for_another(code, stored.document()["userName"], desk.caller)
    return desk.done("verified", value=pending_value(stored.document(), desk.where) or "")


def _resend(desk: Desk) -> Response:
    """Send another code."""
    try:
        desk.visit.services.verifications.resend(desk.user_id, _scenario(desk), desk.caller)
    except NothingToResend:
        return desk.visit.go(desk.base)
    return desk.done("resent")


def _cancel(desk: Desk) -> Response:
    """Give up what is pending."""
    try:
        desk.visit.services.verifications.cancel(desk.user_id, desk.visit.field("verification"), desk.caller)
    except NoSuchVerification:
        return desk.visit.go(desk.base)
    return desk.done("canceled")


_WITH_VALUE: Mapping[str, Callable[[Desk], Response]] = {
    "change": _change,
    "primary": _change,
    "add": _add,
    "prove": _prove,
    "remove": _remove,
}
_WITH_CODE: Mapping[str, Callable[[Desk], Response]] = {"verify": _verify, "resend": _resend, "cancel": _cancel}


def _asked(desk: Desk, *operations: Operation) -> Response:
    """Do what may have to be proved first, and say which it was."""
    stored = desk.patch(*operations)
    pending, policy = pending_value(stored.document(), desk.where), desk.visit.services.core.policy
    value = desk.where.kind.stored(desk.value, policy)
    if pending is not None and desk.where.kind.stored(pending, policy) == value:
        return desk.done("sent", value=desk.value)
    return desk.done("changed", value=desk.value)


def _claim(desk: Desk) -> tuple[Operation, ...]:
    # Where a deployment has only those numbers proved whose request says so, whoever changes the own one here says so.
    return (_asks_for_proof(desk),) if desk.is_own and desk.where.kind.is_known(desk.visit.services.core.policy) else ()


def _asks_for_proof(desk: Desk) -> Operation:
    return Operation(OperationKind.REPLACE, f"{EXTENSION}:{desk.where.claim}", value=True)


def _primary(desk: Desk) -> Operation:
    where, policy = desk.where, desk.visit.services.core.policy
    if not where.has_pending_elements:
        return Operation(OperationKind.REPLACE, where.primary_path, desk.value)
    elements = desk.stored().document().get(where.elements, [])
    value = where.kind.stored(desk.value, policy)
    return Operation(OperationKind.REPLACE, where.elements, where.place(elements, elements, value))


def _without_primary(desk: Desk, document: Document) -> Operation:
    where = desk.where
    if not where.has_pending_elements:
        return Operation(OperationKind.REMOVE, where.primary_path.removesuffix(".value"))
    elements = document.get(where.elements, [])
    return Operation(OperationKind.REPLACE, where.elements, where.place(elements, elements, None))


def _scenario(desk: Desk) -> Scenario:
    wanted = desk.visit.field("scenario")
    kind = desk.where.kind
    return kind.on_list_update if wanted == kind.on_list_update else kind.on_update
