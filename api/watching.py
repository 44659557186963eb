"""Every request, seen from outside of the application: counted, and written down in one line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from api.logs import write_line
from api.request_facts import principal_of, request_id_of, route_of, trace_id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from verification.ports import Clock

    Fault = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
    Count = Callable[[str, str, int, float], None]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
"""Whatever else was sent as a method: a text of the caller's, which may hold anything."""
NOWHERE = "none"
"""The route of a request for which there is none: its path is a text of the caller's as well."""
_FAULT = 500


class Watched:
    """The application, watched: `count` is told route, method, status and seconds of each request.

    A line is written of those whose status is at least `lines_from`.
    """

    def __init__(self, application: WSGIApplication, count: Count, clock: Clock, *, lines_from: int = 0) -> None:
        self._application = application
        self._count = count
        self._clock = clock
        self._lines_from = lines_from

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request on, and tell of it when it is answered."""
        began = time.perf_counter()
        status = _FAULT

        def start(
            line: str, headers: list[tuple[str, str]], fault: Fault | None = None, /
        ) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line[:3])
            return start_response(line, headers, fault) if fault else start_response(line, headers)

        try:
            return self._application(environ, start)
        finally:
            self._tell(environ, status, time.perf_counter() - began)

    def _tell(self, environ: WSGIEnvironment, status: int, seconds: float) -> None:
        route = route_of(environ) or NOWHERE
        method = environ["REQUEST_METHOD"]
        if method not in METHODS:
            method = OTHER
        self._count(route, method, status, seconds)
        if status >= self._lines_from:
            write_line(
                {
                    "event": "request",
                    "level": "error" if status >= _FAULT else "info",
                    "timestamp": self._clock.now(),
                    "method": method,
                    "route": route,
                    "status": status,
                    "milliseconds": round(seconds * 1000, 2),
                    **_who(environ),
                }
            )


def _who(environ: WSGIEnvironment) -> dict[str, str]:
    """Return the ids of request, trace and caller. A foreign token's subject may be an address, so it is not told."""
    ids = {"request_id": request_id_of(environ)}
    if trace_id := trace_id_of(environ):
        ids["trace_id"] = trace_id
    if principal := principal_of(environ):
        if principal.user_id:
            ids["subject_id"] = principal.user_id
        if principal.client_id:
            ids["client_id"] = principal.client_id
    return ids
