"""The pages of the Console about users and groups."""

from __future__ import annotations

from api.auth.scopes import Scope, console
from api.pages.page import Page

PAGES: tuple[Page, ...] = (
    Page("GET", "/console", "api.pages.console.entry:show", console()),
    Page("GET", "/console/users", "api.pages.console.users:show", console(Scope.USER_LIST)),
)
