"""Whatever a page is asked with, and whatever a form says, it is answered: a walk over all pages, field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from api.pages.routes import EXTENSION, PAGES
from api.services.callers import Caller
from api.services.clients import NewClient
from tests.factories.people import ON_UPDATE
from tests.factories.sign_ins import administrator

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import Client

    from api.pages.page import Page

ODD = ("%00", "7" * 5000, "9999-12-31")
"""What one field at a time says, as a browser sends it."""
SHORT = ("%00", "%F0%9F%98%80", "%ED%A0%80", "-1", "0001-01-01")
"""What all fields say at once, and parts of the path: NUL, an emoji, half a surrogate pair among it."""
ACTS = ("add", "cancel", "change", "primary", "prove", "remove", "resend", "verify")
OF_ALL = frozenset({"form_token", "return_to", "ui_locales"})
"""Fields that every page looks for: they are tried on one."""
VISIT = "v" * 43
OPERATOR = Caller("command-line", None, "request")


class Asked(ImmutableMultiDict[str, str]):
    """The query or the form of a request, which notes what it is asked for."""

    names: set[str] = set()  # noqa: RUF012 - noted for all requests

    def get(self, key, *args, **kwargs):
        self.names.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key, *args, **kwargs):
        self.names.add(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)


@dataclass
class Walker:
    """A visitor who may do everything."""

    app: Flask
    client: Client
    usual: dict[str, str]
    failures: list[str] = field(default_factory=list)

    def visit(self, page: Page, path: str, fields: dict[str, str]) -> set[str]:
        """Ask for a page with these fields; return the names that it looked for."""
        Asked.names.clear()
        form = "&".join(f"{quote(name)}={text}" for name, text in fields.items())
        if page.method == "GET":
            answer = self.client.get(f"{path}?{form}", headers={"Accept": "text/html"})
        else:
            session = self.client.get_cookie("lineproof-session")
            token = self.app.extensions[EXTENSION].site.form_tokens.make(f"{VISIT}.{session.value if session else ''}")
            answer = self.client.post(
                path,
                data=f"form_token={quote(token)}&{form}",
                content_type="application/x-www-form-urlencoded",
                headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
            )
        answer.get_data()
        if answer.status_code >= 500:
            shown = {name: text[:12] for name, text in fields.items()}
            self.failures.append(f"{page.method} {path[:80]} {shown}: {answer.status_code}")
        answer.close()
        return Asked.names - (OF_ALL if page.rule != "/sign-in" else {"form_token"})

    def paths(self, page: Page) -> list[str]:
        """Return the paths of a page: of things that there are, and of odd ones."""
        parts = re.findall(r"<(\w+)>", page.rule)
        if parts in (["act"], ["user_id", "act"]):
            return [self.fill(page.rule, {"act": act}) for act in ACTS]
        return [self.fill(page.rule, {}), *(self.fill(page.rule, {part: text}) for part in parts for text in SHORT)]

    def fill(self, rule: str, parts: dict[str, str]) -> str:
        """Fill in the parts of a path."""
        return re.sub(r"<(\w+)>", lambda part: parts.get(part[1], self.usual.get(part[1], "x")), rule)


@pytest.fixture
def walkers(standing, monkeypatch):
    """Make visitors who may do everything, each with a browser of its own."""
    application, bob = standing.application, standing
    client, _ = application.services.clients.add(NewClient(name="Sync"), OPERATOR)
    group = application.admin().post("/scim2/Groups", {"displayName": "all", "members": [{"value": bob.id}]})
    monkeypatch.setattr(application.app.request_class, "parameter_storage_class", Asked)
    usual = {
        "user_id": bob.id,
        "group_id": group.get_json()["id"],
        "client_id": client.id,
        "kind": "twilio",
        "form": "csv",
        "name": "number",
        "scenario": ON_UPDATE,
        "member": bob.id,
        "sure": "yes",
        "cursor": "",
    }

    def make():
        browser = administrator(application).client
        browser.set_cookie("lineproof-visit", VISIT)
        return Walker(application.app, browser, usual)

    return make


def test_no_input_breaks_a_page(walkers):
    failures = []
    for page in PAGES:
        walker = walkers()
        path, *others = walker.paths(page)
        names = walker.visit(page, path, {})
        for text in SHORT:
            names |= walker.visit(page, path, dict.fromkeys(names, text))
        usual = {name: walker.usual.get(name, "x") for name in names}
        for name in sorted(names):
            for text in ODD:
                walker.visit(page, path, {**usual, name: text})
        for other in others:
            walker.visit(page, other, dict.fromkeys(names, "%00"))
        failures += walker.failures
    assert not failures, "\n".join(failures)
