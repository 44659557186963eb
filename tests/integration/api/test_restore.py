"""Restoring a lost phone, by its owner and by everybody else."""

from __future__ import annotations

import re

import pytest

from api.services.attempts import Step
from tests.factories.browsing import Browser as Visitor
from tests.factories.people import ANN, BEN, CAT, CODES, wrong
from tests.factories.races import race
from tests.factories.servers import WSO2
from tests.factories.sign_ins import PASSWORD, Browser, add_member
from tests.factories.stored import everything_stored
from verification.factors import Method

RESTORE = "/api/identity/recovery/v1.0/phone"
MAIL = "bob@example.com"
NEW = "0199999999"
LINK = re.compile(r"http://\S+(/revert/[A-Za-z0-9_-]{43})\n")


class Restoring:
    """Somebody who restores a phone: a flow and its secret."""

    def __init__(self, application, mail=MAIL):
        self.application = application
        answer = self.post("start", {"email": mail})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.hold = answer.get_json()

    def post(self, step, body):
        return self.application.app.test_client().post(f"{RESTORE}/{step}", json=body)

    def step(self, name, **body):
        return self.post(name, {**self.hold, **body})

    def code(self):
        return self.application.last_code()

    def through_mailbox(self):
        answer = self.step("verify-email", code=self.code())
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def through_phone(self, number=NEW):
        assert self.step("phone", phoneNumber=number).status_code == 200
        return self.step("verify-phone", code=self.code())


def add_owner(application, name="bob", mail=MAIL, **attributes):
    """Add a member whose primary address is verified."""
    member = add_member(application, name, emails=[{"value": mail, "primary": True}], **attributes)
    core = application.services.core

    def write(unit):
        user = unit.resources.lock("User", member.id)
        document = user.document()
        document.setdefault(WSO2, {})["emailVerified"] = True
        unit.resources.save(user, core.user_type, document, application.clock.now())

    core.database.transact(write)
    return member


def recovery_codes(member):
    return member.caller.post("/api/identity/mfa/v1.0/me/recovery-codes", None).get_json()["codes"]


@pytest.fixture
def begin(start):
    """Start an application that verifies addresses."""
    return lambda **settings: start(email_verification="true", **settings)


@pytest.fixture
def application(begin):
    return begin()


@pytest.fixture
def owner(application):
    return add_owner(application)


def test_mailbox_password_and_new_number_restore_the_phone(application, owner):
    restoring = Restoring(application)
    first = restoring.through_mailbox()
    second = restoring.step("prove", password=PASSWORD).get_json()
    third = restoring.step("phone", phoneNumber=NEW).get_json()
    last = restoring.step("verify-phone", code=restoring.code())

    assert first == {"next": "prove", "proof": "password"}
    assert second == {"next": "phone"}
    assert third == {"next": "verify-phone", "sentTo": "********99"}
    assert (last.status_code, last.get_json()) == (200, {"next": None})
    numbers = owner.numbers()
    assert (numbers.primary, numbers.is_verified, numbers.pending) == (NEW, True, None)
    assert (numbers.listed, numbers.verified) == ((NEW,), (NEW,))


def test_next_sign_in_asks_for_the_new_phone(application, owner):
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)
    restoring.through_phone()
    browser = Browser(application)

    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    done = browser.prove(flow, Method.SMS, application.last_code())

    assert application.carrier.messages[-1].to == NEW
    assert done.step is Step.DONE


def test_restore_ends_tokens_and_pending_numbers(application, owner):
    owner.send(p=BEN)
    pending_code = application.last_code()
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)
    application.clock.move(seconds=1)
    restoring.through_phone()
    application.clock.move(seconds=1)

    assert owner.caller.get("/scim2/Me").status_code == 401
    owner.caller = application.user(owner.id)
    assert owner.validate(pending_code).status_code == 400
    assert owner.numbers().primary == NEW


def test_a_token_is_given_only_where_the_deployment_says_so(begin):
    application = begin(restore_signs_in="true", restore_policy="email")
    owner = add_owner(application)
    restoring = Restoring(application)
    restoring.through_mailbox()

    token = restoring.through_phone().get_json()["accessToken"]

    me = type(owner.caller)(application, token).get("/scim2/Me")
    assert (me.status_code, me.get_json()["id"]) == (200, owner.id)


# With the mailbox alone, under each policy


@pytest.mark.parametrize(
    ("policy", "following"),
    [
        ("email", {"next": "phone"}),
        ("email+password", {"next": "prove", "proof": "password"}),
        ("email+recovery-code", {"next": "prove", "proof": "recovery-code"}),
        ("strongest", {"next": "prove", "proof": "recovery-code"}),
    ],
)
def test_the_mailbox_alone_is_enough_only_where_the_policy_says_so(begin, policy, following):
    application = begin(restore_policy=policy)
    owner = add_owner(application)
    recovery_codes(owner)
    restoring = Restoring(application)
    reached = restoring.through_mailbox()

    answer = restoring.step("phone", phoneNumber=NEW)

    assert reached == following
    assert answer.status_code == (200 if policy == "email" else 404)
    assert owner.numbers().primary == ANN


def test_strongest_is_what_the_user_has(application, owner):
    with_password = Restoring(application).through_mailbox()
    recovery_codes(owner)
    application.clock.move(seconds=60)
    with_codes = Restoring(application).through_mailbox()

    assert (with_password["proof"], with_codes["proof"]) == ("password", "recovery-code")


def test_who_has_neither_proves_the_mailbox(application):
    add_owner(application, password="")

    assert Restoring(application).through_mailbox() == {"next": "phone"}


def test_a_recovery_code_is_used_up_by_a_restore(application, owner):
    codes = recovery_codes(owner)
    restoring = Restoring(application)
    restoring.through_mailbox()

    refused = restoring.step("prove", recoveryCode=codes[0][:-1] + ("B" if codes[0][-1] != "B" else "C"))
    taken = restoring.step("prove", recoveryCode=codes[0])
    restored = restoring.through_phone()

    assert (refused.status_code, refused.get_json()["code"]) == (403, "PROOF_REFUSED")
    assert (taken.status_code, restored.status_code) == (200, 200)
    owner.caller = application.user(owner.id)
    assert owner.caller.get("/api/identity/mfa/v1.0/me/factors").get_json()["recoveryCodesLeft"] == 9


def test_proof_of_the_other_kind_is_none(application, owner):
    codes = recovery_codes(owner)
    restoring = Restoring(application)
    restoring.through_mailbox()

    assert restoring.step("prove", password=PASSWORD).status_code == 403
    assert restoring.step("prove", password=PASSWORD, recoveryCode=codes[0]).status_code == 400
    assert restoring.step("prove").status_code == 400


def test_five_wrong_passwords_end_the_flow(application, owner):
    restoring = Restoring(application)
    restoring.through_mailbox()

    statuses = [restoring.step("prove", password="wrong").status_code for _ in range(5)]

    assert statuses[:4] == [403] * 4
    assert restoring.step("prove", password=PASSWORD).status_code == 404


def test_wrong_passwords_over_many_flows_are_counted_for_the_day(begin):
    application = begin(otp_max_wrong_per_day="2")
    add_owner(application)
    restoring = Restoring(application)
    restoring.through_mailbox()
    for _ in range(2):
        assert restoring.step("prove", password="wrong").status_code == 403

    assert restoring.step("prove", password=PASSWORD).status_code == 429


def test_parallel_passwords_do_not_outrun_the_count(application, owner):
    restoring = Restoring(application)
    restoring.through_mailbox()

    statuses = race(lambda _: restoring.step("prove", password="wrong").status_code, 30)

    assert statuses.count(403) <= 5
    assert set(statuses) <= {403, 404}


# The order, each step once, and by its owner alone


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("prove", {"password": PASSWORD}),
        ("phone", {"phoneNumber": NEW}),
        ("verify-phone", {"code": "123456"}),
    ],
)
def test_no_step_comes_before_its_time(application, owner, step, body):
    assert Restoring(application).step(step, **body).status_code == 404


def test_each_step_is_taken_once(application, owner):
    restoring = Restoring(application)
    mail_code = restoring.code()
    restoring.through_mailbox()
    assert restoring.step("verify-email", code=mail_code).status_code == 404
    restoring.step("prove", password=PASSWORD)
    assert restoring.step("prove", password=PASSWORD).status_code == 404
    assert restoring.step("resend").status_code == 404
    restoring.step("phone", phoneNumber=NEW)
    assert restoring.step("phone", phoneNumber=CAT).status_code == 404
    sms_code = restoring.code()
    restoring.step("verify-phone", code=sms_code)

    assert restoring.step("verify-phone", code=sms_code).status_code == 404


def test_the_id_without_its_secret_opens_nothing(application, owner):
    restoring, other = Restoring(application), Restoring(application)
    code = restoring.code()

    for secret in ("", "x", other.hold["secret"]):
        assert restoring.step("verify-email", code=code, secret=secret).status_code == 404


def test_the_code_of_one_flow_proves_nothing_to_another(application, owner):
    """Somebody begins a restore, and has its owner read out the code of another one."""
    first = Restoring(application)
    first_code = first.code()
    second = Restoring(application)

    assert second.step("verify-email", code=first_code).status_code == 400
    assert first.step("verify-email", code=first_code).status_code == 400


def test_a_half_flow_that_is_swapped_for_anothers_stays_where_it_is(application, owner):
    add_owner(application, "eve", "eve@example.com")
    hers = Restoring(application, "eve@example.com")
    application.deliver()
    his_code = Restoring(application).code()

    assert hers.step("verify-email", code=his_code).status_code == 400


def test_codes_of_other_purposes_restore_nothing(application, owner):
    restoring = Restoring(application)
    mail_code = restoring.code()
    owner.send(p=BEN)
    change_code = application.last_code()
    browser = Browser(application)
    flow = browser.begin().flow
    browser.challenge(flow, Method.SMS)
    sign_in_code = application.last_code()

    for code in (change_code, sign_in_code):
        assert restoring.step("verify-email", code=code).status_code == 400
    assert owner.validate(mail_code).status_code == 400
    assert application.admin().post(f"{CODES}/validate-code", {"code": mail_code}).status_code == 400
    assert restoring.step("verify-email", code=mail_code).status_code == 200


def test_the_code_of_the_mailbox_does_not_prove_the_phone(application, owner):
    restoring = Restoring(application)
    mail_code = restoring.code()
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)
    restoring.step("phone", phoneNumber=NEW)

    assert restoring.step("verify-phone", code=mail_code).status_code == 400


def test_a_flow_expires(application, owner):
    restoring = Restoring(application)
    application.clock.move(seconds=1800)

    assert restoring.step("resend").status_code == 404


def test_whoever_is_deactivated_restores_nothing(application, owner):
    restoring = Restoring(application)
    restoring.through_mailbox()
    application.admin().replace(owner.path, {"active": False})

    assert restoring.step("prove", password=PASSWORD).status_code == 404


def test_parallel_codes_do_not_outrun_the_count(application, owner):
    restoring = Restoring(application)
    code = restoring.code()

    statuses = race(lambda _: restoring.step("verify-email", code=wrong(code)).status_code, 50)

    assert statuses.count(400) == 5
    assert statuses.count(404) == 45


def test_codes_can_be_had_again(application, owner):
    restoring = Restoring(application)
    first = restoring.code()
    early = restoring.step("resend")
    application.clock.move(seconds=30)
    assert restoring.step("resend").status_code == 201
    assert restoring.step("verify-email", code=first).status_code == 400
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)
    restoring.step("phone", phoneNumber=NEW)
    application.clock.move(seconds=30)
    assert restoring.step("resend").status_code == 201

    assert (early.status_code, early.headers["Retry-After"]) == (429, "30")
    assert restoring.step("verify-phone", code=restoring.code()).status_code == 200


def test_no_number_is_no_step(application, owner):
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)

    assert restoring.step("phone", phoneNumber="call me").status_code == 400
    assert restoring.step("phone", phoneNumber=NEW).status_code == 200


# Nobody learns who there is


def strangers(application):
    """Return addresses of which none may go on, and one that may."""
    add_owner(application)
    add_member(application, "ann", emails=[{"value": "ann@example.com", "primary": True}])
    for name in ("carl", "cleo"):
        add_owner(application, name, "both@example.com")
    gone = add_owner(application, "gone", "gone@example.com")
    application.admin().replace(gone.path, {"active": False})
    return [MAIL, "ann@example.com", "both@example.com", "gone@example.com", "nobody@example.com", "no address"]


def told(answer):
    """Return all that an answer tells but what is random."""
    body = {k: v for k, v in (answer.get_json(silent=True) or {}).items() if k not in {"traceId", "flowId", "secret"}}
    return answer.status_code, body, sorted(answer.headers.keys()), answer.headers.get("Retry-After")


def test_a_stranger_is_told_the_same_of_everybody(application):
    seen = {}
    for mail in strangers(application):
        restoring = Restoring(application, mail)
        answers = [restoring.step("resend")]
        application.clock.move(seconds=30)
        answers += [restoring.step("resend"), restoring.step("resend")]
        answers += [restoring.step("verify-email", code="000000") for _ in range(6)]
        answers += [restoring.step("phone", phoneNumber=NEW), restoring.step("resend")]
        seen[mail] = [told(answer) for answer in answers]

    assert len({str(value) for value in seen.values()}) == 1


def test_beginning_too_often_is_told_of_everybody_alike(application):
    for mail in [*strangers(application)[:2], "nobody@example.com"]:
        for _ in range(5):
            Restoring(application, mail)
        answer = application.app.test_client().post(f"{RESTORE}/start", json={"email": mail.upper()})

        assert told(answer)[:2] == (
            429,
            {
                "code": "RESTORE_LIMIT",
                "message": "Too Many Requests",
                "description": "A limit is reached: try again later.",
            },
        )
        assert answer.headers["Retry-After"] == "3600"


def test_many_wrong_codes_are_not_told(begin):
    """The limit of the day is the user's: where there is none, nobody would ever reach it."""
    application = begin(otp_max_wrong_per_day="2")
    add_owner(application)

    answers = {}
    for mail in (MAIL, "nobody@example.com"):
        restoring = Restoring(application, mail)
        answers[mail] = [told(restoring.step("verify-email", code="000000")) for _ in range(4)]

    assert answers[MAIL] == answers["nobody@example.com"]


def test_mail_goes_to_the_owner_alone(application):
    for mail in strangers(application):
        Restoring(application, mail)
    application.carrier.messages.clear()
    application.deliver()

    assert [message.to for message in application.carrier.messages] == [MAIL]


def test_each_step_up_to_the_mailbox_takes_as_long_whoever_there_is(application):
    for mail in strangers(application):
        restoring = Restoring(application, mail)
        application.clock.move(seconds=30)
        restoring.step("resend")
        restoring.step("verify-email", code="000000")

        # Each of the three answers was held back to a whole step of the pace.
        assert len(application.pauses.spans) == 3
        application.pauses.spans.clear()


def test_nothing_of_a_restore_is_stored_in_the_clear(application, owner):
    restoring = Restoring(application)
    code = restoring.code()
    stored = everything_stored(application)

    assert restoring.hold["secret"] not in stored
    assert code not in stored


# What is told of it


def link_in(messages):
    (link,) = {path for message in messages for path in LINK.findall(message.body)}
    return link


def restored(application):
    """Restore a phone; return what is told of it."""
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)
    assert restoring.through_phone().status_code == 200
    application.deliver()
    return application.notices.messages


def take_back(application, link):
    visitor = Visitor(application.app)
    return visitor.send(visitor.get(link).forms[0])


def test_the_lost_number_and_every_address_are_told(application, owner):
    messages = restored(application)

    assert {message.to for message in messages} == {ANN, MAIL}
    assert {message.subject for message in messages} == {None, "Access to your account was restored"}
    (change,) = application.services.reverts.list_of(owner.id)
    assert (change.template, change.new) == ("phone_restored", "********99")
    assert NEW not in str([message.body for message in messages])


def test_the_link_takes_a_restore_back(application, owner):
    page = take_back(application, link_in(restored(application)))
    application.clock.move(seconds=2)
    owner.caller = application.user(owner.id)

    assert page.status == 200
    assert (owner.numbers().primary, owner.numbers().is_verified) == (ANN, True)


def test_a_restore_is_refused_for_a_while_after_one_was_taken_back(application, owner):
    take_back(application, link_in(restored(application)))
    application.clock.move(minutes=10)
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)

    refused = restoring.step("phone", phoneNumber=NEW)
    application.clock.move(hours=24)
    again = restored(application)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "CHANGES_BLOCKED")
    assert again


def test_the_code_of_a_restore_under_way_is_dead_when_another_is_taken_back(application, owner):
    link = link_in(restored(application))
    application.clock.move(minutes=1)
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)
    restoring.step("phone", phoneNumber=CAT)
    code = restoring.code()
    take_back(application, link)

    refused = restoring.step("verify-phone", code=code)

    assert (refused.status_code, refused.get_json()["code"]) == (400, "18001")
    application.clock.move(seconds=2)
    owner.caller = application.user(owner.id)
    assert owner.numbers().primary == ANN


def test_an_unproved_number_is_told_of_its_restore_without_the_gate(begin):
    application = begin(mobile_verification="false")
    add_owner(application, p=ANN, n=(), v=())

    assert ANN in {message.to for message in restored(application)}


def test_the_same_number_again_is_no_news(application, owner):
    restoring = Restoring(application)
    restoring.through_mailbox()
    restoring.step("prove", password=PASSWORD)

    assert restoring.through_phone(ANN).status_code == 200

    application.deliver()
    assert application.notices.messages == []
