"""The pages of My Account."""

from __future__ import annotations

from api.auth.scopes import signed_in
from api.pages.page import Page

_SECURITY = "/myaccount/security"

PAGES: tuple[Page, ...] = (
    Page("GET", "/myaccount", "api.pages.account.profile:show", signed_in),
    Page("POST", "/myaccount", "api.pages.account.profile:save", signed_in),
    Page("GET", "/myaccount/mobile", "api.pages.account.contacts:show_mobile", signed_in),
    Page("GET", "/myaccount/mobile/<act>", "api.pages.account.contacts:back", signed_in),
    Page("POST", "/myaccount/mobile/<act>", "api.pages.account.contacts:act_on_mobile", signed_in),
    Page("GET", "/myaccount/old-number", "api.pages.account.old_number:show", signed_in),
    Page("POST", "/myaccount/old-number", "api.pages.account.old_number:take", signed_in),
    Page("POST", "/myaccount/old-number/send", "api.pages.account.old_number:send", signed_in),
    Page("GET", "/myaccount/email", "api.pages.account.contacts:show_email", signed_in),
    Page("GET", "/myaccount/email/<act>", "api.pages.account.contacts:back", signed_in),
    Page("POST", "/myaccount/email/<act>", "api.pages.account.contacts:act_on_email", signed_in),
    Page("GET", _SECURITY, "api.pages.account.security:show", signed_in),
    Page("POST", f"{_SECURITY}/password", "api.pages.account.password:change", signed_in),
    Page("POST", f"{_SECURITY}/authenticator", "api.pages.account.security:begin_authenticator", signed_in),
    Page("POST", f"{_SECURITY}/authenticator/confirm", "api.pages.account.security:confirm_authenticator", signed_in),
    Page("POST", f"{_SECURITY}/authenticator/remove", "api.pages.account.security:remove_authenticator", signed_in),
    Page("POST", f"{_SECURITY}/policy", "api.pages.account.security:set_policy", signed_in),
    Page("POST", f"{_SECURITY}/recovery-codes", "api.pages.account.security:make_codes", signed_in),
    Page("GET", "/factors", "api.pages.account.security:moved", signed_in),
    Page("GET", "/myaccount/sessions", "api.pages.account.sessions:show", signed_in),
    Page("POST", "/myaccount/sessions/end", "api.pages.account.sessions:end", signed_in),
    Page("POST", "/myaccount/sessions/end-others", "api.pages.account.sessions:end_others", signed_in),
    Page("GET", "/myaccount/applications", "api.pages.account.applications:show", signed_in),
    Page("POST", "/myaccount/applications/remove", "api.pages.account.applications:remove", signed_in),
    Page("GET", "/myaccount/history", "api.pages.account.history:show", signed_in),
    Page("POST", "/myaccount/history/revert", "api.pages.account.history:revert", signed_in),
)
