"""Where a form comes from, as the browser tells it and no script can forge it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Request


def is_from_here(request: Request, base_url: str) -> bool:
    """Tell whether a post comes from a page of this service, as far as the browser says.

    `Sec-Fetch-Site` decides where there is one; older browsers and plain addresses have `Origin` alone. Who sends
    neither is no browser of today: the token of the form decides then, as it does in any case.
    """
    # `none` is the user's own doing: a page loaded anew.
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    # Behind a proxy the host of the request may be an inner one, and without one the base URL may name another.
    parts = urlsplit(base_url)
    return origin in {f"{parts.scheme}://{parts.netloc}", f"{request.scheme}://{request.host}"}
