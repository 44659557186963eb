"""Second factors by pages: the first one in the course of a sign-in, and all of them afterwards."""

from __future__ import annotations

import re

import pyotp
import pytest

from tests.factories.browsing import Browser
from tests.factories.sign_ins import PASSWORD, add_member

SVG = "{http://www.w3.org/2000/svg}"
BACK = "/sign-in?return_to=%2Fdocs"
PATH = "/myaccount/security"


@pytest.fixture
def browser(application):
    return Browser(application.app)


def give_password(browser, name, path="/sign-in"):
    return browser.send(browser.get(path).form_with("user_name"), user_name=name, password=PASSWORD)


def key_in(page):
    (found,) = [code for code in page.root.iter("code") if code.get("class") == "key"]
    return found.text.replace(" ", "")


def code_of(application, key):
    return pyotp.TOTP(key).at(application.clock.now())


def form_to(page, action):
    return next(form for form in page.forms if form.action == f"{PATH}{action}")


def codes_in(page):
    return [code.text for code in page.root.iter("code")]


@pytest.fixture
def newcomer(application, browser):
    """Sign somebody in who has a password and no second factor yet; return the page that follows."""
    application.add_user("ann", password=PASSWORD)
    return give_password(browser, "ann", BACK)


@pytest.fixture
def at_home(application, browser):
    """Sign bob in by a code."""
    add_member(application)
    page = give_password(browser, "bob")
    return browser.send(page.form_with("code"), code=application.last_code())


def test_who_has_no_second_factor_adds_an_authenticator(application, browser, newcomer):
    assert (newcomer.heading, newcomer.path) == ("Add an authenticator", "/sign-in/enrol?return_to=%2Fdocs")

    page = browser.send(newcomer.form_with("code"), code=code_of(application, key_in(newcomer)))

    assert page.heading == "Your recovery codes"
    assert len(set(codes_in(page))) == 10
    assert [link.get("href") for link in page.root.iter("a") if link.get("class") == "button main"] == ["/docs"]
    assert "You are signed in." in browser.get("/").text


def test_key_is_the_same_when_the_page_is_loaded_again_or_the_code_was_wrong(browser, newcomer):
    wrong = browser.send(newcomer.form_with("code"), code="000000")
    empty = browser.send(newcomer.form_with("code"), code="")

    assert (wrong.status, empty.status) == (422, 422)
    assert {key_in(page) for page in (newcomer, browser.get("/sign-in/enrol"), wrong, empty)} == {key_in(newcomer)}


def test_picture_is_a_drawing_and_nothing_else(newcomer):
    (picture,) = newcomer.root.iter(f"{SVG}svg")

    assert {part.tag for part in picture.iter()} == {f"{SVG}svg", f"{SVG}g", f"{SVG}path"}
    assert "style" not in newcomer.answer.text.partition("<svg")[2].partition("</svg>")[0]


def test_too_many_wrong_codes_end_the_sign_in(browser, newcomer):
    page = newcomer
    for _ in range(6):
        page = browser.send(newcomer.form_with("code"), code="000000")

    assert page.path.startswith("/sign-in?notice=expired")


@pytest.mark.parametrize("path", ["/sign-in/enrol"])
def test_enrolment_without_a_sign_in_begins_with_one(application, browser, path):
    form = browser.get("/").form_with("locale")
    form.action = path

    assert browser.get(path).path == "/sign-in?notice=expired"
    assert browser.send(form, code="123456").path == "/sign-in?notice=expired"


def test_authenticator_and_recovery_codes_sign_in_next_time(application, browser, newcomer):
    key = key_in(newcomer)
    saved = codes_in(browser.send(newcomer.form_with("code"), code=code_of(application, key)))
    application.clock.move(seconds=60)

    by_app = give_password(browser, "ann")
    assert by_app.heading == "Open your authenticator"
    assert "You are signed in." in browser.send(by_app.form_with("code"), code=code_of(application, key)).text

    other = Browser(application.app)
    ways = [link.get("href") for link in give_password(other, "ann").root.iter("a")]
    page = other.get(next(way for way in ways if way == "/sign-in/code?method=recovery-code"))
    assert page.heading == "Use a recovery code"
    assert "You are signed in." in other.send(page.form_with("code"), code=saved[3]).text


def test_factors_are_listed(browser, at_home):
    page = browser.get(PATH)

    assert page.heading == "How you sign in"
    assert "Codes go to …11." in page.text
    assert "Codes left: 0" in page.text


def add_authenticator(application, browser):
    page = browser.send(form_to(browser.get(PATH), "/authenticator"))
    return browser.send(page.form_with("code"), code=code_of(application, key_in(page)))


def test_authenticator_is_added_and_removed(application, browser, at_home):
    added = add_authenticator(application, browser)

    assert "An authenticator is set up." in added.text
    asked = browser.send(form_to(added, "/authenticator/remove"))
    assert asked.heading == "Remove the authenticator?"
    removed = browser.send(asked.form_with("sure"))
    assert "The authenticator is removed." in removed.text
    assert "An authenticator is set up." not in removed.text


def test_removing_twice_is_no_fault(application, browser, at_home):
    form = browser.send(form_to(add_authenticator(application, browser), "/authenticator/remove")).form_with("sure")

    assert [browser.send(form).path, browser.send(form).path] == [PATH, PATH]


def test_wrong_first_code_may_be_mended(application, browser, at_home):
    page = browser.send(form_to(browser.get(PATH), "/authenticator"))

    wrong = browser.send(page.form_with("code"), code="000000")
    empty = browser.send(wrong.form_with("code"), code="")

    assert (wrong.status, empty.status) == (422, 422)
    assert key_in(page) not in wrong.answer.text
    assert "is set up" in browser.send(empty.form_with("code"), code=code_of(application, key_in(page))).text


def test_authenticator_that_took_too_long_is_begun_again(start):
    application = start(fresh_sign_in="3600")
    add_member(application)
    browser = Browser(application.app)
    browser.send(give_password(browser, "bob").form_with("code"), code=application.last_code())
    page = browser.send(form_to(browser.get(PATH), "/authenticator"))
    application.clock.move(minutes=16)

    late = browser.send(page.form_with("code"), code=code_of(application, key_in(page)))

    assert (late.path, "is set up" in late.text) == (PATH, False)


def test_recovery_codes_are_shown_once(browser, at_home):
    form = form_to(browser.get(PATH), "/recovery-codes")

    page = browser.send(form)

    assert len(codes_in(page)) == 10
    assert all(re.fullmatch(r"(\w{4}-){3}\w{4}", code) for code in codes_in(page))
    assert "Codes left: 10" in browser.get(PATH).text
    asked = browser.send(form)
    assert (asked.heading, codes_in(asked)) == ("Make new recovery codes?", [])
    assert set(codes_in(browser.send(asked.form_with("sure")))).isdisjoint(codes_in(page))


@pytest.mark.parametrize(
    "action", ["/authenticator", "/authenticator/confirm", "/authenticator/remove", "/recovery-codes"]
)
def test_who_signed_in_long_ago_does_so_again_first(application, browser, at_home, action):
    form = browser.get(PATH).form_with("locale")
    form.action = f"{PATH}{action}"
    application.clock.move(minutes=11)

    page = browser.send(form, code="123456", sure="yes")

    assert page.path == "/sign-in?return_to=%2Fmyaccount%2Fsecurity&notice=stale"
    assert "Sign in again before" in page.text


@pytest.mark.parametrize(
    "action", ["/authenticator", "/authenticator/confirm", "/authenticator/remove", "/recovery-codes"]
)
def test_nothing_is_changed_from_another_site(application, browser, at_home, action):
    fields = {**browser.get(PATH).forms[0].values, "code": "1"}

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert browser.client.post(f"{PATH}{action}", data=fields, headers=headers).status_code == 403
    assert browser.client.post(f"{PATH}{action}", data={**fields, "form_token": ""}).status_code == 403
    assert "Codes left: 0" in browser.get(PATH).text
