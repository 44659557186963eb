"""Whether an application may have what it asks for: the authorization endpoint sends the browser here to be told.

It comes with the authorization request as the path to return to. What is allowed is kept, and the browser goes back;
what is not, the application is told by the error of RFC 6749 §4.1.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.exceptions import NotFound

from api.auth.client_scopes import USER_SCOPES, OpenidScope
from api.pages.clients import client_of, source_of

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from persistence.clients import Client


@dataclass(frozen=True, slots=True)
class Question:
    """What an application asks for."""

    client: Client
    redirect_uri: str
    scopes: frozenset[str]


def show(visit: Visit) -> Response:
    """Ask the user."""
    asked = _question(visit)
    return visit.render(
        "consent.html",
        client=asked.client.name,
        host=urlsplit(asked.redirect_uri).hostname or "",
        scopes=sorted(asked.scopes),
        form_targets=(source_of(asked.redirect_uri),),
    )


def take(visit: Visit) -> Response:
    """Take the answer: back to the endpoint, which goes on now, or back to the application."""
    asked = _question(visit)
    if visit.field("answer") != "allow":
        return visit.leave(_refusal(visit, asked))
    visit.services.clients.consent(visit.user_id, asked.client, asked.scopes, visit.caller)
    return visit.go(_without_prompt(visit.return_to))


def _question(visit: Visit) -> Question:
    client, uri = client_of(visit), visit.asked.redirect_uri
    if client is None or uri is None:
        raise NotFound
    may_have = client.scopes & USER_SCOPES
    wanted = frozenset(visit.asked.scopes) if visit.asked.scopes else may_have - {OpenidScope.OFFLINE_ACCESS}
    return Question(client, uri, may_have & wanted)


def _refusal(visit: Visit, asked: Question) -> str:
    answer = {"error": "access_denied", "iss": visit.services.settings.base_url}
    if visit.asked.state is not None:
        answer["state"] = visit.asked.state
    return f"{asked.redirect_uri}{'&' if urlsplit(asked.redirect_uri).query else '?'}{urlencode(answer)}"


def _without_prompt(path: str) -> str:
    """Take the wish to be asked out of the request: it has been fulfilled."""
    parts = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "prompt"]
    return f"{parts.path}?{urlencode(query)}"
