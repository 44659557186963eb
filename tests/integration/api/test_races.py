"""Requests at the same moment, by real threads: what is promised for one after the other holds for all at once."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.factories.people import ANN, BEN, CAT, CODES, DAN, EVE, ON_UPDATE, add_person, privileged, scenario, wrong
from verification.errors import Limit
from verification.limits import Window
from verification.send_limits import HOUR, MARK_WIDTH, Budget


def at_once(*calls):
    """Make all calls from threads of their own that begin together, and return the answers in the calls' order."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(run, calls))
    assert [answer.status_code for answer in answers if answer.status_code in {500, 502}] == []
    return answers


def statuses(answers):
    return Counter(answer.status_code for answer in answers)


def codes(answers):
    return Counter(answer.get_json()["code"] if answer.data else "" for answer in answers)


def compared(user, limit=Limit.DAILY, subject=None):
    """Count the wrong comparisons that are on record."""
    clock = user.application.clock
    database = user.application.services.core.database
    start = clock.now().replace(year=2000)

    def count(unit):
        found = 0
        while unit.limits.nth_latest(limit, subject or user.id, found + 1, start) is not None:
            found += 1
        return found

    return database.read(count)


def stored(user, number):
    return user.application.services.core.database.read(lambda unit: unit.verifications.lookup(number))


def wrong_codes(code, count):
    numbers = (f"{n:06d}" for n in range(count + 1))
    return [number for number in numbers if number != code][:count]


@pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])
def test_of_fifty_guesses_no_more_are_compared_than_there_are_attempts(bob, is_privileged):
    bob.send(p=DAN)
    code = bob.application.last_code()
    live = bob.live()
    guess = partial(privileged, bob.application, user="bob") if is_privileged else bob.validate

    answers = at_once(*(partial(guess, number) for number in wrong_codes(code, 50)))

    assert {400, 429} >= set(statuses(answers))
    after = stored(bob, live.id)
    assert (after.status, after.attempts) == ("exhausted", 5)
    assert compared(bob) == 5
    assert bob.numbers().pending is None
    assert bob.validate(code).get_json()["code"] == "18001"


def test_of_fifty_guesses_with_the_right_one_among_them_one_succeeds_at_most(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    live = bob.live()
    guesses = [*wrong_codes(code, 46), code, code, code, code]

    answers = at_once(*(partial(bob.validate, guess) for guess in reversed(guesses)))

    won = statuses(answers)[200]
    after = stored(bob, live.id)
    assert won in {0, 1}
    assert after.status == ("approved" if won else "exhausted")
    assert compared(bob) == after.attempts <= 5
    assert bob.numbers().primary == (DAN if won else ANN)
    assert bob.numbers().pending is None


def test_a_right_code_submitted_twice_at_once_counts_once(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()

    answers = at_once(*[partial(bob.validate, code)] * 4, *[partial(privileged, bob.application, code)] * 4)

    assert statuses(answers) == {200: 1, 400: 7}
    assert bob.numbers().primary == DAN


def test_wrong_privileged_checks_at_once_are_counted_one_by_one(start):
    application = start(privileged_max_wrong="3")
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()

    answers = at_once(*(partial(privileged, application, number) for number in wrong_codes(code, 20)))

    assert codes(answers) == {"18001": 3, "OTP_ATTEMPTS": 17}
    assert compared(bob, Limit.ATTEMPTS, "tests") == 3
    assert bob.live().attempts == 0


def test_changes_at_once_lose_no_update(bob):
    def add_email(n):
        value = [{"value": f"bob{n}@example.com", "type": "other"}]
        return bob.caller.patch("/scim2/Me", {"op": "add", "path": "emails", "value": value})

    answers = at_once(*(partial(add_email, n) for n in range(12)))

    # Over ten defeats in a row a request gives up and says so.
    done = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    assert set(statuses(answers)) <= {200, 503}
    assert {email["value"] for email in bob.show()["emails"]} == {f"bob{n}@example.com" for n in done}
    assert bob.version() == f'W/"{1 + len(done)}"'
    assert done


def test_different_parts_changed_at_once_are_all_there(bob):
    admin = bob.application.admin()

    answers = at_once(
        partial(admin.replace, bob.path, {"displayName": "Bobby"}),
        partial(admin.replace, bob.path, {"title": "Dr."}),
        partial(admin.replace, bob.path, {"name": {"givenName": "Bob"}}),
        partial(bob.send, p=DAN),
        partial(bob.send, n=[ANN, BEN, CAT, EVE]),
    )

    shown = bob.show()
    assert statuses(answers) == {200: 5}
    assert (shown["displayName"], shown["title"], shown["name"]) == ("Bobby", "Dr.", {"givenName": "Bob"})
    assert (bob.numbers().pending, bob.numbers().listed) == (DAN, (ANN, BEN, CAT, EVE))


def test_of_resends_at_once_one_sends_a_code(bob):
    bob.send(p=DAN)
    bob.application.deliver()
    bob.application.clock.move(seconds=30)
    admin = bob.application.admin()
    body = {"user": {"username": "bob"}, **scenario(ON_UPDATE)}

    answers = at_once(*[bob.resend] * 8, *[partial(admin.post, f"{CODES}/resend-code", body)] * 8)

    assert codes(answers) == {"": 1, "OTP_COOLDOWN": 15}
    assert bob.live().generation == 2
    bob.application.deliver()
    assert len(bob.application.carrier.messages) == 2


def test_resends_at_once_keep_the_limit_of_the_hour(start):
    bob = add_person(start(otp_resend_cooldown="0", otp_max_sends="0", otp_max_sends_per_hour="4"))
    bob.send(p=DAN)

    answers = at_once(*[bob.resend] * 12)

    assert codes(answers) == {"": 3, "OTP_HOURLY": 9}
    assert bob.live().generation == 4


def test_two_new_numbers_at_once_leave_one_verification_and_its_number(bob):
    for first, second in ((DAN, EVE), ("0166666666", "0177777777"), ("0188888888", "0199999999")):
        answers = at_once(partial(bob.send, p=first), partial(bob.send, p=second))

        assert statuses(answers) == {200: 2}
        database = bob.application.services.core.database
        (live,) = database.read(lambda unit: unit.verifications.list_live(bob.id))
        assert bob.numbers().pending == live.target.text
        assert live.target.text in {first, second}

    bob.application.deliver()
    # What was superseded before it was carried is dropped: one message, to the number that is pending.
    assert [message.to for message in bob.application.carrier.messages] == [bob.numbers().pending]


def test_the_same_number_at_once_is_one_verification_and_one_code(bob):
    answers = at_once(*[partial(bob.send, p=DAN)] * 6)

    assert statuses(answers) == {200: 6}
    assert bob.live().sends == 1
    assert len(bob.application.deliver()) == 1


def test_numbers_at_once_keep_the_limit_of_the_hour(start):
    bob = add_person(start(otp_max_sends_per_hour="3"))

    answers = at_once(*(partial(bob.send, p=f"01{n}0000000") for n in range(2, 9)))

    assert statuses(answers)[200] == 3
    assert statuses(answers)[429] == 4
    budget = Budget(Window(Limit.HOURLY, HOUR, 3), bob.id)
    marks = bob.application.services.core.database.read(lambda unit: unit.send_marks.list([budget])).marks
    assert len(marks[budget.key]) == 3 * MARK_WIDTH


def test_users_who_want_the_same_number_at_once_keep_its_limit(start):
    """Each also counts for a prefix and a country that the others count for: nobody waits for somebody who waits."""
    application = start(otp_max_sends_per_number="3", otp_max_sends_per_country="1000")
    people = [add_person(application, f"user{n}") for n in range(6)]
    other = "+94712345679"

    answers = at_once(
        *(partial(user.send, p="+94712345678") for user in people),
        *(partial(add_person(application, f"other{n}").send, p=other) for n in range(3)),
    )

    assert statuses(answers) == {200: 6, 429: 3}
    assert sum(user.live() is not None for user in people) == 3
    assert len(application.deliver()) == 6


def test_a_check_and_a_new_number_at_once_agree_on_what_is_pending(bob):
    for number in (DAN, "0166666666", "0177777777"):
        before = bob.numbers().primary
        bob.send(p=number)
        code = bob.application.last_code()

        checked, changed = at_once(partial(bob.validate, code), partial(bob.send, p=EVE))

        assert changed.status_code == 200
        assert bob.numbers().primary == (number if checked.status_code == 200 else before)
        assert bob.numbers().pending == EVE
        assert bob.live().target.text == EVE


def test_a_check_and_a_removal_at_once_leave_nothing_pending(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()

    checked, removed = at_once(partial(bob.validate, code), partial(bob.send, p=""))

    assert removed.status_code == 200
    assert checked.status_code in {200, 400}
    assert (bob.numbers().primary, bob.numbers().pending) == (None, None)
    assert bob.live() is None


def test_a_check_a_resend_and_a_cancel_at_once_leave_no_contradiction(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.application.clock.move(seconds=30)
    number = bob.live().id

    checked, resent, canceled = at_once(
        partial(bob.validate, code),
        bob.resend,
        partial(bob.caller.call, "DELETE", f"{CODES}/me/verifications/{number}"),
    )

    ended = [checked.status_code == 200, canceled.status_code == 204]
    assert sum(ended) == 1
    assert resent.status_code in {201, 400}
    assert bob.live() is None
    assert bob.numbers().pending is None
    assert bob.numbers().primary == (DAN if ended[0] else ANN)


def test_a_user_removed_in_the_middle_is_gone_for_good(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    admin = bob.application.admin()

    answers = at_once(
        partial(admin.call, "DELETE", bob.path),
        partial(bob.send, p=EVE, by=admin),
        partial(admin.replace, bob.path, {"displayName": "Bobby"}),
        partial(bob.validate, wrong(code)),
        partial(privileged, bob.application, code, "bob"),
    )

    assert {200, 204, 400, 404, 503} >= set(statuses(answers))
    if answers[0].status_code == 204:
        assert admin.get(bob.path).status_code == 404
        assert bob.live() is None


def test_one_name_goes_to_one_user(application):
    admin = application.admin()

    answers = at_once(
        *(partial(admin.post, "/scim2/Users", {"userName": name}) for name in ("Eve", "eve", "EVE", "eVe"))
    )

    assert statuses(answers) == {201: 1, 409: 3}
    assert admin.get("/scim2/Users").get_json()["totalResults"] == 1


def test_a_sweep_and_a_request_at_once_agree(bob):
    bob.send(p=DAN)
    bob.application.clock.move(seconds=86400)

    def sweep():
        bob.application.sweep()
        return bob.caller.get("/scim2/Me")

    _, answer = at_once(sweep, partial(bob.send, p=EVE))

    assert answer.status_code == 200
    assert bob.numbers().pending == EVE
    assert bob.live().target.text == EVE
