"""A walk of the URL map: every route says who may use it, and keeps everybody else out."""

from __future__ import annotations

import pytest

from api.auth.scopes import ALL_SCOPES, Access, AccessKind, Scope, access_of
from tests.factories.people import ON_UPDATE, scenario
from tests.factories.sign_ins import administrator

PUBLIC = {
    ("GET", "/healthz"),
    # The secret of the flow lets the one in who began it.
    *(
        ("POST", f"/api/identity/recovery/v1.0/phone/{step}")
        for step in ("start", "verify-email", "prove", "phone", "resend", "verify-phone")
    ),
    ("GET", "/readyz"),
    # The token of the invitation lets its reader in.
    ("POST", "/api/identity/user/v1.0/invitation"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/docs/{}"),
    # A signature lets gateways in.
    ("GET", "/receipts/{}"),
    ("POST", "/receipts/{}"),
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/oauth2/jwks"),
    # The client proves itself in the request, or the code does with its verifier.
    ("POST", "/oauth2/token"),
    ("POST", "/oauth2/introspect"),
    ("POST", "/oauth2/revoke"),
    # Applications post here, from elsewhere: the browser is told to get it, which is what counts.
    ("POST", "/oauth2/authorize"),
    ("POST", "/oauth2/logout"),
    ("POST", "/{}/oauth2/v2.0/token"),
    ("POST", "/{}/oauth2/token"),
    ("GET", "/scim2/ServiceProviderConfig"),
    ("GET", "/scim2/ResourceTypes"),
    ("GET", "/scim2/ResourceTypes/{}"),
    ("GET", "/scim2/Schemas"),
    ("GET", "/scim2/Schemas/{}"),
}
CLIENT_PATHS = {
    "/oauth2/token",
    "/oauth2/introspect",
    "/oauth2/revoke",
    "/{}/oauth2/v2.0/token",
    "/{}/oauth2/token",
}
GRAPH_SEGMENTS = (
    "passwordMethods",
    "phoneMethods",
    "emailMethods",
    "softwareOathMethods",
    "microsoftAuthenticatorMethods",
    "fido2Methods",
    "windowsHelloForBusinessMethods",
    "platformCredentialMethods",
    "temporaryAccessPassMethods",
    "externalAuthenticationMethods",
)


def _graph_routes(place, view, update, reset):
    """Return the routes of the twin of Microsoft Graph for a user or for oneself, and what they need."""
    root = f"{place}/authentication"
    routes = {
        ("GET", place): {view},
        ("POST", f"{place}/revokeSignInSessions"): {reset},
        ("GET", f"{root}/methods"): {view},
        ("GET", f"{root}/methods/{{}}"): {view},
    }
    for segment in GRAPH_SEGMENTS:
        routes["GET", f"{root}/{segment}"] = routes["GET", f"{root}/{segment}/{{}}"] = {view}
        if segment != "passwordMethods":
            routes["DELETE", f"{root}/{segment}/{{}}"] = {reset}
    for segment in ("phoneMethods", "emailMethods"):
        routes["POST", f"{root}/{segment}"] = routes["PATCH", f"{root}/{segment}/{{}}"] = {update}
    return routes


AUTHENTICATED = {
    ("POST", "/api/identity/user/v1.0/me/validate-code"),
    ("POST", "/api/identity/user/v1.0/me/resend-code"),
    ("GET", "/api/identity/user/v1.0/me/verifications"),
    ("DELETE", "/api/identity/user/v1.0/me/verifications/{}"),
    ("POST", "/api/identity/user/v1.0/me/prove-number"),
    ("POST", "/api/identity/user/v1.0/me/prove-number/confirm"),
    ("GET", "/api/identity/mfa/v1.0/me/factors"),
    ("POST", "/api/identity/mfa/v1.0/me/totp"),
    ("DELETE", "/api/identity/mfa/v1.0/me/totp"),
    ("POST", "/api/identity/mfa/v1.0/me/totp/confirm"),
    ("POST", "/api/identity/mfa/v1.0/me/recovery-codes"),
    ("PUT", "/api/identity/mfa/v1.0/me/policy"),
    ("GET", "/api/identity/user/v1.0/me/changes"),
}
SCOPED = {
    ("GET", "/scim2/Users"): {Scope.USER_LIST},
    ("POST", "/scim2/Users/.search"): {Scope.USER_LIST},
    ("POST", "/scim2/Users"): {Scope.USER_CREATE},
    ("GET", "/scim2/Users/{}"): {Scope.USER_VIEW},
    ("PUT", "/scim2/Users/{}"): {Scope.USER_UPDATE},
    ("PATCH", "/scim2/Users/{}"): {Scope.USER_UPDATE},
    ("DELETE", "/scim2/Users/{}"): {Scope.USER_DELETE},
    ("GET", "/scim2/Groups"): {Scope.GROUP_VIEW},
    ("POST", "/scim2/Groups/.search"): {Scope.GROUP_VIEW},
    ("POST", "/scim2/Groups"): {Scope.GROUP_CREATE},
    ("GET", "/scim2/Groups/{}"): {Scope.GROUP_VIEW},
    ("PUT", "/scim2/Groups/{}"): {Scope.GROUP_UPDATE},
    ("PATCH", "/scim2/Groups/{}"): {Scope.GROUP_UPDATE},
    ("DELETE", "/scim2/Groups/{}"): {Scope.GROUP_DELETE},
    ("GET", "/scim2/"): {Scope.USER_LIST, Scope.GROUP_VIEW},
    ("POST", "/scim2/.search"): {Scope.USER_LIST, Scope.GROUP_VIEW},
    ("POST", "/scim2/Bulk"): {Scope.BULK_CREATE},
    ("GET", "/scim2/Me"): {Scope.LOGIN},
    ("PUT", "/scim2/Me"): {Scope.LOGIN},
    ("PATCH", "/scim2/Me"): {Scope.LOGIN},
    ("DELETE", "/scim2/Me"): {Scope.LOGIN},
    ("POST", "/api/identity/user/v1.0/validate-code"): {Scope.USER_CODE_CREATE},
    ("POST", "/api/identity/user/v1.0/resend-code"): {Scope.USER_CODE_CREATE},
    ("POST", "/api/identity/b2c/v1.0/send-code"): {Scope.USER_CODE_CREATE},
    ("POST", "/api/identity/b2c/v1.0/verify-code"): {Scope.USER_CODE_CREATE},
    ("POST", "/api/identity/b2c/v1.0/persist-number"): {Scope.USER_CODE_CREATE, Scope.USER_UPDATE},
    ("PUT", "/api/identity/mfa/v1.0/users/{}/policy"): {Scope.GOVERNANCE_UPDATE},
    ("PUT", "/api/identity/mfa/v1.0/clients/{}/policy"): {Scope.GOVERNANCE_UPDATE},
    ("GET", "/api/identity/user/v1.0/changes"): {Scope.USER_VIEW},
    ("POST", "/api/identity/user/v1.0/changes/{}/revert"): {Scope.USER_UPDATE},
    ("POST", "/api/identity/user/v1.0/invite"): {Scope.USER_UPDATE},
    ("GET", "/metrics"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/oauth2/userinfo"): {"openid"},
    ("POST", "/oauth2/userinfo"): {"openid"},
    ("POST", "/api/identity/mfa/v1.0/reset"): {Scope.MFA_RESET},
    ("GET", "/api/server/v1/identity-governance"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/api/server/v1/identity-governance/{}"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/api/server/v1/identity-governance/{}/connectors"): {Scope.GOVERNANCE_VIEW},
    ("PATCH", "/api/server/v1/identity-governance/{}/connectors"): {Scope.GOVERNANCE_UPDATE},
    ("GET", "/api/server/v1/identity-governance/{}/connectors/{}"): {Scope.GOVERNANCE_VIEW},
    ("PATCH", "/api/server/v1/identity-governance/{}/connectors/{}"): {Scope.GOVERNANCE_UPDATE},
    ("POST", "/api/server/v1/identity-governance/{}/connectors/revert"): {Scope.GOVERNANCE_UPDATE},
    ("POST", "/api/server/v1/identity-governance/preferences"): {Scope.LOGIN},
    ("GET", "/api/server/v1/notification-senders/sms"): {Scope.SENDER_VIEW},
    ("POST", "/api/server/v1/notification-senders/sms"): {Scope.SENDER_CREATE},
    ("GET", "/api/server/v1/notification-senders/sms/{}"): {Scope.SENDER_VIEW},
    ("PUT", "/api/server/v1/notification-senders/sms/{}"): {Scope.SENDER_UPDATE},
    ("DELETE", "/api/server/v1/notification-senders/sms/{}"): {Scope.SENDER_DELETE},
    ("POST", "/api/server/v1/notification-senders/sms/try"): {Scope.SENDER_UPDATE},
    ("GET", "/api/server/v2/notification-senders/sms"): {Scope.SENDER_VIEW},
    ("POST", "/api/server/v2/notification-senders/sms"): {Scope.SENDER_CREATE},
    ("GET", "/api/server/v2/notification-senders/sms/{}"): {Scope.SENDER_VIEW},
    ("PUT", "/api/server/v2/notification-senders/sms/{}"): {Scope.SENDER_UPDATE},
    ("DELETE", "/api/server/v2/notification-senders/sms/{}"): {Scope.SENDER_DELETE},
    ("POST", "/api/server/v2/notification-senders/sms/try"): {Scope.SENDER_UPDATE},
    ("POST", "/api/server/v1/notification-senders/email/try"): {Scope.SENDER_UPDATE},
    ("GET", "/api/server/v1/audit"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/api/identity/user/v1.0/verifications"): {Scope.USER_CODE_VIEW},
    ("GET", "/api/server/v1/statistics"): {Scope.USER_CODE_VIEW},
    ("GET", "/api/server/v1/blocked-attempts"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/api/server/v1/blocks"): {Scope.GOVERNANCE_VIEW},
    ("DELETE", "/api/server/v1/blocks/{}"): {Scope.GOVERNANCE_UPDATE},
    ("GET", "/api/identity/mfa/v1.0/users/{}/methods"): {Scope.USER_VIEW},
    ("POST", "/api/identity/mfa/v1.0/users/{}/methods"): {Scope.MFA_RESET},
    ("DELETE", "/api/identity/mfa/v1.0/users/{}/methods/{}/{}"): {Scope.MFA_RESET},
    ("GET", "/v1.0/users"): {Scope.USER_VIEW},
    ("POST", "/v1.0/users/{}/authentication/temporaryAccessPassMethods"): {Scope.MFA_RESET},
    **_graph_routes("/v1.0/users/{}", Scope.USER_VIEW, Scope.USER_UPDATE, Scope.MFA_RESET),
    **_graph_routes("/v1.0/me", Scope.LOGIN, Scope.LOGIN, Scope.LOGIN),
}
"""DESIGN §3, route by route: the scopes are WSO2's."""
PAGES = {
    ("GET", "/invitation/{}"),
    ("POST", "/invitation/{}"),
    ("GET", "/revert/{}"),
    ("POST", "/revert/{}"),
    ("GET", "/"),
    ("POST", "/language"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/code"),
    ("GET", "/sign-in/enrol"),
    ("POST", "/sign-in/enrol"),
    ("POST", "/sign-in/code"),
    ("POST", "/sign-in/send"),
    ("GET", "/restore"),
    ("POST", "/restore"),
    ("GET", "/restore/{}"),
    ("POST", "/restore/{}"),
    ("POST", "/restore/{}/send"),
    ("GET", "/restored"),
    ("POST", "/sign-out"),
    ("GET", "/signed-out"),
    ("GET", "/oauth2/authorize"),
    ("GET", "/oauth2/logout"),
    ("POST", "/oauth2/logout/confirm"),
    ("GET", "/assets/{}/{}"),
}
"""Pages for everybody: no token opens them, and what they post must be a form of theirs (test_pages.py)."""
OWN_PAGES = {
    ("GET", "/consent"),
    ("POST", "/consent"),
    ("GET", "/myaccount"),
    ("GET", "/myaccount/mobile"),
    ("GET", "/myaccount/mobile/{}"),
    ("POST", "/myaccount/mobile/{}"),
    ("GET", "/myaccount/email"),
    ("GET", "/myaccount/email/{}"),
    ("POST", "/myaccount/email/{}"),
    ("POST", "/myaccount"),
    ("GET", "/myaccount/old-number"),
    ("POST", "/myaccount/old-number"),
    ("POST", "/myaccount/old-number/send"),
    ("GET", "/myaccount/security"),
    ("POST", "/myaccount/security/password"),
    ("POST", "/myaccount/security/authenticator"),
    ("POST", "/myaccount/security/authenticator/confirm"),
    ("POST", "/myaccount/security/authenticator/remove"),
    ("POST", "/myaccount/security/policy"),
    ("POST", "/myaccount/security/recovery-codes"),
    ("GET", "/myaccount/sessions"),
    ("POST", "/myaccount/sessions/end"),
    ("POST", "/myaccount/sessions/end-others"),
    ("GET", "/myaccount/applications"),
    ("POST", "/myaccount/applications/remove"),
    ("GET", "/myaccount/history"),
    ("POST", "/myaccount/history/revert"),
    ("GET", "/factors"),
}
"""Pages for who is signed in with the browser."""
CONSOLE = {
    ("GET", "/console"): set(),
    ("GET", "/console/dashboard"): {Scope.USER_CODE_VIEW},
    ("GET", "/console/deliveries"): {Scope.USER_CODE_VIEW},
    ("POST", "/console/deliveries/resend"): {Scope.USER_CODE_VIEW, Scope.USER_CODE_CREATE},
    ("GET", "/console/guard"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/console/guard/blocks/{}/lift"): {Scope.GOVERNANCE_UPDATE},
    ("POST", "/console/guard/blocks/{}/lift"): {Scope.GOVERNANCE_UPDATE},
    ("GET", "/console/audit"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/console/audit/export/{}"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/console/transfer"): {Scope.USER_LIST},
    ("GET", "/console/transfer/users"): {Scope.USER_LIST},
    ("POST", "/console/transfer/imports"): {Scope.USER_CREATE, Scope.USER_UPDATE},
    ("GET", "/console/transfer/imports/{}"): {Scope.USER_CREATE, Scope.USER_UPDATE},
    ("POST", "/console/transfer/imports/{}/run"): {Scope.USER_CREATE, Scope.USER_UPDATE},
    ("GET", "/console/transfer/imports/{}/report"): {Scope.USER_CREATE, Scope.USER_UPDATE},
    ("GET", "/console/transfer/imports/{}/remove"): {Scope.USER_CREATE, Scope.USER_UPDATE},
    ("POST", "/console/transfer/imports/{}/remove"): {Scope.USER_CREATE, Scope.USER_UPDATE},
    ("GET", "/console/clients"): {Scope.GOVERNANCE_VIEW},
    ("GET", "/console/clients/new"): set(ALL_SCOPES),
    ("POST", "/console/clients/new"): set(ALL_SCOPES),
    ("GET", "/console/clients/{}"): set(ALL_SCOPES),
    ("POST", "/console/clients/{}"): set(ALL_SCOPES),
    ("GET", "/console/clients/{}/rotate"): set(ALL_SCOPES),
    ("POST", "/console/clients/{}/rotate"): set(ALL_SCOPES),
    ("GET", "/console/clients/{}/remove"): set(ALL_SCOPES),
    ("POST", "/console/clients/{}/remove"): set(ALL_SCOPES),
    ("GET", "/console/verification"): {Scope.GOVERNANCE_VIEW},
    ("POST", "/console/verification"): {Scope.GOVERNANCE_UPDATE},
    ("POST", "/console/verification/revert"): {Scope.GOVERNANCE_UPDATE},
    ("GET", "/console/sms-provider"): {Scope.SENDER_VIEW},
    ("POST", "/console/sms-provider/try"): {Scope.SENDER_UPDATE},
    ("GET", "/console/sms-provider/{}"): {Scope.SENDER_VIEW},
    ("POST", "/console/sms-provider/{}"): {Scope.SENDER_UPDATE},
    ("POST", "/console/sms-provider/{}/add"): {Scope.SENDER_CREATE},
    ("GET", "/console/sms-provider/stored/{}/remove"): {Scope.SENDER_DELETE},
    ("POST", "/console/sms-provider/stored/{}/remove"): {Scope.SENDER_DELETE},
    ("GET", "/console/mail-provider"): {Scope.SENDER_VIEW},
    ("POST", "/console/mail-provider/try"): {Scope.SENDER_UPDATE},
    ("GET", "/console/users"): {Scope.USER_LIST},
    ("GET", "/console/new-user"): {Scope.USER_CREATE},
    ("POST", "/console/new-user"): {Scope.USER_CREATE},
    ("GET", "/console/users/{}"): {Scope.USER_VIEW},
    ("POST", "/console/users/{}"): {Scope.USER_UPDATE},
    ("GET", "/console/users/{}/deactivate"): {Scope.USER_UPDATE},
    ("POST", "/console/users/{}/active"): {Scope.USER_UPDATE},
    ("GET", "/console/users/{}/delete"): {Scope.USER_DELETE},
    ("POST", "/console/users/{}/delete"): {Scope.USER_DELETE},
    **{("GET", f"/console/users/{{}}/{kind}"): {Scope.USER_VIEW} for kind in ("mobile", "email", "sign-in")},
    **{("POST", f"/console/users/{{}}/{kind}/{{}}"): {Scope.USER_UPDATE} for kind in ("mobile", "email")},
    **{
        ("POST", f"/console/users/{{}}/{kind}/{act}"): {Scope.USER_CODE_CREATE}
        for kind in ("mobile", "email")
        for act in ("verify", "resend")
    },
    ("GET", "/console/users/{}/sign-out"): {Scope.MFA_RESET},
    ("POST", "/console/users/{}/sign-out"): {Scope.MFA_RESET},
    ("POST", "/console/users/{}/invite"): {Scope.USER_UPDATE},
    ("GET", "/console/users/{}/reset"): {Scope.MFA_RESET},
    ("POST", "/console/users/{}/reset"): {Scope.MFA_RESET},
    ("POST", "/console/users/{}/end-session"): {Scope.MFA_RESET},
    ("GET", "/console/users/{}/methods/{}/{}/remove"): {Scope.MFA_RESET},
    ("POST", "/console/users/{}/methods/{}/{}/remove"): {Scope.MFA_RESET},
    ("GET", "/console/groups"): {Scope.GROUP_VIEW},
    ("GET", "/console/new-group"): {Scope.GROUP_CREATE},
    ("POST", "/console/new-group"): {Scope.GROUP_CREATE},
    ("GET", "/console/groups/{}"): {Scope.GROUP_VIEW},
    ("POST", "/console/groups/{}"): {Scope.GROUP_UPDATE},
    ("GET", "/console/groups/{}/delete"): {Scope.GROUP_DELETE},
    ("POST", "/console/groups/{}/delete"): {Scope.GROUP_DELETE},
    ("GET", "/console/groups/{}/members"): {Scope.GROUP_UPDATE, Scope.USER_LIST},
    ("POST", "/console/groups/{}/members"): {Scope.GROUP_UPDATE},
    ("GET", "/console/users/{}/rights"): set(Scope),
    ("GET", "/console/users/{}/rights/{}"): set(Scope),
    ("POST", "/console/users/{}/rights"): set(Scope),
}
"""Pages of the Console, with the scopes that an administrator needs."""


def _routes(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        path = "".join("{}" if is_dynamic else part for is_dynamic, part in rule._trace)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, path.removeprefix("|"), access_of(view, method)


@pytest.fixture
def routes(standing):
    return {(method, path): access for method, path, access in _routes(standing.application.app)}


def test_every_route_declares_its_access(routes):
    declared = {route: access for route, access in routes.items() if access.kind is AccessKind.SCOPED}

    assert {route for route, access in routes.items() if access.kind is AccessKind.PUBLIC} <= PUBLIC
    assert {route for route, access in routes.items() if access.kind is AccessKind.AUTHENTICATED} == AUTHENTICATED
    assert {route for route, access in routes.items() if access.kind is AccessKind.BROWSER} == PAGES
    assert {route for route, access in routes.items() if access.kind is AccessKind.SESSION} == OWN_PAGES
    console = {route: access for route, access in routes.items() if access.kind is AccessKind.CONSOLE}
    assert console == {route: Access(AccessKind.CONSOLE, frozenset(scopes)) for route, scopes in CONSOLE.items()}
    assert declared == {route: Access(AccessKind.SCOPED, frozenset(scopes)) for route, scopes in SCOPED.items()}


def _call(standing, method, path, token, body=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client = standing.application.app.test_client()
    return client.open(path.replace("{}", "x"), method=method, headers=headers, json=body)


def _closed(routes):
    return [
        (route, access)
        for route, access in routes.items()
        if access.kind is not AccessKind.PUBLIC and not access.is_page
    ]


def test_without_a_token_every_route_that_is_not_public_is_shut(standing, routes):
    for (method, path), _ in _closed(routes):
        answer = _call(standing, method, path, None)

        assert (method, path, answer.status_code) == (method, path, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lineproof"'
        is_scim = path.startswith("/scim2")
        assert answer.headers["Content-Type"] == ("application/scim+json" if is_scim else "application/json")


def test_with_a_broken_token_every_route_that_is_not_public_is_shut(standing, routes):
    for (method, path), _ in _closed(routes):
        answer = _call(standing, method, path, "broken")

        assert (method, path, answer.status_code) == (method, path, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lineproof", error="invalid_token"'


def test_without_one_of_its_scopes_a_route_is_forbidden(standing, routes):
    for (method, path), access in _closed(routes):
        for missing in access.scopes:
            token = standing.application.client_token(frozenset(Scope) - {missing})

            answer = _call(standing, method, path, token)

            assert (method, path, answer.status_code) == (method, path, 403)
            needed = " ".join(sorted(access.scopes))
            challenge = f'Bearer realm="lineproof", error="insufficient_scope", scope="{needed}"'
            assert answer.headers["WWW-Authenticate"] == challenge


def test_with_just_its_scopes_a_route_is_open(standing, routes):
    for (method, path), access in _closed(routes):
        token = standing.application.user_token(standing.id, access.scopes)

        answer = _call(standing, method, path, token, {} if method in {"POST", "PUT", "PATCH"} else None)

        if (method, path) != ("DELETE", "/scim2/Me"):
            assert (method, path, answer.status_code) not in {(method, path, 401), (method, path, 403)}
        assert answer.status_code < 500


def test_public_routes_look_at_no_token(standing, routes):
    for method, path in set(routes) & PUBLIC:
        answer = _call(standing, method, path, "broken")
        # Of a client of the OpenID provider other credentials are asked for.
        is_for_clients = path in CLIENT_PATHS
        assert answer.status_code in ({400, 401} if is_for_clients else {200, 303, 404, 415})
        assert answer.headers.get("WWW-Authenticate", "Basic").startswith("Basic")


def test_every_page_refuses_what_is_not_a_form_of_ours(standing, routes):
    for method, path in set(routes) & (PAGES | OWN_PAGES | set(CONSOLE)):
        if method == "POST":
            assert _call(standing, method, path, None).status_code == 403


def test_no_token_opens_a_page_of_ones_own(standing, routes):
    token = standing.application.user_token(standing.id)
    for method, path in set(routes) & (OWN_PAGES | set(CONSOLE)):
        if method == "GET":
            answer = _call(standing, method, path, token)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/sign-in")


def _opened(browser, method, path):
    path = path.replace("{}", "x")
    if method == "GET":
        return browser.get(path).status
    form = browser.get("/").form_with("locale")
    form.action = path
    return browser.post(form).status_code


def test_without_one_of_its_scopes_a_page_of_the_console_is_shut(standing):
    for missing in set().union(*CONSOLE.values()):
        browser = administrator(standing.application, scopes=frozenset(Scope) - {missing})
        for (method, path), needed in CONSOLE.items():
            if missing in needed:
                assert (method, path, _opened(browser, method, path)) == (method, path, 403)


def test_without_any_scope_the_console_is_shut(standing):
    browser = administrator(standing.application, scopes=frozenset())

    for method, path in CONSOLE:
        assert (method, path, _opened(browser, method, path)) == (method, path, 403)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_head_and_options_are_as_closed_as_the_rest(standing, routes, method):
    for (_, path), _access in _closed(routes):
        answer = _call(standing, method, path, None)
        # What runs in a browser has to be told first that it may ask.
        is_preflight = (method, path) == ("OPTIONS", "/oauth2/userinfo")
        assert answer.status_code in ({204} if is_preflight else {401, 405})
        assert answer.get_data() == b"" or answer.status_code != 204


def test_a_users_own_token_opens_nobody_elses_door(standing):
    """A token with `internal_login` alone reaches the own account and nothing besides."""
    application = standing.application
    eve = application.user(application.add_user("eve"))

    assert eve.get(standing.path).status_code == 403
    assert eve.replace(standing.path, {"displayName": "x"}).status_code == 403
    answer = eve.post("/api/identity/user/v1.0/resend-code", {"user": {"username": "bob"}, **scenario(ON_UPDATE)})
    assert answer.status_code == 403
    assert standing.show().get("displayName") is None


def test_an_operation_of_a_bulk_request_needs_its_own_scope(standing):
    caller = standing.application.user(standing.id, frozenset({Scope.BULK_CREATE}))
    operation = {"method": "PATCH", "path": f"/Users/{standing.id}", "data": {"Operations": []}}

    answer = caller.post(
        "/scim2/Bulk",
        {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [operation]},
    )

    assert [result["status"] for result in answer.get_json()["Operations"]] == ["403"]
