"""What every page of the Console has around its content."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.fresh import way_to_fresh
from api.pages.console.navigation import sections_for

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def render(visit: Visit, template: str, /, *, status: int = HTTPStatus.OK, **values: object) -> Response:
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
