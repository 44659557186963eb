"""A lane in front of Flask for plain GETs of one resource and of lists, which are asked most (docs/decisions/0016).

It answers only what is plain, allowed and found, with the checks, use cases and rendering of the views. All else is
Flask's: another method, a projection of one resource, a precondition, a token not seen before, and every fault, which
Flask finds again and answers in its form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl

from api.auth.bearer import bearer_token
from api.auth.scopes import access_of, authorize
from api.request_facts import request_id_of, set_principal, set_route
from api.resources.answers import EVERYTHING, ON_EVERY_ANSWER, SCIM_TYPE
from api.resources.scim_me import ME
from scim.messages import ListQuery
from scim.versions import weak_etag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from api.auth.principals import Principal
    from api.auth.scopes import Access
    from api.auth.verifier import TokenVerifier
    from api.resources.scim_lists import ListViews
    from api.resources.scim_resources import ResourceViews

    Headers = list[tuple[str, str]]

# What makes of a GET a request that Flask has to look at.
_NOT_PLAIN = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_TRANSFER_ENCODING")


class Place(Protocol):
    """What answers below a path."""

    @property
    def route(self) -> str:
        """Return the template of the route."""

    @property
    def access(self) -> Access:
        """Return what the route needs."""

    def answer(self, rest: str, query: str, principal: Principal) -> tuple[bytes, Headers] | None:
        """Return body and own headers for a path (what follows in it) and a query; None where Flask is to answer."""


@dataclass(frozen=True, slots=True)
class OnePlace:
    """Where one resource is read."""

    route: str
    access: Access
    views: ResourceViews
    is_own: bool = False
    """Whether it is the resource of the user a token stands for."""

    def answer(self, rest: str, query: str, principal: Principal) -> tuple[bytes, Headers] | None:
        """Answer with the whole resource."""
        wanted = principal.user_id if self.is_own else rest
        if query or not wanted or not wanted.isascii():
            # WSGI hands over UTF-8 as if it were Latin-1.
            return None
        stored, computed = self.views.read(wanted, EVERYTHING)
        body = self.views.renderer.projected(stored, self.views.service.resource_type, EVERYTHING, computed)
        return body, [("ETag", weak_etag(stored.version))]


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a list is read."""

    route: str
    access: Access
    views: ListViews

    def answer(self, rest: str, query: str, principal: Principal) -> tuple[bytes, Headers] | None:  # noqa: ARG002 - as above
        """Answer with a page."""
        if rest or not query.isascii():
            return None
        parameters: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True, errors="strict"):
            # Of a name that is given twice the first counts, as with Flask.
            parameters.setdefault(name, value)
        return self.views.listed(ListQuery.from_query(parameters)), []


class Lane:
    """The application with its lane; `places` are by the path up to the id."""

    def __init__(self, application: WSGIApplication, verifier: TokenVerifier, places: Mapping[str, Place]) -> None:
        self._application = application
        self._verifier = verifier
        self._places = places

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        try:
            found = self._answer(environ) if _is_plain(environ) else None
        except Exception:  # noqa: BLE001 - Flask comes to the same fault, and knows what to answer
            found = None
        if found is None:
            return self._application(environ, start_response)
        body, headers = found
        start_response("200 OK", headers)
        return (body,)

    def _answer(self, environ: WSGIEnvironment) -> tuple[bytes, Headers] | None:
        path: str = environ["PATH_INFO"]
        after_slash = path.rfind("/") + 1
        place, rest = self._places.get(path), ""
        if place is None:
            place, rest = self._places.get(path[:after_slash]), path[after_slash:]
        if place is None:
            return None
        principal = self._verifier.recall(bearer_token(environ.get("HTTP_AUTHORIZATION")))
        if principal is None:
            return None
        authorize(place.access, principal)
        found = place.answer(rest, environ.get("QUERY_STRING", ""), principal)
        if found is None:
            return None
        body, own = found
        set_route(environ, place.route)
        set_principal(environ, principal)
        headers = [("Content-Type", SCIM_TYPE), ("Content-Length", str(len(body))), *own]
        return body, [*headers, ("X-Request-Id", request_id_of(environ)), *ON_EVERY_ANSWER]


def places_of(app: Flask, prefix: str, views: Mapping[str, ResourceViews], own: ResourceViews) -> dict[str, Place]:
    """Read off the routes of an application what they need."""

    def access(rule: str) -> Access:
        return access_of(app.view_functions[f"scim.get {rule}"])

    places: dict[str, Place] = {f"{prefix}{ME}": OnePlace(f"{prefix}{ME}", access(ME), own, is_own=True)}
    for each in views.values():
        many, one = each.endpoint, f"{each.endpoint}/<resource_id>"
        places[f"{prefix}{many}"] = ListPlace(f"{prefix}{many}", access(many), each.lists)
        places[f"{prefix}{many}/"] = OnePlace(f"{prefix}{one}", access(one), each)
    return places


def _is_plain(environ: WSGIEnvironment) -> bool:
    if environ["REQUEST_METHOD"] != "GET" or environ.get("SCRIPT_NAME"):
        return False
    return not any(name in environ for name in _NOT_PLAIN)
