"""The decision table: one test for each rule, and one for each request whose outcome the facts tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.verification import ANN, BEN, CAT, DAN, contact, number, numbers
from verification.decision import Actor, Contact, Decision, LiveVerification, Start, decide, decide_creation, promote
from verification.errors import MultipleNewNumbers
from verification.kinds import MOBILE
from verification.policy import Policy
from verification.targets import Target
from verification.verifications import Scenario

UPDATE = Scenario.MOBILE_ON_UPDATE
LIST = Scenario.MOBILE_ON_LIST_UPDATE
EVE = "0155555555"

GATE_OFF = Policy(mobile_verification=False)
SKIP = Policy(privileged_skip=True)
CLAIM = Policy(use_verify_claim=True)
NO_LISTS = Policy(multiple_mobile_numbers=False)

# P is ANN and verified; BEN is verified too, CAT is only listed.
STORED = contact(ANN, (ANN, BEN, CAT), (ANN, BEN))
BARE = contact(ANN)
UNVERIFIED = contact(ANN, (BEN,), (BEN,), is_primary_verified=False)
KEEP = object()


def _sent(stored, p=KEEP, n=KEEP, v=KEEP):
    """Make the document after the request: what is not sent is as it is stored, and the flag is not to be believed."""
    return Contact(
        stored.primary if p is KEEP else None if p is None else number(p),
        stored.listed if n is KEEP else numbers(*n),
        stored.verified if v is KEEP else numbers(*v),
        is_primary_verified=True,
    )


def _decide(stored=STORED, *, live=None, wants=False, actor=Actor.OWNER, policy=None, **sent):
    return decide(
        stored,
        _sent(stored, **sent),
        wants_verification=wants,
        live=live,
        actor=actor,
        policy=policy or Policy(),
        kind=MOBILE,
    )


def _live(target=DAN, scenario=UPDATE):
    return LiveVerification(number(target), scenario)


def _texts(result):
    """Show a contact as texts, which show the spelling that equality ignores."""
    primary = result.primary.text if result.primary else None
    return primary, [t.text for t in result.listed], [t.text for t in result.verified], result.is_primary_verified


# Rule 1: written without a proof


UNGATED = pytest.mark.parametrize(
    ("policy", "actor", "wants"),
    [
        (GATE_OFF, Actor.OWNER, True),
        (GATE_OFF, Actor.PRIVILEGED, False),
        (SKIP, Actor.PRIVILEGED, True),
        (CLAIM, Actor.OWNER, False),
        (CLAIM, Actor.PRIVILEGED, False),
    ],
    ids=["gate off", "gate off, privileged", "skip", "not claimed", "not claimed, privileged"],
)


@UNGATED
def test_rule_1_a_new_primary_is_written_unverified(policy, actor, wants):
    decision = _decide(p=DAN, policy=policy, actor=actor, wants=wants)

    assert decision == Decision(contact(DAN, (ANN, BEN, CAT), (ANN, BEN), is_primary_verified=False))


@UNGATED
def test_rule_1_a_new_primary_that_is_verified_already_stays_so(policy, actor, wants):
    decision = _decide(p=BEN, policy=policy, actor=actor, wants=wants)

    assert decision == Decision(contact(BEN, (ANN, BEN, CAT), (ANN, BEN)))


def test_rule_1_a_removed_primary_takes_its_flag_with_it():
    decision = _decide(p=None, policy=GATE_OFF)

    assert decision == Decision(contact(None, (ANN, BEN, CAT), (ANN, BEN), is_primary_verified=False))


def test_rule_1_the_verified_list_never_grows():
    assert _decide(v=(ANN, BEN, DAN, EVE), policy=GATE_OFF) == Decision(STORED)


def test_rule_1_not_even_by_the_verified_primary():
    assert _decide(BARE, v=(ANN,), policy=GATE_OFF) == Decision(BARE)


def test_rule_1_the_verified_list_loses_what_either_list_drops():
    stored = contact(None, (ANN, BEN, CAT), (ANN, BEN, CAT), is_primary_verified=False)

    decision = _decide(stored, n=(BEN, CAT), v=(ANN, BEN), policy=GATE_OFF)

    assert decision.contact == replace(stored, listed=numbers(BEN, CAT), verified=numbers(BEN))


def test_rule_1_the_flag_of_an_unchanged_primary_stays_when_the_lists_drop_it():
    decision = _decide(n=(BEN,), v=(BEN,), policy=GATE_OFF)

    assert decision.contact == contact(ANN, (BEN,), (BEN,))


@pytest.mark.parametrize(
    ("sent", "is_canceled"),
    [
        ({"p": BEN}, True),
        ({"p": None}, True),
        ({"v": (ANN,)}, True),
        ({"v": (ANN, BEN, DAN)}, True),
        ({"n": ()}, False),
        ({}, False),
    ],
    ids=["p", "p removed", "v less", "v more", "n alone", "nothing"],
)
def test_rule_1_a_live_verification_ends_only_if_p_or_v_counts(sent, is_canceled):
    decision = _decide(live=_live(CAT, LIST), policy=GATE_OFF, **sent)

    assert (decision.cancel, decision.start) == (is_canceled, None)


def test_rule_1_the_skip_is_for_the_privileged_alone():
    assert _decide(p=DAN, policy=SKIP, actor=Actor.OWNER).start == Start(number(DAN), UPDATE)


def test_rule_1_a_claimed_verification_goes_the_usual_way():
    assert _decide(p=DAN, policy=CLAIM, wants=True).start == Start(number(DAN), UPDATE)


def test_the_privileged_without_a_skip_go_the_usual_way():
    assert _decide(p=DAN, actor=Actor.PRIVILEGED).start == Start(number(DAN), UPDATE)


@pytest.mark.parametrize("policy", [Policy(), CLAIM], ids=["gate on", "claim"])
def test_a_registrar_writes_at_once_and_verifies_nothing(policy):
    decision = _decide(live=_live(), actor=Actor.REGISTRAR, wants=True, policy=policy, p=DAN)

    assert _texts(decision.contact) == (DAN, [ANN, BEN, CAT], [ANN, BEN], False)
    assert (decision.cancel, decision.start) == (True, None)


def test_a_witness_writes_at_once_what_is_proved():
    decision = _decide(live=_live(), actor=Actor.WITNESS, p=DAN)

    assert _texts(decision.contact) == (DAN, [ANN, BEN, CAT, DAN], [ANN, BEN, DAN], True)
    assert (decision.cancel, decision.start) == (True, None)


def test_a_witness_proves_the_number_that_is_there():
    stored = contact(ANN, is_primary_verified=False)

    decision = _decide(stored, live=_live(ANN), actor=Actor.WITNESS)

    assert _texts(decision.contact) == (ANN, [ANN], [ANN], True)
    assert decision.cancel


@pytest.mark.parametrize("sent", [{}, {"p": None}], ids=["nothing", "p removed"])
def test_a_witness_of_nothing_new_changes_nothing_else(sent):
    decision = _decide(live=_live(BEN), actor=Actor.WITNESS, **sent)

    assert decision.contact == (STORED if not sent else replace(STORED, primary=None, is_primary_verified=False))
    assert decision.start is None


# Rule 2: what asks for a proof


def test_rule_2_two_new_numbers_are_refused():
    with pytest.raises(MultipleNewNumbers, match="UMV-10002"):
        _decide(v=(ANN, BEN, DAN, EVE))


def test_rule_2_two_spellings_of_one_new_number_are_one():
    assert _decide(v=(ANN, BEN, DAN, "014-444-4444")).start == Start(number(DAN), LIST)


def test_rule_2_the_verified_primary_needs_no_proof():
    decision = _decide(BARE, v=(ANN, DAN))

    assert decision == Decision(contact(ANN, (ANN,), (ANN,)), start=Start(number(DAN), LIST))


def test_rule_2_two_new_numbers_do_not_matter_where_p_counts():
    assert _decide(p=CAT, v=(ANN, BEN, DAN, EVE)).start == Start(number(CAT), UPDATE)


# Rule 3: the lists


def test_rule_3_an_unproved_number_never_enters_the_verified_list():
    assert _decide(v=(ANN, BEN, DAN), n=(ANN, BEN, CAT, DAN)).contact == contact(ANN, (ANN, BEN, CAT, DAN), (ANN, BEN))


def test_rule_3_what_n_drops_is_verified_no_more():
    assert _decide(n=(ANN, CAT)).contact == contact(ANN, (ANN, CAT), (ANN,))


def test_rule_3_what_n_drops_cannot_be_kept_by_v():
    assert _decide(n=(ANN,), v=(BEN,)).contact == contact(ANN, (ANN,), ())


def test_rule_3_empty_lists_clear():
    assert _decide(n=(), v=()).contact == contact(ANN)


@pytest.mark.parametrize(
    ("live", "n", "is_canceled"),
    [
        (_live(CAT, LIST), (ANN, BEN), True),
        (_live(CAT, LIST), (ANN, CAT), False),
        (_live(CAT, UPDATE), (ANN, BEN), False),
        (_live(DAN, LIST), (ANN, BEN), False),
    ],
    ids=["dropped", "kept", "a primary's", "never listed"],
)
def test_rule_3_dropping_the_target_of_a_list_verification_ends_it(live, n, is_canceled):
    assert _decide(live=live, n=n).cancel is is_canceled


@pytest.mark.parametrize(
    ("sent", "start"),
    [({"p": DAN}, Start(number(DAN), UPDATE)), ({"v": (ANN, BEN, CAT)}, Start(number(CAT), LIST))],
    ids=["p", "the same again in v"],
)
def test_rule_3_the_verification_live_before_ends_and_the_one_of_this_request_begins(sent, start):
    decision = _decide(live=_live(CAT, LIST), n=(ANN, BEN), **sent)

    assert (decision.cancel, decision.start) == (True, start)


# Rule 4: the primary


def test_rule_4_a_removed_primary_ends_what_is_live():
    decision = _decide(p=None, n=(ANN, BEN), live=_live())

    assert decision == Decision(contact(None, (ANN, BEN), (ANN, BEN), is_primary_verified=False), cancel=True)


def test_rule_4_a_verified_primary_is_taken_at_once():
    assert _decide(p=BEN, live=_live()) == Decision(contact(BEN, (ANN, BEN, CAT), (ANN, BEN)), cancel=True)


def test_rule_4_the_old_verified_primary_joins_the_lists():
    stored = contact(ANN, (BEN,), (BEN,))

    assert _decide(stored, p=BEN).contact == contact(BEN, (BEN, ANN), (BEN, ANN))


def test_rule_4_the_old_unverified_primary_does_not():
    assert _decide(UNVERIFIED, p=BEN).contact == contact(BEN, (BEN,), (BEN,))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"n": (BEN, CAT)}, contact(BEN, (BEN, CAT), (BEN,))),
        ({"v": (BEN,)}, contact(BEN, (ANN, BEN, CAT), (BEN,))),
    ],
    ids=["n", "v"],
)
def test_rule_4_the_old_primary_does_not_join_what_drops_it(sent, expected):
    assert _decide(p=BEN, **sent).contact == expected


def test_rule_4_the_first_primary_from_the_list_is_taken_at_once():
    stored = contact(None, (BEN,), (BEN,), is_primary_verified=False)

    assert _decide(stored, p=BEN).contact == contact(BEN, (BEN,), (BEN,))


@pytest.mark.parametrize("sent", [{"v": (ANN,)}, {"n": (ANN, CAT)}], ids=["v", "n"])
def test_rule_4_a_primary_the_same_request_drops_needs_its_proof(sent):
    decision = _decide(p=BEN, **sent)

    assert (decision.contact.primary, decision.start) == (number(ANN), Start(number(BEN), UPDATE))


def test_rule_4_any_other_primary_waits_for_its_proof():
    assert _decide(p=DAN) == Decision(STORED, start=Start(number(DAN), UPDATE))


def test_rule_4_a_first_primary_waits_too():
    stored = contact(None, is_primary_verified=False)

    assert _decide(stored, p=DAN) == Decision(stored, start=Start(number(DAN), UPDATE))


def test_rule_4_a_request_cannot_verify_its_own_primary():
    decision = _decide(p=DAN, n=(ANN, BEN, DAN), v=(ANN, BEN, DAN))

    assert decision == Decision(contact(ANN, (ANN, BEN, DAN), (ANN, BEN)), start=Start(number(DAN), UPDATE))


def test_rule_4_an_unverified_primary_is_proved_on_wish():
    assert _decide(UNVERIFIED, wants=True) == Decision(UNVERIFIED, start=Start(number(ANN), UPDATE))


def test_rule_4_a_new_member_goes_before_that_wish():
    assert _decide(UNVERIFIED, wants=True, v=(BEN, DAN)).start == Start(number(DAN), LIST)


@pytest.mark.parametrize("stored", [STORED, contact(None, is_primary_verified=False)], ids=["verified", "none"])
def test_rule_4_without_an_unverified_primary_the_wish_does_nothing(stored):
    assert _decide(stored, wants=True, live=_live()) == Decision(stored)


def test_rule_4_a_request_of_other_things_leaves_what_is_live():
    assert _decide(live=_live()) == Decision(STORED)


# Rule 5: success


def test_rule_5_an_update_makes_the_target_the_verified_primary():
    promoted = promote(STORED, number(DAN), UPDATE, policy=Policy(), kind=MOBILE)

    assert promoted == contact(DAN, (ANN, BEN, CAT, DAN), (ANN, BEN, DAN))


def test_rule_5_target_and_old_verified_primary_join_the_lists():
    assert promote(BARE, number(DAN), UPDATE, policy=Policy(), kind=MOBILE) == contact(DAN, (DAN, ANN), (DAN, ANN))


def test_rule_5_the_old_unverified_primary_does_not_join():
    assert promote(UNVERIFIED, number(DAN), UPDATE, policy=Policy(), kind=MOBILE) == contact(
        DAN, (BEN, DAN), (BEN, DAN)
    )


def test_rule_5_an_unverified_primary_becomes_verified():
    assert promote(UNVERIFIED, number(ANN), UPDATE, policy=Policy(), kind=MOBILE) == contact(
        ANN, (BEN, ANN), (BEN, ANN)
    )


def test_rule_5_a_first_primary_is_made():
    empty = contact(None, is_primary_verified=False)

    assert promote(empty, number(DAN), UPDATE, policy=Policy(), kind=MOBILE) == contact(DAN, (DAN,), (DAN,))


def test_rule_5_without_lists_only_the_primary_changes():
    assert promote(BARE, number(DAN), UPDATE, policy=NO_LISTS, kind=MOBILE) == contact(DAN)


def test_rule_5_a_list_success_joins_the_lists_alone():
    assert promote(STORED, number(CAT), LIST, policy=Policy(), kind=MOBILE) == contact(
        ANN, (ANN, BEN, CAT), (ANN, BEN, CAT)
    )


def test_rule_5_a_list_success_makes_the_primary_where_there_is_none():
    empty = contact(None, is_primary_verified=False)

    assert promote(empty, number(DAN), LIST, policy=Policy(), kind=MOBILE) == contact(DAN, (DAN,), (DAN,))


def test_rule_5_a_list_success_of_the_primary_verifies_it():
    assert promote(UNVERIFIED, number(ANN), LIST, policy=Policy(), kind=MOBILE) == contact(ANN, (BEN, ANN), (BEN, ANN))


def test_rule_5_a_list_success_of_another_says_nothing_of_the_primary():
    promoted = promote(UNVERIFIED, number(DAN), LIST, policy=Policy(), kind=MOBILE)

    assert promoted == contact(ANN, (BEN, DAN), (BEN, DAN), is_primary_verified=False)


def test_rule_5_a_list_success_without_lists_keeps_the_primary():
    assert promote(BARE, number(DAN), LIST, policy=NO_LISTS, kind=MOBILE) == BARE


# Rule 6: creation


def _create(requested, *, wants=False, actor=Actor.PRIVILEGED, policy=None):
    return decide_creation(requested, wants_verification=wants, actor=actor, policy=policy or Policy(), kind=MOBILE)


def test_rule_6_numbers_are_stored_as_given_and_unverified():
    assert _create(contact(ANN, (ANN, BEN))) == Decision(contact(ANN, (ANN, BEN), is_primary_verified=False))


def test_rule_6_the_privileged_may_assert_verified_numbers_which_join_the_list():
    assert _create(contact(ANN, (BEN,), (CAT,))).contact == contact(ANN, (BEN, CAT), (CAT,), is_primary_verified=False)


def test_rule_6_an_asserted_primary_is_verified():
    assert _create(contact(ANN, (), (ANN,), is_primary_verified=False)).contact == contact(ANN, (ANN,), (ANN,))


def test_rule_6_nobody_else_may_assert():
    created = _create(contact(ANN, (BEN,), (ANN, CAT)), actor=Actor.OWNER)

    assert created.contact == contact(ANN, (BEN,), (), is_primary_verified=False)


def test_rule_6_without_lists_nothing_is_asserted():
    created = _create(contact(ANN, (BEN,), (ANN,)), policy=NO_LISTS)

    assert created.contact == contact(ANN, is_primary_verified=False)


def test_rule_6_a_wish_sends_a_code_to_the_unverified_primary():
    assert _create(contact(ANN), wants=True).start == Start(number(ANN), UPDATE)


@pytest.mark.parametrize(
    ("requested", "policy"),
    [
        (contact(ANN), GATE_OFF),
        (contact(None), Policy()),
        (contact(ANN, (), (ANN,)), Policy()),
    ],
    ids=["gate off", "no primary", "asserted"],
)
def test_rule_6_else_the_wish_sends_nothing(requested, policy):
    assert _create(requested, wants=True, policy=policy).start is None


# What counts: difference by key


def test_a_primary_spelled_otherwise_does_not_count_and_keeps_its_spelling():
    decision = _decide(p="011 111 1111", live=_live())

    assert decision == Decision(STORED)
    assert _texts(decision.contact) == _texts(STORED)


def test_lists_spelled_and_ordered_otherwise_keep_what_is_stored():
    decision = _decide(n=("013 3333333", ANN, BEN), v=("012-2222222", ANN))

    assert _texts(decision.contact) == _texts(STORED)


def test_a_changed_list_keeps_the_stored_spelling_of_what_stays():
    decision = _decide(n=("011-1111111", DAN), v=("011-1111111",))

    assert _texts(decision.contact) == (ANN, [ANN, DAN], [ANN], True)


def test_a_number_that_is_listed_already_keeps_its_spelling_when_it_is_proved():
    promoted = promote(STORED, number("013-333-3333"), LIST, policy=Policy(), kind=MOBILE)

    assert _texts(promoted)[1] == [ANN, BEN, CAT]


def test_a_primary_keeps_its_spelling_when_it_is_proved():
    assert _texts(promote(UNVERIFIED, number("011-111-1111"), UPDATE, policy=Policy(), kind=MOBILE))[0] == ANN


def test_a_new_primary_is_spelled_as_sent():
    assert _texts(_decide(p="012-222-2222").contact)[0] == "012-222-2222"


def test_without_lists_what_is_stored_in_them_is_neither_read_nor_kept():
    decision = _decide(p=BEN, n=(ANN, DAN), v=(ANN, BEN, DAN, EVE), policy=NO_LISTS)

    assert decision == Decision(contact(ANN), start=Start(number(BEN), UPDATE))


def test_without_lists_and_gate_a_primary_is_written():
    policy = Policy(mobile_verification=False, multiple_mobile_numbers=False)

    assert _decide(p=BEN, policy=policy).contact == contact(BEN, is_primary_verified=False)


def test_a_primary_stored_among_the_verified_is_verified():
    broken = contact(ANN, (ANN,), (ANN,), is_primary_verified=False)

    assert _decide(broken, wants=True) == Decision(contact(ANN, (ANN,), (ANN,)))


# The table of facts/mobile-verification.md §1.4, row by row: kept as it is there, or changed and how.

P_UNLISTED = contact(ANN, (CAT,), (ANN, BEN))
ROWS = {
    "a new p is pending (kept)": (STORED, {"p": DAN}, STORED, False, (DAN, UPDATE)),
    "b verified p is taken (kept)": (STORED, {"p": BEN}, contact(BEN, (ANN, BEN, CAT), (ANN, BEN)), True, None),
    "c verified p missing in N is taken (changed: V is not cut to N, N is mended)": (
        P_UNLISTED,
        {"p": BEN},
        contact(BEN, (CAT, ANN, BEN), (ANN, BEN)),
        True,
        None,
    ),
    "d p is P (kept)": (STORED, {"p": ANN}, STORED, False, None),
    "e verified P by way of the list joins it (changed: a pending number goes on)": (
        BARE,
        {"v": (ANN,)},
        contact(ANN, (ANN,), (ANN,)),
        False,
        None,
    ),
    "f unverified P by way of the list is pending (kept)": (
        UNVERIFIED,
        {"v": (BEN, ANN)},
        UNVERIFIED,
        False,
        (ANN, LIST),
    ),
    "g p not in N is not listed before its proof (kept)": (
        STORED,
        {"p": DAN, "n": (ANN, BEN)},
        contact(ANN, (ANN, BEN), (ANN, BEN)),
        False,
        (DAN, UPDATE),
    ),
    "h empty p (changed: a pending number ends)": (
        STORED,
        {"p": None},
        contact(None, (ANN, BEN, CAT), (ANN, BEN), is_primary_verified=False),
        True,
        None,
    ),
    "i removed p with removed lists (changed: a pending number ends)": (
        STORED,
        {"p": None, "n": (), "v": ()},
        contact(None, is_primary_verified=False),
        True,
        None,
    ),
    "j one new in v is pending (kept)": (STORED, {"v": (ANN, BEN, DAN)}, STORED, False, (DAN, LIST)),
    "l verified P beside V joins at once (kept, but a pending number goes on)": (
        contact(ANN, (BEN,), (BEN,)),
        {"v": (BEN, ANN)},
        contact(ANN, (BEN, ANN), (BEN, ANN)),
        False,
        None,
    ),
    "m unverified P beside V is pending (changed: N gets it after its proof)": (
        UNVERIFIED,
        {"v": (BEN, ANN)},
        UNVERIFIED,
        False,
        (ANN, LIST),
    ),
    "n less in v (kept)": (STORED, {"v": (ANN,)}, contact(ANN, (ANN, BEN, CAT), (ANN,)), False, None),
    "o empty v (changed: it clears)": (STORED, {"v": ()}, contact(ANN, (ANN, BEN, CAT)), False, None),
    "p v as it is (kept)": (STORED, {"v": (BEN, ANN)}, STORED, False, None),
    "q n drops a verified number (kept)": (STORED, {"n": (ANN, CAT)}, contact(ANN, (ANN, CAT), (ANN,)), False, None),
    "r n drops P (kept)": (STORED, {"n": (BEN, CAT)}, contact(ANN, (BEN, CAT), (BEN,)), False, None),
    "t n adds (kept)": (
        STORED,
        {"n": (ANN, BEN, CAT, EVE)},
        contact(ANN, (ANN, BEN, CAT, EVE), (ANN, BEN)),
        False,
        None,
    ),
    "u p and v (changed: v may still drop)": (
        STORED,
        {"p": DAN, "v": (ANN, EVE)},
        contact(ANN, (ANN, BEN, CAT), (ANN,)),
        False,
        (DAN, UPDATE),
    ),
    "v v and n, one new (kept)": (
        STORED,
        {"v": (ANN, BEN, DAN), "n": (ANN, DAN)},
        contact(ANN, (ANN, DAN), (ANN,)),
        False,
        (DAN, LIST),
    ),
    "w v with an empty N (changed: V is not wiped, N is mended)": (
        contact(ANN, (), (ANN, BEN)),
        {"v": (ANN, BEN, DAN)},
        contact(ANN, (ANN, BEN), (ANN, BEN)),
        False,
        (DAN, LIST),
    ),
    "x nothing of ours (kept)": (STORED, {}, STORED, False, None),
}


@pytest.mark.parametrize(("stored", "sent", "expected", "is_canceled", "start"), ROWS.values(), ids=ROWS)
def test_a_request_of_the_table(stored, sent, expected, is_canceled, start):
    decision = _decide(stored, live=_live(EVE), **sent)

    assert decision.contact == expected
    assert decision.cancel is is_canceled
    assert decision.start == (None if start is None else Start(number(start[0]), start[1]))


def test_row_k_two_new_in_v_are_refused_kept():
    with pytest.raises(MultipleNewNumbers):
        _decide(v=(ANN, BEN, DAN, EVE), live=_live())


def test_row_s_n_drops_the_pending_list_number_changed_it_ends():
    decision = _decide(n=(ANN, BEN), live=_live(CAT, LIST))

    assert decision == Decision(contact(ANN, (ANN, BEN), (ANN, BEN)), cancel=True)


def test_row_y_the_flag_of_the_document_is_not_believed_changed():
    """Upstream stores phoneVerified as sent; `_sent` always claims true."""
    assert _decide(UNVERIFIED) == Decision(UNVERIFIED)


@pytest.mark.parametrize("target", [DAN, EVE], ids=["z another", "z' the same again"])
def test_rows_z_a_pending_number_leaves_the_start_to_its_life(target):
    """Changed: the same number again keeps its code (L1); another ends the old code in every scenario."""
    assert _decide(p=target, live=_live(EVE)) == Decision(STORED, start=Start(number(target), UPDATE))


# Laws

KEYS = st.sampled_from([ANN, BEN, CAT, DAN, EVE])
LISTS = st.lists(KEYS, max_size=5).map(tuple)
PRIMARIES = st.none() | KEYS
# Who says what is to be stored; a witness says what is proved as well.
ASKING = sorted(set(Actor) - {Actor.WITNESS})
POLICIES = st.builds(
    Policy, st.booleans(), st.booleans(), privileged_skip=st.booleans(), use_verify_claim=st.booleans()
)
LIVE = st.none() | st.builds(_live, KEYS, st.sampled_from(Scenario))


@st.composite
def _stored(draw):
    """Any contact that keeps the invariants."""
    verified = tuple(dict.fromkeys(draw(LISTS)))
    primary = draw(PRIMARIES)
    is_verified = primary in verified or (primary is not None and draw(st.booleans()))
    listed = tuple(dict.fromkeys((*verified, *draw(LISTS))))
    return contact(primary, listed, verified, is_primary_verified=is_verified)


def _keeps_invariants(result):
    return (
        set(result.verified) <= set(result.listed)
        and (result.primary not in result.verified or result.is_primary_verified)
        and (result.primary is not None or not result.is_primary_verified)
        and len(set(result.listed)) == len(result.listed)
        and len(set(result.verified)) == len(result.verified)
    )


@given(_stored(), PRIMARIES, LISTS, LISTS, st.booleans(), LIVE, st.sampled_from(ASKING), POLICIES)
def test_no_request_verifies_anything(stored, p, n, v, wants, live, actor, policy):
    sent = Contact(number(p) if p else None, numbers(*n), numbers(*v), is_primary_verified=True)
    proved = {*stored.verified, *([stored.primary] if stored.is_primary_verified else [])}
    try:
        decision = decide(stored, sent, wants_verification=wants, live=live, actor=actor, policy=policy, kind=MOBILE)
    except MultipleNewNumbers:
        return

    result = decision.contact

    assert _keeps_invariants(result)
    assert set(result.verified) <= proved
    assert not result.is_primary_verified or result.primary in proved
    assert decision.start is None or decision.start.target not in result.verified
    assert live is not None or not decision.cancel


@given(_stored(), st.booleans(), LIVE, st.sampled_from(ASKING), POLICIES)
def test_a_request_that_changes_nothing_stores_nothing(stored, wants, live, actor, policy):
    decision = decide(stored, stored, wants_verification=wants, live=live, actor=actor, policy=policy, kind=MOBILE)

    expected = (
        stored
        if policy.multiple_mobile_numbers
        else Contact(stored.primary, is_primary_verified=stored.is_primary_verified)
    )
    assert decision.contact == expected
    assert not decision.cancel


@given(_stored(), PRIMARIES, LISTS, LISTS, st.booleans(), st.sampled_from(ASKING))
def test_a_decision_taken_twice_is_taken_once(stored, p, n, v, wants, actor):
    """What the first request left pending may be asked for again, but what is stored is settled."""
    sent = Contact(number(p) if p else None, numbers(*n), numbers(*v))
    try:
        first = decide(stored, sent, wants_verification=wants, live=None, actor=actor, policy=Policy(), kind=MOBILE)
        settled = replace(first.contact, primary=sent.primary) if first.start is None else first.contact
        second = decide(
            first.contact, settled, wants_verification=wants, live=None, actor=actor, policy=Policy(), kind=MOBILE
        )
    except MultipleNewNumbers:
        return

    assert second.contact == first.contact


@given(_stored(), KEYS, st.sampled_from(Scenario), POLICIES)
def test_a_success_keeps_the_invariants_and_verifies_its_target_alone(stored, target, scenario, policy):
    result = promote(stored, number(target), scenario, policy=policy, kind=MOBILE)
    proved = {*stored.verified, number(target), *([stored.primary] if stored.is_primary_verified else [])}

    assert _keeps_invariants(result)
    assert set(result.verified) <= proved
    assert not result.is_primary_verified or result.primary in proved


@given(_stored(), PRIMARIES, LIVE, POLICIES)
def test_a_witness_keeps_the_invariants_and_proves_the_primary(stored, p, live, policy):
    decision = _decide(stored, live=live, actor=Actor.WITNESS, policy=policy, p=p)

    assert _keeps_invariants(decision.contact)
    assert decision.contact.is_primary_verified == (decision.contact.primary is not None)


@given(PRIMARIES, LISTS, LISTS, st.booleans(), st.sampled_from(ASKING), POLICIES)
def test_a_creation_keeps_the_invariants(p, n, v, wants, actor, policy):
    sent = Contact(number(p) if p else None, numbers(*n), numbers(*v), is_primary_verified=True)

    decision = decide_creation(sent, wants_verification=wants, actor=actor, policy=policy, kind=MOBILE)

    assert _keeps_invariants(decision.contact)
    assert actor is Actor.PRIVILEGED or not decision.contact.verified


def test_keys_are_compared_not_texts():
    stored = Contact(Target("0712345678", "+94712345678"), is_primary_verified=True)
    sent = Contact(Target("+94 71 234 5678", "+94712345678"))

    decision = decide(
        stored, sent, wants_verification=False, live=None, actor=Actor.OWNER, policy=Policy(), kind=MOBILE
    )

    assert decision.contact.primary.text == "0712345678"
