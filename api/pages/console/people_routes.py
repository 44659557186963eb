"""The pages of the Console about users and groups."""

from __future__ import annotations

from api.auth.scopes import Scope, console
from api.pages.page import Page

VIEW, UPDATE = console(Scope.USER_VIEW), console(Scope.USER_UPDATE)
CREATE, DELETE = console(Scope.USER_CREATE), console(Scope.USER_DELETE)

PAGES: tuple[Page, ...] = (
    Page("GET", "/console", "api.pages.console.entry:show", console()),
    Page("GET", "/console/users", "api.pages.console.users:show", console(Scope.USER_LIST)),
    Page("GET", "/console/new-user", "api.pages.console.new_user:show", CREATE),
    Page("POST", "/console/new-user", "api.pages.console.new_user:take", CREATE),
    Page("GET", "/console/users/<user_id>", "api.pages.console.profile:show", VIEW),
    Page("POST", "/console/users/<user_id>", "api.pages.console.profile:save", UPDATE),
    Page("GET", "/console/users/<user_id>/deactivate", "api.pages.console.user_acts:ask_deactivation", UPDATE),
    Page("POST", "/console/users/<user_id>/active", "api.pages.console.user_acts:set_active", UPDATE),
    Page("GET", "/console/users/<user_id>/delete", "api.pages.console.user_acts:ask_deletion", DELETE),
    Page("POST", "/console/users/<user_id>/delete", "api.pages.console.user_acts:delete", DELETE),
)
