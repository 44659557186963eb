"""Signing in: a password, and a code to the verified number."""

from __future__ import annotations

import pytest

from api.services.attempts import Step
from api.services.errors import NoSuchFlow, SignInRefused
from persistence.sign_ins import CLIENT, USER
from tests.factories.people import ANN, BEN, CODES, wrong
from tests.factories.races import race
from tests.factories.sign_ins import CLIENT as SHOP
from tests.factories.sign_ins import PASSWORD, Browser, add_member
from tests.factories.stored import everything_stored
from verification.errors import CodeExpired, CodeInvalid, LimitReached
from verification.factors import Method, MfaPolicy
from verification.flows import FlowKind
from verification.verifications import Purpose

WSO2 = "urn:scim:wso2:schema"
MAIL = "bob@example.com"


@pytest.fixture
def member(application):
    return add_member(application)


@pytest.fixture
def verifying(start):
    """Start an application that verifies addresses."""
    return start(email_verification="true")


@pytest.fixture
def browser(application):
    return Browser(application)


def read(application, work):
    return application.services.core.database.read(work)


def set_policy(application, kind, subject, policy):
    application.services.core.database.transact(lambda unit: unit.sign_ins.set_policy(kind, subject, policy))


def events(application):
    clock = application.services.core.clock
    clock.move(seconds=1)
    return [event.event for event in application.services.core.database.read(lambda unit: unit.audit.list(clock.now()))]


def test_password_then_code_signs_in(application, member, browser):
    begun = browser.begin("BOB")
    challenged = browser.challenge(begun.flow, Method.SMS)
    done = browser.prove(begun.flow, Method.SMS, application.last_code())

    assert (begun.step, begun.methods, begun.authenticated) == (Step.SECOND_FACTOR, (Method.SMS,), None)
    assert (challenged.sent_to, challenged.resend_after) == ("********11", 30)
    assert done.step is Step.DONE
    assert done.authenticated.user_id == member.id
    assert (done.authenticated.amr, done.authenticated.acr) == (("pwd", "sms", "mfa"), "aal2")
    assert done.authenticated.at == application.clock.now()
    assert "sign_in.succeeded" in events(application)


def test_code_goes_to_the_verified_number_alone(application, member, browser):
    member.send(p=BEN)
    application.deliver()

    browser.challenge(browser.begin().flow, Method.SMS)
    application.deliver()

    assert application.carrier.messages[-1].to == ANN


@pytest.mark.parametrize(
    ("name", "password"),
    [
        pytest.param("bob", "a horse with accumulators", id="wrong password"),
        pytest.param("nobody", PASSWORD, id="unknown name"),
        pytest.param("ann", PASSWORD, id="no password"),
        pytest.param("carl", PASSWORD, id="inactive"),
        pytest.param(MAIL, PASSWORD, id="address that nobody proved"),
        pytest.param("bob\x00", PASSWORD, id="no name at all"),
        pytest.param("", "", id="nothing"),
        pytest.param("bob", PASSWORD + "\ud800", id="half a character"),
    ],
)
def test_what_does_not_go_together_is_refused_alike(application, browser, name, password):
    add_member(application, emails=[{"value": MAIL, "primary": True}])
    application.add_user("ann")
    add_member(application, "carl", active=False)

    with pytest.raises(SignInRefused) as refused:
        browser.begin(name, password)

    assert str(refused.value) == "The user name or the password is not right."


def test_verified_primary_address_is_as_good_as_the_name(verifying):
    application, browser = verifying, Browser(verifying)
    member = add_member(application, emails=[{"value": MAIL, "primary": True}, {"value": "x@example.com"}])
    verify_address(application, member)

    assert browser.begin("Bob@Example.com").step is Step.SECOND_FACTOR
    with pytest.raises(SignInRefused):
        browser.begin("x@example.com")


def test_address_of_two_users_is_nobodys(verifying):
    application, browser = verifying, Browser(verifying)
    for name in ("bob", "ann"):
        verify_address(application, add_member(application, name, emails=[{"value": MAIL, "primary": True}]))

    with pytest.raises(SignInRefused):
        browser.begin(MAIL)


def verify_address(application, member):
    """Have the primary address proved, as if a code had come back."""
    core = application.services.core

    def write(unit):
        user = unit.resources.lock("User", member.id)
        document = user.document()
        document.setdefault(WSO2, {})["emailVerified"] = True
        unit.resources.save(user, core.user_type, document, application.clock.now())

    core.database.transact(write)


def test_wrong_code_is_counted_and_the_fifth_ends_the_flow(application, member, browser):
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    code = application.last_code()

    for _ in range(5):
        with pytest.raises(CodeInvalid):
            browser.prove(flow, Method.SMS, wrong(code))

    with pytest.raises(NoSuchFlow):
        browser.prove(flow, Method.SMS, code)


def test_code_expires(application, member, browser):
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    code = application.last_code()
    application.clock.move(seconds=300)

    with pytest.raises(CodeExpired):
        browser.prove(flow, Method.SMS, code)


def test_another_code_can_be_had_after_the_cooldown(application, member, browser):
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    first = application.last_code()
    with pytest.raises(LimitReached):
        browser.challenge(flow, Method.SMS)
    application.clock.move(seconds=30)
    browser.challenge(flow, Method.SMS)

    with pytest.raises(CodeInvalid):
        browser.prove(flow, Method.SMS, first)
    assert browser.prove(flow, Method.SMS, application.last_code()).step is Step.DONE


def test_flow_is_good_once(application, member, browser):
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    code = application.last_code()
    browser.prove(flow, Method.SMS, code)

    with pytest.raises(NoSuchFlow):
        browser.prove(flow, Method.SMS, code)


def test_flow_ends_when_its_time_is_over(application, member, browser):
    flow = browser.begin().flow
    application.clock.move(seconds=600)

    with pytest.raises(NoSuchFlow):
        browser.challenge(flow, Method.SMS)
    assert application.sweep() == 0
    assert (
        application.services.core.database.read(
            lambda unit: unit.flows.lookup(flow.partition(".")[0], FlowKind.SIGN_IN)
        )
        is None
    )


@pytest.mark.parametrize(
    "change", [lambda flow: flow + "x", lambda flow: flow.partition(".")[0], lambda _: "", str.upper]
)
def test_without_its_secret_a_flow_is_of_no_use(application, member, browser, change):
    flow = browser.begin().flow

    with pytest.raises(NoSuchFlow):
        browser.challenge(change(flow), Method.SMS)


def test_code_of_one_flow_proves_nothing_to_another(application, member, browser):
    """Two sign-ins, and the code of the first is typed into the second."""
    first, second = browser.begin().flow, browser.begin().flow
    browser.challenge(first, Method.SMS)
    code = application.last_code()

    with pytest.raises(CodeInvalid):
        browser.prove(second, Method.SMS, code)


def test_codes_of_one_purpose_prove_nothing_for_another(application, member, browser):
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    of_sign_in = application.last_code()
    member.send(p=BEN)
    of_change = application.last_code()

    assert member.validate(of_sign_in).status_code == 400
    assert application.admin().post(f"{CODES}/validate-code", {"code": of_sign_in}).status_code == 400
    with pytest.raises(CodeInvalid):
        browser.prove(flow, Method.SMS, of_change)
    assert member.validate(of_change).status_code == 200


def test_code_of_a_sign_in_is_no_pending_verification(application, member, browser):
    browser.challenge(browser.begin().flow, Method.SMS)
    live = read(application, lambda unit: unit.verifications.find_live(member.id, Purpose.MFA))

    assert member.listed() == []
    assert member.caller.call("DELETE", f"{CODES}/me/verifications/{live.id}").status_code == 404
    assert member.resend().status_code == 400


def test_lapsed_code_of_a_sign_in_leaves_a_pending_number_alone(application, member, browser):
    member.send(p=BEN)
    browser.challenge(browser.begin().flow, Method.SMS)
    application.clock.move(seconds=601)
    application.sweep()

    assert member.numbers().pending == BEN
    assert (
        application.services.core.database.read(lambda unit: unit.verifications.find_live(member.id, Purpose.MFA))
        is None
    )


def test_deactivated_user_gets_no_further(application, member, browser):
    flow = browser.begin().flow
    application.admin().replace(member.path, {"active": False})

    with pytest.raises(NoSuchFlow):
        browser.challenge(flow, Method.SMS)


def test_unproved_number_is_asked_for_nothing(application, member, browser):
    flow = browser.begin().flow
    application.admin().patch(member.path, {"op": "remove", "path": "phoneNumbers"})

    assert browser.challenge(flow, Method.SMS).methods == ()
    with pytest.raises(CodeInvalid):
        browser.prove(flow, Method.SMS, "123456")


# The policy


def test_where_the_policy_is_off_the_password_will_do(start):
    application = start(mfa="off")
    add_member(application)

    done = Browser(application).begin()

    assert (done.flow, done.authenticated.amr, done.authenticated.acr) == ("", ("pwd",), "aal1")


def test_who_asks_for_two_factors_gets_two(start):
    application = start(mfa="off")
    add_member(application)

    assert Browser(application).begin(acr="aal2").step is Step.SECOND_FACTOR


def test_client_has_a_policy_of_its_own(application, member, browser):
    set_policy(application, CLIENT, SHOP, MfaPolicy.OFF)
    at_shop, elsewhere = browser.begin(), browser.begin(client_id="bank")
    set_policy(application, CLIENT, SHOP, None)

    assert (at_shop.step, elsewhere.step) == (Step.DONE, Step.SECOND_FACTOR)
    assert browser.begin().step is Step.SECOND_FACTOR


def test_user_strengthens_the_policy(start):
    application = start(mfa="off")
    member = add_member(application)
    set_policy(application, USER, member.id, MfaPolicy.ON)

    assert Browser(application).begin(client_id=None).step is Step.SECOND_FACTOR


def settle(application, browser):
    """Let a member sign in once, a day after the password was set."""
    application.clock.move(days=1)
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    browser.prove(flow, Method.SMS, application.last_code())


def test_risky_is_a_place_not_seen_before(start):
    application = start(mfa="risky")
    add_member(application)
    browser = Browser(application)
    settle(application, browser)

    assert browser.begin().step is Step.DONE
    assert Browser(application, ip="192.0.2.99").begin().step is Step.DONE
    assert Browser(application, ip="198.51.100.1").begin().step is Step.SECOND_FACTOR
    assert Browser(application, agent="Browser 2.0").begin().step is Step.SECOND_FACTOR
    assert Browser(application, agent=None).begin().step is Step.SECOND_FACTOR


def test_risky_is_a_number_or_a_password_that_has_just_changed(start):
    application = start(mfa="risky")
    member = add_member(application)
    browser = Browser(application)
    settle(application, browser)
    member.send(p=BEN)
    member.validate(application.last_code())
    after_number = browser.begin().step
    application.clock.move(days=1)
    settled = browser.begin().step
    application.admin().replace(member.path, {"password": PASSWORD + "!"})
    after_password = browser.begin(password=PASSWORD + "!").step

    assert (after_number, settled, after_password) == (Step.SECOND_FACTOR, Step.DONE, Step.SECOND_FACTOR)


# Guesses


def test_wrong_passwords_are_limited_for_known_and_unknown_names_alike(application, member, browser):
    for name in ("bob", "nobody"):
        for _ in range(10):
            with pytest.raises(SignInRefused):
                browser.begin(name, "wrong")
        with pytest.raises(LimitReached) as reached:
            browser.begin(name, PASSWORD)
        assert (reached.value.code, reached.value.retry_after) == ("SIGN_IN_LIMIT", 900)


def test_limit_is_over_after_its_span(application, member, browser):
    for _ in range(10):
        with pytest.raises(SignInRefused):
            browser.begin(password="wrong")
    application.clock.move(seconds=900)

    assert browser.begin().step is Step.SECOND_FACTOR


def test_right_passwords_count_for_nothing(application, member, browser):
    assert {browser.begin().step for _ in range(12)} == {Step.SECOND_FACTOR}


def test_another_name_of_the_same_user_gives_no_more_guesses_and_does_not_tell(verifying):
    application, browser = verifying, Browser(verifying)
    member = add_member(application, emails=[{"value": MAIL, "primary": True}])
    verify_address(application, member)
    for _ in range(10):
        with pytest.raises(SignInRefused):
            browser.begin(password="wrong")

    with pytest.raises(SignInRefused):
        browser.begin(MAIL)


def test_one_source_has_so_many_guesses_over_all_names(start):
    application = start(sign_in_max_wrong_per_ip="3")
    add_member(application)
    for name in ("a", "b", "c"):
        with pytest.raises(SignInRefused):
            Browser(application).begin(name)

    with pytest.raises(LimitReached):
        Browser(application).begin()
    assert Browser(application, ip="192.0.2.2").begin().step is Step.SECOND_FACTOR


def test_parallel_guesses_do_not_outrun_the_count(application, member, browser):
    def guess(_):
        try:
            browser.begin(password="wrong")
        except (SignInRefused, LimitReached) as error:
            return type(error)

    outcomes = race(guess, 50)

    assert (outcomes.count(SignInRefused), outcomes.count(LimitReached)) == (10, 40)


def test_nothing_of_a_sign_in_is_stored_in_the_clear(application, member, browser):
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    code = application.last_code()
    stored = everything_stored(application)

    assert flow not in stored
    assert flow.partition(".")[2] not in stored
    assert PASSWORD not in stored
    assert code not in stored
