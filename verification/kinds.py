"""The kinds of contact the decision table serves, as data: another kind is another value."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from verification.errors import MultipleNewNumbers
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
        has_lists: Whether a policy knows lists of this kind.
        read: How a value that a request brings is read; raises InvalidTarget.
        stored: How a value of a stored document is read, whatever the policy of today says of it.
    """

    purpose: Purpose
    on_update: Scenario
    on_list_update: Scenario
    multiple: type[MultipleNewValues]
    is_gated: Callable[[Policy], bool]
    has_lists: Callable[[Policy], bool]
    read: Callable[[str, Policy], Target]
    stored: Callable[[str, Policy], Target]


def _read_number(text: str, policy: Policy) -> Target:
    return read_number(text, policy.phone_policy, policy.default_region)


def _stored_number(text: str, policy: Policy) -> Target:
    return stored_number(text, policy.default_region)


MOBILE = ContactKind(
    purpose=Purpose.MOBILE,
    on_update=Scenario.MOBILE_ON_UPDATE,
    on_list_update=Scenario.MOBILE_ON_LIST_UPDATE,
    multiple=MultipleNewNumbers,
    is_gated=attrgetter("mobile_verification"),
    has_lists=attrgetter("multiple_mobile_numbers"),
    read=_read_number,
    stored=_stored_number,
)

KINDS = (MOBILE,)
CONTACT_PURPOSES = tuple(kind.purpose for kind in KINDS)
"""The purposes of contact verifications: the endpoints of codes and their owner's view see no other."""
