"""E-mail addresses where they are verified: the rules of numbers, for the primary address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.correspondents import (
    ANN,
    BEN,
    CAT,
    DAN,
    EVE,
    ON_LIST,
    ON_UPDATE,
    add_correspondent,
    correspondent,
    mail,
)
from tests.factories.people import CODES, Numbers, privileged, scenario
from tests.factories.servers import ENTERPRISE, WSO2

LISTED = (ANN, BEN, CAT)
PROVED = (ANN, BEN)
STORED = Numbers(ANN, LISTED, PROVED, is_verified=True)


@pytest.fixture
def application(start):
    """Start the application where addresses are verified."""
    return start(email_verification="true")


@pytest.fixture
def bob(application):
    """Add bob: his primary address and another are verified, a third is only listed."""
    return add_correspondent(application, n=LISTED, v=PROVED)


def _after(**changes):
    return Numbers(
        changes.get("p", ANN),
        changes.get("n", LISTED),
        changes.get("v", PROVED),
        changes.get("pending"),
        changes.get("flag", True),
    )


def _assert_pending(user, target, name):
    live = user.live()
    user.application.deliver()
    sent = [message.to for message in user.application.carrier.messages]

    assert (live and live.target.text, live and live.scenario) == (target, name)
    assert sent == ([target] if target else [])


def _record(user):
    core = user.application.services.core
    moment = core.clock.now() + timedelta(seconds=1)
    return core.database.read(lambda unit: unit.audit.list(moment, subject_id=user.id))


GATED = {
    "a new primary waits": ({"p": DAN}, _after(pending=DAN), ON_UPDATE),
    "a verified address becomes the primary at once": ({"p": BEN}, _after(p=BEN), None),
    "an address that is only listed waits": ({"p": CAT}, _after(pending=CAT), ON_UPDATE),
    "without elements there is no primary": ({"p": ""}, _after(p=None, flag=None), None),
    "the same primary is no change": ({"p": ANN.upper()}, STORED, None),
    "a new verified address waits": ({"v": [ANN, BEN, DAN]}, _after(pending=DAN), ON_LIST),
    "a list as one text": ({"v": f"{ANN}, {BEN},{DAN}"}, _after(pending=DAN), ON_LIST),
    "a shorter verified list is stored": ({"v": [ANN]}, _after(v=(ANN,)), None),
    "n that drops a verified address": ({"n": [ANN, CAT]}, _after(n=(ANN, CAT), v=(ANN,)), None),
    "n that adds needs no proof": ({"n": [*LISTED, DAN]}, _after(n=(*LISTED, DAN)), None),
    "an empty n clears both lists": ({"n": []}, _after(n=(), v=()), None),
    "p goes before a new address in v": ({"p": DAN, "v": [ANN, BEN, EVE]}, _after(pending=DAN), ON_UPDATE),
    "verifyEmail of a verified primary": ({"verify": True}, STORED, None),
}


@pytest.mark.parametrize(("sent", "expected", "name"), GATED.values(), ids=GATED)
def test_a_change_of_addresses(bob, sent, expected, name):
    answer = bob.send(**sent)

    assert answer.status_code == 200
    assert bob.addresses() == expected
    _assert_pending(bob, expected.pending, name)


def test_the_new_primary_address_counts_when_its_code_comes_back(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    message = bob.application.carrier.messages[-1]

    answer = bob.validate(code)

    assert answer.status_code == 200
    assert bob.addresses() == _after(p=DAN, n=(*LISTED, DAN), v=(*PROVED, DAN))
    assert bob.show()["emails"] == [mail(DAN, type="work")]
    assert (message.to, message.subject) == (DAN, "Confirm your e-mail address")
    assert bob.live() is None
    assert bob.validate(code).get_json()["code"] == "18001"


def test_a_listed_address_is_verified_when_its_code_comes_back(bob):
    bob.send(v=[*PROVED, CAT])

    assert bob.validate(bob.application.last_code()).status_code == 200
    assert bob.addresses() == _after(v=(*PROVED, CAT))


def test_two_new_addresses_are_refused_and_nothing_is_stored(bob):
    before = bob.show()

    answer = bob.send(v=[ANN, DAN, EVE])

    assert answer.status_code == 400
    assert answer.get_json()["scimType"] == "invalidValue"
    assert "UEV-10003" in answer.get_json()["detail"]
    assert bob.show() == before
    _assert_pending(bob, None, None)


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"p": "bob"}, "emails.value"),
        ({"n": ["Bob <bob@example.com>"]}, "urn:scim:wso2:schema:emailAddresses"),
        ({"v": ["bob@127.0.0.1"]}, "urn:scim:wso2:schema:verifiedEmailAddresses"),
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(bob, sent, path):
    answer = bob.send(**sent)

    assert answer.status_code == 400
    assert answer.get_json()["detail"] == f"{path}: The value is not an e-mail address this service accepts."


def test_an_address_that_is_not_the_primary_needs_no_proof_and_need_not_be_one(bob):
    element = {"value": "ask at the desk", "type": "home"}

    answer = bob.caller.patch("/scim2/Me", {"op": "add", "path": "emails", "value": [element]})

    assert answer.get_json()["emails"] == [mail(ANN, type="work"), element]
    _assert_pending(bob, None, None)


PRIMARIES = {
    "by its type": {"op": "replace", "path": 'emails[type eq "work"].value', "value": DAN},
    "added as the primary": {"op": "add", "path": "emails", "value": [mail(DAN, type="home", primary=True)]},
    "replaced as a whole": {"op": "replace", "path": "emails", "value": [mail(DAN, primary=True)]},
    "by its value": {"op": "replace", "path": f'emails[value eq "{ANN}"].value', "value": DAN},
    "as a bare text": {"op": "replace", "value": {"emails": [DAN]}},
}


@pytest.mark.parametrize("operation", PRIMARIES.values(), ids=PRIMARIES)
def test_the_old_address_stays_in_force_until_the_new_one_is_proved(bob, operation):
    bob.caller.patch("/scim2/Me", operation)

    assert bob.addresses() == _after(pending=DAN)
    assert [item["value"] for item in bob.show()["emails"]] == [ANN]
    assert bob.validate(bob.application.last_code()).status_code == 200
    assert [item["value"] for item in bob.show()["emails"]] == [DAN]


def test_one_of_several_addresses_becomes_the_primary_when_it_is_proved(application):
    home, work = mail(CAT, type="home"), mail(ANN, type="work", primary=True)
    bob = add_correspondent(application, v=(ANN,), emails=[work, home])

    bob.caller.patch("/scim2/Me", {"op": "replace", "path": 'emails[type eq "home"].primary', "value": True})
    waiting = bob.show()["emails"]
    bob.validate(application.last_code())

    assert waiting == [work, {**home, "primary": False}]
    assert bob.show()["emails"] == [{**work, "primary": False}, {**home, "primary": True}]


def test_another_address_does_not_become_the_primary_because_that_one_goes(application):
    bob = add_correspondent(application, emails=[mail(ANN, type="work"), mail(CAT, type="home")])

    bob.caller.patch("/scim2/Me", {"op": "remove", "path": f'emails[value eq "{ANN}"]'})

    assert bob.show()["emails"] == [mail(CAT, type="home", primary=False)]
    assert "emailVerified" not in bob.show().get(ENTERPRISE, {})
    _assert_pending(bob, None, None)


def test_the_order_of_addresses_says_nothing(application):
    bob = add_correspondent(application, emails=[mail(ANN, type="work"), mail(CAT, type="home")])

    bob.caller.replace("/scim2/Me", {"emails": [mail(CAT, type="home"), mail(ANN, type="work")]})

    assert bob.addresses() == Numbers(ANN, (ANN,), (ANN,), is_verified=True)
    assert bob.show()["emails"] == [mail(CAT, type="home"), mail(ANN, type="work", primary=True)]
    _assert_pending(bob, None, None)


def test_a_first_address_waits_too(application):
    bob = add_correspondent(application, p=None, v=())

    bob.send(p=DAN)

    assert bob.addresses() == Numbers(pending=DAN)
    bob.validate(application.last_code())
    assert bob.addresses() == Numbers(DAN, (DAN,), (DAN,), is_verified=True)


def test_a_put_waits_for_its_proof_and_clears_the_lists_it_leaves_out(bob):
    answer = bob.application.admin().put(bob.path, {"userName": "bob", "emails": [mail(DAN, type="work")]})

    assert answer.status_code == 200
    assert bob.addresses() == Numbers(ANN, (), (), DAN, is_verified=True)


def test_what_clients_do_not_write_is_ignored_in_a_body_and_refused_by_path(bob):
    before = bob.show()
    forged = {"pendingEmails": [{"value": DAN}], "emailVerified": False}

    assert bob.caller.replace("/scim2/Me", {WSO2: forged, ENTERPRISE: forged}).status_code == 200
    for urn in (WSO2, ENTERPRISE):
        for name, value in forged.items():
            answer = bob.caller.patch("/scim2/Me", {"op": "replace", "path": f"{urn}:{name}", "value": value})
            assert (answer.status_code, answer.get_json()["scimType"]) == (400, "mutability")
    assert bob.show() == before


@pytest.mark.parametrize("urn", [WSO2, ENTERPRISE])
def test_an_unverified_address_is_verified_on_demand_under_either_urn(application, urn):
    bob = add_correspondent(application, v=())
    assert bob.addresses() == Numbers(ANN, is_verified=False)

    answer = bob.caller.patch("/scim2/Me", {"op": "replace", "path": f"{urn}:verifyEmail", "value": True})

    assert "verifyEmail" not in answer.get_data(as_text=True)
    assert bob.addresses() == Numbers(ANN, (), (), ANN, is_verified=False)
    _assert_pending(bob, ANN, ON_UPDATE)


def test_a_new_user_may_ask_for_the_proof(application):
    bob = add_correspondent(application, v=(), **{WSO2: {"verifyEmail": True}})

    assert bob.addresses() == Numbers(ANN, pending=ANN, is_verified=False)
    _assert_pending(bob, ANN, ON_UPDATE)


def test_only_a_privileged_caller_asserts_addresses_and_that_is_on_record(application):
    bob = add_correspondent(application, v=(BEN,))

    assert bob.addresses() == Numbers(ANN, (BEN,), (BEN,), is_verified=False)
    events = _record(bob)
    assert "user.addresses_asserted" in {event.event for event in events}


# By others


def test_a_privileged_caller_checks_the_code_of_an_address(bob):
    bob.send(p=DAN)

    answer = privileged(bob.application, bob.application.last_code())

    assert answer.get_json()["userId"] == bob.id
    assert bob.addresses().primary == DAN


def test_a_privileged_caller_has_the_code_sent_again(bob):
    bob.send(v=[*PROVED, DAN])
    bob.application.clock.move(seconds=30)
    body = {**scenario(ON_LIST), "user": {"username": "bob"}}

    assert bob.application.admin().post(f"{CODES}/resend-code", body).status_code == 201
    assert bob.live().generation == 2


def test_a_privileged_update_waits_unless_it_may_skip_the_proof(start, bob):
    bob.send(p=DAN, by=bob.application.admin())
    assert bob.addresses() == _after(pending=DAN)

    application = start(email_verification="true", privileged_skip="true")
    correspondent(application, bob.id).send(p=EVE, by=application.admin())

    assert bob.addresses() == _after(p=EVE, flag=False)
    assert bob.live() is None


@pytest.mark.parametrize("sent", [{"displayName": "Bob"}, {"emails": [mail(EVE)]}], ids=["others", "address"])
def test_a_change_while_the_gate_is_off_ends_what_was_pending(start, bob, sent):
    bob.send(p=DAN)
    code = bob.application.last_code()
    off = start()

    off.admin().replace(bob.path, sent)

    assert bob.live() is None
    assert bob.validate(code).get_json()["code"] == "18001"
    assert bob.send(p=CAT).status_code == 200
    assert bob.addresses().pending == CAT


def test_what_is_on_record_of_an_address_is_masked(bob):
    bob.send(p=DAN)
    bob.validate(bob.application.last_code())

    events = _record(bob)
    changed = next(event for event in events if event.event == "user.email_changed")
    assert changed.detail == {"before": "a***@e***.com", "after": "d***@e***.com"}
    assert not any(address in str(event) for event in events for address in (ANN, DAN))


# Settings


def test_without_the_gate_addresses_are_data_like_any_other(start):
    bob = add_correspondent(start(), v=(ANN,))

    answer = bob.send(p="not an address", n=[BEN], v=[BEN], verify=True)

    assert answer.status_code == 200
    assert bob.show()["emails"] == [mail("not an address", type="work")]
    assert WSO2 not in bob.show()
    assert "email" not in str(bob.show().get(ENTERPRISE, {})).lower()
    _assert_pending(bob, None, None)


def test_without_the_gate_the_attributes_are_not_declared_and_left_overs_are_not_shown(start, bob):
    bob.send(p=DAN)
    off = start()

    found = off.app.test_client().get("/scim2/Schemas").get_data(as_text=True)
    shown = off.admin().get(bob.path).get_data(as_text=True)

    for name in ("emailAddresses", "verifiedEmailAddresses", "pendingEmails", "emailVerified", "verifyEmail"):
        assert name not in found
        assert name not in shown
    assert off.admin().get(f'/scim2/Users?filter={WSO2}:emailVerified eq "true"').status_code == 400


def test_a_deactivation_ends_what_was_pending_when_the_gate_was_on(start, bob):
    bob.send(p=DAN)

    start().admin().replace(bob.path, {"active": False})

    assert bob.live() is None


def test_without_lists_only_the_primary_address_is_verified(start):
    bob = add_correspondent(start(email_verification="true", multiple_email_addresses="false"), v=())

    bob.send(p=DAN, n=[BEN], v=[BEN])
    bob.validate(bob.application.last_code())

    assert bob.addresses() == Numbers(DAN, is_verified=True)
    schemas = bob.application.app.test_client().get("/scim2/Schemas").get_data(as_text=True)
    assert "emailVerified" in schemas
    assert "verifiedEmailAddresses" not in schemas


def test_the_claim_alone_asks_for_a_proof_where_it_must(start):
    bob = add_correspondent(start(email_verification="true", use_verify_claim="true"))

    bob.send(p=CAT)
    assert bob.addresses() == Numbers(CAT, (ANN,), (ANN,), is_verified=False)
    bob.send(p=DAN, verify=True)

    assert bob.addresses() == Numbers(CAT, (ANN,), (ANN,), DAN, is_verified=False)


def test_the_current_dialect_shows_arrays_and_both_urns(start):
    bob = add_correspondent(start(email_verification="true", dialect="current"), n=(BEN,))
    bob.send(p=DAN)

    shown = bob.show()

    singles = {"pendingEmails": [{"value": DAN}], "emailVerified": True}
    assert shown[ENTERPRISE] == singles
    assert shown[WSO2] == {"emailAddresses": [BEN, ANN], "verifiedEmailAddresses": [ANN], **singles}
    assert bob.caller.get("/scim2/Me?attributes=pendingEmails").get_json().get(WSO2) is None
    projected = bob.caller.get(f"/scim2/Me?attributes={WSO2}:pendingEmails").get_json()
    assert projected[WSO2] == {"pendingEmails": [{"value": DAN}]}
    found = bob.application.admin().get(f'/scim2/Users?filter={WSO2}:pendingEmails.value eq "{DAN}"').get_json()
    assert found["totalResults"] == 1


def test_a_message_to_a_domain_of_letters_goes_to_its_ascii_form(application):
    bob = add_correspondent(application)

    bob.send(p="dan@münchen.de")
    application.deliver()

    assert application.carrier.messages[-1].to == "dan@xn--mnchen-3ya.de"
    assert bob.addresses().pending == "dan@münchen.de"
