"""/openapi.json, and /docs, which shows it to people: Swagger UI, from here and nowhere else."""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, request

from api.auth.scopes import public
from api.resources.routes import add_route
from scim.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE = "docs/index.html"
ASSETS: Mapping[str, tuple[str, str]] = {
    "docs.js": ("docs/docs.js", "text/javascript"),
    "swagger-ui.css": ("vendor/swagger-ui/swagger-ui.css.gz", "text/css"),
    "swagger-ui-bundle.js": ("vendor/swagger-ui/swagger-ui-bundle.js.gz", "text/javascript"),
}
"""What the page needs: the file in `api/static`, and its media type."""
_HEADERS = {
    # Nothing from elsewhere, nothing inline; pictures of the style sheet are data URLs.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=3600",
}


def documentation_blueprint(describe: Callable[[], dict[str, Any]]) -> Blueprint:
    """Build the blueprint; the service is described when it is first asked for."""
    blueprint = Blueprint("documentation", __name__)

    @cache
    def description() -> bytes:
        return orjson.dumps(describe())

    def openapi() -> Response:
        return Response(description(), content_type="application/json")

    add_route(blueprint, "/openapi.json", "GET", openapi, public)
    add_route(blueprint, "/docs", "GET", _page, public)
    add_route(blueprint, "/docs/<asset>", "GET", _asset, public)
    return blueprint


def _page() -> Response:
    return _answer(_content(PAGE), "text/html")


def _asset(asset: str) -> Response:
    if asset not in ASSETS:
        raise NotFound("There is no such file.")
    file, media_type = ASSETS[asset]
    content = _content(file)
    if not file.endswith(".gz"):
        return _answer(content, media_type)
    if request.accept_encodings["gzip"] <= 0:
        return _answer(gzip.decompress(content), media_type, {"Vary": "Accept-Encoding"})
    return _answer(content, media_type, {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"})


def _answer(content: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(content, content_type=f"{media_type}; charset=utf-8", headers={**_HEADERS, **(headers or {})})


@cache
def _content(file: str) -> bytes:
    return resources.files("api").joinpath("static", file).read_bytes()
