"""The Console: how a user signs in, the reset of it, sessions, invitations, and the rights of administrators."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pyotp
import pytest

from api.auth.scopes import ALL_SCOPES, Scope
from api.services.callers import Caller
from tests.factories.people import add_person
from tests.factories.sign_ins import add_member, administrator, signed_in
from verification.methods import MethodKind

MAIL = [{"value": "bob@example.com", "primary": True}]


# The pages are the same on either database, and the use cases below them are tested on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def root(application):
    return administrator(application)


@pytest.fixture
def member(application):
    """Add bob with a password, a proved number, an authenticator, recovery codes and a session."""
    found, now, factors = add_member(application), application.clock.now(), application.services.factors
    signed_in(application, found.id)
    caller = Caller(found.id, found.id, "request", authenticated_at=now)
    enrolment = factors.begin_authenticator(found.id, caller)
    factors.confirm_authenticator(found.id, enrolment.flow, pyotp.TOTP(enrolment.secret).at(now), caller)
    factors.new_recovery_codes(found.id, caller)
    return found


def path(user_id, page):
    return f"/console/users/{user_id}/{page}"


def form_to(page, action):
    """Return the form that goes to a path, the first of several."""
    return next(form for form in page.forms if form.action == action)


def events(application, name):
    return application.admin().get(f"/api/server/v1/audit?event={name}").get_json()["events"]


def test_the_ways_to_sign_in_and_the_sessions_are_shown(root, member):
    text = root.get(path(member.id, "sign-in")).text

    assert "Password" in text
    assert "Mobile phone…11" in text
    assert "Authenticator" in text
    assert "Codes left: 10" in text
    assert text.count("UTC") >= 5
    assert "Send an invitation" not in text


def test_sessions_are_shown_with_their_browsers(application, root, member):
    caller, at = (
        Caller(member.id, member.id, "request", "192.0.2.9", "Firefox/128.0 (Windows)"),
        application.clock.now(),
    )
    application.services.sessions.begin(member.id, amr=("pwd",), acr="aal1", caller=caller, at=at)

    text = root.get(path(member.id, "sign-in")).text

    assert "Unknown browser" in text
    assert "Firefox on Windows" in text


def test_who_has_nothing_is_shown_so(application, root):
    user_id = application.add_user("zoe")

    text = root.get(path(user_id, "sign-in")).text

    assert "There is no way to sign in yet." in text
    assert "Signed in nowhere." in text


def test_a_reset_is_asked_about_done_and_reported(application, root, member):
    question = root.get(path(member.id, "reset"))
    assert question.heading == "Reset how bob signs in?"
    listed = "Authenticator Recovery codes Codes left: 10 Mobile phone …11"
    assert f"These go and cannot be brought back: {listed}" in question.text
    assert "These stay: Password" in question.text

    page = root.send(question.form_with("confirmation"), reason="Ticket 7")

    assert page.heading == "bob is reset"
    assert page.text.count("removed") == 3
    assert "All sessions have ended." in page.text
    assert application.services.sessions.list(member.id) == ()
    shown = root.get(path(member.id, "sign-in")).text
    assert "Authenticator" not in shown
    assert "Signed in nowhere." in shown
    (event,) = events(application, "mfa.reset")
    root_id = application.services.verifications.user_named("root")
    assert (event["actor"], event["subject"], event["detail"]["reason"]) == (root_id, member.id, "Ticket 7")


def test_a_reset_gives_out_a_pass_where_that_is_wanted(root, member):
    question = root.get(path(member.id, "reset"))

    page = root.send(question.form_with("confirmation"), **{"pass": "yes"})

    (code,) = [element.text for element in page.root.iter("code")]
    assert len(code) >= 8
    assert "It is good once, for 60 minutes" in page.text


def test_what_is_no_longer_what_was_shown_is_shown_again(start):
    application = start(fresh_sign_in="3600")
    root, member = administrator(application), add_member(application)
    question = root.get(path(member.id, "reset"))
    application.clock.move(minutes=11)

    again = root.send(question.form_with("confirmation"), reason="Ticket 7")

    assert again.status == 422
    assert "What would go is no longer what was shown" in again.text
    assert again.form_with("confirmation").values["reason"] == "Ticket 7"
    assert root.send(again.form_with("confirmation")).heading == "bob is reset"
    assert "There is nothing that would go." in root.get(path(member.id, "reset")).text


def test_a_reason_that_is_too_long_is_told(root, member):
    question = root.get(path(member.id, "reset"))

    assert "200 characters at most" in root.send(question.form_with("confirmation"), reason="x" * 201).text


def test_many_resets_within_the_hour_are_refused(start):
    application = start(resets_per_hour="1")
    root, bob = administrator(application), add_person(application)
    root.send(root.get(path(bob.id, "reset")).form_with("confirmation"))

    page = root.send(root.get(path(bob.id, "reset")).form_with("confirmation"))

    assert page.status == 429
    assert "You have reset many users within the hour. Try again in" in page.text


def removals(page):
    return [link.get("href") for link in page.root.iter("a") if (link.get("href") or "").endswith("/remove")]


def test_one_way_to_sign_in_is_removed_after_a_question(application, root, member):
    page = root.get(path(member.id, "sign-in"))
    # What a sign-in asks for goes last, and a password never.
    assert [each.split("/")[5] for each in removals(page)] == ["phone", "recoveryCodes"]
    assert "goes after the others" in page.text
    question = root.get(removals(page)[0])
    assert question.heading == "Remove Mobile phone of bob?"
    assert "The number stays, and is no longer verified." in question.text
    assert len(application.services.methods.list(member.id)[1]) == 4

    page = root.send(form_to(question, removals(page)[0]))

    assert "Mobile phone of bob is removed." in page.text
    assert [each.split("/")[5] for each in removals(page)] == ["softwareOath", "recoveryCodes"]
    (event,) = events(application, "method.removed")
    root_id = application.services.verifications.user_named("root")
    assert (event["actor"], event["subject"], event["detail"]["kind"]) == (root_id, member.id, "phone")
    page = root.send(form_to(root.get(removals(page)[0]), removals(page)[0]))
    # They stood in for what is gone.
    assert removals(page) == []
    assert [item.method.kind for item in application.services.methods.list(member.id)[1]] == ["password"]


def test_what_has_to_stay_or_is_gone_is_told(application, root, member):
    question = root.get(removals(root.get(path(member.id, "sign-in")))[0])
    form = form_to(question, question.path)
    _, methods = application.services.methods.list(member.id)
    (oath,) = [item.method.id for item in methods if item.method.kind is MethodKind.SOFTWARE_OATH]
    (password,) = [item.method.id for item in methods if item.method.kind is MethodKind.PASSWORD]
    of_oath, of_password = (
        path(member.id, f"methods/{kind}/{key}/remove")
        for kind, key in (("softwareOath", oath), ("password", password))
    )

    kept = root.send(replace(form, action=of_oath))
    assert (kept.status, "what a sign-in asks for goes last" in kept.text) == (409, True)
    assert root.get(of_password).status == 404
    assert "gone already" in root.send(replace(form, action=of_password)).text
    root.send(form)
    assert "gone already" in root.send(form).text
    assert len(application.services.methods.list(member.id)[1]) == 3


def test_who_may_not_reset_removes_no_method(application, member):
    helper = administrator(application, "ann", frozenset({Scope.USER_VIEW}))

    assert removals(helper.get(path(member.id, "sign-in"))) == []


def test_a_user_is_signed_out_everywhere_after_a_question(application, root, member):
    question = root.get(path(member.id, "sign-out"))
    assert question.heading == "Sign bob out everywhere?"

    page = root.send(form_to(question, path(member.id, "sign-out")))

    assert "bob is signed out everywhere." in page.text
    assert application.services.sessions.list(member.id) == ()


def test_a_user_is_signed_out_of_one_browser(application, root, member):
    signed_in(application, member.id)
    of_ann = signed_in(application, application.add_user("ann"))
    page = root.get(path(member.id, "sign-in"))
    form = form_to(page, path(member.id, "end-session"))

    page = root.send(form)

    assert "bob is signed out there." in page.text
    (left,) = application.services.sessions.list(member.id)
    assert left.id != form.values["session"]
    theirs = application.services.sessions.lookup(of_ann.client.get_cookie("lineproof-session").value)
    root.send(form, session=theirs.id)
    assert application.services.sessions.list(theirs.user_id) == (theirs,)
    own = application.services.verifications.user_named("root")
    assert not [form for form in root.get(path(own, "sign-in")).forms if form.action.endswith("/end-session")]


def test_an_invitation_is_sent_again(application, root):
    user_id = application.add_user("zoe", emails=MAIL)
    page = root.get(path(user_id, "sign-in"))

    for _ in range(2):
        page = root.send(form_to(page, path(user_id, "invite")))
        assert "The invitation is on its way to b***@e***.com." in page.text
    assert len(events(application, "user.invited")) == 2


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({}, "no mail address"),
        ({"emails": MAIL, "active": False}, "This user is inactive"),
        ({"emails": MAIL, "password": "a horse with batteries"}, "has a password already"),
    ],
)
def test_who_cannot_be_invited_is_told_why(application, root, attributes, told):
    page = root.get(path(application.add_user("yan"), "sign-in"))
    form = next(form for form in page.forms if form.action.endswith("/invite"))
    form.action = path(application.add_user("zoe", **attributes), "invite")

    page = root.send(form)

    assert page.status == 409
    assert told in page.text


def test_too_many_invitations_are_told(start):
    application = start(otp_max_sends_per_hour="1")
    root = administrator(application)
    user_id = application.add_user("zoe", emails=MAIL)
    page = root.get(path(user_id, "sign-in"))
    form = next(form for form in page.forms if form.action.endswith("/invite"))
    root.send(form)

    page = root.send(form)

    assert (page.status, page.answer.headers["Retry-After"]) == (429, "3600")
    assert "Too many codes have been sent. Try again in" in page.text


def test_rights_are_given_taken_and_put_back(application, root, bob):
    page = root.get(path(bob.id, "rights"))
    rights = application.services.administrators

    form = form_to(page, path(bob.id, "rights"))
    page = root.send(form, internal_user_mgt_list="yes", internal_user_mgt_view="yes")
    assert rights.lookup(bob.id).scopes == {Scope.USER_LIST, Scope.USER_VIEW}
    question = root.get(path(bob.id, "rights/all"))
    assert question.heading == "Give bob every right?"
    assert rights.lookup(bob.id).scopes == {Scope.USER_LIST, Scope.USER_VIEW}
    page = root.send(question.form_with("rights"))
    assert rights.lookup(bob.id).scopes == ALL_SCOPES
    assert "The rights of bob are saved." in page.text
    undo = form_to(page, path(bob.id, "rights"))
    root.send(undo)
    assert rights.lookup(bob.id).scopes == {Scope.USER_LIST, Scope.USER_VIEW}
    question = root.get(path(bob.id, "rights/none"))
    assert question.heading == "Take all rights from bob?"
    root.send(question.form_with("rights"))
    assert rights.lookup(bob.id).scopes == frozenset()


def test_rights_are_given_or_taken_whole_by_two_names_only(root, bob):
    assert root.get(path(bob.id, "rights/some")).status == 404
    links = [link.get("href") for link in root.get(path(bob.id, "rights")).root.iter("a")]
    assert path(bob.id, "rights/all") in links
    # There is nothing to be taken from who has none.
    assert path(bob.id, "rights/none") not in links


def test_every_right_can_be_given(root, bob):
    page = root.get(path(bob.id, "rights"))

    names = {field.get("name") for field in page.root.iter("input") if field.get("type") == "checkbox"}
    assert names == ALL_SCOPES


def test_rights_are_changed_after_a_fresh_sign_in_only(application, root, bob):
    form = root.get(path(bob.id, "rights/all")).form_with("rights")
    application.clock.move(minutes=11)

    page = root.send(form)

    assert page.path.startswith("/sign-in?return_to=%2Fconsole%2Fusers%2F")
    assert "Sign in again before you change what others may do." in page.text
    assert application.services.administrators.lookup(bob.id).scopes == frozenset()


BACK = {
    "": "",
    "active": "",
    "delete": "/delete",
    "reset": "/reset",
    "methods/phone/x/remove": "/methods/phone/x/remove",
    "sign-out": "/sign-out",
    "invite": "/sign-in",
    "mobile/add": "/mobile",
    "mobile/primary": "/mobile",
    "email/remove": "/email",
}
"""Acts on a user, and the pages that are gone on from after another sign-in."""


def sign_in_for(user_id, page):
    return f"/sign-in?return_to={quote(f'/console/users/{user_id}{page}', safe='')}&notice=stale_console"


@pytest.mark.parametrize("who", ["root", "ann"])
@pytest.mark.parametrize("act", BACK)
def test_administrators_are_changed_after_a_fresh_sign_in_only(application, root, who, act):
    administrator(application, "ann", frozenset({Scope.USER_LIST}))
    user_id = application.services.verifications.user_named(who)
    form = root.get("/console/new-user").form_with("user_name")
    form.action = path(user_id, act).removesuffix("/")
    before = application.admin().get(f"/scim2/Users/{user_id}").get_json()
    application.clock.move(minutes=11)

    page = root.send(form, **{"pass": "yes", "display_name": "Me", "mobile_value": "0777123456"})

    assert page.path == sign_in_for(user_id, BACK[act])
    assert "Sign in again first" in page.text
    assert application.admin().get(f"/scim2/Users/{user_id}").get_json() == before


def test_what_is_asked_about_an_administrator_comes_back_after_the_sign_in(application, root):
    user_id = application.services.verifications.user_named("root")
    application.clock.move(minutes=11)

    page = root.get(path(user_id, "reset"))

    assert page.path == sign_in_for(user_id, "/reset")


WEAKENING = {
    "": {"mobile": "0777123456"},
    "delete": {},
    "reset": {"confirmation": "x"},
    "methods/phone/x/remove": {},
    "mobile/change": {"mobile_value": "0777123456"},
    "mobile/primary": {"mobile_value": "0777123456"},
    "mobile/add": {"mobile_value": "0777123456"},
    "mobile/prove": {"mobile_value": "0777123456"},
    "email/remove": {"email_value": "bob@example.com"},
}


@pytest.mark.parametrize("act", WEAKENING)
def test_nobody_loses_protection_by_a_browser_that_was_left_open(application, root, member, act):
    form = root.get("/console/new-user").form_with("user_name")
    form.action = path(member.id, act).removesuffix("/")
    before = application.admin().get(f"/scim2/Users/{member.id}").get_json()
    application.clock.move(minutes=11)

    page = root.send(form, **WEAKENING[act])

    assert page.path == sign_in_for(member.id, BACK.get(act, "/mobile"))
    assert application.admin().get(f"/scim2/Users/{member.id}").get_json() == before
    assert len(application.services.methods.list(member.id)[1]) == 4


@pytest.mark.parametrize("page", ["reset", "delete"])
def test_nobody_is_asked_before_who_has_to_sign_in_again(application, root, member, page):
    application.clock.move(minutes=11)

    assert root.get(path(member.id, page)).path == sign_in_for(member.id, f"/{page}")


def test_all_else_goes_on_as_long_as_one_is_signed_in(application, root, member):
    page = root.get(path(member.id, "mobile"))
    waits = root.send(form_to(page, path(member.id, "mobile/change")), mobile_value="0777123456")
    form = root.get(f"/console/users/{member.id}").form_with("version")
    application.clock.move(minutes=11)

    page = root.send(form, display_name="Robert")
    assert page.heading == "Robert"
    assert root.send(form_to(waits, path(member.id, "mobile/resend"))).path == path(member.id, "mobile")
    question = root.get(path(member.id, "sign-out"))
    assert "is signed out everywhere" in root.send(form_to(question, path(member.id, "sign-out"))).text


@pytest.mark.parametrize("page", ["mobile", "email", "rights"])
def test_forms_say_beforehand_that_they_take_another_sign_in(application, root, member, page):
    assert "shortly after signing in" not in root.get(path(member.id, page)).text
    application.clock.move(minutes=11)

    shown = root.get(path(member.id, page))

    assert "shortly after signing in. Sign in again" in shown.text
    assert sign_in_for(member.id, f"/{page}") in [link.get("href") for link in shown.root.iter("a")]


def test_nobody_gets_a_pass_of_themselves(application, root):
    question = root.get(path(application.services.verifications.user_named("root"), "reset"))
    assert "pass" not in {field.get("name") for field in question.root.iter("input")}

    page = root.send(question.form_with("confirmation"), **{"pass": "yes"})

    assert page.heading == "root is reset"
    assert list(page.root.iter("code")) == []


def test_nobody_changes_the_own_rights(application, root):
    page = root.get(path(application.services.verifications.user_named("root"), "rights"))

    assert "Nobody changes the own rights." in page.text
    assert not [form for form in page.forms if form.action.endswith("/rights")]


def test_who_has_not_every_right_sees_no_rights(application, bob):
    page = administrator(application, "ann", ALL_SCOPES - {Scope.INTROSPECT}).get(f"/console/users/{bob.id}")

    assert path(bob.id, "rights") not in [link.get("href") for link in page.root.iter("a")]
