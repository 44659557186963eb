"""What every page of the Console has around its content."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.fresh import way_to_fresh
from api.pages.console.navigation import sections_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.form_errors import FormError
    from api.pages.visits import Visit


def render(visit: Visit, template: str, /, *, status: int | None = None, **values: object) -> Response:
    """Answer with a page of the Console; its template extends `console/base.html`."""
    return visit.render(
        template,
        status=status,
        form_targets=(),
        sections=sections_for(visit),
        page_path=visit.request.path,
        signed_in_as=visit.signed_in_as,
        may=visit.may,
        way_to_fresh=partial(way_to_fresh, visit),
        **values,
    )


def ask(
    visit: Visit,
    *errors: FormError,
    title: str,
    text: str,
    button: str,
    back: str,
    action: str | None = None,
    fields: Mapping[str, str] | None = None,
    status: int | None = None,
) -> Response:
    """Ask whether something is to be done; the yes is a form, which goes to the path of the question or to another."""
    return render(
        visit,
        "console/confirm.html",
        status=status,
        errors=errors,
        title=title,
        text=text,
        button=button,
        back=back,
        action=action or visit.request.path,
        fields=fields or {},
    )


def gone(visit: Visit, what: str, path: str) -> Response:
    """Say that something is no more, and lead to where the others are. The texts are `<what>.gone_…`."""
    return render(visit, "console/gone.html", status=HTTPStatus.NOT_FOUND, what=what, list=path)
