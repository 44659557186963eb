"""The pages of the Console about the service itself: rules of verification, and who carries messages."""

from __future__ import annotations

from api.auth.scopes import Scope, console
from api.pages.page import Page

SEE_RULES, SET_RULES = console(Scope.GOVERNANCE_VIEW), console(Scope.GOVERNANCE_UPDATE)
SEE, ADD = console(Scope.SENDER_VIEW), console(Scope.SENDER_CREATE)
UPDATE, DELETE = console(Scope.SENDER_UPDATE), console(Scope.SENDER_DELETE)

PAGES: tuple[Page, ...] = (
    Page("GET", "/console/verification", "api.pages.console.rules:show", SEE_RULES),
    Page("POST", "/console/verification", "api.pages.console.rules:save", SET_RULES),
    Page("POST", "/console/verification/revert", "api.pages.console.rules:revert", SET_RULES),
    Page("GET", "/console/sms-provider", "api.pages.console.senders:show_first", SEE),
    Page("POST", "/console/sms-provider/try", "api.pages.console.senders:try_out", UPDATE),
    Page("GET", "/console/sms-provider/<kind>", "api.pages.console.senders:show", SEE),
    Page("POST", "/console/sms-provider/<kind>", "api.pages.console.senders:replace", UPDATE),
    Page("POST", "/console/sms-provider/<kind>/add", "api.pages.console.senders:add", ADD),
    Page("GET", "/console/sms-provider/stored/<name>/remove", "api.pages.console.senders:ask_removal", DELETE),
    Page("POST", "/console/sms-provider/stored/<name>/remove", "api.pages.console.senders:remove", DELETE),
    Page("GET", "/console/mail-provider", "api.pages.console.mail:show", SEE),
    Page("POST", "/console/mail-provider/try", "api.pages.console.mail:try_out", UPDATE),
)
