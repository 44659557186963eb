"""Who is told of changes, and how long they can be taken back."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting

if TYPE_CHECKING:
    from datetime import timedelta

NO_NOTICES = "none"
_WEEK = 7 * 86400
_LONGEST_REVERT = 999 * 3600  # the text has room for three digits of hours


@dataclass(frozen=True, kw_only=True)
class NoticeSettings:
    """Who is told of changes, and how long they can be taken back."""

    notices: tuple[str, ...] = setting(
        read.several(read.one_of("sms", "email", NO_NOTICES)),
        "sms,email",
        "How people are told of changes of their numbers and addresses: `sms` to the old number, `email` to every "
        "address; `none` for not at all.",
    )
    notice_lifetime: timedelta = setting(
        read.seconds(60, _WEEK), "86400", "Seconds for which a notice is tried again where it is not taken."
    )
    revert_lifetime: timedelta = setting(
        read.seconds(0, _LONGEST_REVERT),
        "259200",
        "Seconds for which the link in a mail takes a change back, once; 0 for no links.",
    )
    revert_block: timedelta = setting(
        read.seconds(0, 366 * 86400),
        "86400",
        "Seconds for which the number or address is not changed again after a change was taken back; 0 for none.",
    )
