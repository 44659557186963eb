"""A number and an address of one user, pending at the same time."""

from __future__ import annotations

import pytest

from tests.factories.correspondents import DAN, EVE, ON_LIST, ON_UPDATE, add_correspondent, mail
from tests.factories.people import CODES, wrong
from tests.factories.races import race
from tests.factories.servers import code_in
from verification.verifications import Purpose

NUMBER = "0122222222"


@pytest.fixture
def application(start):
    """Start the application where addresses are verified."""
    return start(email_verification="true")


@pytest.fixture
def both(application):
    """Add bob, with a number and an address pending."""
    phones = [{"type": "mobile", "value": "0111111111"}]
    bob = add_correspondent(application, phoneNumbers=phones)
    value = {"phoneNumbers": [{"type": "mobile", "value": NUMBER}], "emails": [mail(DAN)]}
    assert bob.caller.replace("/scim2/Me", value).status_code == 200
    return bob


def _live(user):
    database = user.application.services.core.database
    return {each.purpose: each for each in database.read(lambda unit: unit.verifications.list_live(user.id))}


def _codes(user):
    """Deliver what is due and return the codes by what they were sent to."""
    user.application.deliver()
    return {message.to: code_in(message.body) for message in user.application.carrier.messages}


def test_a_number_and_an_address_may_be_pending_at_once(both):
    assert {(item["scenario"], item["target"]) for item in both.listed()} == {
        ("MOBILE_VERIFICATION_ON_UPDATE", "********22"),
        (ON_UPDATE, "d***@e***.com"),
    }
    codes = _codes(both)
    assert both.validate(codes[DAN]).status_code == 200
    assert (both.addresses().primary, both.numbers().pending) == (DAN, NUMBER)
    assert both.validate(codes[NUMBER]).status_code == 200
    assert (both.numbers().primary, both.listed()) == (NUMBER, [])


def test_a_wrong_check_counts_on_each(both):
    codes = _codes(both)
    guess = next(code for code in map(wrong, codes.values()) if code not in codes.values())

    assert both.validate(guess).get_json()["code"] == "18001"

    assert {purpose: live.attempts for purpose, live in _live(both).items()} == {
        Purpose.MOBILE: 1,
        Purpose.EMAIL: 1,
    }


def test_a_right_check_of_one_counts_on_none(both):
    both.validate(_codes(both)[NUMBER])

    assert [live.attempts for live in _live(both).values()] == [0]


def test_wrong_checks_that_use_up_both_end_both(start):
    application = start(email_verification="true", otp_max_attempts="1")
    bob = add_correspondent(application, phoneNumbers=[{"type": "mobile", "value": "0111111111"}])
    bob.caller.replace("/scim2/Me", {"phoneNumbers": [{"type": "mobile", "value": NUMBER}], "emails": [mail(DAN)]})
    codes = _codes(bob)
    guess = next(code for code in map(wrong, codes.values()) if code not in codes.values())

    bob.validate(guess)

    assert _live(bob) == {}
    assert (bob.numbers().pending, bob.addresses().pending) == (None, None)


def test_what_has_waited_too_long_ends_while_the_other_is_proved(start):
    application = start(email_verification="true", otp_lifetime="3600", pending_lifetime="3600")
    bob = add_correspondent(application, phoneNumbers=[{"type": "mobile", "value": "0111111111"}])
    bob.send(p=DAN)
    application.clock.move(minutes=59)
    bob.caller.set_mobile("/scim2/Me", NUMBER)
    application.clock.move(minutes=1)

    assert bob.validate(_codes(bob)[NUMBER]).status_code == 200

    assert (bob.numbers().primary, bob.addresses().pending) == (NUMBER, None)
    assert _live(bob) == {}


def test_a_change_of_one_leaves_the_other_pending(both):
    both.send(p=EVE)
    both.caller.replace("/scim2/Me", {"displayName": "Bob"})

    assert (both.numbers().pending, both.addresses().pending) == (NUMBER, EVE)


def test_each_is_canceled_by_its_own_id(both):
    address, number = sorted(both.listed(), key=lambda item: item["scenario"])

    both.caller.call("DELETE", f"{CODES}/me/verifications/{address['id']}")

    assert both.listed() == [number]
    assert (both.numbers().pending, both.addresses().pending) == (NUMBER, None)


def test_each_is_sent_again_by_its_own_scenario(both):
    both.application.clock.move(seconds=30)
    before = _codes(both)

    assert both.resend().status_code == 201
    assert both.resend(ON_LIST).status_code == 400

    after = _codes(both)
    assert (after[DAN] == before[DAN], after[NUMBER] == before[NUMBER]) == (False, True)


def test_deactivation_ends_both(both):
    both.application.admin().replace(both.path, {"active": False})

    assert _live(both) == {}
    assert (both.numbers().pending, both.addresses().pending) == (None, None)


def test_both_are_swept_when_they_have_waited_too_long(both):
    both.application.clock.move(days=1)

    assert both.application.sweep() == 2
    assert (both.numbers().pending, both.addresses().pending) == (None, None)


def test_of_fifty_guesses_each_is_compared_with_no_more_than_its_attempts(both):
    codes, live = _codes(both), _live(both)
    numbers = (f"{number:06d}" for number in range(52))
    guesses = [number for number in numbers if number not in codes.values()][:50]

    answers = race(lambda number: both.validate(guesses[number]), 50)

    assert {answer.status_code for answer in answers} <= {400, 429}
    database = both.application.services.core.database
    after = [database.read(lambda unit, each=each: unit.verifications.lookup(each.id)) for each in live.values()]
    assert [(each.status, each.attempts) for each in after] == [("exhausted", 5)] * 2
    assert (both.numbers().pending, both.addresses().pending) == (None, None)


def test_both_codes_at_once_prove_both(both):
    codes = _codes(both)

    answers = race(lambda number: both.validate(codes[(DAN, NUMBER)[number]]), 2)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (both.numbers().primary, both.addresses().primary) == (NUMBER, DAN)
    assert _live(both) == {}


def test_a_number_and_an_address_asked_for_at_once_are_both_pending(application):
    bob = add_correspondent(application, phoneNumbers=[{"type": "mobile", "value": "0111111111"}])

    acts = (lambda: bob.send(p=DAN), lambda: bob.caller.set_mobile("/scim2/Me", NUMBER))

    answers = race(lambda number: acts[number](), 2)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (bob.numbers().pending, bob.addresses().pending) == (NUMBER, DAN)
    assert set(_live(bob)) == {Purpose.MOBILE, Purpose.EMAIL}
