"""What an application has asked for, read off the authorization request that a sign-in returns to.

Nothing of it is trusted: the authorization endpoint checks it all when the browser comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

AUTHORIZE = "/oauth2/authorize"


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of an authorization request that pages obey."""

    client_id: str | None = None
    redirect_uri: str | None = None
    acr_values: tuple[str, ...] = ()
    ui_locales: tuple[str, ...] = ()
    login_hint: str = ""
    scopes: tuple[str, ...] = ()
    state: str | None = None

    @classmethod
    def by(cls, return_to: str) -> Asked:
        """Read them off the path that is returned to; there is nothing in any other."""
        parts = urlsplit(return_to)
        if parts.path != AUTHORIZE:
            return cls()
        query = parse_qs(parts.query)

        def one(name: str) -> str | None:
            # RFC 6749 §3.1: a parameter that is there twice makes the request a faulty one.
            values = query.get(name, [])
            return values[0] if len(values) == 1 else None

        return cls(
            client_id=one("client_id"),
            redirect_uri=one("redirect_uri"),
            acr_values=tuple((one("acr_values") or "").split()),
            ui_locales=tuple((one("ui_locales") or "").split()),
            login_hint=one("login_hint") or "",
            scopes=tuple((one("scope") or "").split()),
            state=one("state"),
        )
