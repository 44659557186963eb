"""What every page of My Account has around its content, and the way around in it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

HOME = "/myaccount"
LAYOUT = "account/base.html"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of My Account, and the key of its name."""

    path: str
    name: str


NAVIGATION = (
    Entry(HOME, "account.profile"),
    Entry(f"{HOME}/mobile", "account.mobile"),
    Entry(f"{HOME}/email", "account.email"),
)


def render(
    visit: Visit, template: str, /, *, status: int = HTTPStatus.OK, here: str | None = None, **values: object
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
