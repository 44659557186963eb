"""Changing a phone that is not lost: the old number is proved first, where the deployment asks for it."""

from __future__ import annotations

import pytest

from tests.factories.people import ANN, BEN, CAT, CODES, add_person, wrong

PROVE = f"{CODES}/me/prove-number"


@pytest.fixture
def application(start):
    return start(change_needs_old_number="true")


@pytest.fixture
def bob(application):
    return add_person(application)


def prove(application, person):
    assert person.caller.post(PROVE, None).get_json() == {"sentTo": "********11"}
    answer = person.caller.post(f"{PROVE}/confirm", {"code": application.last_code()})
    assert answer.status_code == 204


def test_a_proof_lets_the_number_be_changed_once(application, bob):
    refused = bob.send(p=BEN)
    prove(application, bob)
    changed = bob.send(p=BEN)
    again = bob.send(p=BEN)
    other = bob.send(p=CAT)

    assert (refused.status_code, changed.status_code, again.status_code, other.status_code) == (403, 200, 200, 403)
    assert "/me/prove-number" in refused.get_json()["detail"]
    assert bob.numbers().pending == BEN
    assert bob.validate(application.last_code()).status_code == 200
    assert bob.numbers().primary == BEN


def test_a_refused_change_stores_nothing(application, bob):
    bob.caller.replace("/scim2/Me", {"title": "Dr", "phoneNumbers": [{"type": "mobile", "value": BEN}]})

    assert "title" not in bob.show()


def test_removing_the_number_needs_the_proof_as_well(application, bob):
    remove = {"op": "remove", "path": "phoneNumbers"}
    refused = bob.caller.patch("/scim2/Me", remove)
    prove(application, bob)

    assert (refused.status_code, bob.caller.patch("/scim2/Me", remove).status_code) == (403, 200)


def test_a_number_that_is_listed_as_verified_needs_it_as_well(application):
    bob = add_person(application, v=(ANN, BEN))

    assert bob.send(p=BEN).status_code == 403


def test_what_is_no_change_of_a_verified_number_needs_no_proof(application, bob):
    unverified = add_person(application, "eve", v=())

    assert bob.caller.replace("/scim2/Me", {"title": "Dr"}).status_code == 200
    assert bob.send(v=[ANN, BEN]).status_code == 200
    assert unverified.send(p=BEN).status_code == 200
    assert bob.send(p=CAT, by=application.admin()).status_code == 200


def test_where_the_deployment_does_not_ask_nothing_is_proved(start):
    application = start()

    assert add_person(application).send(p=BEN).status_code == 200


def test_a_proof_lasts_for_ten_minutes(application, bob):
    prove(application, bob)
    application.clock.move(seconds=600)

    assert bob.send(p=BEN).status_code == 403


def test_a_wrong_code_is_no_proof_and_five_end_it(application, bob):
    bob.caller.post(PROVE, None)
    code = application.last_code()

    statuses = [bob.caller.post(f"{PROVE}/confirm", {"code": wrong(code)}).status_code for _ in range(5)]

    assert statuses == [400] * 5
    assert bob.caller.post(f"{PROVE}/confirm", {"code": code}).status_code == 404
    assert bob.send(p=BEN).status_code == 403


def test_another_code_can_be_had(application, bob):
    bob.caller.post(PROVE, None)
    first = application.last_code()
    assert bob.caller.post(PROVE, None).status_code == 429
    application.clock.move(seconds=30)
    assert bob.caller.post(PROVE, None).status_code == 200

    assert bob.caller.post(f"{PROVE}/confirm", {"code": first}).status_code == 400
    assert bob.caller.post(f"{PROVE}/confirm", {"code": application.last_code()}).status_code == 204


def test_codes_of_other_purposes_prove_nothing(application, bob):
    bob.caller.post(PROVE, None)
    code = application.last_code()

    assert bob.validate(code).status_code == 400
    assert bob.listed() == []


def test_a_number_that_has_gone_meanwhile_is_not_proved(application, bob):
    bob.caller.post(PROVE, None)
    code = application.last_code()
    application.admin().patch(bob.path, {"op": "remove", "path": "phoneNumbers"})

    assert bob.caller.post(f"{PROVE}/confirm", {"code": code}).status_code == 400


def test_who_has_no_verified_number_has_nothing_to_prove(application):
    eve = add_person(application, "eve", v=())

    assert eve.caller.post(PROVE, None).status_code == 404
    assert eve.caller.post(f"{PROVE}/confirm", {"code": "123456"}).status_code == 404
