"""Which pages there are, and the way to them: a view is loaded when its page is asked for first.

Whoever adds a page adds its row here, or in the table of its domain; CONTRIBUTING.md tells the rest.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, request

from api.auth.scopes import access_of, public, signed_in
from api.loading import load
from api.pages.account import routes as account_routes
from api.pages.console import people_routes, setting_routes, watching_routes
from api.pages.errors import SignInAgain
from api.pages.page import Page
from api.resources.routes import add_route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask, Response

    from api.auth.scopes import Access
    from api.pages.site import Site
    from api.wiring import Services

EXTENSION = "lineproof-pages"
MACHINE_PATHS = ("/scim2", "/api", "/v1.0", "/receipts", "/metrics", "/healthz", "/readyz", "/.well-known", "/oauth2")
"""Programs ask here, and nobody reads the answers: whatever is below them and is no page answers in JSON."""


PAGES: tuple[Page, ...] = (
    Page("GET", "/", "api.pages.home:show"),
    Page("POST", "/language", "api.pages.language:choose"),
    Page("GET", "/revert/<token>", "api.pages.revert:show"),
    Page("POST", "/revert/<token>", "api.pages.revert:take_back"),
    Page("GET", "/invitation/<token>", "api.pages.invitation:show"),
    Page("POST", "/invitation/<token>", "api.pages.invitation:take"),
    Page("GET", "/sign-in", "api.pages.sign_in:show"),
    Page("POST", "/sign-in", "api.pages.sign_in:take"),
    Page("GET", "/sign-in/code", "api.pages.second_factor:show"),
    Page("POST", "/sign-in/code", "api.pages.second_factor:take"),
    Page("POST", "/sign-in/send", "api.pages.second_factor:send"),
    Page("GET", "/sign-in/enrol", "api.pages.enrolment:show_first"),
    Page("POST", "/sign-in/enrol", "api.pages.enrolment:take_first"),
    Page("GET", "/restore", "api.pages.restore:show"),
    Page("POST", "/restore", "api.pages.restore:start"),
    Page("GET", "/restore/<name>", "api.pages.restore:show_step"),
    Page("POST", "/restore/<name>", "api.pages.restore:take_step"),
    Page("POST", "/restore/<name>/send", "api.pages.restore:send"),
    Page("GET", "/restored", "api.pages.restore:done"),
    Page("GET", "/consent", "api.pages.consent:show", signed_in),
    Page("POST", "/consent", "api.pages.consent:take", signed_in),
    Page("POST", "/sign-out", "api.pages.sign_out:take"),
    Page("GET", "/signed-out", "api.pages.sign_out:done"),
    Page("GET", "/oauth2/authorize", "api.oidc.authorizing:show"),
    Page("POST", "/oauth2/authorize", "api.oidc.authorizing:carry_over", public),
    Page("GET", "/oauth2/logout", "api.oidc.leaving:show"),
    Page("POST", "/oauth2/logout", "api.oidc.leaving:carry_over", public),
    Page("POST", "/oauth2/logout/confirm", "api.oidc.leaving:confirm"),
    Page("GET", "/assets/<version>/<name>", "api.pages.assets:send"),
    *account_routes.PAGES,
    *people_routes.PAGES,
    *watching_routes.PAGES,
    *setting_routes.PAGES,
)


UPLOADS = frozenset((page.method, page.rule) for page in PAGES if page.is_upload)


class Pages:
    """All pages of one application."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def site(self) -> Site:
        """What pages are made with, loaded when there is one to be made."""
        build: Callable[[Services], Site] = load("api.pages.site:build_site")
        return build(self._services)

    def register(self, app: Flask) -> None:
        """Add every page to an application."""
        blueprint = Blueprint("pages", __name__)
        for page in PAGES:
            add_route(blueprint, page.rule, page.method, self._view(page), page.access)
        app.register_blueprint(blueprint)
        app.extensions[EXTENSION] = self

    def admit(self, access: Access) -> Response | None:
        """Let the request of a browser in, send it to sign in first, or refuse it by an error."""
        rule = request.url_rule.rule if request.url_rule else ""
        return self.site.visit(request).admit(access, is_upload=(request.method, rule) in UPLOADS)

    def fault(self, status: int, code: str, headers: Mapping[str, str]) -> Response:
        """Build the page that tells of a fault."""
        show: Callable[..., Response] = load("api.pages.faults:show")
        return show(self.site.visit(request), status, code, headers)

    def _view(self, page: Page) -> Callable[..., Response]:
        def view(**arguments: str) -> Response:
            show: Callable[..., Response] = load(page.view)
            visit = self.site.visit(request)
            try:
                return show(visit, **arguments)
            except SignInAgain as needed:
                return visit.go(needed.path)

        return view


def pages_for_people() -> Pages | None:
    """Return the pages of the application if a person reads the answer to this request, None if a program does."""
    pages: Pages | None = current_app.extensions.get(EXTENSION)
    if pages is None:
        return None
    if request.endpoint is not None:
        return pages if access_of(current_app.view_functions[request.endpoint], request.method).is_page else None
    is_machine_path = any(request.path == path or request.path.startswith(f"{path}/") for path in MACHINE_PATHS)
    # `*/*` is what programs send; a browser that wants to show something names HTML.
    return pages if "text/html" in request.accept_mimetypes.values() and not is_machine_path else None
