"""What can go wrong with second factors, and in flows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.auth.errors import InvalidToken, NotAuthenticated
from api.services.errors import (
    InvalidRequest,
    NoSuchFactor,
    NoSuchFlow,
    NoSuchUser,
    ProofRefused,
    StaleAuthentication,
)
from verification import errors as verification
from verification.errors import Limit, LimitReached

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.code_failures import Cause

FACTOR_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "NoSuchFactor": {"notAUser": NoSuchUser, "noFactor": NoSuchFactor},
    "NoSuchFlow": {"notAUser": NoSuchUser, "over": NoSuchFlow},
    "OverFlow": {"over": NoSuchFlow},
    "TooManyRestores": {"tooOften": partial(LimitReached, Limit.RESTORE, 3600)},
    "RefusedProof": {"wrongProof": ProofRefused},
    "InvalidPhone": {"faultyBody": InvalidRequest, "noNumber": verification.InvalidPhoneNumber},
    "RefusedClaims": {
        "faultyBody": InvalidRequest,
        "unknownUser": verification.UnknownUser,
        "noNumber": verification.InvalidPhoneNumber,
        "wrongCode": verification.CodeInvalid,
        "over": NoSuchFlow,
    },
    "InvalidCode": {"faultyBody": InvalidRequest, "wrongCode": verification.CodeInvalid},
    "StaleAuthentication": {
        "signedInTooLongAgo": partial(StaleAuthentication, 600),
        "noToken": NotAuthenticated,
        "badToken": partial(InvalidToken, "it has expired"),
    },
}
"""By name: examples, and what causes each."""
