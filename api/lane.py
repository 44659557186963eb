"""A lane in front of Flask for the plain GET of one resource, which is asked most (docs/decisions/0016).

It answers only what is plain, allowed and found, with the checks, use cases and rendering of the views. All else is
Flask's: another method, a query, a precondition, a token not seen before, and every fault, which Flask finds again and
answers in its form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.bearer import bearer_token
from api.auth.scopes import access_of, authorize
from api.request_facts import request_id_of, set_principal, set_route
from api.resources.answers import EVERYTHING, ON_EVERY_ANSWER, SCIM_TYPE
from api.resources.scim_me import ME
from scim.versions import weak_etag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from api.auth.scopes import Access
    from api.auth.verifier import TokenVerifier
    from api.resources.scim_resources import ResourceViews

    Headers = list[tuple[str, str]]

# What makes of a GET a request that Flask has to look at.
_NOT_PLAIN = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_TRANSFER_ENCODING")


@dataclass(frozen=True, slots=True)
class Place:
    """Where resources are read: the template of the route, what it needs, and the views that answer there."""

    route: str
    access: Access
    views: ResourceViews
    is_own: bool = False
    """Whether it is the resource of the user a token stands for."""


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
        place = self._places.get(path) or self._places.get(path[:after_slash])
        if place is None:
            return None
        principal = self._verifier.recall(bearer_token(environ.get("HTTP_AUTHORIZATION")))
        if principal is None:
            return None
        authorize(place.access, principal)
        wanted = principal.user_id if place.is_own else path[after_slash:]
        if not wanted or not wanted.isascii():
            # WSGI hands over UTF-8 as if it were Latin-1.
            return None
        stored, computed = place.views.read(wanted, EVERYTHING)
        body = place.views.renderer.projected(stored, place.views.service.resource_type, EVERYTHING, computed)
        set_route(environ, place.route)
        set_principal(environ, principal)
        headers = [("Content-Type", SCIM_TYPE), ("Content-Length", str(len(body))), ("ETag", weak_etag(stored.version))]
        return body, [*headers, ("X-Request-Id", request_id_of(environ)), *ON_EVERY_ANSWER]


def places_of(app: Flask, prefix: str, views: Mapping[str, ResourceViews], own: ResourceViews) -> dict[str, Place]:
    """Read off the routes of an application what they need."""

    def place(rule: str, views: ResourceViews, *, is_own: bool = False) -> Place:
        return Place(f"{prefix}{rule}", access_of(app.view_functions[f"scim.get {rule}"]), views, is_own)

    places = {f"{prefix}{each.endpoint}/": place(f"{each.endpoint}/<resource_id>", each) for each in views.values()}
    return {**places, f"{prefix}{ME}": place(ME, own, is_own=True)}


def _is_plain(environ: WSGIEnvironment) -> bool:
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or environ.get("SCRIPT_NAME"):
        return False
    return not any(name in environ for name in _NOT_PLAIN)
