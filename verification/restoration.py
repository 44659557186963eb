"""Restoring a lost phone: which proofs are asked for, and what is stored in the end."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from verification.decision import Contact
from verification.kinds import MOBILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verification.policy import Policy
    from verification.targets import Target


class RestorePolicy(StrEnum):
    """What a user has to prove before another phone takes the place of a lost one."""

    EMAIL = "email"
    EMAIL_AND_PASSWORD = "email+password"  # noqa: S105 - a policy's name
    EMAIL_AND_RECOVERY_CODE = "email+recovery-code"
    STRONGEST = "strongest"  # the strongest that the user has


class Proof(StrEnum):
    """What is asked for beside the mailbox."""

    PASSWORD = "password"  # noqa: S105 - a proof's name
    RECOVERY_CODE = "recovery-code"


class RestoreStep(StrEnum):
    """What a restore waits for, in this order; the second one only where a proof is asked for."""

    EMAIL = "verify-email"
    PROOF = "prove"
    PHONE = "phone"
    CODE = "verify-phone"


def second_proof(policy: RestorePolicy, *, has_password: bool, has_recovery_codes: bool) -> Proof | None:
    """Return what a user has to prove beside the mailbox, None for nothing.

    A saved recovery code is stronger than a password: it is used nowhere else, and nobody types it by habit. Where a
    policy names a proof that the user does not have, it is asked for all the same, and never given.
    """
    if policy is RestorePolicy.EMAIL:
        return None
    if policy is RestorePolicy.EMAIL_AND_PASSWORD:
        return Proof.PASSWORD
    if policy is RestorePolicy.EMAIL_AND_RECOVERY_CODE or has_recovery_codes:
        return Proof.RECOVERY_CODE
    return Proof.PASSWORD if has_password else None


def restored(contact: Contact, target: Target, policy: Policy) -> Contact:
    """Return a user's numbers once the new one is proved: it is the primary one, and the lost one is in no list."""
    if not MOBILE.has_lists(policy):
        return Contact(target, is_primary_verified=True)

    def kept(numbers: Iterable[Target]) -> tuple[Target, ...]:
        return (*(number for number in numbers if number not in {contact.primary, target}), target)

    return Contact(target, listed=kept(contact.listed), verified=kept(contact.verified), is_primary_verified=True)
