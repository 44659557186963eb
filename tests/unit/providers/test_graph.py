"""Microsoft Graph as a directory: what is asked, what comes back, and every fault it is known for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.graph import BUDGET, GraphDirectory
from providers.graph_tokens import EARLY, TokenSource
from providers.rest import RestApi
from tests.factories.graph import ALTERNATE_ID, MOBILE_ID, PASSWORD_ID, UPN, USER, FakeGraph, a_phone, failure
from tests.factories.http_gateway import Gateway, Misbehaviour, Reply, too_many
from tests.factories.verification import FrozenClock
from verification.errors import DirectoryUnavailable, MethodGone, MethodRefused, UserAmbiguous, UserNotFound
from verification.methods import DirectoryUser, Method, MethodKind, PhoneType
from verification.resetting import Overall, reset

KIM = DirectoryUser(USER, UPN, "kim.lee@contoso.test")
KEY = {"id": "-2_GRUg2-HYz6_1YG4YRAQ2", "displayName": "Red key", "model": "NFC"}
APP = {"id": "6803c096/41ac", "displayName": "Pixel", "createdDateTime": "2026-01-02T03:04:05Z"}
METHOD = Method(MethodKind.MICROSOFT_AUTHENTICATOR, "6803c096/41ac")


class Site:
    """A directory, the Graph behind it, and the waits it made."""

    def __init__(self, gateway, graph):
        self.gateway, self.graph, self.clock, self.waits, self.elapsed = gateway, graph, FrozenClock(), [], 0.0
        graph.base_url = gateway.url
        login = RestApi(gateway.url)
        self.tokens = TokenSource(login, "con/toso", "app", "s3cret&", self.clock)
        self.api = RestApi(f"{gateway.url}/v1.0")

    def directory(self):
        """Return the directory for another reset."""
        return GraphDirectory(self.api, self.tokens, self.clock, "request-1", self._sleep, lambda: self.elapsed)

    def _sleep(self, seconds):
        self.waits.append(seconds)
        self.elapsed += seconds

    def calls(self):
        """Return what was asked of Graph itself."""
        return [(item.method, item.path) for item in self.gateway.received if "token" not in item.path]


@pytest.fixture
def site():
    graph = FakeGraph(
        {
            "passwordMethods": [{"id": PASSWORD_ID, "password": None}],
            "phoneMethods": [a_phone("mobile"), a_phone("alternateMobile")],
            "microsoftAuthenticatorMethods": [APP],
            "fido2Methods": [KEY],
        }
    )
    with Gateway(graph) as gateway:
        yield Site(gateway, graph)


def with_token(site):
    """Let the site have its token, so that what is scripted next meets a call to Graph."""
    site.directory().find(USER)
    return site.directory()


def test_a_user_is_found_by_principal_name(site):
    assert site.directory().find(UPN) == KIM

    assert site.calls() == [("GET", "/v1.0/users/kim%40contoso.test?$select=id,userPrincipalName,mail")]


def test_a_user_is_found_by_mail_address(site):
    assert site.directory().find("kim.lee@contoso.test") == KIM


def test_a_quote_in_a_name_stays_a_quote(site):
    with pytest.raises(UserNotFound):
        site.directory().find("o'kim@contoso.test")

    assert site.calls()[-1][1].endswith("&$filter=mail%20eq%20%27o%27%27kim%40contoso.test%27")


def test_a_mail_address_of_several_names_nobody(site):
    directory = with_token(site)
    site.gateway.then(failure(404, "Request_ResourceNotFound", "no"), Reply(200, {"value": [{"id": "1"}, {"id": "2"}]}))

    with pytest.raises(UserAmbiguous):
        directory.find("shared@contoso.test")


@pytest.mark.parametrize("position", [0, 1])
def test_a_directory_that_is_broken_finds_nobody(site, position):
    directory = with_token(site)
    site.gateway.then(*[failure(404, "Request_ResourceNotFound", "no")] * position, Reply(500, b"oops"))

    with pytest.raises(DirectoryUnavailable, match="the directory answered 500"):
        directory.find("x@contoso.test")


def test_methods_are_read_from_all_pages(site):
    site.graph.page_size = 2

    methods = site.directory().methods(KIM)

    assert [(method.kind.value, method.id, method.label) for method in methods] == [
        ("password", PASSWORD_ID, ""),
        ("phone", MOBILE_ID, "*********55"),
        ("phone", ALTERNATE_ID, "*********55"),
        ("microsoftAuthenticator", "6803c096/41ac", "Pixel"),
        ("fido2", "-2_GRUg2-HYz6_1YG4YRAQ2", "Red key"),
    ]
    assert (methods[1].phone_type, methods[3].created_at.year) == (PhoneType.MOBILE, 2026)
    assert len(site.calls()) == 3


@pytest.mark.parametrize(
    ("element", "kind", "label"),
    [
        ({"@odata.type": "#microsoft.graph.qrCodePinAuthenticationMethod"}, MethodKind.OTHER, ""),
        ({"@odata.type": "#microsoft.graph.externalAuthenticationMethod", "displayName": "Duo"}, "external", "Duo"),
        (
            {"@odata.type": "#microsoft.graph.emailAuthenticationMethod", "emailAddress": "kim@contoso.test"},
            "email",
            "k***@c***.test",
        ),
        ({"@odata.type": "#microsoft.graph.emailAuthenticationMethod", "emailAddress": "odd"}, "email", ""),
        ({"createdDateTime": "2026-01-02T03:04:05"}, MethodKind.OTHER, ""),
    ],
)
def test_a_method_is_read_whatever_its_type(site, element, kind, label):
    directory = with_token(site)
    site.gateway.then(Reply(200, {"value": [{"id": "1", **element}, "no object"]}))

    (method,) = directory.methods(KIM)

    assert (method.kind, method.label, method.created_at) == (kind, label, None)


def test_all_methods_go_though_the_default_and_the_mobile_are_refused_at_first(site):
    site.graph.default = APP["id"]
    directory = site.directory()

    report = reset(directory.methods(KIM), lambda method: directory.remove(KIM, method))

    assert report.overall is Overall.COMPLETE
    assert {name for name, elements in site.graph.methods.items() if elements} == {"passwordMethods"}
    assert (
        "DELETE",
        "/v1.0/users/0000-kim/authentication/microsoftAuthenticatorMethods/6803c096%2F41ac",
    ) in site.calls()


def test_a_refusal_is_told_without_the_number_in_it(site):
    with pytest.raises(MethodRefused) as refusal:
        site.directory().remove(KIM, Method(MethodKind.PHONE, MOBILE_ID))

    assert str(refusal.value) == "alternateMobile must be removed first: +…"


def test_a_refusal_without_words_is_one_all_the_same(site):
    directory = with_token(site)
    site.gateway.then(Reply(400, b"<html>"))

    with pytest.raises(MethodRefused, match="refused"):
        directory.remove(KIM, METHOD)


def test_a_method_that_is_gone_is_told_so(site):
    with pytest.raises(MethodGone):
        site.directory().remove(KIM, Method(MethodKind.FIDO2, "unknown"))


def test_a_token_is_asked_for_once_until_shortly_before_its_end(site):
    for _ in range(3):
        site.directory().find(USER)
    site.clock.advance(3599 - EARLY.total_seconds() - 1)
    site.directory().find(USER)
    assert site.graph.tokens == 1

    site.clock.advance(1)
    site.directory().find(USER)

    assert site.graph.tokens == 2


def test_a_token_is_asked_for_as_an_application(site):
    site.directory().find(USER)

    asked = site.gateway.received[0]
    assert (asked.method, asked.path) == ("POST", "/con%2Ftoso/oauth2/v2.0/token")
    assert asked.body == {
        "client_id": "app",
        "client_secret": "s3cret&",
        "scope": "https://graph.microsoft.com/.default",
        "grant_type": "client_credentials",
    }
    assert site.gateway.received[1].headers["client-request-id"] == "request-1"


def test_a_refused_token_is_replaced_once(site):
    with_token(site)
    site.graph.tokens = 7

    assert site.directory().find(USER) == KIM
    assert site.graph.tokens == 8


def test_a_token_that_stays_refused_ends_it(site):
    directory = with_token(site)
    site.gateway.always(failure(401, "InvalidAuthenticationToken", "no")).then(
        Reply(401), Reply(200, {"access_token": "t"})
    )

    with pytest.raises(DirectoryUnavailable, match="the directory answered 401 InvalidAuthenticationToken"):
        directory.methods(KIM)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Reply(401, {"error": "invalid_client", "error_description": "AADSTS7000215: s3cret&"}), "401 invalid_client"),
        (Reply(200, {"token_type": "Bearer"}), "answered 200"),
        (Misbehaviour.CLOSE, "cannot be asked: connection broken"),
    ],
)
def test_without_a_token_nothing_is_asked(site, answer, message):
    site.gateway.then(answer)

    with pytest.raises(DirectoryUnavailable, match=message) as fault:
        site.directory().find(USER)

    assert "s3cret" not in str(fault.value)


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([too_many("3")], [3]),
        ([too_many("0"), Reply(503, headers={"Retry-After": "2"})], [0, 2]),
        ([Reply(503), Reply(504), Reply(429)], [1, 2, 4]),
    ],
)
def test_a_throttled_call_is_repeated_when_it_may(site, answers, waits):
    directory = with_token(site)
    site.gateway.then(*answers)

    directory.remove(KIM, METHOD)

    assert site.waits == waits
    assert site.graph.methods["microsoftAuthenticatorMethods"] == []


def test_a_pause_longer_than_there_is_time_for_ends_it(site):
    directory = with_token(site)
    site.gateway.then(too_many("120"))

    with pytest.raises(DirectoryUnavailable, match="longer pause"):
        directory.remove(KIM, METHOD)

    assert site.waits == []


def test_a_reset_has_no_more_time_than_its_budget(site):
    directory = site.directory()
    directory.find(USER)
    site.elapsed = BUDGET.total_seconds()

    with pytest.raises(DirectoryUnavailable, match="took too long"):
        directory.methods(KIM)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (failure(403, "Authorization_RequestDenied", "Insufficient privileges"), "a permission is missing"),
        (Reply(500, b"x"), "answered 500"),
        (Misbehaviour.CLOSE, "connection broken"),
    ],
)
@pytest.mark.parametrize("act", ["methods", "remove", "revoke_sessions", "issue_pass"])
def test_a_directory_that_cannot_be_asked_is_told_so(site, act, answer, message):
    directory = with_token(site)
    site.gateway.then(answer)

    with pytest.raises(DirectoryUnavailable, match=message):
        getattr(directory, act)(KIM, *([METHOD] if act == "remove" else []))


def test_a_user_who_is_gone_meanwhile_has_no_methods(site):
    with pytest.raises(UserNotFound):
        site.directory().methods(DirectoryUser("gone", "gone"))


def test_a_list_that_leads_elsewhere_gets_no_token(site):
    directory = with_token(site)
    site.gateway.then(Reply(200, {"value": [], "@odata.nextLink": "http://127.0.0.1:1/v1.0/users"}))

    with pytest.raises(DirectoryUnavailable, match="leads to another host"):
        directory.methods(KIM)


def test_a_list_without_an_end_is_given_up(site):
    directory = with_token(site)
    site.gateway.always(Reply(200, {"value": [], "@odata.nextLink": f"{site.gateway.url}/v1.0/users/x"}))

    with pytest.raises(DirectoryUnavailable, match="does not end"):
        directory.methods(KIM)


def test_a_page_that_is_no_list_is_empty(site):
    directory = with_token(site)
    site.gateway.then(Reply(200, {"value": None}))

    assert directory.methods(KIM) == ()


def test_sessions_are_revoked(site):
    site.directory().revoke_sessions(KIM)

    assert site.graph.sessions_revoked == 1


def test_a_pass_is_given_out_once_and_not_shown_by_accident(site):
    issued = site.directory().issue_pass(KIM)

    assert (issued.code, issued.minutes) == ("TAP-once", 60)
    assert "TAP-once" not in repr(issued)
    assert site.gateway.received[-1].body == {"lifetimeInMinutes": 60, "isUsableOnce": True}


def test_an_answer_without_a_pass_is_a_failure(site):
    directory = with_token(site)
    site.gateway.then(Reply(201, {"lifetimeInMinutes": 60}))

    with pytest.raises(DirectoryUnavailable, match="gave no pass"):
        directory.issue_pass(KIM)


def test_secrets_are_in_no_repr(site):
    site.directory().find(USER)

    assert "s3cret" not in repr(site.tokens)
    assert "graph-1" not in repr(site.tokens)


def test_connections_are_kept(site):
    for _ in range(3):
        site.directory().methods(KIM)

    assert site.gateway.connections <= 2


def test_a_token_without_a_life_is_used_once(site):
    site.graph.expires_in = 0
    site.directory().find(USER)
    site.clock.advance(timedelta(seconds=1).total_seconds())

    site.directory().find(USER)

    assert site.graph.tokens == 2
