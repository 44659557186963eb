"""Who is invited, and how long an invitation is good."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting

if TYPE_CHECKING:
    from datetime import timedelta

_LONGEST = 999 * 3600  # the text has room for three digits of hours


@dataclass(frozen=True, kw_only=True)
class InvitationSettings:
    """Who is invited, and how long an invitation is good."""

    invite_new_users: bool = setting(
        read.boolean,
        "false",
        "Whether a user who is added without a password is invited by mail to set one; not those of `lineproof "
        "import`. Off, because users who come from another directory often sign in there.",
    )
    invitation_lifetime: timedelta = setting(
        read.seconds(300, _LONGEST), "259200", "Seconds for which the link in an invitation is good, once."
    )
