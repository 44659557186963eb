"""A service in processes of its own whose keys a test holds, so that no token needs a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import requests

from api.auth.issuer import TokenIssuer
from api.auth.issuer_keys import generate_issuer_keys, parse_issuer_keys
from api.auth.scopes import ALL_SCOPES, Scope
from api.clock import SystemClock
from tests.factories.browsing import Page
from tests.factories.servers import CALL_TIMEOUT, WSO2, Client, Service
from tests.factories.verification import key_ring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.factories.browsing import Form

LIFETIME = timedelta(hours=1)
LIST = "/api/identity/user/v1.0/me/verifications"


@dataclass
class Realm:
    """A service and the issuer of its tokens."""

    service: Service
    issuer: TokenIssuer

    @classmethod
    def make(cls, directory: Path, settings: Mapping[str, str], workers: int = 2) -> Realm:
        """Make a realm whose service is still to be started."""
        issuer_keys = generate_issuer_keys()
        keys = {"master_keys": key_ring("k1").export(), "issuer_keys": issuer_keys}
        arguments = ("serve", "--workers", str(workers))
        service = Service(directory, settings={**keys, **settings}, arguments=arguments)
        issuer = TokenIssuer(issuer=service.url, keys=parse_issuer_keys(issuer_keys), clock=SystemClock())
        return cls(service, issuer)

    def client(self, name: str = "tests") -> Client:
        """Return a client with all scopes."""
        token = self.issuer.mint_for_client(name, scopes=ALL_SCOPES, lifetime=LIFETIME)
        return Client(self.service.url, token)

    def user(self, user_id: str) -> Client:
        """Return a client that acts for a user."""
        token = self.issuer.mint_for_user(user_id, client_id="tests", scopes={Scope.LOGIN}, lifetime=LIFETIME)
        return Client(self.service.url, token)

    def add_user(self, name: str, **attributes: Any) -> str:
        """Add a user and return the id."""
        answer = self.client().call("POST", "/scim2/Users", {"userName": name, **attributes})
        assert answer.status_code == 201, answer.text
        user_id: str = answer.json()["id"]
        return user_id

    def add_asking(self, name: str, number: str) -> Client:
        """Add a user to whose number a code goes, and return a client that acts for the user."""
        phones = {"phoneNumbers": [{"type": "mobile", "value": number}], WSO2: {"verifyMobile": True}}
        return self.user(self.add_user(name, **phones))

    def browser(self) -> NetBrowser:
        """Open a browser."""
        return NetBrowser(self.service.url)


@dataclass
class NetBrowser:
    """A browser without a window that talks to a service over the network."""

    url: str
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def get(self, path: str) -> Page:
        """Open a page and follow where it leads."""
        answer = self.session.get(self.url + path, timeout=CALL_TIMEOUT)
        return Page(answer, path)

    def send(self, form: Form, **values: str) -> Page:
        """Fill in a form, send it, and follow where it leads."""
        return Page(self.post(form, **values), form.action)

    def post(self, form: Form, **values: str) -> requests.Response:
        """Fill in a form and send it, and return the answer where it leads."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.url}
        fields = {**form.values, **values}
        return self.session.post(self.url + form.action, data=fields, headers=headers, timeout=CALL_TIMEOUT)


def attempts_left(user: Client) -> int:
    """Return how many attempts the one live verification of a user has left."""
    (live,) = user.call("GET", LIST).json()["verifications"]
    left: int = live["attemptsLeft"]
    return left
