"""How a user was authenticated (RFC 8176), and how much that is worth."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Amr(StrEnum):
    """Methods of authentication, by their names in RFC 8176."""

    PASSWORD = "pwd"  # noqa: S105 - a method's name
    ONE_TIME_CODE = "otp"  # of an authenticator, saved recovery codes, and temporary access passes
    SMS = "sms"
    SEVERAL_FACTORS = "mfa"  # beside the methods of which there were two


class Acr(StrEnum):
    """What an authentication is worth: one factor or two, by the assurance levels of NIST SP 800-63B."""

    ONE_FACTOR = "aal1"
    TWO_FACTORS = "aal2"


def acr_of(amr: Iterable[str]) -> Acr:
    """Return what methods of authentication are worth together."""
    return Acr.TWO_FACTORS if Amr.SEVERAL_FACTORS in amr else Acr.ONE_FACTOR
