"""/oauth2/authorize: the way of a browser to a code, and every way it does not get there."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from api.services.callers import Caller
from tests.factories.browsing import Browser
from tests.factories.openid import CALLBACK, add_client

AUTHORIZE = "/oauth2/authorize"
STATE = 'a b&c="d"'


@pytest.fixture
def browser(application):
    return Browser(application.app)


@pytest.fixture
def trusted(application):
    """Add a client of the deployment itself, whose users are not asked."""
    return add_client(application, name="Intranet", is_first_party=True)


@pytest.fixture
def sign_in(application, browser, bob_id):
    """Sign bob in, in this browser."""

    def begin(*, acr="aal2", ago=0, user_id=bob_id):
        at = application.clock.now() - timedelta(seconds=ago)
        token = application.services.sessions.begin(
            user_id, amr=("pwd",), acr=acr, caller=Caller(user_id, user_id, "request-0"), at=at
        )
        browser.client.set_cookie("lineproof-session", token, domain="localhost")

    return begin


def asked(party, **changes):
    parameters = {
        "client_id": party.client.id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid phone offline_access",
        "state": STATE,
        "nonce": "n-1",
        "code_challenge": party.challenge,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def go(browser, party, **changes):
    return browser.client.get(f"{AUTHORIZE}?{urlencode(asked(party, **changes))}", headers={"Accept": "text/html"})


def back(answer):
    """Return what the browser brings back to the client."""
    assert answer.status_code == 303, answer.get_data(as_text=True)
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == CALLBACK
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(parse_qsl(parts.query))


def returned_to(answer):
    """Return the authorization request that a sign-in comes back to."""
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == "/sign-in"
    (path,) = parse_qs(parts.query)["return_to"]
    assert path.startswith(f"{AUTHORIZE}?")
    return path


def test_who_is_signed_in_and_need_not_be_asked_gets_back_with_a_code(application, browser, trusted, sign_in, bob_id):
    sign_in()

    response = back(go(browser, trusted))

    assert set(response) == {"code", "state", "iss"}
    assert (response["state"], response["iss"]) == (STATE, application.services.settings.base_url)
    tokens = trusted.redeem(response["code"]).get_json()
    assert tokens["scope"] == "offline_access openid phone"
    assert trusted.introspect(tokens["access_token"])["sub"] == bob_id


def test_nobody_is_sent_to_sign_in_and_comes_back_to_the_same_request(application, browser, trusted, sign_in):
    path = returned_to(go(browser, trusted))
    application.clock.move(seconds=20)
    sign_in()

    assert "code" in back(browser.client.get(path))


def test_a_request_may_be_posted(browser, trusted, sign_in):
    """OpenID Connect Core §3.1.2.1; the browser gets it then, for only so does it bring its cookies."""
    sign_in()
    answer = browser.client.post(AUTHORIZE, data=asked(trusted), headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 303
    assert "code" in back(browser.client.get(answer.headers["Location"]))


def test_a_posted_request_that_is_too_large_is_not_read(browser, trusted):
    for path in (AUTHORIZE, "/oauth2/logout"):
        answer = browser.client.post(path, data=asked(trusted, state="s" * 20_000))

        assert (answer.status_code, answer.get_json()["error"]) == (413, "invalid_request")


@pytest.mark.parametrize(
    "wishes",
    [
        pytest.param({"prompt": "login"}, id="a sign-in"),
        pytest.param({"max_age": "30"}, id="a fresh one"),
        pytest.param({"acr_values": "aal2"}, id="a second factor"),
    ],
)
def test_a_client_may_want_another_sign_in(application, browser, trusted, sign_in, wishes):
    sign_in(acr="aal1", ago=60)
    path = returned_to(go(browser, trusted, **wishes))
    assert returned_to(browser.client.get(path)), "the same session is not enough the second time"
    application.clock.move(seconds=5)
    sign_in(acr="aal2")

    assert "code" in back(browser.client.get(path))


def test_a_session_of_another_user_is_a_session_all_the_same(application, browser, trusted, sign_in):
    ann = application.add_user("ann")
    sign_in(user_id=ann)

    tokens = trusted.redeem(back(go(browser, trusted))["code"]).get_json()

    assert trusted.introspect(tokens["access_token"])["sub"] == ann


def test_silence_is_kept(browser, shop, trusted, sign_in):
    nobody = back(go(browser, trusted, prompt="none"))
    sign_in(acr="aal1", ago=60)
    ways = {
        "nobody": nobody,
        "old": back(go(browser, trusted, prompt="none", max_age="30")),
        "weak": back(go(browser, trusted, prompt="none", acr_values="aal2")),
        "not asked": back(go(browser, shop, prompt="none")),
    }

    assert {way: response.get("error") for way, response in ways.items()} == {
        "nobody": "login_required",
        "old": "login_required",
        "weak": "login_required",
        "not asked": "consent_required",
    }
    assert all(response["state"] == STATE and response["iss"] for response in ways.values())
    assert "code" in back(go(browser, trusted, prompt="none"))


def decide(browser, page, answer):
    """Send the form of the consent page, and return what the browser brings back to the client."""
    sent = browser.post(page.form_with("answer"), answer=answer)
    if sent.headers["Location"].startswith(AUTHORIZE):
        sent = browser.client.get(sent.headers["Location"])
    return back(sent)


def request_path(party, **changes):
    return f"{AUTHORIZE}?{urlencode(asked(party, **changes))}"


def test_a_user_is_asked_once(browser, shop, sign_in):
    sign_in()
    page = browser.get(request_path(shop))

    assert "Shop" in page.heading
    assert shop.redeem(decide(browser, page, "allow")["code"]).status_code == 200
    assert "code" in back(go(browser, shop)), "it is remembered"
    assert "code" in back(go(browser, shop, scope="openid")), "less is no more"


@pytest.mark.parametrize(
    "changes",
    [pytest.param({"scope": "openid email"}, id="more than before"), pytest.param({"prompt": "consent"}, id="wanted")],
)
def test_a_user_is_asked_again(browser, shop, sign_in, changes):
    sign_in()
    decide(browser, browser.get(request_path(shop)), "allow")

    assert "code" in decide(browser, browser.get(request_path(shop, **changes)), "allow")


def test_a_user_may_refuse(browser, shop, sign_in):
    sign_in()
    page = browser.get(request_path(shop))

    for answer in ("deny", "anything"):
        response = decide(browser, page, answer)
        assert (response["error"], response["state"]) == ("access_denied", STATE)
        assert "code" not in response
    assert browser.get(request_path(shop)).form_with("answer")


WRONG = {
    "implicit": ({"response_type": "token"}, "unsupported_response_type"),
    "hybrid": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "no response type": ({"response_type": None}, "invalid_request"),
    "no PKCE": ({"code_challenge": None}, "invalid_request"),
    "no PKCE at all": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "plain PKCE": ({"code_challenge_method": "plain"}, "invalid_request"),
    "PKCE that is plain by default": ({"code_challenge_method": None}, "invalid_request"),
    "a challenge that is none": ({"code_challenge": "short"}, "invalid_request"),
    "a scope of its own": ({"scope": "internal_user_mgt_list"}, "invalid_scope"),
    "no scope": ({"scope": "nonsense"}, "invalid_scope"),
    "contradiction": ({"prompt": "none login"}, "invalid_request"),
    "a request object": ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    "a request by reference": ({"request_uri": "https://shop.example/r"}, "request_uri_not_supported"),
    "no age": ({"max_age": "soon"}, "invalid_request"),
    "a long nonce": ({"nonce": "n" * 501}, "invalid_request"),
    "a long request": ({"state": "s" * 4000, "prompt": "login"}, "invalid_request"),
}


def test_a_client_is_told_what_is_wrong(browser, trusted, sign_in):
    sign_in()

    for what, (changes, error) in WRONG.items():
        response = back(go(browser, trusted, **changes))

        assert (what, response["error"], response["state"]) == (what, error, changes.get("state", STATE))
        assert response["iss"]
        assert "code" not in response


NOBODYS = {
    "unknown client": {"client_id": "unknown"},
    "no client": {"client_id": None},
    "no redirect URI": {"redirect_uri": None},
    "another path": {"redirect_uri": f"{CALLBACK}/"},
    "another host": {"redirect_uri": "https://evil.example/callback"},
    "another query": {"redirect_uri": f"{CALLBACK}?next=x"},
    "a fragment": {"redirect_uri": f"{CALLBACK}#x"},
    "letters no error may repeat": {"redirect_uri": 'https://evil.example/"'},
    "control characters": {"client_id": "a\x00b"},
    "a script": {"redirect_uri": "javascript:alert(1)"},
    "no redirect URI, another type": {"redirect_uri": None, "response_type": "token"},
}


def test_a_request_of_nobody_leads_nowhere(browser, trusted, sign_in):
    sign_in()

    for what, changes in NOBODYS.items():
        answer = go(browser, trusted, **changes)

        assert (what, answer.status_code) == (what, 400)
        assert "Location" not in answer.headers
        assert "https://evil.example" not in answer.get_data(as_text=True)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_parameter_that_is_there_twice_leads_nowhere(browser, trusted, sign_in):
    sign_in()

    for name in ("redirect_uri", "client_id", "scope", "state"):
        query = urlencode([*asked(trusted).items(), (name, "https://evil.example/")])
        assert browser.client.get(f"{AUTHORIZE}?{query}").status_code == 400


def test_a_native_application_is_answered_on_any_port(application, browser, sign_in):
    app = add_client(
        application, redirect_uris=("http://127.0.0.1/cb",), is_public=True, is_first_party=True, name="App"
    )
    sign_in()

    here = go(browser, app, redirect_uri="http://127.0.0.1:51004/cb")
    elsewhere = go(browser, app, redirect_uri="http://127.0.0.1:51004/other")

    assert here.headers["Location"].startswith("http://127.0.0.1:51004/cb?code=")
    assert elsewhere.status_code == 400


def test_a_client_for_its_own_ends_signs_nobody_in(application, browser, sign_in):
    sync = add_client(application, redirect_uris=(), scopes=frozenset({"internal_user_mgt_list"}))
    sign_in()

    assert go(browser, sync).status_code == 400


def test_a_client_that_has_no_scope_for_users_gets_none(application, browser, sign_in):
    bare = add_client(application, scopes=frozenset({"internal_user_mgt_list"}), is_first_party=True)
    sign_in()

    assert back(go(browser, bare, scope=None))["error"] == "invalid_scope"


def test_without_a_wish_a_client_gets_what_it_may_have_but_for_offline_access(browser, trusted, sign_in):
    sign_in()
    tokens = trusted.redeem(back(go(browser, trusted, scope=None))["code"]).get_json()

    assert tokens["scope"] == "email internal_login openid phone profile"


def test_a_code_that_is_brought_to_another_redirect_uri_is_none(application, browser, sign_in):
    two = add_client(
        application, redirect_uris=(CALLBACK, "https://shop.example/other"), is_first_party=True, name="Two"
    )
    sign_in()
    code = back(go(browser, two))["code"]

    answer = two.redeem(code, redirect_uri="https://shop.example/other")

    assert answer.get_json()["error"] == "invalid_grant"
