"""The OpenID provider: how long who is signed in stays so."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting

if TYPE_CHECKING:
    from datetime import timedelta

_YEAR = 366 * 86400


@dataclass(frozen=True, kw_only=True)
class OpenidSettings:
    """The OpenID provider: how long who is signed in stays so."""

    session_lifetime: timedelta = setting(
        read.seconds(60, _YEAR), "43200", "Seconds after which a user who signed in has to do so again."
    )
    session_idle: timedelta = setting(
        read.seconds(0, _YEAR),
        "3600",
        "Seconds without a request after which a user who signed in has to do so again; 0 for no limit.",
    )
