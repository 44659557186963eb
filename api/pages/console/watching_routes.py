"""The pages of the Console about what goes on: figures, messages, refusals, the trail, and the applications."""

from __future__ import annotations

from api.auth.scopes import ALL_SCOPES, Scope, console
from api.pages.page import Page

# Whoever gives a client scopes, or makes its secret anew, can do with it whatever it may.
_EVERYTHING = console(*ALL_SCOPES)
_TRANSFER = "api.pages.console.transfer"
_IMPORTING = console(Scope.USER_CREATE, Scope.USER_UPDATE)
_CLIENTS = "api.pages.console.clients"

PAGES: tuple[Page, ...] = (
    Page("GET", "/console/dashboard", "api.pages.console.dashboard:show", console(Scope.USER_CODE_VIEW)),
    Page("GET", "/console/deliveries", "api.pages.console.deliveries:show", console(Scope.USER_CODE_VIEW)),
    Page(
        "POST",
        "/console/deliveries/resend",
        "api.pages.console.deliveries:resend",
        console(Scope.USER_CODE_VIEW, Scope.USER_CODE_CREATE),
    ),
    Page("GET", "/console/guard", "api.pages.console.guard:show", console(Scope.GOVERNANCE_VIEW)),
    Page(
        "GET", "/console/guard/blocks/<block_id>/lift", "api.pages.console.guard:ask", console(Scope.GOVERNANCE_UPDATE)
    ),
    Page(
        "POST",
        "/console/guard/blocks/<block_id>/lift",
        "api.pages.console.guard:lift",
        console(Scope.GOVERNANCE_UPDATE),
    ),
    Page("GET", "/console/audit", "api.pages.console.audit:show", console(Scope.GOVERNANCE_VIEW)),
    Page("GET", "/console/audit/export/<form>", "api.pages.console.audit:export", console(Scope.GOVERNANCE_VIEW)),
    Page("GET", "/console/transfer", f"{_TRANSFER}:show", console(Scope.USER_LIST)),
    Page("GET", "/console/transfer/users", f"{_TRANSFER}:take_out", console(Scope.USER_LIST)),
    Page("POST", "/console/transfer/imports", f"{_TRANSFER}:bring_in", _IMPORTING, is_upload=True),
    Page("GET", "/console/transfer/imports/<import_id>", f"{_TRANSFER}:show_import", _IMPORTING),
    Page("POST", "/console/transfer/imports/<import_id>/run", f"{_TRANSFER}:run", _IMPORTING),
    Page("GET", "/console/transfer/imports/<import_id>/report", f"{_TRANSFER}:report", _IMPORTING),
    Page("GET", "/console/transfer/imports/<import_id>/remove", f"{_TRANSFER}:ask_remove", _IMPORTING),
    Page("POST", "/console/transfer/imports/<import_id>/remove", f"{_TRANSFER}:remove", _IMPORTING),
    Page("GET", "/console/clients", f"{_CLIENTS}:show", console(Scope.GOVERNANCE_VIEW)),
    Page("GET", "/console/clients/new", f"{_CLIENTS}:show_new", _EVERYTHING),
    Page("POST", "/console/clients/new", f"{_CLIENTS}:add", _EVERYTHING),
    Page("GET", "/console/clients/<client_id>", f"{_CLIENTS}:show_one", _EVERYTHING),
    Page("POST", "/console/clients/<client_id>", f"{_CLIENTS}:change", _EVERYTHING),
    Page("GET", "/console/clients/<client_id>/rotate", f"{_CLIENTS}:ask_rotate", _EVERYTHING),
    Page("POST", "/console/clients/<client_id>/rotate", f"{_CLIENTS}:rotate", _EVERYTHING),
    Page("GET", "/console/clients/<client_id>/remove", f"{_CLIENTS}:ask_remove", _EVERYTHING),
    Page("POST", "/console/clients/<client_id>/remove", f"{_CLIENTS}:remove", _EVERYTHING),
)
