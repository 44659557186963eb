"""Signing in by a temporary access pass, in the place of a password."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from api.services.access_passes import issue_pass
from api.services.attempts import Step
from api.services.callers import Caller
from api.services.errors import SignInRefused
from tests.factories.sign_ins import PASSWORD, Browser, add_member
from verification.errors import LimitReached
from verification.factors import Method

ADMIN = Caller("admin-1", None, "request-1")


@pytest.fixture
def browser(application):
    return Browser(application)


def hand_out(application, user_id, *, once=True):
    core = application.services.core
    lifetime = timedelta(hours=1)
    _, issued = issue_pass(core, user_id, ADMIN, core.clock.now(), lifetime=lifetime, is_usable_once=once)
    return issued.code


def test_a_pass_leads_to_the_enrolment_of_a_factor(application, browser):
    user_id = application.add_user("lee")

    begun = browser.begin("lee", hand_out(application, user_id))

    assert begun.step is Step.ENROLMENT
    sign_in = application.services.sign_in
    code = pyotp.TOTP(sign_in.enrol(begun.flow).secret).at(application.clock.now())
    done = sign_in.confirm(begun.flow, code, browser.caller).authenticated
    assert (done.user_id, done.amr, done.acr) == (user_id, ("otp", "mfa"), "aal2")


def test_a_pass_is_one_factor(application, browser):
    member = add_member(application)

    begun = browser.begin("bob", hand_out(application, member.id))

    assert (begun.step, begun.methods) == (Step.SECOND_FACTOR, (Method.SMS,))
    browser.challenge(begun.flow, Method.SMS)
    done = browser.prove(begun.flow, Method.SMS, application.last_code()).authenticated
    assert (done.amr, done.acr) == (("otp", "sms", "mfa"), "aal2")


def test_a_pass_alone_does_where_nothing_else_is_asked_for(start):
    application = start(mfa="off")
    user_id = application.add_user("lee")

    done = Browser(application).begin("lee", hand_out(application, user_id)).authenticated

    assert (done.user_id, done.amr, done.acr) == (user_id, ("otp",), "aal1")


def test_a_pass_that_is_good_once_is_used_up(application, browser):
    user_id = application.add_user("lee")
    code = hand_out(application, user_id)
    browser.begin("lee", code.lower())

    with pytest.raises(SignInRefused):
        browser.begin("lee", code)


def test_another_pass_is_good_as_long_as_it_lives(application, browser):
    user_id = application.add_user("lee")
    code = hand_out(application, user_id, once=False)
    browser.begin("lee", code)
    browser.begin("lee", code)
    application.clock.move(hours=1)

    with pytest.raises(SignInRefused):
        browser.begin("lee", code)


def test_a_pass_opens_nobody_elses_account(application, browser):
    code = hand_out(application, application.add_user("lee"))
    add_member(application)
    application.add_user("carl", active=False)

    for name in ("bob", "carl", "nobody"):
        with pytest.raises(SignInRefused):
            browser.begin(name, code)


def test_the_pass_of_an_inactive_user_opens_nothing(application, browser):
    user_id = application.add_user("lee")
    code = hand_out(application, user_id)
    application.admin().replace(f"/scim2/Users/{user_id}", {"active": False})

    with pytest.raises(SignInRefused):
        browser.begin("lee", code)


def test_guesses_of_a_pass_are_counted_like_those_of_a_password(application, browser):
    user_id = application.add_user("lee")
    code = hand_out(application, user_id)
    for _ in range(10):
        with pytest.raises(SignInRefused):
            browser.begin("lee", "BCDFGHJKLMNP")

    with pytest.raises(LimitReached):
        browser.begin("lee", code)


def test_a_right_password_stays_one(application, browser):
    member = add_member(application)
    hand_out(application, member.id)

    assert browser.begin("bob", PASSWORD).step is Step.SECOND_FACTOR
