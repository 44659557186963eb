"""The client that a visitor comes from, as far as pages have to know it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.services.redirects import is_registered

if TYPE_CHECKING:
    from api.pages.visits import Visit
    from persistence.clients import Client

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")


def client_of(visit: Visit) -> Client | None:
    """Return the client of the authorization request that is returned to, if it may be answered where it says."""
    client_id, uri = visit.asked.client_id, visit.asked.redirect_uri
    client = visit.services.clients.lookup(client_id) if client_id and uri else None
    if client is None or not is_registered(uri or "", client.redirect_uris, is_public=client.is_public):
        return None
    return client


def form_targets(visit: Visit) -> tuple[str, ...]:
    """Return the sources that the answer to a form may lead to by way of the authorization endpoint.

    Only where the client has registered it: nobody writes into our policy by a made-up request.
    """
    client, uri = client_of(visit), visit.asked.redirect_uri
    return () if client is None or uri is None else (source_of(uri),)


def source_of(uri: str) -> str:
    """Write where a redirect leads as a source of the policy (CSP 3 §2.3.1)."""
    parts = urlsplit(uri)
    # The grammar has neither addresses of IPv6 nor anything behind the scheme of an application.
    is_host = parts.scheme in {"https", "http"} and _HOST.fullmatch(parts.netloc) is not None
    return f"{parts.scheme}://{parts.netloc}" if is_host else f"{parts.scheme}:"
