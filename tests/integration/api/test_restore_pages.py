"""Restoring a lost phone by pages: the whole way, its turns, and what nobody else gets out of it."""

from __future__ import annotations

import pytest

from tests.factories.browsing import Browser
from tests.factories.people import ANN, person
from tests.factories.servers import WSO2
from tests.factories.sign_ins import PASSWORD

MAIL = "bob@example.com"
NEW = "+14155550123"


@pytest.fixture
def application(start):
    """Start an application that verifies mail addresses: only a proved one restores anything."""
    return start(email_verification="true")


@pytest.fixture
def browser(application):
    return Browser(application.app)


@pytest.fixture
def owner(application):
    """Add bob, whose mail address is proved."""
    attributes = {
        "password": PASSWORD,
        "phoneNumbers": [{"type": "mobile", "value": ANN}],
        "emails": [{"value": MAIL, "primary": True}],
        WSO2: {"verifiedMobileNumbers": [ANN], "verifiedEmailAddresses": [MAIL]},
    }
    return person(application, application.add_user("bob", **attributes))


def begin(browser, mail=MAIL, path="/restore"):
    return browser.send(browser.get(path).form_with("email"), email=mail)


def to_the_phone(application, browser):
    """Prove mailbox and password."""
    page = browser.send(begin(browser).form_with("code"), code=application.last_code())
    return browser.send(page.form_with("password"), password=PASSWORD)


def error(page, field):
    return next(found.text for found in page.root.iter() if found.get("id") == f"{field}-error")


def test_lost_phone_is_restored(application, browser, owner):
    page = begin(browser)
    assert (page.path, page.heading) == ("/restore/email", "Check your mail")
    page = browser.send(page.form_with("code"), code=application.last_code())
    assert (page.path, page.heading) == ("/restore/password", "Enter your password")
    page = browser.send(page.form_with("password"), password=PASSWORD)
    assert (page.path, page.heading) == ("/restore/phone", "Your new phone")
    page = browser.send(page.form_with("phone"), phone=NEW)
    assert (page.path, page.heading) == ("/restore/code", "Check your new phone")

    page = browser.send(page.form_with("code"), code=application.last_code())

    assert (page.path, page.heading) == ("/restored", "Your phone is restored")
    assert owner.show()["phoneNumbers"] == [{"type": "mobile", "value": NEW}]
    assert ANN not in str(owner.show())
    assert browser.client.get_cookie("lineproof-restore") is None


def test_way_back_is_kept_through_every_step(application, browser, owner):
    page = browser.get("/restore?return_to=/docs")
    page = browser.send(page.form_with("email"), email=MAIL)
    page = browser.send(page.form_with("code"), code=application.last_code())
    page = browser.send(page.form_with("password"), password=PASSWORD)
    page = browser.send(page.form_with("phone"), phone=NEW)
    page = browser.send(page.form_with("code"), code=application.last_code())

    assert "/sign-in?return_to=%2Fdocs" in [link.get("href") for link in page.root.iter("a")]


def test_recovery_code_is_asked_for_where_there_are_any(application, browser, owner):
    codes = owner.caller.post("/api/identity/mfa/v1.0/me/recovery-codes", None).get_json()["codes"]

    page = browser.send(begin(browser).form_with("code"), code=application.last_code())
    assert page.heading == "Enter a recovery code"
    wrong = browser.send(page.form_with("code"), code="BBBB-BBBB-BBBB-BBBB")
    assert error(wrong, "code") == "That code is not right"
    assert browser.send(wrong.form_with("code"), code=codes[0]).heading == "Your new phone"


def test_address_of_nobody_looks_like_any_other(application, browser, owner):
    stranger = begin(Browser(application.app), "nobody@example.com")
    known = begin(browser)

    assert (stranger.status, stranger.path, stranger.text) == (known.status, known.path, known.text)
    assert error(browser.send(known.form_with("code"), code="x"), "code") == "That code is not right"


@pytest.mark.parametrize(
    ("path", "field"), [("/restore", "email"), ("/restore/email", "code"), ("/restore/phone", "phone")]
)
def test_empty_field_is_told(browser, owner, path, field):
    begin(browser)

    page = browser.send(browser.get(path).form_with(field), **{field: " "})

    assert page.status == 422
    assert error(page, field).startswith("Enter")


def test_wrong_password_is_told(application, browser, owner):
    page = browser.send(begin(browser).form_with("code"), code=application.last_code())

    wrong = browser.send(page.form_with("password"), password="not mine")

    assert error(wrong, "password") == "That password is not right"
    assert PASSWORD not in wrong.answer.text


def test_number_that_is_none_is_told_and_put_back(application, browser, owner):
    page = browser.send(to_the_phone(application, browser).form_with("phone"), phone="my phone")

    assert error(page, "phone") == "This number cannot be used"
    assert page.form_with("phone").values["phone"] == "my phone"


def test_expired_code_is_told_and_another_one_is_sent(application, browser, owner):
    page = begin(browser)
    code = application.last_code()
    application.clock.move(seconds=301)

    late = browser.send(page.form_with("code"), code=code)

    assert error(late, "code").startswith("That code has expired")
    again = browser.send(next(form for form in late.forms if form.action == "/restore/email/send"))
    assert again.path == "/restore/email"
    assert browser.send(again.form_with("code"), code=application.last_code()).path == "/restore/password"


def test_another_code_at_once_has_to_wait(browser, owner):
    page = begin(browser)

    early = browser.send(next(form for form in page.forms if form.action == "/restore/email/send"))

    assert (early.status, early.answer.headers["Retry-After"]) == (429, "30")
    assert early.form_with("code").action == "/restore/email"


def test_beginning_too_often_has_to_wait(browser, owner):
    for _ in range(5):
        begin(browser)

    assert begin(browser).status == 429


def test_step_out_of_turn_is_refused(application, browser, owner):
    begin(browser)

    page = browser.send(browser.get("/restore/phone").form_with("phone"), phone=NEW)

    assert page.path == "/restore?notice=expired"
    assert "took too long" in page.text
    assert owner.show()["phoneNumbers"][0]["value"] == ANN


@pytest.mark.parametrize("name", ["email", "password", "phone", "code", "nothing"])
def test_without_a_flow_every_step_leads_to_the_first(browser, name):
    form = browser.get("/").form_with("locale")

    assert browser.get(f"/restore/{name}").path == "/restore"
    for path in (f"/restore/{name}", f"/restore/{name}/send"):
        form.action = path
        assert browser.send(form, code="1", phone=NEW, password="x").path.partition("?")[0] == "/restore"


def test_half_a_flow_is_of_no_use_to_another_browser(application, browser, owner):
    """What is copied from a page holds nothing of the flow; the cookie does, and no script can read it."""
    page = to_the_phone(application, browser)
    thief = Browser(application.app)
    form = page.form_with("phone")
    form.values["form_token"] = thief.get("/").form_with("locale").values["form_token"]

    assert thief.send(form, phone=NEW).path.startswith("/restore?notice=expired")
    assert "HttpOnly" in next(
        cookie
        for cookie in browser.post(browser.get("/restore").form_with("email"), email=MAIL).headers.getlist("Set-Cookie")
        if "restore" in cookie
    )


@pytest.mark.parametrize(
    "path", ["/restore", "/restore/email", "/restore/phone", "/restore/code", "/restore/email/send"]
)
def test_no_form_is_taken_from_another_site(browser, owner, path):
    fields = {**begin(browser).form_with("code").values, "email": MAIL, "phone": NEW, "code": "1"}

    assert browser.client.post(path, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.client.post(path, data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.client.post(path, data={**fields, "form_token": "x"}).status_code == 403
