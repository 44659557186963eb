"""One request of a browser, and the answers that a view may give to it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from flask import Response

from api.pages.cookies import Cookie
from api.pages.errors import ForgedForm
from api.pages.headers import page_headers
from api.pages.origins import is_from_here
from api.pages.paths import own_path
from api.pages.translations import choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Request

    from api.pages.site import Site
    from api.pages.translations import Translation

MAX_FORM = 16 * 1024
"""Bytes of a form; the longest, with a password and a way back, stays under half of it."""
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field

_VISIT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass
class Visit:
    """A request of a browser: what it says, in which language it is answered, and how."""

    site: Site
    request: Request
    _cookies: dict[Cookie, str] = field(default_factory=dict)

    def admit(self) -> None:
        """Let the request in.

        Raises:
            ForgedForm: it posts a form that we did not give to this browser.
        """
        if self.request.method != "POST":
            return
        self.request.max_content_length = MAX_FORM
        is_ours = is_from_here(self.request, self.site.services.settings.base_url)
        if not is_ours or not self.site.form_tokens.is_good(self.field(TOKEN_FIELD), self._bound_to):
            raise ForgedForm

    def field(self, name: str) -> str:
        """Return what was filled in, empty where there is nothing."""
        return self.request.form.get(name, "")

    @cached_property
    def text(self) -> Translation:
        """The texts in the language of the visitor."""
        return choose(self._preferred())

    @property
    def path(self) -> str:
        """Return the path of the request with its query: where a form of this page goes by default."""
        query = self.request.query_string.decode("latin-1")
        return f"{self.request.path}{'?' if query else ''}{query}"

    @property
    def return_to(self) -> str:
        """Return where the visitor wants to go after all this: a path of ours."""
        return own_path(self.request.args.get("return_to"))

    def render(
        self, template: str, *, status: int = HTTPStatus.OK, form_targets: tuple[str, ...] = (), **values: object
    ) -> Response:
        """Answer with a page."""
        page = self.site.templates.render(
            template,
            t=self.text,
            here=own_path(self.path),
            form_token=self.site.form_tokens.make(self._bound_to),
            **values,
        )
        response = Response(page, status=status, content_type="text/html; charset=utf-8")
        response.headers.update(page_headers(form_targets))
        return self._with_cookies(response)

    def go(self, path: str) -> Response:
        """Answer by sending the browser to a path of ours, to be got there."""
        response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": path})
        return self._with_cookies(response)

    def keep(self, cookie: Cookie, value: str) -> None:
        """Have the browser keep a value, with whatever the answer is."""
        self._cookies[cookie] = value

    @cached_property
    def _bound_to(self) -> str:
        """What the forms of this browser are bound to."""
        visit = self.site.jar.read(self.request, Cookie.VISIT)
        if _VISIT.fullmatch(visit) is None:
            visit = secrets.token_urlsafe(32)
            self.keep(Cookie.VISIT, visit)
        return visit

    def _preferred(self) -> Iterator[str]:
        """Name languages, the dearest first: chosen here, asked for by the application, set in the browser."""
        yield self.site.jar.read(self.request, Cookie.LOCALE)
        # OpenID Connect Core §3.1.2.1: tags apart by spaces; they stand in the authorization request we return to.
        for query in (self._query, parse_qs(urlsplit(self.return_to).query)):
            for tags in query.get("ui_locales", []):
                yield from tags.split()
        yield from self.request.accept_languages.values()

    @property
    def _query(self) -> Mapping[str, list[str]]:
        return self.request.args.to_dict(flat=False)

    def _with_cookies(self, response: Response) -> Response:
        for cookie, value in self._cookies.items():
            self.site.jar.put(response, cookie, value)
        return response
