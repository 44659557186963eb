"""Bodies of the API of second factors."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas import BodySchema, LenientSchema
from verification.factors import MfaPolicy

_POLICIES = [policy.value for policy in MfaPolicy]


class FactorsSchema(BodySchema):
    """The second factors of a user."""

    number = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Where codes by SMS go, masked; null without a verified number."},
    )
    authenticator_since = fields.String(
        data_key="authenticatorSince",
        required=True,
        allow_none=True,
        metadata={"description": "RFC 3339, UTC; null without an authenticator.", "format": "date-time"},
    )
    recovery_codes_left = fields.Integer(data_key="recoveryCodesLeft", required=True)
    policy = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(_POLICIES),
        metadata={"description": "The user's own wish; null without one."},
    )


class EnrolmentSchema(BodySchema):
    """What an authenticator has to be told."""

    enrolment = fields.String(
        attribute="flow", required=True, metadata={"description": "To be sent with its first code."}
    )
    secret = fields.String(required=True, metadata={"description": "Base32, to be typed."})
    uri = fields.String(required=True, metadata={"description": "The same as an otpauth URI."})
    qr = fields.String(required=True, metadata={"description": "The same as a QR code: an `svg` element."})


class ConfirmationSchema(LenientSchema):
    """The first code of an authenticator."""

    enrolment = fields.String(required=True)
    code = fields.String(required=True, metadata={"examples": ["492731"]})


class RecoveryCodesSchema(BodySchema):
    """Recovery codes, which are told once."""

    codes = fields.List(fields.String(), required=True)


class PolicySchema(LenientSchema):
    """When a second factor is asked for."""

    policy = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(_POLICIES),
        metadata={"description": "null: no policy of its own."},
    )
