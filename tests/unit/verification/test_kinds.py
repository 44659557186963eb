"""The decision table is one for every kind of contact; what differs is the names, and one thing about spelling."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.verification import ANN, BEN, CAT, DAN, address, contact, number
from verification.channels import Channel
from verification.decision import (
    Actor,
    Contact,
    Decision,
    LiveVerification,
    Start,
    decide,
    decide_creation,
    promote,
)
from verification.errors import MultipleNewAddresses, MultipleNewValues
from verification.kinds import CONTACT_PURPOSES, EMAIL, KINDS, MOBILE
from verification.policy import Policy
from verification.targets import Target
from verification.verifications import Purpose, Scenario

GATED = Policy(email_verification=True)
KEYS = st.sampled_from([ANN, BEN, CAT, DAN])
LISTS = st.lists(KEYS, max_size=4).map(tuple)
# Who says what is to be stored; a witness says what is proved as well.
ASKING = sorted(set(Actor) - {Actor.WITNESS})
CONTACTS = st.builds(contact, st.none() | KEYS, LISTS, LISTS, is_primary_verified=st.booleans())
SCENARIOS = {MOBILE.on_update: EMAIL.on_update, MOBILE.on_list_update: EMAIL.on_list_update}
LIVE = st.none() | st.builds(LiveVerification, KEYS.map(number), st.sampled_from(list(SCENARIOS)))
# The gate of addresses is on, as without it the table is not asked about them.
POLICIES = st.builds(
    lambda has_lists, has_skip, has_claim: Policy(
        multiple_mobile_numbers=has_lists,
        email_verification=True,
        multiple_email_addresses=has_lists,
        privileged_skip=has_skip,
        use_verify_claim=has_claim,
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def _address_of(target):
    return None if target is None else address(target.key)


def _of_addresses(found):
    """Put an address in the place of each number."""
    if isinstance(found, Contact):
        lists = {name: tuple(map(_address_of, getattr(found, name))) for name in ("listed", "verified")}
        return replace(found, primary=_address_of(found.primary), **lists)
    if isinstance(found, Decision):
        return replace(found, contact=_of_addresses(found.contact), start=found.start and _of_addresses(found.start))
    if isinstance(found, (Start, LiveVerification)):
        return replace(found, target=_address_of(found.target), scenario=SCENARIOS[found.scenario])
    return found


@given(CONTACTS, CONTACTS, st.booleans(), LIVE, st.sampled_from(ASKING), POLICIES)
def test_an_update_of_addresses_is_decided_like_one_of_numbers(stored, requested, wants, live, actor, policy):
    def of(kind, *values):
        before, after, waiting = values
        try:
            return decide(before, after, wants_verification=wants, live=waiting, actor=actor, policy=policy, kind=kind)
        except MultipleNewValues as error:
            return error

    numbers_decided = of(MOBILE, stored, requested, live)
    addresses_decided = of(EMAIL, *map(_of_addresses, (stored, requested, live)))

    if isinstance(numbers_decided, MultipleNewValues):
        assert isinstance(addresses_decided, MultipleNewAddresses)
    else:
        assert addresses_decided == _of_addresses(numbers_decided)


@given(CONTACTS, st.booleans(), st.sampled_from(ASKING), POLICIES)
def test_a_creation_with_addresses_is_decided_like_one_with_numbers(requested, wants, actor, policy):
    options = {"wants_verification": wants, "actor": actor, "policy": policy}

    decided = decide_creation(requested, kind=MOBILE, **options)

    assert decide_creation(_of_addresses(requested), kind=EMAIL, **options) == _of_addresses(decided)


@given(CONTACTS, KEYS, st.sampled_from(list(SCENARIOS)), POLICIES)
def test_a_proved_address_is_promoted_like_a_number(stored, key, scenario, policy):
    promoted = promote(stored, number(key), scenario, policy=policy, kind=MOBILE)

    found = promote(_of_addresses(stored), address(key), SCENARIOS[scenario], policy=policy, kind=EMAIL)

    assert found == _of_addresses(promoted)


def test_several_new_addresses_have_a_code_of_their_own():
    requested = Contact(verified=(address("ann"), address("ben")))

    with pytest.raises(MultipleNewAddresses, match="UEV-10003"):
        decide(Contact(), requested, wants_verification=False, live=None, actor=Actor.OWNER, policy=GATED, kind=EMAIL)


@pytest.mark.parametrize(
    ("policy", "is_known", "has_lists"),
    [
        (Policy(), False, False),
        (GATED, True, True),
        (Policy(email_verification=True, multiple_email_addresses=False), True, False),
    ],
    ids=["default", "gate", "gate without lists"],
)
def test_there_is_nothing_to_know_of_addresses_without_their_gate(policy, is_known, has_lists):
    assert (EMAIL.is_known(policy), EMAIL.is_gated(policy), EMAIL.has_lists(policy)) == (is_known, is_known, has_lists)


def test_numbers_are_known_whatever_the_gate():
    assert MOBILE.is_known(Policy(mobile_verification=False, multiple_mobile_numbers=False))


# A mail server may tell Bob from bob: only the spelling that was proved counts as proved.

PROVED = Target("bob@example.com", "bob@example.com")
SPELLED = Target("BOB@example.com", "bob@example.com")


def test_a_verified_address_becomes_the_primary_in_the_spelling_it_was_proved_in():
    stored = Contact(address("ann"), (address("ann"), PROVED), (address("ann"), PROVED), is_primary_verified=True)

    decision = decide(
        stored,
        replace(stored, primary=SPELLED),
        wants_verification=False,
        live=None,
        actor=Actor.OWNER,
        policy=GATED,
        kind=EMAIL,
    )

    assert decision.start is None
    assert decision.contact.primary.text == PROVED.text


def test_the_primary_spelled_otherwise_stays_as_it_is_stored():
    stored = Contact(SPELLED, (PROVED,), (PROVED,), is_primary_verified=True)

    decision = decide(
        stored,
        replace(stored, primary=PROVED),
        wants_verification=False,
        live=None,
        actor=Actor.OWNER,
        policy=GATED,
        kind=EMAIL,
    )

    assert decision.contact.primary.text == SPELLED.text


@pytest.mark.parametrize("scenario", [EMAIL.on_update, EMAIL.on_list_update])
def test_a_proof_of_the_primary_settles_its_spelling(scenario):
    promoted = promote(Contact(SPELLED), PROVED, scenario, policy=GATED, kind=EMAIL)

    assert (promoted.primary.text, promoted.is_primary_verified) == (PROVED.text, True)


def test_each_kind_has_its_purpose_its_scenarios_and_its_channel():
    assert tuple(kind.purpose for kind in KINDS) == CONTACT_PURPOSES
    scenarios = [scenario for kind in KINDS for scenario in (kind.on_update, kind.on_list_update)]
    assert len(set(scenarios)) == len(scenarios)
    assert (Purpose.MOBILE.channel, Purpose.EMAIL.channel) == (Channel.SMS, Channel.EMAIL)


def test_the_interface_names_the_scenarios_of_addresses_as_the_guide_s_product_does():
    assert Scenario("EMAIL_OTP_VERIFICATION_ON_UPDATE") is EMAIL.on_update
    assert Scenario("EMAIL_OTP_VERIFICATION_ON_VERIFIED_LIST_UPDATE") is EMAIL.on_list_update


def test_values_are_read_as_their_kind_is():
    assert MOBILE.read("011-1", Policy()) == MOBILE.stored("0111", Policy()) == number("0111")
    assert EMAIL.read("Ann@example.com", GATED) == EMAIL.stored("ann@example.com", GATED) == address("ann")
