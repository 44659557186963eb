"""The tabs of a user: one page each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.scopes import ALL_SCOPES
from api.pages.console.frame import render
from api.pages.console.people import person_of
from api.pages.console.targets import path_of

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from persistence.resources import StoredResource

PROFILE, SIGN_IN, RIGHTS = "profile", "sign-in", "rights"


def render_tab(
    visit: Visit,
    stored: StoredResource,
    tab: str,
    /,
    *,
    template: str | None = None,
    status: int | None = None,
    **values: object,
) -> Response:
    """Answer with a tab of a user; its template is `console/<tab>.html`, where it has no other."""
    return render(
        visit,
        template or f"console/{tab}.html",
        status=status,
        person=person_of(visit, stored),
        is_self=stored.id == visit.user_id,
        tabs=_tabs(visit, stored.id),
        tab=tab,
        here=path_of(stored.id),
        **values,
    )


def _tabs(visit: Visit, user_id: str) -> list[tuple[str, str]]:
    """List the tabs that the visitor may open, by their names, with their paths."""
    names = ("mobile", "email", SIGN_IN, *((RIGHTS,) if visit.may(*ALL_SCOPES) else ()))
    return [(PROFILE, path_of(user_id)), *((name, path_of(user_id, name)) for name in names)]
