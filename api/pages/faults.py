"""Faults, as pages."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING

from api.request_state import request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.visits import Visit

_A_MINUTE = 60


def show(visit: Visit, status: int, code: str, headers: Mapping[str, str]) -> Response:
    """Tell of a fault in the visitor's language: what it is, and what to do now."""
    family = "server" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "request"
    kind = next(kind for kind in (code.lower(), str(status), family) if visit.text.has(f"fault.{kind}.title"))
    response = visit.render(
        "fault.html", status=status, kind=kind, wait=_wait(visit, headers.get("Retry-After")), trace_id=request_id()
    )
    response.headers.update({name: value for name, value in headers.items() if name in {"Allow", "Retry-After"}})
    return response


def _wait(visit: Visit, retry_after: str | None) -> str | None:
    if retry_after is None:
        return None
    seconds = int(retry_after)
    if seconds <= _A_MINUTE:
        return visit.text("wait.seconds", seconds=seconds)
    return visit.text("wait.minutes", minutes=ceil(seconds / _A_MINUTE))
