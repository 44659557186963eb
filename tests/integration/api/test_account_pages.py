"""My Account by pages: profile, password, sessions, applications, history."""

from __future__ import annotations

import pytest

from api.services.callers import Caller
from tests.factories.browsing import Browser
from tests.factories.openid import add_client
from tests.factories.sign_ins import PASSWORD, add_member

HOME = "/myaccount"
NEW = "another horse with batteries"


def enter(application, name="bob", password=PASSWORD):
    """Sign somebody in by a code, a while after the one before."""
    application.clock.move(minutes=2)
    browser = Browser(application.app)
    page = browser.send(browser.get("/sign-in").form_with("user_name"), user_name=name, password=password)
    return browser, browser.send(page.form_with("code"), code=application.last_code())


def enter_by_session(application, name):
    """Return the browser of somebody who has no second factor, and a session all the same."""
    user_id = application.services.verifications.user_named(name)
    caller, at = Caller(user_id, user_id, "request-0"), application.clock.now()
    token = application.services.sessions.begin(user_id, amr=("pwd",), acr="aal1", caller=caller, at=at)
    browser = Browser(application.app)
    browser.client.set_cookie("lineproof-session", token)
    return browser


@pytest.fixture
def bob(application):
    """Add bob, whose number is proved."""
    return add_member(application)


@pytest.fixture
def browser(application, bob):
    """Sign bob in."""
    return enter(application)[0]


def form_to(page, path):
    return next(form for form in page.forms if form.action == f"{HOME}{path}")


def save(browser, **values):
    return browser.send(form_to(browser.get(HOME), ""), **values)


def test_front_page_leads_to_my_account(browser):
    assert [link.get("href") for link in browser.get("/").root.iter("a")].count(HOME) == 1
    assert browser.get("/factors").path == "/myaccount/security"


def test_profile_is_changed_and_taken_back(application, bob, browser):
    page = save(browser, given_name="Robert", timezone="Asia/Colombo")

    assert "Your profile is saved." in page.text
    assert bob.show()["name"] == {"givenName": "Robert"}
    page = browser.send(page.form_with("was_given_name"))
    assert "name" not in bob.show()
    assert page.path == HOME


def test_profile_that_is_not_changed_is_not_written(bob, browser):
    version = bob.show()["meta"]["version"]

    assert "saved" not in save(browser).text
    assert bob.show()["meta"]["version"] == version


@pytest.mark.parametrize(("field", "value"), [("locale", "de CH"), ("timezone", "here; now")])
def test_what_is_no_value_of_a_field_is_said_beside_it(browser, field, value):
    page = save(browser, **{field: value})

    assert page.status == 422
    assert page.root.find(f".//input[@id='{field}']").get("aria-invalid") == "true"
    assert page.root.find(f".//input[@id='{field}']").get("value") == value


def test_what_cannot_be_stored_is_told(browser):
    page = save(browser, nick_name="a\x00b")

    assert (page.status, "That cannot be saved" in page.text) == (422, True)


def test_form_with_some_of_the_fields_is_shown_whole(browser):
    form = form_to(browser.get(HOME), "")
    form.values = {"form_token": form.values["form_token"], "language": "!!"}

    page = browser.send(form)

    assert page.status == 422
    assert {"given_name", "was_timezone"} <= set(form_to(page, "").values)


def test_two_edits_at_once_are_merged_and_nothing_is_lost(bob, browser):
    form = form_to(browser.get(HOME), "")
    assert (
        bob.caller.patch("/scim2/Me", {"op": "add", "value": {"nickName": "Bobby", "displayName": "Bob"}}).status_code
        == 200
    )

    page = browser.send(form, nick_name="Rob", family_name="Brown")

    assert (page.status, page.heading) == (412, "Your profile has changed meanwhile")
    assert "Bobby" in page.text
    merged = page.form_with("version")
    browser.send(merged, nick_name="Rob", family_name="Brown")
    me = bob.show()
    assert (me["nickName"], me["name"], me["displayName"]) == ("Rob", {"familyName": "Brown"}, "Bob")


def test_same_edit_twice_is_no_conflict(bob, browser):
    form = form_to(browser.get(HOME), "")
    assert bob.caller.patch("/scim2/Me", {"op": "add", "value": {"nickName": "Rob"}}).status_code == 200

    assert "Your profile is saved." in browser.send(form, nick_name="Rob").text


@pytest.mark.parametrize(("attribute", "value"), [("preferredLanguage", "de-AT"), ("locale", "de_DE")])
def test_pages_speak_the_language_of_the_account(bob, browser, attribute, value):
    bob.caller.patch("/scim2/Me", {"op": "add", "value": {attribute: value}})

    assert browser.get(HOME).language == "de"
    chosen = browser.send(browser.get(HOME).form_with("locale", "here"), locale="fr")
    assert chosen.language == "fr"


def change_password(browser, old=PASSWORD, new=NEW, again=None):
    form = form_to(browser.get(f"{HOME}/security"), "/security/password")
    return browser.send(form, old_password=old, password=new, again=new if again is None else again)


def test_password_is_changed_and_others_are_signed_out(application, browser):
    other, _ = enter(application)

    page = change_password(browser)

    assert "Your password is changed" in page.text
    assert browser.get(HOME).path == HOME
    assert other.get(HOME).path.startswith("/sign-in")
    assert "You are signed in." in enter(application, password=NEW)[1].text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"old": "no horse"}, "old_password"),
        ({"old": ""}, "old_password"),
        ({"new": "short"}, "password"),
        ({"new": ""}, "password"),
        ({"again": "another one"}, "again"),
    ],
    ids=["wrong", "no old", "too short", "no new", "two"],
)
def test_password_that_will_not_do_is_told_beside_its_field(application, browser, values, field):
    page = change_password(browser, **values)

    assert page.status == 422
    assert page.root.find(f".//input[@id='{field}']").get("aria-invalid") == "true"
    assert "You are signed in." in enter(application)[1].text


def test_wrong_passwords_are_counted(start):
    application = start(sign_in_max_wrong="2")
    add_member(application)
    browser, _ = enter(application)

    statuses = [change_password(browser, old="no horse").status for _ in range(3)]

    assert statuses == [422, 422, 429]


def test_password_is_changed_only_by_who_signed_in_a_moment_ago(application, browser):
    application.clock.move(minutes=11)

    assert change_password(browser).path == "/sign-in?return_to=%2Fmyaccount%2Fsecurity&notice=stale"


def choose(browser, policy):
    return browser.send(form_to(browser.get(f"{HOME}/security"), "/security/policy"), policy=policy)


@pytest.mark.parametrize("policy", ["risky", "on"])
def test_second_factor_is_asked_for_more_often_where_one_wants_it(application, bob, browser, policy):
    page = choose(browser, policy)

    assert "That is saved." in page.text
    assert form_to(page, "/security/policy").values["policy"] == policy
    assert application.services.factors.list(bob.id).policy == policy
    assert form_to(choose(browser, ""), "/security/policy").values["policy"] == ""


def test_second_factor_is_never_asked_for_less(application, bob, browser):
    choose(browser, "off")

    assert application.services.factors.list(bob.id).policy is None


def test_other_session_is_ended(application, browser):
    other, _ = enter(application)
    page = browser.get(f"{HOME}/sessions")
    assert page.text.count("This browser") == 1
    assert page.text.count("Firefox on Linux") == 2

    page = browser.send(form_to(page, "/sessions/end"))

    assert "You are signed out there." in page.text
    assert other.get(HOME).path.startswith("/sign-in")
    assert [form for form in page.forms if form.action.startswith(f"{HOME}/sessions")] == []


def test_browser_that_is_not_known_is_told_so(application, bob):
    page = enter_by_session(application, "bob").get(f"{HOME}/sessions")

    assert "Unknown browser This browser Unknown address" in page.text


def test_own_session_is_not_ended_here(application, browser):
    enter(application)
    form = form_to(browser.get(f"{HOME}/sessions"), "/sessions/end")
    sessions = application.services.sessions
    own = sessions.lookup(browser.client.get_cookie("lineproof-session").value).id

    assert browser.send(form, session=own).path == f"{HOME}/sessions"


def test_session_of_somebody_else_is_not_ended(application, browser):
    add_member(application, "ann", p="0155555555", v=("0155555555",))
    ann, _ = enter(application, "ann")
    theirs = application.services.sessions.lookup(ann.client.get_cookie("lineproof-session").value).id
    form = browser.get(f"{HOME}/sessions").form_with("locale")
    form.action = f"{HOME}/sessions/end"

    browser.send(form, session=theirs)

    assert ann.get(HOME).path == HOME


def test_all_other_sessions_are_ended_after_a_question(application, browser):
    others = [enter(application)[0] for _ in range(2)]

    asked = browser.send(form_to(browser.get(f"{HOME}/sessions"), "/sessions/end-others"))
    assert asked.heading == "Sign out everywhere else?"
    page = browser.send(asked.form_with("sure"))

    assert "You are signed out everywhere else." in page.text
    assert [other.get(HOME).path.partition("?")[0] for other in others] == ["/sign-in", "/sign-in"]


def test_application_is_removed_with_all_it_was_given(application, bob, browser):
    shop, own = add_client(application, name="Shop"), add_client(application, name="Our app", is_first_party=True)
    application.services.clients.consent(bob.id, shop.client, frozenset({"openid", "phone"}), as_bob(bob))
    token = shop.tokens(bob.id)["access_token"]
    own.tokens(bob.id)
    page = browser.get(f"{HOME}/applications")
    assert "Shop Has access" in page.text
    assert "see your phone number" in page.text
    assert "Our app Has access" in page.text

    asked = browser.send(next(form for form in page.forms if form.values.get("client") == shop.client.id))
    assert asked.heading == "Remove the application?"
    gone = asked.form_with("client")
    page = browser.send(gone)

    assert "The application is removed." in page.text
    assert "Shop" not in page.text.partition("ask you again.")[2]
    assert shop.introspect(token) == {"active": False}
    assert not application.services.clients.has_consent(bob.id, shop.client, frozenset({"openid"}))
    assert browser.send(gone).path == f"{HOME}/applications"


def test_no_application_is_said(browser):
    assert "You have let no application into your account." in browser.get(f"{HOME}/applications").text


def as_bob(bob):
    return Caller(bob.id, bob.id, "request-0")


def change_number(application, bob, number="0123456789"):
    bob.send(p=number)
    assert bob.validate(application.last_code()).status_code == 200


def test_change_is_taken_back_and_everybody_is_signed_out(start):
    application = start()
    bob = add_member(application, emails=[{"value": "bob@example.com", "primary": True}])
    number = bob.numbers().primary
    change_number(application, bob)
    browser, _ = enter(application)
    page = browser.get(f"{HOME}/history")
    assert "The phone number was changed from …11 to …89." in page.text
    assert "…89 To verify a number Entered" in page.text

    asked = browser.send(form_to(page, "/history/revert"))
    assert asked.heading == "Take this change back?"
    page = browser.send(asked.form_with("sure"))

    assert (page.path, bob.numbers().primary) == ("/sign-in?notice=reverted", number)
    assert "The change is taken back" in page.text
    assert browser.get(HOME).path.startswith("/sign-in")
    page = enter(application)[0].get(f"{HOME}/history")
    assert "Taken back" in page.text
    assert [form for form in page.forms if form.action.endswith("/revert")] == []


def test_change_that_is_too_old_or_another_ones_is_not_taken_back(start):
    application = start()
    ann = add_member(
        application, "ann", emails=[{"value": "ann@example.com", "primary": True}], p="0155555555", v=("0155555555",)
    )
    add_member(application, emails=[{"value": "bob@example.com", "primary": True}])
    change_number(application, ann)
    (change,) = application.services.reverts.list_of(ann.id)
    browser, _ = enter(application)
    form = browser.get(f"{HOME}/history").form_with("locale")
    form.action = f"{HOME}/history/revert"

    page = browser.send(form, change=change.id, sure="yes")

    assert "can be taken back no more" in page.text
    assert ann.numbers().primary == "0123456789"


def test_empty_history_says_so(application):
    application.add_user("ann", password=PASSWORD)

    page = enter_by_session(application, "ann").get(f"{HOME}/history")

    assert "None has been changed yet." in page.text
    assert "None has been sent yet." in page.text


def test_number_in_use_is_proved_before_it_is_changed(start):
    application = start(change_needs_old_number="true")
    add_member(application)
    browser, _ = enter(application)
    page = browser.get(f"{HOME}/mobile")
    refused = browser.send(form_to(page, "/mobile/change"), mobile_value="0123456789")
    assert (refused.status, "Prove the number in use first" in refused.text) == (422, True)

    page = browser.send(form_to(browser.get(f"{HOME}/old-number"), "/old-number/send"))
    empty = browser.send(form_to(page, "/old-number"), code="")
    wrong = browser.send(form_to(page, "/old-number"), code="000000")
    assert [(each.status, each.path) for each in (empty, wrong)] == [(422, f"{HOME}/old-number")] * 2
    early = browser.send(form_to(page, "/old-number/send"))
    assert early.status == 429
    page = browser.send(form_to(page, "/old-number"), code=application.last_code())
    assert "That is proved." in page.text
    page = browser.send(form_to(page, "/mobile/change"), mobile_value="0123456789")

    assert "0123456789 is to be verified" in page.text


def test_proof_that_took_too_long_is_begun_again(application, browser):
    page = browser.send(form_to(browser.get(f"{HOME}/old-number"), "/old-number/send"))
    application.clock.move(minutes=11)

    assert browser.send(form_to(page, "/old-number"), code="123456").path == f"{HOME}/old-number"


def test_nothing_is_proved_where_there_is_no_number(application):
    application.add_user("ann", password=PASSWORD)
    browser = enter_by_session(application, "ann")

    assert browser.send(form_to(browser.get(f"{HOME}/old-number"), "/old-number/send")).path == f"{HOME}/mobile"
