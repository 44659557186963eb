"""Faults, as pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.waits import wait_text
from api.request_state import request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.visits import Visit


def show(visit: Visit, status: int, code: str, headers: Mapping[str, str]) -> Response:
    """Tell of a fault in the visitor's language: what it is, and what to do now."""
    family = "server" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "request"
    kind = next(kind for kind in (code.lower(), str(status), family) if visit.text.has(f"fault.{kind}.title"))
    seconds = headers.get("Retry-After")
    wait = wait_text(visit.text, int(seconds)) if seconds else None
    response = visit.render("fault.html", status=status, kind=kind, wait=wait, trace_id=request_id())
    response.headers.update({name: value for name, value in headers.items() if name in {"Allow", "Retry-After"}})
    return response
