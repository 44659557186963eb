"""The decision table of phone numbers through SCIM: what each request stores, sends and shows."""

from __future__ import annotations

import pytest

from tests.factories.people import ANN, BEN, CAT, DAN, EVE, ON_LIST, ON_UPDATE, Numbers, add_person, person
from tests.factories.servers import WSO2

LISTED = (ANN, BEN, CAT)
PROVED = (ANN, BEN)
STORED = Numbers(ANN, LISTED, PROVED, is_verified=True)


def _after(**changes):
    return Numbers(
        changes.get("p", ANN),
        changes.get("n", LISTED),
        changes.get("v", PROVED),
        changes.get("pending"),
        changes.get("flag", True),
    )


def _assert_pending(user, target, scenario):
    """Assert that one code went to the target, and for what; or that none went."""
    live = user.live()
    user.application.deliver()
    sent = [message.to for message in user.application.carrier.messages]

    assert (live and live.target.text, live and live.scenario) == (target, scenario)
    assert sent == ([target] if target else [])


GATED = {
    "a new primary waits": ({"p": DAN}, _after(pending=DAN), ON_UPDATE),
    "a verified number becomes the primary at once": ({"p": BEN}, _after(p=BEN), None),
    "a number that is only listed waits": ({"p": CAT}, _after(pending=CAT), ON_UPDATE),
    "a verified number that the same request drops waits": (
        {"p": BEN, "n": [ANN, CAT]},
        _after(n=(ANN, CAT), v=(ANN,), pending=BEN),
        ON_UPDATE,
    ),
    "the old primary is not kept where v drops it": ({"p": BEN, "v": [BEN]}, _after(p=BEN, v=(BEN,)), None),
    "the old primary is not kept where n drops it": (
        {"p": BEN, "n": [BEN, CAT]},
        _after(p=BEN, n=(BEN, CAT), v=(BEN,)),
        None,
    ),
    "an empty primary removes it": ({"p": ""}, _after(p=None, flag=None), None),
    "an empty primary and a new verified number": (
        {"p": "", "v": [ANN, BEN, DAN]},
        _after(p=None, flag=None),
        None,
    ),
    "the same primary is no change": ({"p": ANN}, STORED, None),
    "a new verified number waits": ({"v": [ANN, BEN, DAN]}, _after(pending=DAN), ON_LIST),
    "a listed number waits to be verified": ({"v": [ANN, BEN, CAT]}, _after(pending=CAT), ON_LIST),
    "a shorter verified list is stored": ({"v": [ANN]}, _after(v=(ANN,)), None),
    "a shorter verified list with a new number": ({"v": [BEN, DAN]}, _after(v=(BEN,), pending=DAN), ON_LIST),
    "an empty verified list clears": ({"v": []}, _after(v=()), None),
    "the same verified list is no change": ({"v": [BEN, ANN]}, STORED, None),
    "n that drops a verified number": ({"n": [ANN, CAT]}, _after(n=(ANN, CAT), v=(ANN,)), None),
    "n that drops the primary leaves it": ({"n": [BEN, CAT]}, _after(n=(BEN, CAT), v=(BEN,)), None),
    "an empty n clears both lists": ({"n": []}, _after(n=(), v=()), None),
    "n that adds needs no proof": ({"n": [*LISTED, DAN]}, _after(n=(*LISTED, DAN)), None),
    "p goes before a new number in v": ({"p": DAN, "v": [ANN, BEN, EVE]}, _after(pending=DAN), ON_UPDATE),
    "p goes before two new numbers in v": ({"p": DAN, "v": [CAT, EVE]}, _after(v=(), pending=DAN), ON_UPDATE),
    "n and v with one new number": (
        {"n": [*LISTED, DAN], "v": [ANN, BEN, DAN]},
        _after(n=(*LISTED, DAN), pending=DAN),
        ON_LIST,
    ),
    "v cannot keep what n drops": ({"n": [ANN], "v": [ANN, BEN]}, _after(n=(ANN,), v=(ANN,)), None),
    "verifyMobile of a verified primary": ({"verify": True}, STORED, None),
}


@pytest.mark.parametrize(("sent", "expected", "scenario"), GATED.values(), ids=GATED)
def test_a_change_of_numbers(bob, sent, expected, scenario):
    answer = bob.send(**sent)

    assert answer.status_code == 200
    assert bob.numbers() == expected
    _assert_pending(bob, expected.pending, scenario)


def test_the_answer_is_the_resource_as_it_is_stored(bob):
    answer = bob.send(p=DAN)

    assert answer.get_json() == bob.show()
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.headers["ETag"] == answer.get_json()["meta"]["version"] == 'W/"2"'


def test_what_is_no_change_keeps_version_and_lastmodified(bob):
    before = bob.show()
    bob.application.clock.move(hours=1)

    bob.send(p="011 111-1111", n=["0122222222", "(013) 3333333", ANN], v=["012.2222.222", "tel:0111111111"])

    assert bob.show() == before


def test_two_new_numbers_are_refused_and_nothing_is_stored(bob):
    before = bob.show()

    answer = bob.send(v=[ANN, DAN, EVE], n=[ANN])

    assert answer.status_code == 400
    assert answer.get_json()["scimType"] == "invalidValue"
    assert "UMV-10002" in answer.get_json()["detail"]
    assert bob.show() == before
    _assert_pending(bob, None, None)


def test_the_verified_primary_joins_the_lists_without_a_code(application):
    bob = add_person(application)
    bob.send(n=[])
    assert bob.numbers() == Numbers(ANN, is_verified=True)

    bob.send(v=[ANN, DAN])

    assert bob.numbers() == Numbers(ANN, (ANN,), (ANN,), DAN, is_verified=True)
    _assert_pending(bob, DAN, ON_LIST)


def test_an_unverified_primary_in_the_list_waits(application):
    bob = add_person(application, v=())

    bob.send(v=[ANN])

    assert bob.numbers() == Numbers(ANN, pending=ANN, is_verified=False)
    _assert_pending(bob, ANN, ON_LIST)


def test_an_unverified_primary_is_verified_on_demand(application):
    bob = add_person(application, v=())

    bob.send(verify=True)

    assert bob.numbers() == Numbers(ANN, pending=ANN, is_verified=False)
    _assert_pending(bob, ANN, ON_UPDATE)


def test_a_first_number_waits_like_any_other(application):
    bob = add_person(application, p=None, v=())

    bob.send(p=DAN)

    assert bob.numbers() == Numbers(pending=DAN)
    _assert_pending(bob, DAN, ON_UPDATE)


def test_a_privileged_update_waits_like_the_users_own(bob):
    bob.send(p=DAN, by=bob.application.admin())

    assert bob.numbers() == _after(pending=DAN)
    _assert_pending(bob, DAN, ON_UPDATE)


def test_other_attributes_leave_what_is_pending_alone(bob):
    bob.send(p=DAN)
    before = bob.live()

    bob.application.admin().replace(bob.path, {"displayName": "Bobby"})

    assert bob.numbers() == _after(pending=DAN)
    assert bob.live() == before
    _assert_pending(bob, DAN, ON_UPDATE)


# Rule 3: dropping the target of a list verification


def test_dropping_the_listed_target_of_a_list_verification_ends_it(bob):
    bob.send(v=[ANN, BEN, CAT])
    code = bob.application.last_code()

    bob.send(n=[ANN, BEN])

    assert bob.numbers() == _after(n=(ANN, BEN))
    assert bob.live() is None
    assert bob.validate(code).get_json()["code"] == "18001"


def test_dropping_the_target_of_a_primary_verification_does_not_end_it(bob):
    bob.send(p=CAT)

    bob.send(n=[ANN, BEN])

    assert bob.numbers() == _after(n=(ANN, BEN), pending=CAT)
    assert bob.live() is not None


# Rule 1: no proof asked for

UNGATED = {
    "the gate is off": ({"mobile_verification": "false"}, False),
    "a privileged caller skips it": ({"privileged_skip": "true"}, True),
    "it is not claimed": ({"use_verify_claim": "true"}, False),
}
ungated = pytest.mark.parametrize(("settings", "is_privileged"), UNGATED.values(), ids=UNGATED)
AT_ONCE = {
    "a new primary": ({"p": DAN}, _after(p=DAN, flag=False)),
    "a primary that is verified": ({"p": BEN}, _after(p=BEN)),
    "a primary that the request drops": ({"p": BEN, "v": [ANN]}, _after(p=BEN, v=(ANN,), flag=False)),
    "no primary": ({"p": ""}, _after(p=None, flag=None)),
    "n": ({"n": [ANN, DAN]}, _after(n=(ANN, DAN), v=(ANN,))),
    "v that adds": ({"v": [ANN, BEN, DAN]}, STORED),
    "v that adds two": ({"v": [ANN, BEN, DAN, EVE]}, STORED),
    "v that drops": ({"v": [BEN]}, _after(v=(BEN,))),
}


@ungated
@pytest.mark.parametrize(("sent", "expected"), AT_ONCE.values(), ids=AT_ONCE)
def test_a_change_without_proof_is_written_at_once(start, settings, is_privileged, sent, expected):
    application = start(**settings)
    bob = add_person(application, n=LISTED, v=PROVED)

    answer = bob.send(**sent, by=application.admin() if is_privileged else None)

    assert answer.status_code == 200
    assert bob.numbers() == expected
    _assert_pending(bob, None, None)


@pytest.mark.parametrize(
    ("sent", "pending"),
    [({"p": EVE}, None), ({"v": [ANN]}, None), ({"n": [ANN, BEN]}, DAN)],
    ids=["p", "v", "n alone"],
)
def test_a_change_without_proof_ends_what_is_pending_only_by_p_or_v(start, sent, pending):
    bob = add_person(start(), n=LISTED, v=PROVED)
    bob.send(p=DAN)

    person(start(mobile_verification="false"), bob.id).send(**sent)

    assert bob.numbers().pending == pending
    assert (bob.live() is not None) is (pending is not None)


def test_a_code_counts_after_the_gate_was_closed(start):
    bob = add_person(start(), n=LISTED, v=PROVED)
    bob.send(p=DAN)
    code = bob.application.last_code()

    answer = person(start(mobile_verification="false"), bob.id).validate(code)

    assert answer.status_code == 200
    assert bob.numbers().primary == DAN


def test_the_skip_is_for_privileged_callers_alone(start):
    bob = add_person(start(privileged_skip="true"), n=LISTED, v=PROVED)

    bob.send(p=DAN)

    assert bob.numbers() == _after(pending=DAN)


def test_the_own_resource_under_users_is_no_privileged_place(start):
    """Privileged is who acts on somebody else; the same token on /Users obeys the rules of /Me."""
    application = start(privileged_skip="true")
    bob = add_person(application, n=LISTED, v=PROVED)
    scopes = frozenset({"internal_user_mgt_update", "internal_login"})

    bob.send(p=DAN, by=application.user(bob.id, scopes))

    assert bob.numbers() == _after(pending=DAN)


def test_another_user_with_the_scope_is_privileged(start):
    application = start(privileged_skip="true")
    bob = add_person(application, n=LISTED, v=PROVED)
    eve = application.add_user("eve")

    bob.send(p=DAN, by=application.user(eve, frozenset({"internal_user_mgt_update"})))

    assert bob.numbers() == _after(p=DAN, flag=False)


def test_a_claimed_change_waits_for_its_proof(start):
    bob = add_person(start(use_verify_claim="true"), n=LISTED, v=PROVED)

    bob.send(p=DAN, verify=True)

    assert bob.numbers() == _after(pending=DAN)
    _assert_pending(bob, DAN, ON_UPDATE)


# Rule 5: what the right code does


@pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])
@pytest.mark.parametrize(
    ("stored", "sent", "expected"),
    [
        pytest.param(
            {"v": (ANN,)}, {"p": DAN}, Numbers(DAN, (ANN, DAN), (ANN, DAN), is_verified=True), id="verified primary"
        ),
        pytest.param({"v": ()}, {"p": DAN}, Numbers(DAN, (DAN,), (DAN,), is_verified=True), id="unverified primary"),
        pytest.param({"p": None, "v": ()}, {"p": DAN}, Numbers(DAN, (DAN,), (DAN,), is_verified=True), id="no primary"),
        pytest.param(
            {"v": ()}, {"verify": True}, Numbers(ANN, (ANN,), (ANN,), is_verified=True), id="the primary itself"
        ),
        pytest.param(
            {"v": (ANN,)},
            {"v": [ANN, DAN]},
            Numbers(ANN, (ANN, DAN), (ANN, DAN), is_verified=True),
            id="listed, verified primary",
        ),
        pytest.param(
            {"v": ()}, {"v": [DAN]}, Numbers(ANN, (DAN,), (DAN,), is_verified=False), id="listed, unverified primary"
        ),
        pytest.param(
            {"v": ()}, {"v": [ANN]}, Numbers(ANN, (ANN,), (ANN,), is_verified=True), id="listed, the primary itself"
        ),
        pytest.param(
            {"p": None, "v": ()},
            {"v": [DAN]},
            Numbers(DAN, (DAN,), (DAN,), is_verified=True),
            id="listed, no primary",
        ),
    ],
)
def test_the_right_code_promotes_the_number(application, is_privileged, stored, sent, expected):
    bob = add_person(application, **stored)
    bob.send(**sent)
    code = application.last_code()

    checker = application.admin() if is_privileged else bob.caller
    answer = checker.post(f"/api/identity/user/v1.0/{'' if is_privileged else 'me/'}validate-code", {"code": code})

    assert answer.status_code == 200
    assert bob.numbers() == expected
    assert bob.live() is None


def test_without_lists_the_right_code_changes_the_primary_alone(start):
    bob = add_person(start(multiple_mobile_numbers="false"))
    bob.send(p=DAN)

    bob.validate(bob.application.last_code())

    assert bob.numbers() == Numbers(DAN, is_verified=True)


# Rule 6: new users


def test_a_new_user_has_the_numbers_as_given_and_unverified(application):
    bob = add_person(application, n=(BEN,), v=())

    assert bob.numbers() == Numbers(ANN, (BEN,), is_verified=False)
    _assert_pending(bob, None, None)


def test_a_privileged_caller_may_assert_verified_numbers(application):
    bob = add_person(application, n=(CAT,), v=(ANN, BEN))

    assert bob.numbers() == Numbers(ANN, (CAT, ANN, BEN), (ANN, BEN), is_verified=True)
    _assert_pending(bob, None, None)


def test_the_code_of_a_new_user_is_sent_on_demand(application):
    bob = add_person(
        application, v=(), **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"verifyMobile": True}}
    )

    assert bob.numbers() == Numbers(ANN, pending=ANN, is_verified=False)
    _assert_pending(bob, ANN, ON_UPDATE)


def test_no_code_goes_to_a_number_that_was_asserted(application):
    body = {
        "userName": "bob",
        "phoneNumbers": [{"type": "mobile", "value": ANN}],
        WSO2: {"verifiedMobileNumbers": ANN, "verifyMobile": "True"},
    }

    user_id = application.admin().post("/scim2/Users", body).get_json()["id"]

    bob = person(application, user_id)
    assert bob.numbers() == Numbers(ANN, (ANN,), (ANN,), is_verified=True)
    _assert_pending(bob, None, None)


def test_no_code_goes_to_a_new_user_while_the_gate_is_off(start):
    application = start(mobile_verification="false")

    bob = add_person(
        application, v=(), **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"verifyMobile": True}}
    )

    assert bob.numbers() == Numbers(ANN, is_verified=False)
    _assert_pending(bob, None, None)
