"""Users without a password are invited by e-mail, and set it by the link that comes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from persistence.tables_invitations import invitations
from tests.factories.browsing import Browser
from tests.factories.conformance import BULK_REQUEST
from tests.factories.people import add_person, person
from tests.factories.races import race
from tests.factories.sign_ins import PASSWORD
from tests.factories.sign_ins import Browser as SignIn
from verification.verifications import Purpose

MAIL = "Bob@example.com"
API = "/api/identity/user/v1.0"
LINK = re.compile(r"http://\S+(/invitation/[A-Za-z0-9_-]{43})\n")
GONE = "This invitation is not good any more"


@pytest.fixture
def guest(application):
    """Add somebody with a proved number and an address, and without a password."""
    return add_guest(application)


def add_guest(application, **values):
    emails = [{"value": "other@example.com"}, {"value": MAIL, "primary": True}]
    return add_person(application, **{"emails": emails, **values})


def invite(application, **named):
    return application.admin().post(f"{API}/invite", named or {"userName": "bob"})


def mails(application):
    """Return the mails of late, and forget them."""
    application.deliver()
    messages, application.notices.messages = application.notices.messages, []
    return messages


def link_of(application):
    """Invite bob and return the link in his mail."""
    answer = invite(application)
    assert answer.status_code == 202, answer.text
    return link_in(mails(application))


def link_in(messages):
    ((link,),) = [LINK.findall(message.body) for message in messages]
    return link


def accept(application, link, password=PASSWORD):
    body = {"token": link.rpartition("/")[2], "password": password}
    return application.app.test_client().post(f"{API}/invitation", json=body)


def set_by_page(application, link, password=PASSWORD, again=None):
    browser = Browser(application.app)
    page = browser.get(link)
    if page.status != 200:
        return page
    return browser.send(page.form_with("password"), password=password, again=again or password)


def has_password(someone):
    database = someone.application.services.core.database
    return database.read(lambda unit: unit.passwords.lookup(someone.id)) is not None


def deeds(application, someone):
    found = application.admin().get(f"/api/server/v1/audit?subject={someone.id}").get_json()["events"]
    return [(each["event"], each["actor"], each["detail"]) for each in found]


def test_an_invitation_goes_to_the_primary_address_alone(application, guest):
    answer = invite(application, id=guest.id)

    assert answer.status_code == 202
    assert answer.get_json() == {
        "userId": guest.id,
        "sentTo": "B***@e***.com",
        "expiresAt": "2026-11-25T09:00:00.000Z",
    }
    (mail,) = mails(application)
    assert mail.to == MAIL
    assert mail.subject == "Your invitation to Lineproof"
    assert "72 hours" in mail.body
    assert link_in([mail])


def test_the_invited_speak_their_language(application):
    add_guest(application, preferredLanguage="de-CH")
    invite(application)

    assert mails(application)[0].subject != "Your invitation to Lineproof"


def test_by_the_link_a_password_is_set_and_signs_in(application, guest):
    link = link_of(application)

    page = set_by_page(application, link)

    assert (page.path, page.status, page.heading) == ("/sign-in?notice=password_set", 200, "Sign in")
    assert "Your password is set. Sign in with it." in page.text
    assert SignIn(application).begin().flow
    recorded = {event: (actor, detail) for event, actor, detail in deeds(application, guest)}
    assert recorded["user.invited"] == ("tests", {"sent_to": "B***@e***.com"})
    assert recorded["user.invitation_accepted"] == ("invitation-link", {})
    assert recorded["user.password_changed"][0] == "invitation-link"


def test_nobody_is_signed_in_by_a_link(application, guest):
    link = link_of(application)
    browser = Browser(application.app)

    browser.send(browser.get(link).form_with("password"), password=PASSWORD, again=PASSWORD)

    assert browser.client.get_cookie("lineproof-session") is None


def test_the_page_tells_the_rule_and_the_name_and_changes_nothing(application, guest):
    link = link_of(application)
    client = application.app.test_client()

    page = Browser(application.app).get(link)
    answers = [client.head(link), client.get(link), client.get(link)]

    assert (page.status, page.heading) == (200, "Set your password")
    assert "You sign in as bob." in page.text
    assert "At least 8 characters" in page.text
    kinds = [field.get("autocomplete") for field in page.root.iter("input") if field.get("type") == "password"]
    assert kinds == ["new-password", "new-password"]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not has_password(guest)
    assert accept(application, link).status_code == 204


def test_what_will_not_do_is_told_and_the_link_stays_good(application, guest):
    link = link_of(application)
    browser = Browser(application.app)
    page = browser.get(link)

    for password, again, text in (
        ("", "", "Enter your password"),
        ("a horse with batteries", "a horse without", "The two are not the same"),
        ("short", "short", "This password is too short"),
        ("password123", "password123", "easily guessed"),
        ("x" * 257, "x" * 257, "too long"),
    ):
        page = browser.send(page.form_with("password"), password=password, again=again)
        assert page.status == 422
        assert text in page.text
    assert not has_password(guest)
    assert accept(application, link).status_code == 204


def test_a_form_of_nobody_sets_nothing(application, guest):
    link = link_of(application)
    form = {"password": PASSWORD, "again": PASSWORD}

    answer = application.app.test_client().post(link, data=form, headers={"Accept": "text/html"})

    assert answer.status_code == 403
    assert not has_password(guest)


def test_without_a_browser_the_rules_are_the_same(application, guest):
    link = link_of(application)

    refused = accept(application, link, "short")
    assert (refused.status_code, refused.get_json()["code"]) == (400, "PASSWORD_REFUSED")
    assert accept(application, link, "short\u0000").status_code == 400
    assert application.app.test_client().post(f"{API}/invitation", json={}).status_code == 400
    answer = accept(application, link)
    assert (answer.status_code, answer.data) == (204, b"")
    assert SignIn(application).begin().flow


def unknown(application, guest, link):
    return "/invitation/" + "A" * 43


def used(application, guest, link):
    accept(application, link)
    return link


def expired(application, guest, link):
    application.clock.move(hours=72)
    return link


def renewed(application, guest, link):
    assert link_of(application) != link
    return link


def with_a_password(application, guest, link):
    application.admin().replace(guest.path, {"password": "another horse, no batteries"})
    return link


def inactive(application, guest, link):
    application.admin().replace(guest.path, {"active": False})
    return link


def moved(application, guest, link):
    application.admin().replace(guest.path, {"emails": [{"value": "right@example.com", "primary": True}]})
    return link


def removed(application, guest, link):
    application.admin().call("DELETE", guest.path)
    return link


@pytest.mark.parametrize("end", [unknown, used, expired, renewed, with_a_password, inactive, moved, removed])
def test_links_that_are_not_good_look_alike(application, guest, end):
    link = end(application, guest, link_of(application))

    page = Browser(application.app).get(link)
    answer = accept(application, link)

    assert (page.status, page.heading) == (410, GONE)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "INVITATION_NOT_FOUND")


@pytest.mark.parametrize("token", ["x", "%F0%9F%98%80", "%00", "%ED%A0%80"])
def test_what_is_no_token_is_gone(standing, token):
    assert Browser(standing.application.app).get(f"/invitation/{token}").status == 410


def test_a_form_that_was_open_when_the_link_ended_is_gone(application, guest):
    link = link_of(application)
    browser = Browser(application.app)
    form = browser.get(link).form_with("password")
    accept(application, link)

    page = browser.send(form, password=PASSWORD, again=PASSWORD)
    other = browser.send(form, password=PASSWORD, again="")

    assert [(each.status, each.heading) for each in (page, other)] == [(410, GONE)] * 2


def test_a_new_invitation_works_where_the_one_before_ended(application, guest):
    link_of(application)
    link = link_of(application)

    assert accept(application, link).status_code == 204


def test_the_same_address_spelled_otherwise_is_the_same(application, guest):
    link = link_of(application)
    application.admin().replace(guest.path, {"emails": [{"value": "Bob@EXAMPLE.com", "primary": True}]})

    assert accept(application, link).status_code == 204


def test_of_two_uses_at_one_moment_one_sets_the_password(application, guest):
    link = link_of(application)
    passwords = ["a horse with batteries", "a cart without batteries"]

    answers = race(lambda n: accept(application, link, passwords[n]).status_code, 2)

    assert sorted(answers) == [204, 404]
    assert SignIn(application).begin(password=passwords[answers.index(204)]).flow


def test_of_two_invitations_at_one_moment_the_later_is_good(application, guest):
    assert race(lambda _: invite(application).status_code, 2) == [202, 202]

    answers = [accept(application, link_in([mail])).status_code for mail in mails(application)]

    assert sorted(answers) == [204, 404]


def test_who_cannot_be_invited_is_not(application):
    for name, (values, code) in enumerate(
        (
            ({"password": PASSWORD}, "USER_HAS_PASSWORD"),
            ({"active": False}, "USER_INACTIVE"),
            ({"emails": []}, "NO_EMAIL_ADDRESS"),
        )
    ):
        user = add_guest(application, name=f"user{name}", **values)
        answer = invite(application, id=user.id)
        assert (answer.status_code, answer.get_json()["code"]) == (409, code)
    assert mails(application) == []


def test_where_no_mail_goes_nobody_is_invited(start):
    application = start(env="production", sms_providers="custom", custom_url="https://sms.example.com/send")
    add_guest(application)

    answer = invite(application)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "NO_MAIL")


@pytest.mark.parametrize("body", [{}, {"userName": "bob", "id": "x"}, {"userName": ""}, {"userName": 7}])
def test_who_is_meant_must_be_told(standing, body):
    answer = standing.application.admin().post(f"{API}/invite", body)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("body", [{"userName": "nobody"}, {"id": "nobody"}, {"id": "\u0000"}])
def test_nobody_is_not_invited(standing, body):
    answer = standing.application.admin().post(f"{API}/invite", body)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "USER_NOT_FOUND")


def test_mails_to_one_user_are_limited(start):
    application = start(otp_max_sends_per_hour="2")
    add_guest(application)
    links = [link_of(application), link_of(application)]

    answer = invite(application)

    assert (answer.status_code, answer.get_json()["code"]) == (429, "OTP_HOURLY")
    assert answer.headers["Retry-After"] == "3600"
    assert mails(application) == []
    # The one before stays good.
    assert accept(application, links[1]).status_code == 204


def test_the_link_proves_the_mailbox(start):
    application = start(email_verification="true")
    guest = add_guest(application, v=())
    assert guest.show()["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["emailVerified"] is False

    assert set_by_page(application, link_of(application)).status == 200

    shown = guest.show()
    assert shown["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["emailVerified"] is True
    assert MAIL in shown["urn:scim:wso2:schema"]["verifiedEmailAddresses"]
    accepted = [detail for event, _, detail in deeds(application, guest) if event == "user.invitation_accepted"]
    assert accepted == [{"proved": "B***@e***.com"}]


def test_a_code_that_waited_for_the_same_proof_is_ended(start):
    application = start(email_verification="true")
    guest = add_guest(application, **{"urn:scim:wso2:schema": {"verifyEmail": True}}, p=None, v=())
    link = link_of(application)

    accept(application, link)

    assert guest.listed() == []
    database = application.services.core.database
    assert database.read(lambda unit: unit.verifications.find_live(guest.id, Purpose.EMAIL)) is None


def test_another_address_that_waits_goes_on_waiting(start):
    application = start(email_verification="true")
    guest = add_guest(application, v=())
    guest.caller.replace("/scim2/Me", {"emails": [{"value": "new@example.com", "primary": True}]})
    code = application.last_code()

    assert accept(application, link_of_bob(application)).status_code == 204

    assert guest.validate(code).status_code == 200
    primaries = [each["value"] for each in guest.show()["emails"] if each.get("primary")]
    assert primaries == ["new@example.com"]


def link_of_bob(application):
    application.notices.messages = []
    return link_of(application)


def test_new_users_are_invited_where_the_setting_says_so(start):
    application = start(invite_new_users="true")
    guest = add_guest(application)

    assert accept(application, link_in(mails(application))).status_code == 204
    assert has_password(guest)


def test_new_users_are_not_invited_where_nothing_would_come_of_it(start):
    application = start(invite_new_users="true")

    for name, values in enumerate(({"password": PASSWORD}, {"active": False}, {"emails": []})):
        add_guest(application, name=f"user{name}", **values)

    assert mails(application) == []


def test_by_default_new_users_are_not_invited(application, guest):
    assert mails(application) == []


def test_new_users_of_a_bulk_request_are_invited_and_limited(start):
    application = start(invite_new_users="true", otp_max_sends_per_address="1")
    users = [
        {"method": "POST", "path": "/Users", "bulkId": name, "data": {"userName": name, "emails": [{"value": MAIL}]}}
        for name in ("bob", "ben")
    ]

    answer = application.admin().post("/scim2/Bulk", {"schemas": [BULK_REQUEST], "Operations": users})

    assert [each["status"] for each in answer.get_json()["Operations"]] == ["201", "429"]
    assert len(mails(application)) == 1


def test_other_changes_of_users_are_as_ever(start):
    application = start(invite_new_users="true")
    guest = add_guest(application)
    mails(application)

    application.admin().replace(guest.path, {"displayName": "Bob"})
    assert mails(application) == []
    assert application.admin().call("DELETE", guest.path).status_code == 204


def test_no_token_is_stored_or_logged(application, guest, caplog):
    link = link_of(application)
    token = link.rpartition("/")[2]
    set_by_page(application, link)

    assert token not in caplog.text


def rows(application):
    with application.services.core.database._engine.connect() as connection:
        return connection.execute(select(invitations)).all()


def test_a_used_invitation_leaves_no_row(application, guest):
    link = link_of(application)
    (row,) = rows(application)
    assert link.rpartition("/")[2] not in str(row)

    accept(application, link)

    assert rows(application) == []


def test_the_invited_are_known_by_their_own_token_as_before(application, guest):
    """The first password ends nothing: there was none to sign in with before."""
    accept(application, link_of(application))

    assert person(application, guest.id).caller.get("/scim2/Me").status_code == 200
