"""One's own numbers and addresses in My Account, by pages."""

from __future__ import annotations

import pytest

from tests.factories.browsing import Browser
from tests.factories.sign_ins import PASSWORD, add_member

FIRST, SECOND = "0111111111", "0123456789"
MOBILE, EMAIL = "/myaccount/mobile", "/myaccount/email"


def enter(application, name="bob"):
    """Sign somebody in by a code."""
    browser = Browser(application.app)
    page = browser.send(browser.get("/sign-in").form_with("user_name"), user_name=name, password=PASSWORD)
    browser.send(page.form_with("code"), code=application.last_code())
    return browser


@pytest.fixture
def browser(application):
    """Sign bob in, whose number is proved."""
    add_member(application)
    application.clock.move(minutes=2)
    return enter(application)


def form_to(page, act, value=None, kind="mobile"):
    """Return the form of an act, about a value where there are several."""
    return next(
        form
        for form in page.forms
        if form.action == f"/myaccount/{kind}/{act}" and value in {None, form.values.get(f"{kind}_value")}
    )


def ask_for(browser, number, act="change", kind="mobile"):
    form = form_to(browser.get(f"/myaccount/{kind}"), "change", kind=kind)
    form.action = f"/myaccount/{kind}/{act}"
    return browser.send(form, **{f"{kind}_value": number})


def test_number_is_changed_by_the_walk_of_the_guide(application, browser):
    page = ask_for(browser, SECOND)
    assert (page.status, page.path) == (200, MOBILE)
    assert f"A code was sent to {SECOND}." in page.text
    assert f"{SECOND} is to be verified" in page.text
    assert f"{FIRST} In use Verified" in page.text

    page = browser.send(form_to(page, "verify"), mobile_code=application.last_code())

    assert f"{SECOND} is verified." in page.text
    assert f"{SECOND} In use Verified" in page.text
    assert "is to be verified" not in page.text
    assert f"{FIRST} Verified" in page.text


@pytest.mark.parametrize(
    ("number", "expected"),
    [("", "Enter a number"), ("my phone", "This is no phone number")],
    ids=["empty", "no number"],
)
def test_what_is_no_number_is_said_beside_the_field(browser, number, expected):
    page = ask_for(browser, number)

    assert page.status == 422
    assert page.text.count(expected) == 2
    field = page.root.find(".//input[@id='mobile_value']")
    assert field.get("aria-invalid") == "true"
    # What was typed is there to be mended.
    assert field.get("value") == number


def test_wrong_code_is_counted_and_told(application, browser):
    page = ask_for(browser, SECOND)

    wrong = browser.send(form_to(page, "verify"), mobile_code="000000")
    empty = browser.send(form_to(wrong, "verify"), mobile_code=" ")

    assert (wrong.status, empty.status) == (422, 422)
    assert "That code is not right" in wrong.text
    assert "Tries left: 4" in wrong.text
    assert "Enter the code" in empty.text


def test_expired_code_is_told_apart(application, browser):
    page = ask_for(browser, SECOND)
    code = application.last_code()
    application.clock.move(minutes=6)

    page = browser.send(form_to(page, "verify"), mobile_code=code)

    assert "That code has expired" in page.text


def test_other_code_is_sent_after_a_wait(application, browser):
    page = ask_for(browser, SECOND)
    early = browser.send(form_to(page, "resend"))
    application.clock.move(seconds=60)

    page = browser.send(form_to(page, "resend"))

    assert (early.status, "Try again in" in early.text) == (429, True)
    assert int(early.answer.headers["Retry-After"]) > 0
    assert "Another code was sent." in page.text


def test_pending_number_is_given_up(browser):
    page = ask_for(browser, SECOND)
    form = form_to(page, "cancel")

    page = browser.send(form)
    assert "Nothing is to be verified any more." in page.text
    assert SECOND not in page.text
    assert browser.send(form).path == MOBILE


def test_sending_again_what_is_over_shows_what_is_there(browser):
    page = ask_for(browser, SECOND)
    form = form_to(page, "resend")
    browser.send(form_to(page, "cancel"))

    assert browser.send(form).path == MOBILE


def test_number_of_the_list_is_added_verified_and_put_in_force(application, browser):
    page = ask_for(browser, SECOND, "add")
    assert f"{SECOND} Not verified" in page.text

    page = browser.send(form_to(page, "prove", SECOND))
    assert f"{SECOND} Waits for its code" in page.text
    page = browser.send(form_to(page, "verify"), mobile_code=application.last_code())
    assert f"{SECOND} Verified" in page.text

    page = browser.send(form_to(page, "primary", SECOND))
    assert f"{SECOND} is in use now." in page.text
    assert f"{SECOND} In use Verified" in page.text


def test_removal_is_asked_about_and_taken_back(browser):
    page = ask_for(browser, SECOND, "add")

    question = browser.send(form_to(page, "remove", SECOND))
    assert (question.status, question.heading) == (200, "Remove this number?")
    page = browser.send(question.form_with("sure"))
    assert f"{SECOND} is removed." in page.text

    page = browser.send(form_to(page, "add", SECOND))
    assert f"{SECOND} Not verified" in page.text


def test_number_in_force_is_removed_from_everywhere(application, browser):
    question = browser.send(form_to(browser.get(MOBILE), "remove", FIRST))
    assert "It is the number in use" in question.text

    page = browser.send(question.form_with("sure"))

    assert "There is no number yet." in page.text
    assert "Take it back" not in page.text


@pytest.mark.parametrize("act", ["nothing", "show"])
def test_no_other_act_is_known(browser, act):
    assert ask_for(browser, SECOND, act).status == 404


def test_address_is_changed_at_once_where_addresses_are_not_verified(browser):
    page = ask_for(browser, "bob@example.org", kind="email")

    assert "bob@example.org is in use now." in page.text
    assert "verified" not in page.text.lower()


def test_address_waits_for_its_code_where_addresses_are_verified(start):
    application = start(email_verification="true")
    add_member(application, emails=[{"value": "bob@example.com", "primary": True}])
    application.clock.move(minutes=2)
    browser = enter(application)

    page = ask_for(browser, "bob@example.org", kind="email")
    assert "bob@example.org is to be verified" in page.text
    page = browser.send(form_to(page, "verify", kind="email"), email_code=application.last_code())

    assert "bob@example.org In use Verified" in page.text
    question = browser.send(form_to(page, "remove", "bob@example.org", kind="email"))
    page = browser.send(question.form_with("sure"))
    assert "bob@example.org" not in page.text.partition("is removed.")[2]


def test_number_is_proved_also_where_only_what_says_so_is(start):
    application = start(use_verify_claim="true")
    add_member(application)
    application.clock.move(minutes=2)
    browser = enter(application)

    assert f"{SECOND} is to be verified" in ask_for(browser, SECOND).text


def test_path_of_a_form_leads_to_its_page(browser):
    assert browser.get(f"{MOBILE}/verify").path == MOBILE
    assert browser.get(f"{EMAIL}/change").path == EMAIL


def test_who_has_to_sign_in_first_comes_back_to_the_page_of_the_form(application, browser):
    form = form_to(browser.get(MOBILE), "change")
    application.clock.move(days=400)
    headers = {"Sec-Fetch-Site": "same-origin", "Referer": f"http://localhost{MOBILE}?a=b"}

    answer = browser.client.post(form.action, data={**form.values, "mobile_value": SECOND}, headers=headers)

    assert answer.headers["Location"] == "/sign-in?return_to=%2Fmyaccount%2Fmobile%3Fa%3Db"
