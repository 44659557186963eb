"""What is known of the request being served: its id, who calls, and from where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import has_request_context, request

from api.request_facts import principal_of, request_id_of, trace_id_of
from api.services.callers import Caller, Token

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

    from api.auth.principals import Principal


NOBODY = "anonymous"
"""The actor of the audit trail where nobody is known yet."""


def request_id() -> str:
    """Return the request's id."""
    return request_id_of(request.environ)


def principal() -> Principal:
    """Return the authenticated party; only views that are not public may ask."""
    found = principal_of(request.environ)
    if found is None:
        raise LookupError("nobody is authenticated on a public route")
    return found


def caller() -> Caller:
    """Return the authenticated party as the use cases know it."""
    party = principal()
    authenticated_at = party.authenticated_at or party.issued_at
    token = Token(party.token_id, party.expires_at) if party.is_embedded and party.token_id else None
    return replace(_caller(party.subject), user_id=party.user_id, authenticated_at=authenticated_at, token=token)


def anonymous_caller() -> Caller:
    """Return whoever sends a request that needs no token: somebody who is still to sign in."""
    return _caller(NOBODY)


def _caller(subject: str) -> Caller:
    return Caller(
        subject=subject,
        user_id=None,
        request_id=request_id(),
        ip=request.remote_addr,
        agent=request.headers.get("User-Agent"),
    )


def add_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add to a line of the log which request it was written in."""
    del logger, method
    if has_request_context():
        event.setdefault("request_id", request_id())
        if trace_id := trace_id_of(request.environ):
            event["trace_id"] = trace_id
    return event
