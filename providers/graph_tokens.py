"""Access tokens for Microsoft Graph, by the client credentials of one application (facts C.2)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from providers.graph_answers import whole, word
from verification.errors import DeliveryError, DirectoryUnavailable

if TYPE_CHECKING:
    from datetime import datetime

    from providers.rest import RestApi
    from verification.ports import Clock

EARLY = timedelta(minutes=5)
"""How long before its end a token is not used any more: a call may last."""
SCOPE = "https://graph.microsoft.com/.default"
"""All that the application was allowed; the name holds at other base URLs too."""


@dataclass(slots=True)
class TokenSource:
    """Keeps one token for all threads until shortly before its end."""

    login: RestApi
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    clock: Clock
    _token: str = field(default="", repr=False)
    _good_until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def token(self, within: timedelta) -> str:
        """Return a token that is good for some minutes yet; raise DirectoryUnavailable."""
        with self._lock:
            if self._good_until is None or self.clock.now() >= self._good_until:
                self._token, life = self._ask(within)
                self._good_until = self.clock.now() + max(life - EARLY, timedelta(0))
            return self._token

    def forget(self, token: str) -> None:
        """Ask for another token next time; the one in hand was refused."""
        with self._lock:
            if token == self._token:
                self._good_until = None

    def _ask(self, within: timedelta) -> tuple[str, timedelta]:
        form = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": SCOPE,
            "grant_type": "client_credentials",
        }
        path = f"/{quote(self.tenant, safe='')}/oauth2/v2.0/token"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = self.login.call("POST", path, within=within, headers=headers, content=urlencode(form).encode())
        except DeliveryError as error:
            raise DirectoryUnavailable(f"the token endpoint cannot be asked: {error.reason}") from error
        document = answer.document()
        token = document.get("access_token")
        if answer.status != HTTPStatus.OK or not isinstance(token, str):
            raise DirectoryUnavailable(f"the token endpoint answered {answer.status} {word(document.get('error'))}")
        return token, timedelta(seconds=whole(document.get("expires_in")))
