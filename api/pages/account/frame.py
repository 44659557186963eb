"""What every page of My Account has around its content, and the way around in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.errors import SignInAgain
from api.pages.questions import SURE
from api.services.errors import StaleAuthentication

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from api.pages.visits import Visit

HOME = "/myaccount"
LAYOUT = "account/base.html"


NAVIGATION = (
    (HOME, "account.profile"),
    (f"{HOME}/mobile", "account.mobile"),
    (f"{HOME}/email", "account.email"),
    (f"{HOME}/security", "factors.title"),
    (f"{HOME}/sessions", "account.sessions"),
    (f"{HOME}/applications", "account.applications"),
    (f"{HOME}/history", "account.history"),
)
"""The pages of My Account, each with the key of its name."""


def render(
    visit: Visit, template: str, /, *, status: int | None = None, here: str | None = None, **values: object
) -> Response:
    """Answer with a page of My Account; its template extends `account/base.html`.

    `here` is the path of the page that can be got, where this is the answer to a form.
    """
    path = here or visit.request.path
    return visit.render(
        template,
        status=status,
        form_targets=(),
        entries=NAVIGATION,
        page_path=path,
        here=path,
        signed_in_as=visit.signed_in_as,
        **values,
    )


def ask(visit: Visit, what: str, back: str, **fields: str) -> Response:
    """Ask whether something is to be done; the yes is the same form again. The texts are `account.<what>.…`."""
    return render(
        visit,
        "account/confirm.html",
        here=back,
        what=what,
        action=visit.request.path,
        back=back,
        fields={SURE: "yes", **fields},
    )


def while_fresh(back: str, act: Callable[[], Response]) -> Response:
    """Do what needs a fresh sign-in; who has none signs in again, and comes back to the page.

    Whoever finds a browser open must not be able to lock its owner out.
    """
    try:
        return act()
    except StaleAuthentication:
        raise SignInAgain(back, "stale") from None
