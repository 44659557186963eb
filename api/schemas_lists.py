"""Queries and pages of lists that are walked by cursor: the audit trail, and verifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from api.schemas import BodySchema
from scim.moments import read_moment
from verification.delivery import DeliveryStatus
from verification.verifications import Purpose, Status

MOST = 200
DEFAULT_COUNT = 100


class MomentField(fields.Field[datetime]):
    """A moment in a query: RFC 3339; without an offset it is UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ANN401 - marshmallow's signature
        del attr, data, kwargs
        moment = read_moment(str(value))
        if moment is None:
            raise ValidationError("not a moment")
        return moment


def moment_field(meaning: str) -> MomentField:
    """Declare a moment of a query."""
    about = {"description": meaning, "type": "string", "format": "date-time", "example": "2026-01-31T12:00:00Z"}
    return MomentField(metadata=about)


def text_field(meaning: str, example: str) -> fields.String:
    """Declare a text of a query."""
    about = {"description": meaning, "example": example}
    return fields.String(validate=validate.Length(min=1, max=200), metadata=about)


class PagedQuerySchema(BodySchema):
    """What every list has that is walked by cursor."""

    since = moment_field("The first moment; RFC 3339.")
    until = moment_field("The first moment that is too late; RFC 3339.")
    count = fields.Integer(
        load_default=DEFAULT_COUNT,
        validate=validate.Range(min=1, max=MOST),
        metadata={"description": "How many on a page.", "example": 50},
    )
    cursor = fields.String(
        metadata={"description": "The `nextCursor` of the page before; good for an hour.", "example": ""},
    )


class AuditQuerySchema(PagedQuerySchema):
    """Which events, and in which form."""

    event = text_field("What was done, as in `user.phone_changed`.", "user.phone_changed")
    actor = text_field("Who did it: the subject of a token.", "tests")
    subject = text_field("The id of the user or other resource it was done to.", "0198c0de-0000-7000-8000-000000000000")
    format = fields.String(
        validate=validate.OneOf(["json", "csv", "jsonl"]),
        metadata={
            "description": "The form of the answer; without it the header `Accept` decides. A file in `csv` or "
            "`jsonl` holds all events, and `count` and `cursor` mean nothing for it.",
            "example": "json",
        },
    )


class AuditEventSchema(BodySchema):
    """One deed."""

    id = fields.String(required=True)
    at = fields.String(required=True, metadata={"description": "RFC 3339, UTC.", "format": "date-time"})
    event = fields.String(required=True, metadata={"examples": ["user.phone_changed"]})
    actor = fields.String(
        required=True, allow_none=True, metadata={"description": "The subject of the token it was done with."}
    )
    subject = fields.String(required=True, allow_none=True, metadata={"description": "The id of what it was done to."})
    detail = fields.Dict(required=True, metadata={"description": "What changed; numbers and addresses are masked."})
    requestId = fields.String(required=True, allow_none=True)  # noqa: N815 - the member's name
    ip = fields.String(required=True, allow_none=True)


class AuditPageSchema(BodySchema):
    """A page of the audit trail."""

    events = fields.List(fields.Nested(AuditEventSchema), required=True)
    nextCursor = fields.String(metadata={"description": "Where to go on; not there on the last page."})  # noqa: N815


class HistoryQuerySchema(PagedQuerySchema):
    """Which verifications."""

    user = text_field("The SCIM id of a user.", "0198c0de-0000-7000-8000-000000000000")
    userName = text_field("The SCIM userName of a user.", "bob")  # noqa: N815 - the parameter's name
    state = fields.Enum(
        Status, by_value=True, metadata={"description": "What became of it; `pending` is live.", "example": "pending"}
    )
    purpose = fields.Enum(
        Purpose, by_value=True, metadata={"description": "What its codes are made for.", "example": "mobile"}
    )


class LastDeliverySchema(BodySchema):
    """How the latest message of a verification fares."""

    state = fields.Enum(DeliveryStatus, by_value=True, required=True)
    channel = fields.String(required=True, metadata={"examples": ["sms"]})
    provider = fields.String(required=True, allow_none=True, metadata={"description": "Who accepted it."})
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the last call failed, or why the message did not arrive."},
    )
    attempts = fields.Integer(required=True, metadata={"description": "Calls of providers so far."})
    settledAt = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})  # noqa: N815


class PastSchema(BodySchema):
    """A verification, live or ended, as those see it who look after users."""

    id = fields.String(required=True)
    user = fields.String(required=True, metadata={"description": "The SCIM id."})
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    scenario = fields.String(required=True, metadata={"examples": ["MOBILE_VERIFICATION_ON_UPDATE"]})
    state = fields.Enum(Status, by_value=True, required=True)
    target = fields.String(required=True, metadata={"description": "Masked.", "examples": ["********89"]})
    attempts = fields.Integer(required=True, metadata={"description": "Wrong checks so far."})
    sends = fields.Integer(required=True, metadata={"description": "Codes sent so far."})
    createdAt = fields.String(required=True, metadata={"format": "date-time"})  # noqa: N815
    expiresAt = fields.String(  # noqa: N815
        required=True, metadata={"description": "When its code expires.", "format": "date-time"}
    )
    endedAt = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})  # noqa: N815
    delivery = fields.Nested(LastDeliverySchema, required=True, allow_none=True)


class HistoryPageSchema(BodySchema):
    """A page of verifications."""

    verifications = fields.List(fields.Nested(PastSchema), required=True)
    nextCursor = fields.String(metadata={"description": "Where to go on; not there on the last page."})  # noqa: N815
