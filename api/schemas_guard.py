"""Bodies of what administrators see of the guard."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from api.schemas import BodySchema
from verification.conversion import AreaKind
from verification.guard import Reason
from verification.number_facts import NumberType

LARGEST_PAGE = 500
_MOMENT = {"description": "RFC 3339, UTC.", "format": "date-time"}


class AttemptQuerySchema(BodySchema):
    """Which blocked attempts are asked for."""

    class Meta:
        """What else stands in a query means nothing here."""

        unknown = EXCLUDE

    country = fields.String(
        validate=validate.Regexp("[A-Z]{2}$"),
        metadata={"description": "Only numbers of this region.", "example": "LK"},
    )
    reason = fields.String(
        validate=validate.OneOf(list(Reason)),
        metadata={"description": "Only what this rule refused.", "example": "number_type"},
    )
    since = fields.AwareDateTime(
        format="iso",
        metadata={"description": "Only from this moment on.", "format": "date-time", "example": "2026-01-01T00:00:00Z"},
    )
    until = fields.AwareDateTime(
        format="iso",
        metadata={
            "description": "Only from before this moment.",
            "format": "date-time",
            "example": "2026-02-01T00:00:00Z",
        },
    )
    count = fields.Integer(
        load_default=100,
        validate=validate.Range(1, LARGEST_PAGE),
        metadata={"description": "Attempts of a page at most.", "example": 100},
    )
    cursor = fields.String(metadata={"description": "`nextCursor` of the page before.", "example": "gAAAAABp…"})


class AttemptSchema(BodySchema):
    """A code that was not sent."""

    id = fields.String(required=True)
    at = fields.String(required=True, metadata=_MOMENT)
    user_id = fields.String(
        data_key="userId", required=True, metadata={"description": "Whose code it would have been."}
    )
    purpose = fields.String(required=True, metadata={"examples": ["mobile"]})
    target = fields.String(required=True, metadata={"description": "Masked.", "examples": ["*********56"]})
    country = fields.String(required=True, allow_none=True, metadata={"description": "Its region; null if unknown."})
    number_type = fields.String(
        data_key="numberType", required=True, allow_none=True, validate=validate.OneOf(list(NumberType))
    )
    reason = fields.String(required=True, validate=validate.OneOf(list(Reason)))
    actor = fields.String(required=True, metadata={"description": "The subject of the token it was asked for with."})
    ip = fields.String(required=True, allow_none=True)
    request_id = fields.String(data_key="requestId", required=True)


class AttemptPageSchema(BodySchema):
    """Some blocked attempts, newest first."""

    attempts = fields.List(fields.Nested(AttemptSchema), required=True)
    next_cursor = fields.String(
        data_key="nextCursor", metadata={"description": "Where to go on; absent on the last page."}
    )


class BlockSchema(BodySchema):
    """A prefix or a country that gets no codes for a time."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(AreaKind)))
    area = fields.String(required=True, metadata={"examples": ["+9471234"]})
    began_at = fields.String(data_key="beganAt", required=True, metadata=_MOMENT)
    ends_at = fields.String(data_key="endsAt", required=True, metadata=_MOMENT)
    repeats = fields.Integer(required=True, metadata={"description": "Blocks before it that made it longer."})
    sent = fields.Integer(required=True, metadata={"description": "Codes sent before it."})
    verified = fields.Integer(required=True, metadata={"description": "Codes of these that came back."})


class BlockListSchema(BodySchema):
    """What is blocked at the moment, what ends first at the beginning."""

    blocks = fields.List(fields.Nested(BlockSchema), required=True)
