"""Style sheet, script and pictures of pages: kept by browsers for good, as their address changes with their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.exceptions import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.pages.visits import Visit

_SCRIPT = "text/javascript; charset=utf-8"
MEDIA_TYPES: Mapping[str, str] = {
    "site.css": "text/css; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "watching.css": "text/css; charset=utf-8",
    "site.js": _SCRIPT,
    "inplace.js": _SCRIPT,
    "htmx.min.js": _SCRIPT,
    "mark.svg": "image/svg+xml",
}
"""What is served, and as what."""
_VENDORED: Mapping[str, str] = {"htmx.min.js": "vendor/htmx/htmx.min.js.gz"}
"""Where a file is, packed, that others have made."""
_VERSION_DIGITS = 16
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    content: bytes
    packed: bytes
    version: str


@cache
def _asset(name: str) -> Asset:
    content = (files("api.pages") / "static" / _VENDORED.get(name, name)).read_bytes()
    if name in _VENDORED:
        content = gzip.decompress(content)
    return Asset(content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:_VERSION_DIGITS])


def asset_path(name: str) -> str:
    """Return where a file is, as it is now."""
    return f"/assets/{_asset(name).version}/{name}"


def send(visit: Visit, version: str, name: str) -> Response:
    """Answer with a file.

    While one process of several is newer than the others, a page of one may ask another for its file: it gets the
    one that is there, and is not to keep it.
    """
    if name not in MEDIA_TYPES:
        raise NotFound
    asset = _asset(name)
    headers = {
        "Content-Type": MEDIA_TYPES[name],
        "Cache-Control": _FOR_GOOD if version == asset.version else "no-cache",
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if visit.request.accept_encodings["gzip"] > 0:
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.content, headers=headers)
