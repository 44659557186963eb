"""The kinds of contact the decision table serves, as data: another kind is another value."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from verification.addresses import read_address, stored_address
from verification.errors import MultipleNewAddresses, MultipleNewNumbers
from verification.numbers import read_number, stored_number
from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from verification.errors import MultipleNewValues
    from verification.policy import Policy
    from verification.targets import Target


@dataclass(frozen=True, slots=True)
class ContactKind:
    """What sets one kind of contact apart from another.

    Attributes:
        purpose: What its codes are made for, whatever the scenario.
        on_update: The scenario of a new primary value.
        on_list_update: The scenario of a new member of the verified list.
        multiple: The fault of several new members at once.
        is_gated: Whether a policy has this kind verified.
        is_skippable: Whether a policy has what a privileged caller sets written at once.
        has_lists: Whether a policy knows lists of this kind.
        is_known: Whether a policy knows the kind at all; what it does not know is data like any other.
        read: How a value that a request brings is read; raises InvalidTarget.
        stored: How a value of a stored document is read, whatever the policy of today says of it.
        keeps_spelling: Whether a proved value keeps the spelling it was proved in, though another one is sent.
    """

    purpose: Purpose
    on_update: Scenario
    on_list_update: Scenario
    multiple: type[MultipleNewValues]
    is_gated: Callable[[Policy], bool]
    is_skippable: Callable[[Policy], bool]
    has_lists: Callable[[Policy], bool]
    is_known: Callable[[Policy], bool]
    read: Callable[[str, Policy], Target]
    stored: Callable[[str, Policy], Target]
    keeps_spelling: bool


def _always(_: Policy) -> bool:
    return True


def _read_number(text: str, policy: Policy) -> Target:
    return read_number(text, policy.phone_policy, policy.default_region)


def _stored_number(text: str, policy: Policy) -> Target:
    return stored_number(text, policy.default_region)


def _skips_addresses(policy: Policy) -> bool:
    return policy.privileged_skip if policy.email_privileged_skip is None else policy.email_privileged_skip


def _has_address_lists(policy: Policy) -> bool:
    return policy.email_verification and policy.multiple_email_addresses


def _read_address(text: str, _: Policy) -> Target:
    return read_address(text)


def _stored_address(text: str, _: Policy) -> Target:
    return stored_address(text)


MOBILE = ContactKind(
    purpose=Purpose.MOBILE,
    on_update=Scenario.MOBILE_ON_UPDATE,
    on_list_update=Scenario.MOBILE_ON_LIST_UPDATE,
    multiple=MultipleNewNumbers,
    is_gated=attrgetter("mobile_verification"),
    is_skippable=attrgetter("privileged_skip"),
    has_lists=attrgetter("multiple_mobile_numbers"),
    is_known=_always,
    read=_read_number,
    stored=_stored_number,
    keeps_spelling=False,  # however it is written, it is the same number to every gateway
)
EMAIL = ContactKind(
    purpose=Purpose.EMAIL,
    on_update=Scenario.EMAIL_ON_UPDATE,
    on_list_update=Scenario.EMAIL_ON_LIST_UPDATE,
    multiple=MultipleNewAddresses,
    is_gated=attrgetter("email_verification"),
    is_skippable=_skips_addresses,
    has_lists=_has_address_lists,
    is_known=attrgetter("email_verification"),
    read=_read_address,
    stored=_stored_address,
    keeps_spelling=True,  # a mail server may tell upper case from lower, so the proof is of one spelling
)

KINDS = (MOBILE, EMAIL)
CONTACT_PURPOSES = tuple(kind.purpose for kind in KINDS)
"""The purposes of contact verifications: the endpoints of codes and their owner's view see no other."""
