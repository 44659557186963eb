"""One request of a browser, and the answers that a view may give to it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode, urlsplit

from flask import Response

from api.auth.errors import InsufficientScope
from api.auth.scopes import AccessKind
from api.pages.asked import Asked
from api.pages.cookies import Cookie
from api.pages.errors import ForgedForm
from api.pages.flashes import Flash
from api.pages.headers import page_headers
from api.pages.origins import is_from_here
from api.pages.paths import own_path
from api.pages.translations import choose
from api.request_state import anonymous_caller
from persistence.errors import DatabaseUnavailable, SchemaOutdated
from scim.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Request

    from api.auth.scopes import Access
    from api.pages.flashes import Undo
    from api.pages.form_errors import FormError
    from api.pages.site import Site
    from api.pages.translations import Translation
    from api.services.administrators import Administrator
    from api.services.attempts import Authenticated
    from api.services.callers import Caller
    from api.wiring import Services
    from persistence.browser_sessions import Session

MAX_FORM = 16 * 1024
"""Bytes of a form; the longest, with a password and a way back, stays under half of it."""
MAX_AROUND_FILE = 1024 * 1024
"""Bytes of a form beside its file: one that is a little too large is told so beside its field."""
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field

_VISIT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass
class Visit:
    """A request of a browser: what it says, in which language it is answered, and how."""

    site: Site
    request: Request
    _cookies: dict[Cookie, str | None] = field(default_factory=dict)

    def admit(self, access: Access, *, is_upload: bool = False) -> Response | None:
        """Let the request in, or send the browser to sign in first.

        Raises:
            ForgedForm: it posts a form that we did not give to this browser.
            InsufficientScope: it is a page of the Console that the visitor may not open.
        """
        if is_upload and self.session is None:
            # Its form was given to somebody who was signed in.
            raise ForgedForm
        if self.request.method == "POST" and not is_upload:
            self._require_own_form(MAX_FORM)
        if access.kind in {AccessKind.SESSION, AccessKind.CONSOLE} and self.session is None:
            return self.go(f"/sign-in?{urlencode({'return_to': self._came_from})}")
        if access.kind is AccessKind.CONSOLE and not (self.scopes and self.may(*access.scopes)):
            raise InsufficientScope(access.scopes)
        if is_upload:
            # A file is read to its end to see the form: not from somebody who may not send one.
            self._require_own_form(self.services.settings.import_max_bytes + MAX_AROUND_FILE)
        return None

    def _require_own_form(self, max_bytes: int) -> None:
        self.request.max_content_length = max_bytes
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
    def services(self) -> Services:
        """Return the use cases."""
        return self.site.services

    @cached_property
    def session(self) -> Session | None:
        """The session of who is signed in with this browser; None where nobody is."""
        token = self.kept(Cookie.SESSION)
        return self.services.sessions.lookup(token) if token else None

    @property
    def caller(self) -> Caller:
        """Return the visitor as the use cases know them."""
        somebody = anonymous_caller()
        if self.session is None:
            return somebody
        user_id, at = self.session.user_id, self.session.authenticated_at
        return replace(somebody, subject=user_id, user_id=user_id, authenticated_at=at)

    @cached_property
    def signed_in_as(self) -> Administrator:
        """Who is signed in, with what they may do in the Console."""
        return self.services.administrators.lookup(self.user_id)

    @property
    def scopes(self) -> frozenset[str]:
        """Return what the visitor may do in the Console, empty where nobody is signed in."""
        return frozenset() if self.session is None else self.signed_in_as.scopes

    def may(self, *scopes: str) -> bool:
        """Tell whether the visitor has all these scopes."""
        return self.scopes.issuperset(scopes)

    @property
    def user_id(self) -> str:
        """Return the id of who is signed in; only pages that need a session may ask."""
        if self.session is None:
            raise LookupError("nobody is signed in on a page that needs no session")
        return self.session.user_id

    @cached_property
    def asked(self) -> Asked:
        """What the application asked for that the visitor comes from."""
        return Asked.by(self.return_to)

    @property
    def path(self) -> str:
        """Return the path of the request with its query: where a form of this page goes by default."""
        query = self.request.query_string.decode("latin-1")
        return f"{self.request.path}{'?' if query else ''}{query}"

    @property
    def return_to(self) -> str:
        """Return where the visitor wants to go after all this: a path of ours."""
        return own_path(self.request.args.get("return_to"))

    @property
    def _came_from(self) -> str:
        """Where who has to sign in first goes on afterwards: the page, also where it was a form of it that was sent."""
        parts = urlsplit(self.request.referrer or "")
        is_form = self.request.method == "POST" and parts.path
        return own_path(f"{parts.path}{'?' if parts.query else ''}{parts.query}" if is_form else self.path)

    def onwards(self, path: str, **query: str) -> str:
        """Return a path of ours that still knows where the visitor wants to go after all this."""
        if self.return_to != "/":
            query["return_to"] = self.return_to
        return f"{path}?{urlencode(query)}" if query else path

    def render(
        self,
        template: str,
        /,
        *,
        status: int | None = None,
        form_targets: tuple[str, ...] = (),
        **values: object,
    ) -> Response:
        """Answer with a page; one with errors is that of a form that was not taken, where no status says more.

        Where one of them is that a limit is reached, the status says so whatever else it would be.
        """
        page = self.site.templates.render(
            template,
            **{
                "t": self.text,
                "here": own_path(self.path),
                "onwards": self.onwards,
                "form_token": self.site.form_tokens.make(self._bound_to),
                "errors": (),
                "flash": self.flash,
                **values,
            },
        )
        errors = cast("tuple[FormError, ...]", values.get("errors", ()))
        status = status or (HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK)
        response = Response(page, status=status, content_type="text/html; charset=utf-8")
        response.headers.update(page_headers(form_targets))
        waits = [error.retry_after for error in errors if error.retry_after is not None]
        if waits:
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(max(waits))
        return self._with_cookies(response)

    def go(self, path: str) -> Response:
        """Answer by sending the browser to a path of ours, to be got there."""
        response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": path})
        return self._with_cookies(response)

    def tell(self, key: str, /, *, undo: Undo | None = None, **values: str) -> None:
        """Have the next page say what has been done, by the key of a text, and how to take it back."""
        self.keep(Cookie.FLASH, Flash(key, values, undo).seal(self.site.form_tokens, self._bound_to))

    def flash(self) -> Flash | None:
        """Return what has been done, to be said once."""
        sealed = self.kept(Cookie.FLASH)
        if not sealed:
            return None
        self.forget(Cookie.FLASH)
        return Flash.open(sealed, self.site.form_tokens, self._bound_to)

    def begin_session(self, authenticated: Authenticated) -> None:
        """Sign the visitor in: with a new token, and with forms that are bound to nothing from before."""
        token = self.services.sessions.begin(
            authenticated.user_id,
            amr=authenticated.amr,
            acr=authenticated.acr,
            caller=replace(anonymous_caller(), subject=authenticated.user_id, user_id=authenticated.user_id),
            at=authenticated.at,
        )
        self.end_session()
        self.keep(Cookie.SESSION, token)

    def end_session(self) -> None:
        """Sign the visitor out of this browser."""
        if self.session is not None:
            self.services.sessions.end(self.session.id, user_id=self.session.user_id, caller=self.caller)
        self.forget(Cookie.SESSION)
        self.keep(Cookie.VISIT, _new_visit())

    def kept(self, cookie: Cookie) -> str:
        """Return what the browser has kept, empty where it has nothing."""
        return self.site.jar.read(self.request, cookie)

    def forget(self, cookie: Cookie) -> None:
        """Have the browser forget a value, with whatever the answer is."""
        self._cookies[cookie] = None

    def leave(self, uri: str) -> Response:
        """Answer by sending the browser away: to a client, at a URI that it has registered."""
        return self._with_cookies(Response(status=HTTPStatus.SEE_OTHER, headers={"Location": uri}))

    def keep(self, cookie: Cookie, value: str) -> None:
        """Have the browser keep a value, with whatever the answer is."""
        self._cookies[cookie] = value

    @cached_property
    def _bound_to(self) -> str:
        """What the forms of this browser are bound to."""
        visit = self.kept(Cookie.VISIT)
        if _VISIT.fullmatch(visit) is None:
            visit = _new_visit()
            self.keep(Cookie.VISIT, visit)
        return f"{visit}.{self.kept(Cookie.SESSION)}"

    def _preferred(self) -> Iterator[str]:
        """Name languages, the dearest first: chosen here, asked for, of the own account, set in the browser."""
        yield self.kept(Cookie.LOCALE)
        # OpenID Connect Core §3.1.2.1: tags apart by spaces.
        yield from self.request.args.get("ui_locales", "").split()
        yield from self.asked.ui_locales
        yield from self._own_languages()
        yield from self.request.accept_languages.values()

    def _own_languages(self) -> Iterator[str]:
        """Name the languages of who is signed in, as far as they can be known now: a fault has a language, too."""
        try:
            if self.session is None:
                return
            document = self.services.resources.users.get(self.user_id).document()
        except (DatabaseUnavailable, SchemaOutdated, NotFound):
            return
        yield from (str(document[name]) for name in ("preferredLanguage", "locale") if document.get(name))

    def _with_cookies(self, response: Response) -> Response:
        for cookie, value in self._cookies.items():
            if value is None:
                self.site.jar.drop(response, cookie)
            else:
                self.site.jar.put(response, cookie, value)
        return response


def _new_visit() -> str:
    return secrets.token_urlsafe(32)
