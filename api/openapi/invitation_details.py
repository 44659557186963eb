"""What is said of the endpoints of invitations, and what can go wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.details import Details
from api.openapi.samples import USER_ID
from api.resources.codes import PREFIX
from api.services.errors import (
    HasNoAddress,
    HasPassword,
    InvalidRequest,
    IsInactive,
    NoMail,
    NoSuchInvitation,
)
from verification.errors import Limit, LimitReached, PasswordRefused, TargetRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    from api.openapi.details import Operation

    Cause = Callable[[], Exception | Response]

INVITATION_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "NoSuchInvitation": {"usedOrUnknown": NoSuchInvitation},
    "NotInvitable": {
        "hasPassword": HasPassword,
        "inactive": IsInactive,
        "noAddress": HasNoAddress,
        "noMail": NoMail,
    },
    "RefusedInvitation": {"faultyBody": InvalidRequest, "refusedTarget": TargetRefused},
    "RefusedPassword": {"faultyBody": InvalidRequest, "refusedPassword": PasswordRefused},
    "TooManyInvitations": {
        "ofTheHour": lambda: LimitReached(Limit.HOURLY, 1800),
        "toTheAddress": lambda: LimitReached(Limit.ADDRESS, 36000),
    },
}
"""By name: examples, and what causes each."""


def invitation_details() -> Mapping[Operation, Details]:
    """Return the details of the endpoints of invitations."""
    return {
        (f"{PREFIX}/invite", "post"): Details(
            id="inviteUser",
            failures=("RefusedInvitation", "NoUserOfThatName", "NotInvitable", "TooManyInvitations"),
            requests={"byName": {"userName": "bob"}, "byId": {"id": USER_ID}},
            answer={"userId": USER_ID, "sentTo": "b***@e***.com", "expiresAt": "2026-02-03T12:05:00.000Z"},
        ),
        (f"{PREFIX}/invitation", "post"): Details(
            id="acceptInvitation",
            failures=("RefusedPassword", "NoSuchInvitation", "ServiceUnavailable"),
            requests={
                "password": {
                    "token": "Zk3m0yq2v1b7u8n5xw4r9t6s-aLdJfHgKcEoPiQzBnM",
                    "password": "a horse with batteries",
                }
            },
        ),
    }
