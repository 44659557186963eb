"""For how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.setting_fields import setting

_CENTURY = 36_500


@dataclass(frozen=True, kw_only=True)
class RetentionSettings:
    """For how long things are kept; `lineproof prune` removes what is older."""

    keep_audit_days: int = setting(
        read.integer(0, _CENTURY),
        "400",
        "Days the audit trail is kept: a review of a whole year has the year before its eyes. 0 for ever.",
    )
    keep_verifications_days: int = setting(
        read.integer(0, _CENTURY),
        "90",
        "Days a verification is kept after its end, with its deliveries: whole numbers are in it, and questions about "
        "a code come within weeks. 0 for ever.",
    )
    keep_changes_days: int = setting(
        read.integer(0, _CENTURY),
        "90",
        "Days the changes that can be taken back are kept, and all notices: whole numbers and addresses are in them. "
        "Never less than a link works, a revert blocks changes, or a notice is tried. 0 for ever.",
    )
    keep_limits_days: int = setting(
        read.integer(2, _CENTURY),
        "31",
        "Days the events are kept that limits count: longer than the longest of their windows.",
    )
