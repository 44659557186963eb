"""The OpenID provider: how long sessions, codes and tokens are good."""

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
    """The OpenID provider: how long sessions, codes and tokens are good."""

    session_lifetime: timedelta = setting(
        read.seconds(60, _YEAR), "43200", "Seconds after which a user who signed in has to do so again."
    )
    session_idle: timedelta = setting(
        read.seconds(0, _YEAR),
        "3600",
        "Seconds without a request after which a user who signed in has to do so again; 0 for no limit.",
    )
    authorization_code_lifetime: timedelta = setting(
        read.seconds(1, 600), "60", "Seconds within which a client has to turn a code into tokens."
    )
    access_token_lifetime: timedelta = setting(
        read.seconds(60, 86400), "900", "Seconds that an access token and an ID token given to a client are good."
    )
    refresh_token_lifetime: timedelta = setting(
        read.seconds(60, _YEAR),
        "2592000",
        "Seconds after which a client has to send its user to sign in again, however often it refreshed its tokens.",
    )
    refresh_token_idle: timedelta = setting(
        read.seconds(0, _YEAR),
        "1209600",
        "Seconds after which a refresh token that was not used is no good; 0 for no limit.",
    )
