"""Restoring a lost phone: what is asked for, and what is stored in the end."""

from __future__ import annotations

import pytest

from tests.factories.verification import ANN, BEN, CAT, number
from verification.decision import Contact
from verification.policy import Policy
from verification.restoration import Proof, RestorePolicy, restored, second_proof

EMAIL, PASSWORD, CODE, STRONGEST = RestorePolicy
BOTH = Policy()
PLAIN = Policy(multiple_mobile_numbers=False)


@pytest.mark.parametrize(
    ("policy", "has_password", "has_codes", "proof"),
    [
        (EMAIL, True, True, None),
        (PASSWORD, True, True, Proof.PASSWORD),
        (PASSWORD, False, True, Proof.PASSWORD),
        (CODE, True, True, Proof.RECOVERY_CODE),
        (CODE, True, False, Proof.RECOVERY_CODE),
        (STRONGEST, True, True, Proof.RECOVERY_CODE),
        (STRONGEST, False, True, Proof.RECOVERY_CODE),
        (STRONGEST, True, False, Proof.PASSWORD),
        (STRONGEST, False, False, None),
    ],
)
def test_second_proof_follows_the_policy(policy, has_password, has_codes, proof):
    assert second_proof(policy, has_password=has_password, has_recovery_codes=has_codes) is proof


def test_lost_number_is_in_no_list_and_the_new_one_in_both():
    ann, ben, cat = number(ANN), number(BEN), number(CAT)

    after = restored(Contact(ann, (ann, ben), (ann, ben), is_primary_verified=True), cat, BOTH)

    assert after == Contact(cat, (ben, cat), (ben, cat), is_primary_verified=True)


def test_number_that_was_listed_is_listed_once():
    ann, ben = number(ANN), number(BEN)

    after = restored(Contact(ann, (ann, ben), (ann,), is_primary_verified=True), ben, BOTH)

    assert after == Contact(ben, (ben,), (ben,), is_primary_verified=True)


def test_same_number_may_be_restored():
    ann = number(ANN)

    assert restored(Contact(ann), ann, BOTH) == Contact(ann, (ann,), (ann,), is_primary_verified=True)


def test_first_number_of_a_user_may_be_restored():
    ann = number(ANN)

    assert restored(Contact(), ann, BOTH) == Contact(ann, (ann,), (ann,), is_primary_verified=True)


def test_without_lists_there_is_the_primary_alone():
    ann, ben = number(ANN), number(BEN)

    assert restored(Contact(ann, is_primary_verified=True), ben, PLAIN) == Contact(ben, is_primary_verified=True)
