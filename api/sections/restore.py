"""Restoring a lost phone, and changing one that is not lost."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.setting_fields import setting
from verification.restoration import RestorePolicy


@dataclass(frozen=True, kw_only=True)
class RestoreSettings:
    """Restoring a lost phone, and changing one that is not lost."""

    restore_policy: RestorePolicy = setting(
        read.member_of(RestorePolicy),
        "strongest",
        "What has to be proved to restore a lost phone: `email` (the mailbox alone), `email+password`, "
        "`email+recovery-code`, or `strongest`: with the mailbox a recovery code where the user has any, else the "
        "password where there is one.",
    )
    restore_signs_in: bool = setting(
        read.boolean, "false", "Whether a restored phone is answered with an access token of its user."
    )
    change_needs_old_number: bool = setting(
        read.boolean,
        "false",
        "Whether users prove their verified primary number before they change or remove it themselves.",
    )
