"""What is known of a request from its WSGI environment, inside of the application and outside."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from api.auth.principals import Principal

_REQUEST_ID = "lineproof.request_id"
_PRINCIPAL = "lineproof.principal"
_ROUTE = "lineproof.route"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACE_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
"""Version, trace id, parent id and flags; zeros are no ids, and a later version may have more behind the flags."""


def request_id_of(environ: WSGIEnvironment) -> str:
    """Return the request's id: the caller's `X-Request-Id` where it is a plain one, else a new one."""
    known: str | None = environ.get(_REQUEST_ID)
    if known is None:
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        known = sent if _ACCEPTABLE_ID.fullmatch(sent) else token_hex(16)
        environ[_REQUEST_ID] = known
    return known


def trace_id_of(environ: WSGIEnvironment) -> str | None:
    """Return the id of the trace that a request belongs to, where the caller says (W3C Trace Context §3.2)."""
    sent: str | None = environ.get("HTTP_TRACEPARENT")
    match = _TRACE_PARENT.fullmatch(sent) if sent else None
    return match[1] if match else None


def set_route(environ: WSGIEnvironment, template: str) -> None:
    """Keep the template of the route that a request has taken: what may be counted and logged, unlike its path."""
    environ[_ROUTE] = template


def route_of(environ: WSGIEnvironment) -> str | None:
    """Return the template of the route, None where there was none to take."""
    found: str | None = environ.get(_ROUTE)
    return found


def set_principal(environ: WSGIEnvironment, principal: Principal) -> None:
    """Keep the authenticated party."""
    environ[_PRINCIPAL] = principal


def principal_of(environ: WSGIEnvironment) -> Principal | None:
    """Return the authenticated party, None where nobody is."""
    found: Principal | None = environ.get(_PRINCIPAL)
    return found
