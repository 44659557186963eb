"""Notices of changes, and taking changes back: by the link in a mail, and on behalf of a user."""

from __future__ import annotations

import re

import pytest

from api.services.notices import Owner, tell
from tests.factories.browsing import Browser
from tests.factories.people import ANN, BEN, CAT, DAN, EVE, add_person, person
from tests.factories.races import race
from verification.templates import Template

MAILS = ["bob@example.com", "bob@home.example"]
API = "/api/identity/user/v1.0"
LINK = re.compile(r"http://\S+(/revert/[A-Za-z0-9_-]{43})\n")


@pytest.fixture
def bob(application):
    """Add bob, who has two addresses; his primary number and another are verified."""
    return add_mailed(application)


def add_mailed(application, **values):
    emails = [{"type": "work", "value": MAILS[0]}, {"value": MAILS[1].upper()}, {"value": MAILS[1]}]
    return add_person(application, **{"n": (ANN, BEN), "v": (ANN, BEN), "emails": emails, **values})


def prove(someone, number):
    someone.send(p=number)
    assert someone.validate(someone.application.last_code()).status_code == 200
    someone.application.clock.move(seconds=60)


def renewed(someone):
    """Return somebody with a token that is younger than the end of the others."""
    someone.application.clock.move(seconds=2)
    return person(someone.application, someone.id)


def told(someone):
    """Return the notices of late, and forget them."""
    someone.application.deliver()
    messages, someone.application.notices.messages = someone.application.notices.messages, []
    return messages


def link_in(messages):
    """Return the one link of some notices."""
    (link,) = {path for message in messages for path in LINK.findall(message.body)}
    return link


def changes(someone):
    return someone.caller.get(f"{API}/me/changes").get_json()["changes"]


def take_back(someone, link):
    browser = Browser(someone.application.app)
    page = browser.get(link)
    return browser.send(page.forms[0]) if page.status == 200 else page


def test_a_changed_number_is_told_to_the_old_one_and_to_every_address(bob):
    prove(bob, DAN)

    messages = told(bob)

    assert [message.to for message in messages if message.subject is None] == [ANN]
    mails = [message for message in messages if message.subject is not None]
    assert {mail.to for mail in mails} == {MAILS[0], MAILS[1].upper()}
    assert len({mail.body for mail in mails}) == 1
    assert "72 hours" in mails[0].body
    assert DAN not in str([message.body for message in messages])
    assert link_in(messages)


def test_a_short_message_has_no_link(bob):
    prove(bob, DAN)

    assert not any(LINK.search(message.body) for message in told(bob) if message.subject is None)


def test_a_number_that_waits_is_no_news(bob):
    bob.send(p=DAN)

    assert (told(bob), changes(bob)) == ([], [])


def test_a_list_that_grows_is_no_news(bob):
    bob.send(n=(ANN, BEN, CAT))

    assert (told(bob), changes(bob)) == ([], [])


def test_a_removed_number_is_told_to_itself(bob):
    bob.send(v=(ANN,))

    assert [message.to for message in told(bob) if message.subject is None] == [BEN]
    assert [change["what"] for change in changes(bob)] == ["phone_removed"]


def test_a_switch_to_another_verified_number_is_told(bob):
    bob.send(p=BEN)

    assert [message.to for message in told(bob) if message.subject is None] == [ANN]


def test_a_first_number_is_told_to_the_addresses(application):
    bob = add_mailed(application, p=None, n=(), v=())
    prove(bob, DAN)

    messages = told(bob)
    assert {message.to for message in messages} == {MAILS[0], MAILS[1].upper()}
    take_back(bob, link_in(messages))

    assert bob.numbers().primary is None


def test_numbers_that_nobody_proved_are_not_sent_messages_without_the_gate(start):
    application = start(mobile_verification="false")
    bob = add_person(application, p=ANN, n=(), v=())

    bob.send(p=DAN)

    assert told(bob) == []
    assert [change["status"] for change in changes(bob)] == ["open"]


def test_the_link_shows_a_form_and_changes_nothing(bob):
    prove(bob, DAN)
    link = link_in(told(bob))
    client = bob.application.app.test_client()

    page = Browser(bob.application.app).get(link)
    answers = [client.head(link), client.get(link), client.get(link)]

    assert (page.heading, page.status) == ("Take the change back", 200)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (DAN not in page.text, ANN not in page.text) == (True, True)
    assert [change["status"] for change in changes(bob)] == ["open"]


def test_a_form_of_nobody_changes_nothing(bob):
    prove(bob, DAN)
    link = link_in(told(bob))

    answer = bob.application.app.test_client().post(link, headers={"Accept": "text/html"})

    assert answer.status_code == 403
    assert bob.numbers().primary == DAN


def test_the_link_brings_the_old_number_back(bob):
    prove(bob, DAN)
    messages = told(bob)
    bob.send(p=EVE)

    page = take_back(bob, link_in(messages))

    assert (page.status, page.heading) == (200, "The change is taken back")
    # The old tokens are dead.
    bob.application.clock.move(seconds=2)
    assert bob.caller.get("/scim2/Me").status_code == 401
    bob = renewed(bob)
    numbers = bob.numbers()
    assert (numbers.primary, numbers.pending, numbers.is_verified) == (ANN, None, True)
    assert set(numbers.verified) == {ANN, BEN}
    assert bob.listed() == []
    after = told(bob)
    assert {message.to for message in after} == {ANN, MAILS[0], MAILS[1].upper()}
    assert not any(LINK.search(message.body) for message in after)


def test_a_link_works_once(bob):
    prove(bob, DAN)
    link = link_in(told(bob))
    browser = Browser(bob.application.app)
    form = browser.get(link).forms[0]
    browser.send(form)

    assert browser.send(form).status == 410
    assert browser.get(link).status == 410


def test_a_link_expires(bob):
    prove(bob, DAN)
    link = link_in(told(bob))
    browser = Browser(bob.application.app)
    form = browser.get(link).forms[0]
    bob.application.clock.move(hours=72)

    assert (browser.get(link).status, browser.send(form).status) == (410, 410)
    assert bob.application.services.reverts.list_of(bob.id)[0].before.primary == ANN


@pytest.mark.parametrize("token", ["x", "A" * 43, "%F0%9F%98%80", "%00"])
def test_an_unknown_link_is_gone(bob, token):
    assert Browser(bob.application.app).get(f"/revert/{token}").status == 410


def test_a_later_change_does_not_take_the_first_link_away(bob):
    prove(bob, DAN)
    first = link_in(told(bob))
    prove(bob, EVE)
    second = link_in(told(bob))

    assert take_back(bob, first).status == 200

    bob = renewed(bob)
    assert bob.numbers().primary == ANN
    # It would bring the other's number back.
    assert take_back(bob, second).status == 410
    assert {change["status"] for change in changes(bob)} == {"reverted", "superseded"}


def test_the_first_owner_has_the_last_word(bob):
    prove(bob, DAN)
    first = link_in(told(bob))
    prove(bob, EVE)
    second = link_in(told(bob))
    take_back(bob, second)
    bob = renewed(bob)
    assert bob.numbers().primary == DAN

    take_back(bob, first)

    assert renewed(bob).numbers().primary == ANN


def test_addresses_that_were_taken_away_are_told_while_a_change_is_open(bob):
    prove(bob, DAN)
    told(bob)
    bob.caller.replace("/scim2/Me", {"emails": [{"value": "thief@example.com"}]})

    prove(bob, EVE)

    mails = {message.to.lower() for message in told(bob) if message.subject}
    assert mails == {*MAILS, "thief@example.com"}


def test_a_changed_address_is_told_to_itself_and_comes_back(start):
    application = start(email_verification="true")
    bob = add_person(application, emails=[{"value": MAILS[0], "primary": True}, {"value": MAILS[1]}])
    bob.caller.replace("/scim2/Me", {"emails": [{"value": "thief@example.com", "primary": True}]})
    assert bob.validate(application.last_code()).status_code == 200

    messages = told(bob)

    assert {message.to for message in messages} >= {MAILS[0]}
    assert [change["what"] for change in changes(bob)] == ["email_changed"]
    assert take_back(bob, link_in(messages)).status == 200
    primaries = [each["value"] for each in renewed(bob).show()["emails"] if each.get("primary")]
    assert primaries == [MAILS[0]]


def test_a_change_is_refused_for_a_while_after_one_was_taken_back(bob):
    prove(bob, DAN)
    take_back(bob, link_in(told(bob)))
    bob = renewed(bob)

    answer = bob.caller.set_mobile("/scim2/Me", BEN)

    assert (answer.status_code, answer.get_json()["status"]) == (409, "409")
    assert "CHANGES_BLOCKED" in answer.get_json()["detail"]
    bob.send(p=DAN)
    check = bob.validate(bob.application.last_code())
    assert (check.status_code, check.get_json()["code"]) == (409, "CHANGES_BLOCKED")
    assert bob.numbers().pending is None
    bob.application.clock.move(hours=24)
    prove(bob, DAN)
    assert bob.numbers().primary == DAN


def test_nothing_is_refused_without_a_block(start):
    bob = add_mailed(start(revert_block="0"))
    prove(bob, DAN)
    take_back(bob, link_in(told(bob)))
    bob = renewed(bob)

    prove(bob, DAN)

    assert bob.numbers().primary == DAN


def test_a_privileged_caller_takes_back_what_no_link_does_any_more(bob):
    prove(bob, DAN)
    bob.application.clock.move(hours=100)
    admin = bob.application.admin()
    (change,) = admin.get(f"{API}/changes?user=bob").get_json()["changes"]
    assert admin.get(f"{API}/changes?user={bob.id}").get_json()["changes"] == [change]

    answer = admin.post(f"{API}/changes/{change['id']}/revert", None)

    assert (answer.status_code, answer.get_json()["status"]) == (200, "reverted")
    assert renewed(bob).numbers().primary == ANN
    assert admin.post(f"{API}/changes/{change['id']}/revert", None).status_code == 404


def test_changes_are_shown_masked(bob):
    prove(bob, DAN)

    (change,) = changes(bob)

    assert (change["what"], change["status"], change["endedAt"]) == ("phone_changed", "open", None)
    assert change["before"].endswith(ANN[-2:])
    assert change["before"].startswith("***")
    assert DAN not in str(change)


def test_who_is_not_there_has_no_changes(bob):
    admin = bob.application.admin()

    assert admin.get(f"{API}/changes?user=nobody").status_code == 404
    assert admin.get(f"{API}/changes").status_code == 400
    assert admin.post(f"{API}/changes/none/revert", None).status_code == 404
    assert admin.post(f"{API}/changes/%00/revert", None).status_code == 404


def test_changes_and_notices_go_with_their_user(bob):
    prove(bob, DAN)
    link = link_in(told(bob))
    (change,) = changes(bob)

    assert bob.application.admin().call("DELETE", f"/scim2/Users/{bob.id}").status_code == 204

    assert Browser(bob.application.app).get(link).status == 410
    assert bob.application.admin().post(f"{API}/changes/{change['id']}/revert", None).status_code == 404


def test_of_several_at_once_one_takes_back(bob):
    prove(bob, DAN)
    link = link_in(told(bob))
    visitors = [Browser(bob.application.app) for _ in range(4)]
    forms = [visitor.get(link).forms[0] for visitor in visitors]

    answers = race(lambda n: visitors[n].post(forms[n]).status_code, 4)

    assert sorted(answers) == [200, 410, 410, 410]


def test_a_change_that_races_with_its_revert_does_not_outlive_it(bob):
    prove(bob, DAN)
    change = changes(bob)[0]
    admin = bob.application.admin()

    acts = (
        lambda: admin.post(f"{API}/changes/{change['id']}/revert", None).status_code,
        lambda: admin.set_mobile(f"/scim2/Users/{bob.id}", BEN).status_code,
    )
    revert, other = race(lambda n: acts[n](), 2)

    assert revert == 200
    assert other in {200, 409}
    assert renewed(bob).numbers().primary == ANN


def test_notices_can_be_switched_off(start):
    bob = add_mailed(start(notices="none"))
    prove(bob, DAN)

    assert (told(bob), len(changes(bob))) == ([], 1)


def test_without_links_mails_are_sent_all_the_same(start):
    bob = add_mailed(start(revert_lifetime="0", notices="email"))
    prove(bob, DAN)

    messages = told(bob)

    assert {message.to for message in messages} == {MAILS[0], MAILS[1].upper()}
    assert not any("revert" in message.body for message in messages)


def test_a_change_that_is_not_stored_is_not_told(bob):
    with pytest.raises(ZeroDivisionError):
        bob.application.services.core.database.transact(lambda unit: _add_and_fail(bob, unit))

    assert (told(bob), changes(bob)) == ([], [])


def _add_and_fail(bob, unit):
    core = bob.application.services.core
    document = unit.resources.lookup("User", bob.id).document()
    tell(core, unit, Owner(bob.id, document), Template.MFA_RESET, core.clock.now())
    return 1 / 0


def test_what_was_told_is_neither_stored_nor_shown_whole(bob, caplog):
    prove(bob, DAN)
    link = link_in(told(bob))
    token = link.rsplit("/", 1)[1]
    take_back(bob, link)

    assert token not in caplog.text
