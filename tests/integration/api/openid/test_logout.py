"""/oauth2/logout: a client may have its user signed out, and nobody else."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from api.services.callers import Caller
from tests.factories.browsing import Browser
from tests.factories.openid import add_client

LOGOUT = "/oauth2/logout"
GOODBYE = "https://shop.example/goodbye"


@pytest.fixture
def shop(application):
    return add_client(application, logout_uris=(GOODBYE,))


@pytest.fixture
def browser(application, bob_id):
    """Open a browser in which bob is signed in."""
    opened = Browser(application.app)
    caller = Caller(bob_id, bob_id, "request-0")
    token = application.services.sessions.begin(
        bob_id, amr=("pwd",), acr="aal1", caller=caller, at=application.clock.now()
    )
    opened.client.set_cookie("lineproof-session", token, domain="localhost")
    opened.token = token
    return opened


def is_signed_in(application, browser):
    return application.services.sessions.lookup(browser.token) is not None


def leave(browser, **parameters):
    return browser.client.get(f"{LOGOUT}?{urlencode(parameters)}", headers={"Accept": "text/html"})


def test_a_client_signs_its_user_out_and_has_the_browser_back(application, browser, shop, bob_id):
    id_token = shop.tokens(bob_id)["id_token"]
    # ID tokens of long ago are as good.
    application.clock.move(minutes=30)

    answer = leave(browser, id_token_hint=id_token, post_logout_redirect_uri=GOODBYE, state="a b")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{GOODBYE}?state=a+b")
    assert not is_signed_in(application, browser)
    assert shop.refresh(shop.tokens(bob_id)["refresh_token"]).status_code == 200, "offline access goes on"


def test_it_may_be_posted(application, browser, shop, bob_id):
    sent = {"id_token_hint": shop.tokens(bob_id)["id_token"], "post_logout_redirect_uri": GOODBYE}
    answer = browser.client.post(LOGOUT, data=sent, headers={"Sec-Fetch-Site": "cross-site"})

    assert browser.client.get(answer.headers["Location"]).headers["Location"] == GOODBYE
    assert not is_signed_in(application, browser)


def test_the_browser_goes_only_where_it_was_registered_to_go(application, browser, shop, bob_id):
    id_token = shop.tokens(bob_id)["id_token"]
    for uri in ("https://evil.example/", f"{GOODBYE}/", "https://shop.example/callback", "javascript:alert(1)"):
        answer = leave(browser, id_token_hint=id_token, post_logout_redirect_uri=uri)

        assert answer.headers["Location"] == "/signed-out"
    assert not is_signed_in(application, browser)


def test_without_a_proof_the_user_is_asked(application, browser, shop, bob_id):
    ann = application.add_user("ann")
    hints = [
        {},
        {"client_id": shop.client.id, "post_logout_redirect_uri": GOODBYE},
        {"id_token_hint": shop.tokens(ann)["id_token"]},
    ]
    for parameters in hints:
        assert "Sign out" in browser.get(f"{LOGOUT}?{urlencode(parameters)}").heading
        assert is_signed_in(application, browser)

    form = browser.get(LOGOUT).form_with("request")
    forged = browser.client.post(form.action, data={"request": ""})
    answer = browser.post(form)

    assert forged.status_code == 403
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signed-out")
    assert not is_signed_in(application, browser)


def test_who_is_not_signed_in_need_not_be_asked(application, shop, bob_id):
    id_token = shop.tokens(bob_id)["id_token"]

    answer = leave(Browser(application.app), id_token_hint=id_token, post_logout_redirect_uri=GOODBYE)

    assert answer.headers["Location"] == GOODBYE


def test_a_hint_that_is_none_does_nothing(application, browser, shop, bob_id):
    tokens = shop.tokens(bob_id)
    for hint in ("nonsense", tokens["access_token"], tokens["id_token"][:-4] + "AAAA"):
        answer = leave(browser, id_token_hint=hint, post_logout_redirect_uri=GOODBYE)

        assert answer.status_code == 400
        assert is_signed_in(application, browser)
    other = leave(browser, id_token_hint=tokens["id_token"], client_id="somebody else")
    assert other.status_code == 400
