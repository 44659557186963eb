"""Where two change one thing at once: both sides, to choose from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.frame import render

if TYPE_CHECKING:
    from flask import Response

    from api.pages.console.edits import Merge
    from api.pages.visits import Visit


def answer_merge(visit: Visit, merge: Merge, *, name: str, path: str) -> Response:
    """Answer with both sides; `path` is the page of the thing, and takes the choice."""
    if not merge.sides:
        # The other one has changed the same to the same.
        visit.tell("console.done.same", name=name)
        return visit.go(path)
    return render(visit, "console/merge.html", status=HTTPStatus.PRECONDITION_FAILED, name=name, merge=merge, here=path)
