"""The pages of the Console about users and groups."""

from __future__ import annotations

from api.auth.scopes import ALL_SCOPES, Scope, console
from api.pages.page import Page

VIEW, UPDATE = console(Scope.USER_VIEW), console(Scope.USER_UPDATE)
CREATE, DELETE = console(Scope.USER_CREATE), console(Scope.USER_DELETE)
CODES, RESET, EVERYTHING = console(Scope.USER_CODE_CREATE), console(Scope.MFA_RESET), console(*ALL_SCOPES)
CHANGE_GROUP, DELETE_GROUP = console(Scope.GROUP_UPDATE), console(Scope.GROUP_DELETE)
FIND_MEMBERS = console(Scope.GROUP_UPDATE, Scope.USER_LIST)
_ONE_METHOD = "/console/users/<user_id>/methods/<kind>/<method_id>/remove"

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
    Page("GET", "/console/users/<user_id>/mobile", "api.pages.console.contacts:show_mobile", VIEW),
    Page("POST", "/console/users/<user_id>/mobile/verify", "api.pages.console.contacts:verify_mobile", CODES),
    Page("POST", "/console/users/<user_id>/mobile/resend", "api.pages.console.contacts:resend_mobile", CODES),
    Page("POST", "/console/users/<user_id>/mobile/<act>", "api.pages.console.contacts:act_on_mobile", UPDATE),
    Page("GET", "/console/users/<user_id>/email", "api.pages.console.contacts:show_email", VIEW),
    Page("POST", "/console/users/<user_id>/email/verify", "api.pages.console.contacts:verify_email", CODES),
    Page("POST", "/console/users/<user_id>/email/resend", "api.pages.console.contacts:resend_email", CODES),
    Page("POST", "/console/users/<user_id>/email/<act>", "api.pages.console.contacts:act_on_email", UPDATE),
    Page("GET", "/console/users/<user_id>/sign-in", "api.pages.console.signing_in:show", VIEW),
    Page("GET", "/console/users/<user_id>/sign-out", "api.pages.console.signing_in:ask_sign_out", RESET),
    Page("POST", "/console/users/<user_id>/sign-out", "api.pages.console.signing_in:sign_out", RESET),
    Page("POST", "/console/users/<user_id>/end-session", "api.pages.console.signing_in:end_session", RESET),
    Page("POST", "/console/users/<user_id>/invite", "api.pages.console.signing_in:invite", UPDATE),
    Page("GET", "/console/users/<user_id>/reset", "api.pages.console.signing_in:ask_reset", RESET),
    Page("POST", "/console/users/<user_id>/reset", "api.pages.console.signing_in:reset", RESET),
    Page("GET", _ONE_METHOD, "api.pages.console.one_method:ask", RESET),
    Page("POST", _ONE_METHOD, "api.pages.console.one_method:remove", RESET),
    Page("GET", "/console/users/<user_id>/rights", "api.pages.console.rights:show", EVERYTHING),
    Page("GET", "/console/users/<user_id>/rights/<which>", "api.pages.console.rights:ask_whole", EVERYTHING),
    Page("POST", "/console/users/<user_id>/rights", "api.pages.console.rights:save", EVERYTHING),
    Page("GET", "/console/groups", "api.pages.console.groups:show", console(Scope.GROUP_VIEW)),
    Page("GET", "/console/new-group", "api.pages.console.groups:show_new", console(Scope.GROUP_CREATE)),
    Page("POST", "/console/new-group", "api.pages.console.groups:add", console(Scope.GROUP_CREATE)),
    Page("GET", "/console/groups/<group_id>", "api.pages.console.group:show", console(Scope.GROUP_VIEW)),
    Page("POST", "/console/groups/<group_id>", "api.pages.console.group:save", CHANGE_GROUP),
    Page("GET", "/console/groups/<group_id>/delete", "api.pages.console.group:ask_deletion", DELETE_GROUP),
    Page("POST", "/console/groups/<group_id>/delete", "api.pages.console.group:delete", DELETE_GROUP),
    Page("GET", "/console/groups/<group_id>/members", "api.pages.console.members:search", FIND_MEMBERS),
    Page("POST", "/console/groups/<group_id>/members", "api.pages.console.members:change", CHANGE_GROUP),
)
