"""One way to sign in is removed from a user, after a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.frame import ask as ask_about
from api.pages.console.people import Person, person_of
from api.pages.console.signing_in import page
from api.pages.console.tabs import SIGN_IN
from api.pages.console.targets import exposed_user, path_of
from api.pages.form_errors import FormError
from scim.errors import NotFound
from verification.errors import MethodGone, MethodRefused
from verification.methods import Method, PhoneType

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def ask(visit: Visit, user_id: str, kind: str, method_id: str) -> Response:
    """Ask whether a method is to go."""
    person, method = _found(visit, user_id, kind, method_id)
    text = visit.text("console.one_method.text", name=person.name)
    if method.phone_type is PhoneType.MOBILE:
        text = " ".join((text, visit.text("console.one_method.mobile")))
    return ask_about(
        visit,
        title=visit.text("console.one_method.title", name=person.name, method=_name(visit, method)),
        text=text,
        button=visit.text("console.one_method.remove"),
        back=path_of(user_id, SIGN_IN),
    )


def remove(visit: Visit, user_id: str, kind: str, method_id: str) -> Response:
    """Remove the method; that it is gone already is no fault."""
    try:
        person, method = _found(visit, user_id, kind, method_id)
        visit.services.methods.remove(user_id, method.kind, method.id, visit.caller)
    except (NotFound, MethodGone):
        visit.tell("console.done.method_gone")
    except MethodRefused:
        return page(visit, user_id, FormError(visit.text("console.error.method_kept")))
    else:
        visit.tell("console.done.method_removed", name=person.name, method=_name(visit, method))
    return visit.go(path_of(user_id, SIGN_IN))


def _found(visit: Visit, user_id: str, kind: str, method_id: str) -> tuple[Person, Method]:
    """Return who it is, and the method; raise NotFound where there is none that could be removed."""
    stored = exposed_user(visit, user_id, "methods", kind, method_id, "remove")
    _, methods = visit.services.methods.list(user_id)
    for item in methods:
        if (item.method.kind, item.method.id) == (kind, method_id) and item.method.is_removable:
            return person_of(visit, stored), item.method
    raise NotFound


def _name(visit: Visit, method: Method) -> str:
    return visit.text(f"console.method.{method.phone_type or method.kind}")
