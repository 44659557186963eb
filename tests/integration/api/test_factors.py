"""Second factors: enrolled by their user after a fresh sign-in, and good for signing in."""

from __future__ import annotations

import pyotp
import pytest

from api.services.attempts import Step
from api.services.errors import NoSuchFlow
from api.services.notices import MOST_SMS_A_DAY
from tests.factories.people import ANN
from tests.factories.races import race
from tests.factories.sign_ins import CLIENT, Browser, add_member
from tests.factories.stored import everything_stored
from tests.factories.verification import key_ring
from verification.errors import CodeInvalid, LimitReached
from verification.factors import Method

MFA = "/api/identity/mfa/v1.0"


@pytest.fixture
def member(application):
    return add_member(application)


@pytest.fixture
def browser(application):
    return Browser(application)


def code_of(application, secret, steps=0):
    return pyotp.HOTP(secret).at(int(application.clock.now().timestamp()) // 30 + steps)


def enrol(application, member):
    """Enrol an authenticator and return its secret."""
    begun = member.caller.post(f"{MFA}/me/totp", None).get_json()
    code = code_of(application, begun["secret"])
    answer = member.caller.post(f"{MFA}/me/totp/confirm", {"enrolment": begun["enrolment"], "code": code})
    assert answer.status_code == 204
    application.clock.move(seconds=30)
    return begun["secret"]


def recovery_codes(member):
    answer = member.caller.post(f"{MFA}/me/recovery-codes", None)
    assert answer.status_code == 201
    return answer.get_json()["codes"]


def sign_in(browser, method, code):
    return browser.prove(browser.begin().flow, method, code)


def test_an_authenticator_is_enrolled_by_its_first_code(application, member, browser):
    secret = enrol(application, member)

    listed = member.caller.get(f"{MFA}/me/factors").get_json()
    done = sign_in(browser, Method.TOTP, code_of(application, secret))

    assert listed == {
        "number": "********11",
        "authenticatorSince": "2026-11-22T09:00:00.000Z",
        "recoveryCodesLeft": 0,
        "policy": None,
    }
    assert (done.authenticated.amr, done.authenticated.acr) == (("pwd", "otp", "mfa"), "aal2")


def test_enrolment_shows_secret_uri_and_qr_code(application, member):
    answer = member.caller.post(f"{MFA}/me/totp", None)
    begun = answer.get_json()

    assert answer.status_code == 201
    assert begun["uri"] == f"otpauth://totp/Lineproof:bob?secret={begun['secret']}&issuer=Lineproof"
    assert begun["qr"].startswith("<svg ")
    assert "style" not in begun["qr"]


def test_without_its_first_code_an_authenticator_counts_for_nothing(application, member, browser):
    begun = member.caller.post(f"{MFA}/me/totp", None).get_json()
    body = {"enrolment": begun["enrolment"], "code": code_of(application, begun["secret"], steps=5)}

    assert member.caller.post(f"{MFA}/me/totp/confirm", body).get_json()["code"] == "18001"
    assert browser.begin().methods == (Method.SMS,)


def test_an_enrolment_takes_five_wrong_codes_and_no_more(application, member):
    begun = member.caller.post(f"{MFA}/me/totp", None).get_json()
    wrong = {"enrolment": begun["enrolment"], "code": "nothing"}

    statuses = [member.caller.post(f"{MFA}/me/totp/confirm", wrong).status_code for _ in range(6)]

    assert statuses == [400] * 5 + [404]


def test_an_enrolment_is_its_users_alone(application, member):
    begun = member.caller.post(f"{MFA}/me/totp", None).get_json()
    eve = add_member(application, "eve")
    body = {"enrolment": begun["enrolment"], "code": code_of(application, begun["secret"])}

    assert eve.caller.post(f"{MFA}/me/totp/confirm", body).status_code == 404
    assert member.caller.post(f"{MFA}/me/totp/confirm", body).status_code == 204
    assert member.caller.post(f"{MFA}/me/totp/confirm", body).status_code == 404


def test_a_code_of_an_authenticator_is_accepted_once(application, member, browser):
    secret = enrol(application, member)
    code = code_of(application, secret)
    sign_in(browser, Method.TOTP, code)

    with pytest.raises(CodeInvalid):
        sign_in(browser, Method.TOTP, code)


def test_the_code_that_enrolled_it_does_not_sign_in(application, member, browser):
    begun = member.caller.post(f"{MFA}/me/totp", None).get_json()
    code = code_of(application, begun["secret"])
    member.caller.post(f"{MFA}/me/totp/confirm", {"enrolment": begun["enrolment"], "code": code})

    with pytest.raises(CodeInvalid):
        sign_in(browser, Method.TOTP, code)


def test_an_authenticator_is_removed(application, member, browser):
    secret = enrol(application, member)

    assert member.caller.call("DELETE", f"{MFA}/me/totp").status_code == 204
    assert member.caller.call("DELETE", f"{MFA}/me/totp").status_code == 404
    with pytest.raises(CodeInvalid):
        sign_in(browser, Method.TOTP, code_of(application, secret))


def test_a_recovery_code_signs_in_once(application, member, browser):
    codes = recovery_codes(member)
    begun = browser.begin()
    done = browser.prove(begun.flow, Method.RECOVERY_CODE, codes[0].lower().replace("-", " "))

    assert begun.methods == (Method.SMS, Method.RECOVERY_CODE)
    assert done.authenticated.amr == ("pwd", "otp", "mfa")
    assert member.caller.get(f"{MFA}/me/factors").get_json()["recoveryCodesLeft"] == 9
    with pytest.raises(CodeInvalid):
        sign_in(browser, Method.RECOVERY_CODE, codes[0])


def test_new_recovery_codes_end_those_before(application, member, browser):
    before, after = recovery_codes(member), recovery_codes(member)

    with pytest.raises(CodeInvalid):
        sign_in(browser, Method.RECOVERY_CODE, before[0])
    assert sign_in(browser, Method.RECOVERY_CODE, after[0]).step is Step.DONE


def test_somebody_elses_recovery_code_is_none(application, member, browser):
    recovery_codes(member)
    codes = recovery_codes(add_member(application, "eve"))

    with pytest.raises(CodeInvalid):
        sign_in(browser, Method.RECOVERY_CODE, codes[0])


def test_a_code_of_one_method_is_none_of_another(application, member, browser):
    secret, codes = enrol(application, member), recovery_codes(member)

    for method, code in ((Method.SMS, code_of(application, secret)), (Method.TOTP, codes[0])):
        with pytest.raises(CodeInvalid):
            sign_in(browser, method, code)


def test_guesses_of_all_methods_are_counted_together(start):
    application = start(otp_max_wrong_per_day="4")
    member, browser = add_member(application), Browser(application)
    secret, codes = enrol(application, member), recovery_codes(member)
    for method in (Method.TOTP, Method.RECOVERY_CODE) * 2:
        with pytest.raises(CodeInvalid):
            sign_in(browser, method, "x" * 16)

    for method, code in ((Method.TOTP, code_of(application, secret)), (Method.RECOVERY_CODE, codes[0])):
        with pytest.raises(LimitReached):
            sign_in(browser, method, code)


@pytest.mark.parametrize("method", [Method.TOTP, Method.RECOVERY_CODE])
def test_parallel_guesses_in_many_flows_do_not_outrun_the_count(start, method):
    application = start(otp_max_wrong_per_day="7")
    member, browser = add_member(application), Browser(application)
    enrol(application, member)
    recovery_codes(member)
    flows = [browser.begin().flow for _ in range(10)]

    def guess(number):
        try:
            browser.prove(flows[number % 10], method, "B" * 16)
        except (CodeInvalid, LimitReached, NoSuchFlow) as error:
            return type(error)

    outcomes = race(guess, 50)

    assert outcomes.count(CodeInvalid) == 7
    assert outcomes.count(LimitReached) == 43


def test_the_same_code_at_once_signs_in_once(application, member, browser):
    codes = recovery_codes(member)
    flows = [browser.begin().flow for _ in range(8)]

    def prove(number):
        try:
            return browser.prove(flows[number], Method.RECOVERY_CODE, codes[0]).step
        except CodeInvalid:
            return None

    assert race(prove, 8).count(Step.DONE) == 1


# A first factor within the sign-in


def test_who_has_no_second_factor_enrols_one_to_sign_in(application, browser):
    add_member(application, v=())
    begun = browser.begin()
    sign_ins = application.services.sign_in
    shown = sign_ins.enrol(begun.flow)
    again = sign_ins.enrol(begun.flow)
    with pytest.raises(CodeInvalid):
        sign_ins.confirm(begun.flow, "nothing", browser.caller)
    done = sign_ins.confirm(begun.flow, code_of(application, shown.secret), browser.caller)

    assert (begun.step, begun.methods) == (Step.ENROLMENT, ())
    assert shown == again
    assert (done.authenticated.amr, done.authenticated.acr) == (("pwd", "otp", "mfa"), "aal2")
    assert browser.begin().methods == (Method.TOTP,)


def test_a_sign_in_that_waits_for_a_code_enrols_nothing(application, member, browser):
    flow = browser.begin().flow

    with pytest.raises(NoSuchFlow):
        application.services.sign_in.enrol(flow)
    with pytest.raises(NoSuchFlow):
        application.services.sign_in.confirm(flow, "123456", browser.caller)


def test_unshown_secret_has_no_code(application, browser):
    add_member(application, v=())

    with pytest.raises(CodeInvalid):
        application.services.sign_in.confirm(browser.begin().flow, "123456", browser.caller)


def test_who_has_got_a_factor_meanwhile_is_asked_for_that_one(application, browser):
    member = add_member(application, v=())
    flow = browser.begin().flow
    secret = application.services.sign_in.enrol(flow).secret
    enrol(application, member)

    with pytest.raises(NoSuchFlow):
        application.services.sign_in.confirm(flow, code_of(application, secret), browser.caller)


# A fresh sign-in


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/totp", None),
        ("POST", "/me/totp/confirm", {"enrolment": "x", "code": "x"}),
        ("DELETE", "/me/totp", None),
        ("POST", "/me/recovery-codes", None),
        ("PUT", "/me/policy", {"policy": "on"}),
    ],
)
def test_factors_are_changed_soon_after_a_sign_in(application, member, method, path, body):
    application.clock.move(seconds=601)

    answer = member.caller.call(method, MFA + path, body)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "STALE_AUTHENTICATION")
    challenge = 'Bearer realm="lineproof", error="insufficient_user_authentication", max_age="600"'
    assert answer.headers["WWW-Authenticate"] == challenge


def test_an_application_has_no_factors(application):
    assert application.admin().get(f"{MFA}/me/factors").status_code == 404


# Policies


def test_a_user_wishes_for_a_second_factor(start):
    application = start(mfa="off")
    member, browser = add_member(application), Browser(application)

    assert member.caller.call("PUT", f"{MFA}/me/policy", {"policy": "on"}).status_code == 204
    assert browser.begin().step is Step.SECOND_FACTOR
    assert member.caller.get(f"{MFA}/me/factors").get_json()["policy"] == "on"
    assert member.caller.call("PUT", f"{MFA}/me/policy", {"policy": None}).status_code == 204
    assert browser.begin().step is Step.DONE


def test_an_administrator_sets_policies_of_clients_and_users(start):
    application = start(mfa="risky")
    member, browser, admin = add_member(application), Browser(application), application.admin()

    assert admin.call("PUT", f"{MFA}/clients/{CLIENT}/policy", {"policy": "off"}).status_code == 204
    assert browser.begin().step is Step.DONE
    assert admin.call("PUT", f"{MFA}/users/{member.id}/policy", {"policy": "on"}).status_code == 204
    assert browser.begin().step is Step.SECOND_FACTOR
    assert admin.call("PUT", f"{MFA}/users/nobody/policy", {"policy": "on"}).status_code == 404
    assert admin.call("PUT", f"{MFA}/clients/{CLIENT}/policy", {"policy": "never"}).status_code == 400


# At rest


def test_secrets_and_recovery_codes_are_not_stored_in_the_clear(application, member):
    secret, codes = enrol(application, member), recovery_codes(member)
    stored = everything_stored(application)

    assert secret not in stored
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


def test_factors_outlive_a_new_master_key_and_are_sealed_with_it(start, keys):
    first = start()
    member = add_member(first)
    secret, codes = enrol(first, member), recovery_codes(member)
    second = start(master_keys=f"{key_ring('k9').export()},{keys['master_keys']}")
    second.clock.moment = first.clock.moment
    browser = Browser(second)

    assert sign_in(browser, Method.TOTP, code_of(second, secret)).step is Step.DONE
    assert sign_in(browser, Method.RECOVERY_CODE, codes[0]).step is Step.DONE
    stored = second.services.core.database.read(lambda unit: unit.factors.authenticator(member.id))
    assert stored.sealed.startswith("k9:")


def test_whoever_gets_or_loses_a_second_factor_is_told(application):
    member = add_member(application, emails=[{"value": "bob@example.com"}])

    def told():
        application.deliver()
        messages, application.notices.messages = application.notices.messages, []
        return {(message.to, message.subject) for message in messages}

    enrol(application, member)
    added = told()
    recovery_codes(member)
    made = told()
    member.caller.call("DELETE", f"{MFA}/me/totp")
    removed = told()

    assert added == made == {(ANN, None), ("bob@example.com", "A second factor was added")}
    assert removed == {(ANN, None), ("bob@example.com", "A second factor was removed")}


def test_a_loop_of_recovery_codes_costs_few_messages(application):
    member = add_member(application, emails=[{"value": "bob@example.com"}])
    enrol(application, member)
    for _ in range(MOST_SMS_A_DAY + 2):
        recovery_codes(member)
    application.deliver()
    told = [message.to for message in application.notices.messages]
    application.notices.messages.clear()
    application.admin().patch(f"/scim2/Users/{member.id}", {"op": "remove", "path": 'phoneNumbers[type eq "mobile"]'})
    application.deliver()

    assert told.count(ANN) == MOST_SMS_A_DAY
    assert told.count("bob@example.com") == MOST_SMS_A_DAY + 3
    assert ANN in [message.to for message in application.notices.messages]


def test_a_factor_that_is_not_added_or_removed_is_not_told(application, member):
    begun = member.caller.post(f"{MFA}/me/totp", None).get_json()
    wrong_code = code_of(application, begun["secret"], steps=100)
    member.caller.post(f"{MFA}/me/totp/confirm", {"enrolment": begun["enrolment"], "code": wrong_code})
    member.caller.call("DELETE", f"{MFA}/me/totp")

    application.deliver()

    assert application.notices.messages == []
