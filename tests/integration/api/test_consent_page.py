"""Whether an application may have what it asks for: the page that asks, and what becomes of the answer."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from api.pages.clients import source_of
from api.services.callers import Caller
from api.services.clients import NewClient
from tests.factories.browsing import Browser
from tests.factories.sign_ins import PASSWORD, add_member

CALLBACK = "https://shop.example/back?a=b"
SCOPES = frozenset({"openid", "profile", "phone", "offline_access"})


@pytest.fixture
def client(application):
    new = NewClient(name="Shop & Co", redirect_uris=(CALLBACK,), scopes=SCOPES)
    return application.services.clients.add(new, Caller("operator", None, "test"))[0]


@pytest.fixture
def member(application):
    return add_member(application)


@pytest.fixture
def browser(application, member):
    found = Browser(application.app)
    page = found.send(found.get("/sign-in").form_with("user_name"), user_name="bob", password=PASSWORD)
    found.send(page.form_with("code"), code=application.last_code())
    return found


def request_of(client, **parameters):
    wanted = {"client_id": client.id, "redirect_uri": CALLBACK, "scope": "openid phone", "state": "s", **parameters}
    return f"/oauth2/authorize?{urlencode(wanted)}"


def path_to(client, **parameters):
    return f"/consent?{urlencode({'return_to': request_of(client, **parameters)})}"


def test_page_tells_who_asks_for_what(client, browser):
    page = browser.get(path_to(client))

    assert page.heading == "Shop & Co asks for access"
    assert [item.text for item in page.root.iter("li")] == ["know that it is you", "see your phone number"]
    assert "You are sent on to shop.example." in page.text


def test_answer_may_lead_to_the_application(client, browser):
    policy = browser.get(path_to(client)).answer.headers["Content-Security-Policy"]

    assert "form-action 'self' https://shop.example;" in policy


def test_allowed_is_kept_and_leads_back(application, client, member, browser):
    answer = browser.post(browser.get(path_to(client, prompt="consent")).form_with("answer"), answer="allow")

    assert answer.headers["Location"] == request_of(client)
    assert application.services.clients.has_consent(member.id, client, frozenset({"openid", "phone"}))
    assert not application.services.clients.has_consent(member.id, client, frozenset({"profile"}))


@pytest.mark.parametrize("said", ["deny", "", "Allow"])
def test_not_allowed_is_told_the_application(application, client, member, browser, said):
    answer = browser.post(browser.get(path_to(client)).form_with("answer"), answer=said)

    there = urlsplit(answer.headers["Location"])
    assert there[:3] == ("https", "shop.example", "/back")
    expected = {"a": ["b"], "error": ["access_denied"], "iss": ["http://127.0.0.1:8080"], "state": ["s"]}
    assert parse_qs(there.query) == expected
    assert not application.services.clients.has_consent(member.id, client, frozenset({"openid"}))


def test_without_a_wish_everything_but_lasting_access_is_asked_for(client, browser):
    page = browser.get(path_to(client, scope=""))

    assert len(list(page.root.iter("li"))) == 3
    assert "while you are away" not in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": ""},
        {"client_id": "none"},
        {"client_id": ""},
    ],
    ids=str,
)
def test_made_up_request_leads_nowhere(client, browser, wrong):
    """Neither page nor policy ever names a place that the client has not registered."""
    assert browser.get(path_to(client, **wrong)).status == 404
    sign_in = browser.get(path_to(client, **wrong).replace("/consent", "/sign-in"))
    assert "evil" not in sign_in.answer.headers["Content-Security-Policy"]


def test_parameter_that_is_there_twice_leads_nowhere(client, browser):
    twice = f"{request_of(client)}&{urlencode({'redirect_uri': CALLBACK})}"

    assert browser.get(f"/consent?{urlencode({'return_to': twice})}").status == 404


def test_consent_needs_a_session(application, client):
    answer = Browser(application.app).client.get(path_to(client))

    assert answer.headers["Location"].startswith("/sign-in?return_to=%2Fconsent%3F")


def test_consent_is_not_given_by_another_site(application, client, member, browser):
    form = browser.get(path_to(client)).form_with("answer")
    fields = {**form.values, "answer": "allow"}

    assert browser.client.post(form.action, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    del fields["form_token"]
    assert browser.client.post(form.action, data=fields).status_code == 403
    assert not application.services.clients.has_consent(member.id, client, frozenset({"openid"}))


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("https://shop.example/back", "https://shop.example"),
        ("http://127.0.0.1:4711/", "http://127.0.0.1:4711"),
        ("http://[::1]:4711/", "http:"),
        ("com.example.shop:/back", "com.example.shop:"),
        ("https://shop.example;sandbox/", "https:"),
    ],
)
def test_place_of_a_redirect_is_written_as_a_source(uri, source):
    assert source_of(uri) == source
