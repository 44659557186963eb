"""Second factors: which there are, and when one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

KNOWN_PLACE = timedelta(days=30)
"""How long a sign-in makes the place it came from a known one."""
RECENT_CHANGE = timedelta(hours=24)
"""How long after the number or the password has changed a sign-in is risky: who took them over is quick."""


class Method(StrEnum):
    """The second factors."""

    TOTP = "totp"  # an authenticator (RFC 6238)
    SMS = "sms"  # a code to the verified primary number
    RECOVERY_CODE = "recovery-code"  # one of those saved for the day the others are lost


class MfaPolicy(StrEnum):
    """When a second factor is asked for."""

    OFF = "off"
    RISKY = "risky"
    ON = "on"


_BY_STRENGTH = (MfaPolicy.OFF, MfaPolicy.RISKY, MfaPolicy.ON)


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a user when a password was right; the moments are None where there was none.

    Attributes:
        seen_at: The last sign-in from the same network with the same browser.
        changed_at: The last change of the verified number or of the password.
    """

    seen_at: datetime | None = None
    changed_at: datetime | None = None


def policy_for(default: MfaPolicy, client: MfaPolicy | None, user: MfaPolicy | None) -> MfaPolicy:
    """Return the policy of one sign-in: the client's own or the default, which a user may only strengthen."""
    return max(client or default, user or MfaPolicy.OFF, key=_BY_STRENGTH.index)


def is_risky(history: History, at: datetime) -> bool:
    """Tell whether a sign-in is risky: from a place that is not known, or soon after a change.

    No more is claimed than that: nothing is known here of the reputation of an address, nor of travel.
    """
    is_known = history.seen_at is not None and at - history.seen_at < KNOWN_PLACE
    is_settled = history.changed_at is None or at - history.changed_at >= RECENT_CHANGE
    return not (is_known and is_settled)
