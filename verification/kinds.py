"""The kinds of contact the decision table serves, as data: another kind is another value."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from verification.policy import Policy


@dataclass(frozen=True, slots=True)
class ContactKind:
    """What sets one kind of contact apart from another.

    Attributes:
        purpose: What its codes are made for, whatever the scenario.
        on_update: The scenario of a new primary value.
        on_list_update: The scenario of a new member of the verified list.
        multiple_code: The error code for several new members at once.
        is_gated: Whether a policy has this kind verified.
        has_lists: Whether a policy knows lists of this kind.
    """

    purpose: Purpose
    on_update: Scenario
    on_list_update: Scenario
    multiple_code: str
    is_gated: Callable[[Policy], bool]
    has_lists: Callable[[Policy], bool]


MOBILE = ContactKind(
    purpose=Purpose.MOBILE,
    on_update=Scenario.MOBILE_ON_UPDATE,
    on_list_update=Scenario.MOBILE_ON_LIST_UPDATE,
    multiple_code="UMV-10002",
    is_gated=attrgetter("mobile_verification"),
    has_lists=attrgetter("multiple_mobile_numbers"),
)
