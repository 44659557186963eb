"""What is known of the request being served: its id, who calls, and from where."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import TYPE_CHECKING

from flask import request

from api.services.callers import Caller

if TYPE_CHECKING:
    from api.auth.principals import Principal

_REQUEST_ID = "lineproof.request_id"
_PRINCIPAL = "lineproof.principal"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str:
    """Return the request's id: the caller's `X-Request-Id` where it is a plain one, else a new one."""
    known: str | None = request.environ.get(_REQUEST_ID)
    if known is None:
        sent = request.environ.get("HTTP_X_REQUEST_ID", "")
        known = sent if _ACCEPTABLE_ID.fullmatch(sent) else token_hex(16)
        request.environ[_REQUEST_ID] = known
    return known


def set_principal(principal: Principal) -> None:
    """Keep the authenticated party of this request."""
    request.environ[_PRINCIPAL] = principal


def principal() -> Principal:
    """Return the authenticated party; only views that are not public may ask."""
    found: Principal = request.environ[_PRINCIPAL]
    return found


def caller() -> Caller:
    """Return the authenticated party as the use cases know it."""
    party = principal()
    return Caller(subject=party.subject, user_id=party.user_id, request_id=request_id(), ip=request.remote_addr)
