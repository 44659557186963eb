"""A browser without a window: it keeps cookies, reads pages strictly, and sends their forms as they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import html5lib

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from flask import Flask
    from requests import Response
    from werkzeug.test import Client, TestResponse


def parse(page: str) -> Element:
    """Read a page strictly: an error is what a browser would have to mend, and an id that comes twice."""
    parsed: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    ids = Counter(element.get("id") for element in parsed.iter() if element.get("id"))
    assert set(ids.values()) <= {1}, [name for name, count in ids.items() if count > 1]
    return parsed


@dataclass
class Form:
    """A form of a page, filled in as the page has it."""

    action: str
    values: dict[str, str]
    buttons: list[tuple[str, str]]


@dataclass
class Page:
    """What a browser shows."""

    answer: TestResponse | Response
    path: str
    root: Element = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.root = parse(self.answer.text)

    @property
    def status(self) -> int:
        """Return the status of the answer."""
        return self.answer.status_code

    @property
    def language(self) -> str | None:
        """Return the language that the page says it is in."""
        return self.root.get("lang")

    @property
    def heading(self) -> str:
        """Return the one heading of the first level."""
        (found,) = self.root.iter("h1")
        return _text(found)

    @property
    def text(self) -> str:
        """Return all that is to be read in the middle of the page."""
        (main,) = self.root.iter("main")
        return _text(main)

    @property
    def forms(self) -> list[Form]:
        """Return the forms."""
        return [_form(form, self.path) for form in self.root.iter("form")]

    def form_with(self, *names: str) -> Form:
        """Return the first form that has all these fields or buttons."""
        for form in self.forms:
            if set(names) <= {*form.values, *(name for name, _ in form.buttons)}:
                return form
        raise AssertionError(f"no form has {names}: {self.forms}")


@dataclass
class Browser:
    """A visitor in this process."""

    app: Flask
    language: str = "en"
    agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str) -> Page:
        """Open a page and follow where it leads, within the service."""
        return self._show(self.client.get(path, headers=self._headers), path)

    def send(self, form: Form, **values: str) -> Page:
        """Fill in a form, send it, and follow where it leads."""
        return self._show(self.post(form, **values), form.action)

    def post(self, form: Form, **values: str) -> TestResponse:
        """Fill in a form and send it, and stay where the answer is."""
        headers = {**self._headers, "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
        return self.client.post(form.action, data={**form.values, **values}, headers=headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": self.language,
            "User-Agent": self.agent,
        }

    def _show(self, answer: TestResponse, path: str) -> Page:
        for _ in range(10):
            if answer.status_code not in {302, 303}:
                return Page(answer, path)
            path = answer.headers["Location"]
            if urlsplit(path).netloc:
                raise AssertionError(f"the browser is sent elsewhere: {path}")
            answer = self.client.get(path, headers=self._headers)
        raise AssertionError(f"the browser is sent around in circles: {path}")


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _form(form: Element, path: str) -> Form:
    values = {}
    for entry in form.iter("input"):
        is_off = entry.get("type") in {"checkbox", "radio"} and entry.get("checked") is None
        if (name := entry.get("name")) and not is_off:
            values[name] = entry.get("value", "")
    for select in form.iter("select"):
        options = list(select.iter("option"))
        chosen = next((option for option in options if option.get("selected") is not None), options[0])
        values[select.get("name", "")] = chosen.get("value", "")
    buttons = [(button.get("name", ""), button.get("value", "")) for button in form.iter("button")]
    return Form(form.get("action", path), values, buttons)
