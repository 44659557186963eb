"""Signing in by pages: what people see, and what an attacker finds shut."""

from __future__ import annotations

import pytest

from api.auth.scopes import signed_in
from api.pages import routes
from api.pages.routes import Page
from api.services.callers import Caller
from tests.factories.browsing import Browser
from tests.factories.sign_ins import PASSWORD, add_member

AUTHORIZE = "/oauth2/authorize?client_id=shop&state=x"
BACK = "/sign-in?return_to=%2Foauth2%2Fauthorize%3Fclient_id%3Dshop%26state%3Dx"


@pytest.fixture
def member(application):
    return add_member(application)


@pytest.fixture
def browser(application):
    return Browser(application.app)


def start(browser, path="/sign-in", name="bob", password=PASSWORD):
    return browser.send(browser.get(path).form_with("user_name"), user_name=name, password=password)


def anonymous(request_id):
    return Caller("anonymous", None, request_id)


def sign_in(application, browser, path="/sign-in"):
    page = start(browser, path)
    return browser.send(page.form_with("code"), code=application.last_code())


def session_cookie(browser):
    cookie = browser.client.get_cookie("lineproof-session")
    return cookie.value if cookie else None


def element(page, id):
    return next(found for found in page.root.iter() if found.get("id") == id)


def test_password_and_code_sign_in(application, member, browser):
    page = start(browser)

    assert (page.path, page.heading) == ("/sign-in/code", "Check your phone")
    assert "We sent a code to …11." in page.text
    page = browser.send(page.form_with("code"), code=application.last_code())
    assert (page.path, page.status) == ("/", 200)
    assert "You are signed in." in page.text
    assert browser.client.get_cookie("lineproof-sign-in") is None


def test_password_alone_signs_in_where_that_is_enough(start, member):
    application = start(mfa="off", password_min_length="15")
    browser = Browser(application.app)
    form = browser.get("/sign-in").form_with("user_name")

    assert "You are signed in." in browser.send(form, user_name="bob", password=PASSWORD).text


def test_what_does_not_go_together_is_told_at_the_field(member, browser):
    page = start(browser, password="wrong")

    assert page.status == 422
    assert page.heading == "Sign in"
    field = element(page, "user_name")
    assert (field.get("value"), field.get("aria-invalid")) == ("bob", "true")
    assert element(page, field.get("aria-describedby")).text == "User name and password do not go together"
    assert element(page, "password").get("value") is None


def test_error_has_the_focus_and_stands_in_the_title(member, browser):
    page = start(browser, password="wrong")

    (summary,) = [found for found in page.root.iter("div") if found.get("role") == "alert"]
    assert (summary.get("autofocus"), summary.get("tabindex")) == ("", "-1")
    assert [link.get("href") for link in summary.iter("a")] == ["#user_name"]
    assert next(page.root.iter("title")).text.startswith("Error: ")


@pytest.mark.parametrize("name", ["user_name", "password"])
def test_empty_field_is_told(member, browser, name):
    page = browser.send(
        browser.get("/sign-in").form_with("user_name"), **{"user_name": "bob", "password": "x", name: " "}
    )

    assert page.status == 422
    assert element(page, f"{name}-error").text.startswith("Enter your")


def test_name_is_put_back_as_text(member, browser):
    page = start(browser, name='"><script>alert(1)</script>')

    assert element(page, "user_name").get("value") == '"><script>alert(1)</script>'
    assert [script.get("type") for script in page.root.iter("script")] == ["module"]


def test_too_many_wrong_passwords_have_to_wait(start_limited):
    page = start_limited()

    assert page.status == 429
    assert "Try again in 15 min." in page.text


@pytest.fixture
def start_limited(start):
    def fail():
        application = start(sign_in_max_wrong="1")
        add_member(application)
        browser = Browser(application.app)
        for _ in range(2):
            form = browser.get("/sign-in").form_with("user_name")
            page = browser.send(form, user_name="bob", password="wrong")
        return page

    return fail


def test_wrong_code_is_told_and_the_right_one_works(application, member, browser):
    page = start(browser)
    code = application.last_code()

    wrong = browser.send(page.form_with("code"), code="x")

    assert (wrong.status, element(wrong, "code-error").text) == (422, "That code is not right")
    assert "You are signed in." in browser.send(wrong.form_with("code"), code=code).text


def test_code_field_is_one_that_a_phone_fills_in(member, browser):
    field = element(start(browser), "code")

    assert (field.get("autocomplete"), field.get("inputmode")) == ("one-time-code", "numeric")


def test_expired_code_is_told_and_another_one_is_sent(application, member, browser):
    page = start(browser)
    code = application.last_code()
    application.clock.move(seconds=301)

    late = browser.send(page.form_with("code"), code=code)

    assert element(late, "code-error").text.startswith("That code has expired")
    again = browser.send(next(form for form in late.forms if form.action == "/sign-in/send"))
    assert again.path == "/sign-in/code?method=sms"
    assert "You are signed in." in browser.send(again.form_with("code"), code=application.last_code()).text


def test_another_code_at_once_has_to_wait(application, member, browser):
    page = start(browser)

    early = browser.send(next(form for form in page.forms if form.action == "/sign-in/send"))

    assert (early.status, early.answer.headers["Retry-After"]) == (429, "30")
    assert "Try again in 30 s." in early.text
    assert "You are signed in." in browser.send(early.form_with("code"), code=application.last_code()).text


def test_page_of_the_code_may_be_loaded_again(application, member, browser):
    start(browser)
    application.deliver()

    page = browser.get("/sign-in/code")

    assert page.heading == "Check your phone"
    application.deliver()
    assert len(application.carrier.messages) == 1


def test_empty_code_is_told(member, browser):
    page = browser.send(start(browser).form_with("code"))

    assert element(page, "code-error").text == "Enter the code"


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/code?method=totp"])
def test_without_a_sign_in_under_way_it_begins_again(browser, path):
    page = browser.get(path)

    assert page.path == "/sign-in?notice=expired"
    assert "took too long" in page.text


def test_sign_in_that_took_too_long_begins_again(application, member, browser):
    page = start(browser, BACK)
    application.clock.move(seconds=601)

    for form in (page.form_with("code"), next(form for form in page.forms if "/send" in form.action)):
        again = browser.send(form, code="123456")
        assert "took too long" in again.text
        assert again.path.endswith("return_to=%2Foauth2%2Fauthorize%3Fclient_id%3Dshop%26state%3Dx")


def test_wrong_codes_end_the_sign_in(member, browser):
    page = start(browser)
    for _ in range(5):
        page = browser.send(page.form_with("code"), code="x")

    assert "took too long" in page.text


def test_way_back_is_kept_through_every_step(application, member, browser):
    page = browser.send(start(browser, BACK).form_with("code"), code="x")

    answer = browser.post(page.form_with("code"), code=application.last_code())

    assert answer.headers["Location"] == AUTHORIZE


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/%5Cevil.example", "%2F%09%2Fevil.example", "javascript:x"]
)
def test_way_back_leads_nowhere_else(application, member, browser, target):
    page = start(browser, f"/sign-in?return_to={target}")

    assert browser.post(page.form_with("code"), code=application.last_code()).headers["Location"] == "/"


def test_application_may_ask_for_two_factors_and_name_the_user(start, member):
    application = start(mfa="off", password_min_length="15")
    browser = Browser(application.app)
    page = browser.get("/sign-in?return_to=/oauth2/authorize%3Facr_values%3Daal2%26login_hint%3Dbob")

    assert element(page, "user_name").get("value") == "bob"
    page = browser.send(page.form_with("user_name"), password=PASSWORD)
    assert page.heading == "Check your phone"


def test_session_that_was_planted_opens_nothing(application, member, browser):
    """Session fixation: who signs in gets a token that nobody else has seen."""
    browser.client.set_cookie("lineproof-session", "planted-by-somebody")
    attacker = Browser(application.app)
    attacker.client.set_cookie("lineproof-session", "planted-by-somebody")

    sign_in(application, browser)

    assert session_cookie(browser) != "planted-by-somebody"
    assert "You are signed in." not in attacker.get("/").text


def test_every_sign_in_has_a_token_of_its_own(application, member, browser):
    sign_in(application, browser)
    earlier = session_cookie(browser)
    application.clock.move(seconds=60)

    sign_in(application, browser)

    assert session_cookie(browser) != earlier
    thief = Browser(application.app)
    thief.client.set_cookie("lineproof-session", earlier)
    assert "You are signed in." not in thief.get("/").text


def test_form_from_before_the_sign_in_is_of_no_use_after_it(application, member, browser):
    before = browser.get("/").form_with("locale")
    sign_in(application, browser)

    assert browser.post(before, locale="de").status_code == 403


def test_sign_in_of_another_browser_cannot_be_taken_over(application, member, browser):
    """The step in between is known by a cookie alone, so that a copied form is of no use elsewhere."""
    page = start(browser)
    thief = Browser(application.app)
    form = thief.get("/sign-in").form_with("user_name")
    stolen = page.form_with("code")
    stolen.values["form_token"] = form.values["form_token"]

    assert "took too long" in thief.send(stolen, code=application.last_code()).text


def test_signing_out_ends_the_session(application, member, browser):
    sign_in(application, browser)
    token = session_cookie(browser)

    page = browser.send(next(form for form in browser.get("/").forms if form.action == "/sign-out"))

    assert page.heading == "You are signed out"
    assert session_cookie(browser) is None
    assert application.services.sessions.lookup(token) is None


def test_signing_out_twice_is_no_fault(browser):
    form = browser.get("/").form_with("locale")
    form.action = "/sign-out"

    assert browser.send(form).heading == "You are signed out"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/sign-in/send", "/sign-out", "/language"])
def test_no_form_is_taken_from_another_site(application, member, browser, path):
    sign_in(application, browser)
    token = browser.get("/").form_with("locale").values["form_token"]
    fields = {"user_name": "bob", "password": PASSWORD, "code": "1", "locale": "de", "form_token": token}

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert browser.client.post(path, data=fields, headers=headers).status_code == 403
    assert browser.client.post(path, data={**fields, "form_token": "x"}).status_code == 403
    assert "You are signed in." in browser.get("/").text


@pytest.fixture
def with_own_page(monkeypatch, start):
    """Start an application that has a page for users who are signed in."""
    own = [Page(method, "/mine", "api.pages.home:show", signed_in) for method in ("GET", "POST")]
    monkeypatch.setattr(routes, "PAGES", (*routes.PAGES, *own))
    return start()


def test_page_of_ones_own_is_reached_by_signing_in(with_own_page):
    add_member(with_own_page)
    browser = Browser(with_own_page.app)

    page = sign_in(with_own_page, browser, "/mine?a=b")

    assert page.path == "/mine?a=b"
    assert "You are signed in." in page.text


def test_form_of_a_page_of_ones_own_leads_to_signing_in_when_the_session_is_over(with_own_page):
    member = add_member(with_own_page)
    browser = Browser(with_own_page.app)
    form = sign_in(with_own_page, browser, "/mine").form_with("locale")
    form.action = "/mine"
    assert browser.post(form).status_code == 200

    with_own_page.services.sessions.end_all(member.id, caller=anonymous("test"))

    assert browser.post(form).headers["Location"] == "/sign-in?return_to=%2Fmine"


def test_page_of_ones_own_looks_at_no_access_token(with_own_page):
    member = add_member(with_own_page)

    answer = member.caller.get("/mine")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?return_to=%2Fmine")
