"""Bodies of figures."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas import BodySchema
from api.services.statistics import CLOSED, OPEN, Span

_MOMENT = {"description": "RFC 3339, UTC.", "format": "date-time"}


def _count(meaning: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": meaning})


class StatisticsQuerySchema(BodySchema):
    """How far back."""

    span = fields.Enum(
        Span,
        by_value=True,
        load_default=Span.DAY,
        metadata={"description": "The last day by hours, or the last week or month by days (UTC).", "example": "day"},
    )


class PointSchema(BodySchema):
    """What became of the codes that were asked for, or queued, within one step of time."""

    at = fields.String(required=True, metadata={**_MOMENT, "description": "The beginning of the step; RFC 3339, UTC."})
    requested = _count("Verifications that began.")
    sent = _count("Messages with codes that a gateway accepted.")
    delivered = _count("Those of them that arrived, as a receipt says.")
    verified = _count("Verifications that were approved.")
    expired = _count("Verifications that waited too long.")
    failed = _count("Messages with codes that were not accepted, or did not arrive.")


class CountryConversionSchema(BodySchema):
    """Codes sent to a country."""

    country = fields.String(required=True, metadata={"description": "Its region.", "examples": ["LK"]})
    callingCode = _count("The country calling code.")  # noqa: N815 - the member's name
    sent = _count("Codes that gateways accepted.")
    verified = _count("Codes that came back.")


class ProviderHealthSchema(BodySchema):
    """How a provider fares."""

    name = fields.String(required=True)
    circuit = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([CLOSED, OPEN]),
        metadata={"description": "Open where a worker asks it after all others; null where no worker is heard of."},
    )
    since = fields.String(
        required=True, allow_none=True, metadata={**_MOMENT, "description": "Since when that is so; RFC 3339, UTC."}
    )
    calls = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Calls made of it, by how they went: accepted, refused, postponed."},
    )
    averageMilliseconds = _count("How long a call took.")  # noqa: N815
    accepted = _count("Messages it accepted.")
    delivered = _count("Those that arrived, as a receipt says.")
    failed = _count("Those that did not, as a receipt says.")


class FailureCountSchema(BodySchema):
    """Messages that failed for one reason."""

    reason = fields.String(required=True, allow_none=True)
    provider = fields.String(
        required=True, allow_none=True, metadata={"description": "Who had accepted them; null where nobody had."}
    )
    count = _count("How many.")


class OverviewSchema(BodySchema):
    """Figures of a span of time."""

    span = fields.Enum(Span, by_value=True, required=True)
    since = fields.String(required=True, metadata=_MOMENT)
    until = fields.String(required=True, metadata=_MOMENT)
    steps = fields.List(fields.Nested(PointSchema), required=True)
    countries = fields.List(
        fields.Nested(CountryConversionSchema),
        required=True,
        metadata={"description": "Those with the most codes, numbers whose country cannot be told left out."},
    )
    providers = fields.List(fields.Nested(ProviderHealthSchema), required=True)
    failures = fields.List(fields.Nested(FailureCountSchema), required=True)
    queued = _count("Messages that wait, or wait for a retry.")
    oldestQueuedAt = fields.String(  # noqa: N815
        required=True, allow_none=True, metadata={**_MOMENT, "description": "When the oldest code of these was queued."}
    )
