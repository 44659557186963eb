"""Signing in to the application under test, without pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.auth.scopes import ALL_SCOPES
from api.services.callers import Caller
from tests.factories.browsing import Browser as Window
from tests.factories.people import add_person

if TYPE_CHECKING:
    from api.services.attempts import Attempt
    from tests.factories.application import Application
    from tests.factories.people import Person
    from verification.factors import Method

PASSWORD = "a horse with batteries"
CLIENT = "shop"


@dataclass
class Browser:
    """Somebody who signs in, from somewhere."""

    application: Application
    ip: str | None = "192.0.2.1"
    agent: str | None = "Browser 1.0"

    @property
    def caller(self) -> Caller:
        """Return who the use cases see."""
        return Caller("anonymous", None, "request", self.ip, self.agent)

    def begin(self, name: str = "bob", password: str = PASSWORD, **options: Any) -> Attempt:
        """Give a name and a password."""
        options.setdefault("client_id", CLIENT)
        return self.application.services.sign_in.begin(name, password, caller=self.caller, **options)

    def challenge(self, flow: str, method: Method) -> Attempt:
        """Ask for a code."""
        return self.application.services.sign_in.challenge(flow, method, self.caller)

    def prove(self, flow: str, method: Method, code: str) -> Attempt:
        """Submit a code."""
        return self.application.services.sign_in.prove(flow, method, code, self.caller)


def add_member(application: Application, name: str = "bob", **attributes: Any) -> Person:
    """Add a user with a password and a verified number."""
    return add_person(application, name, **{"password": PASSWORD, **attributes})


def signed_in(application: Application, user_id: str) -> Window:
    """Open a browser with which a user has signed in."""
    caller = Caller("anonymous", None, "request")
    at = application.clock.now()
    token = application.services.sessions.begin(user_id, amr=("pwd", "sms", "mfa"), acr="aal2", caller=caller, at=at)
    window = Window(application.app)
    window.client.set_cookie("lineproof-session", token)
    return window


def administrator(application: Application, name: str = "root", scopes: frozenset[str] = ALL_SCOPES) -> Window:
    """Open a browser with which somebody has signed in who may do these things in the Console."""
    found = application.services.core.database.read(lambda unit: unit.resources.find("User", name))
    user_id = found.id if found else application.add_user(name)
    application.services.administrators.set_scopes(user_id, scopes, Caller("command-line", None, "request"))
    return signed_in(application, user_id)
