"""The pages of My Account."""

from __future__ import annotations

from api.auth.scopes import signed_in
from api.pages.page import Page

PAGES: tuple[Page, ...] = (
    Page("GET", "/myaccount", "api.pages.account.profile:show", signed_in),
    Page("GET", "/myaccount/mobile", "api.pages.account.contacts:show_mobile", signed_in),
    Page("POST", "/myaccount/mobile/<act>", "api.pages.account.contacts:act_on_mobile", signed_in),
    Page("GET", "/myaccount/email", "api.pages.account.contacts:show_email", signed_in),
    Page("POST", "/myaccount/email/<act>", "api.pages.account.contacts:act_on_email", signed_in),
)
