"""Bodies of the code endpoints: read and written by marshmallow, described by it in openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marshmallow import EXCLUDE, Schema, fields, validate

if TYPE_CHECKING:
    from typing import Self


class BodySchema(Schema):
    """A body, or the members of a query."""

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: what is said of a view is copied by each of its decorators, and no schema is changed."""
        return self


class LenientSchema(BodySchema):
    """A body that may hold more than it is read for."""

    class Meta:
        """Members that a client of the guide's product may send, and that mean nothing here, are ignored."""

        unknown = EXCLUDE


_PROPERTY = {
    "type": "object",
    "properties": {
        "key": {"type": "string", "description": "Only RecoveryScenario is read.", "examples": ["RecoveryScenario"]},
        "value": {"type": "string", "examples": ["MOBILE_VERIFICATION_ON_UPDATE"]},
    },
}


class UserNameSchema(LenientSchema):
    """The user a privileged request is about."""

    username = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "The SCIM userName.", "examples": ["bob"]},
    )
    realm = fields.Raw(
        allow_none=True,
        metadata={
            "description": "Accepted and ignored: there is one realm.",
            "type": "string",
            "examples": ["PRIMARY"],
        },
    )


class CheckSchema(LenientSchema):
    """A submitted code."""

    code = fields.String(required=True, metadata={"description": "The code as received.", "examples": ["492731"]})
    properties = fields.Raw(
        allow_none=True,
        metadata={"description": "Accepted and ignored.", "type": "array", "items": {"type": "object"}},
    )


class PrivilegedCheckSchema(CheckSchema):
    """A code submitted on behalf of the user it was sent to."""

    user = fields.Nested(
        UserNameSchema, metadata={"description": "Names the user where two have been sent the same code."}
    )


class ResendSchema(LenientSchema):
    """A wish for another code."""

    properties = fields.Raw(
        allow_none=True,  # which is as good as missing
        metadata={
            "description": "Exactly one of them is the RecoveryScenario.",
            "type": "array",
            "items": _PROPERTY,
        },
    )


class PrivilegedResendSchema(ResendSchema):
    """A wish for another code on behalf of a user."""

    user = fields.Nested(UserNameSchema, required=True)


class ProvedSchema(BodySchema):
    """The user whose number or address was proved by a privileged check."""

    username = fields.String(attribute="user_name", required=True, metadata={"examples": ["bob"]})
    realm = fields.Constant("PRIMARY", required=True, metadata={"type": "string"})
    tenant_domain = fields.Constant(
        "carbon.super", data_key="tenant-domain", required=True, metadata={"type": "string"}
    )
    user_id = fields.String(data_key="userId", required=True, metadata={"description": "The SCIM id."})


class PendingSchema(BodySchema):
    """What is pending for a user."""

    id = fields.String(required=True)
    scenario = fields.String(required=True, metadata={"examples": ["MOBILE_VERIFICATION_ON_UPDATE"]})
    target = fields.String(
        required=True,
        metadata={
            "description": "Masked: at most the last two digits of a number, the first letters of an address.",
            "examples": ["********89"],
        },
    )
    expires_at = fields.String(
        data_key="expiresAt", required=True, metadata={"description": "RFC 3339, UTC.", "format": "date-time"}
    )
    attempts_left = fields.Integer(data_key="attemptsLeft", required=True, allow_none=True)
    sends_left = fields.Integer(data_key="sendsLeft", required=True, allow_none=True)
    resend_after = fields.Integer(
        data_key="resendAfter",
        required=True,
        allow_none=True,
        metadata={"description": "Seconds until another code may be sent; null when no sends are left."},
    )
    delivery = fields.String(required=True, validate=validate.OneOf(["queued", "sent", "delivered", "failed"]))
    reason = fields.String(
        metadata={
            "description": "Why the message has failed, or waits for another try; else it is not there.",
            "examples": ["handset unreachable"],
        }
    )


class PendingListSchema(BodySchema):
    """All that is pending for a user."""

    verifications = fields.List(fields.Nested(PendingSchema), required=True)


class ErrorSchema(BodySchema):
    """An error of a path that does not speak SCIM."""

    code = fields.String(required=True, metadata={"examples": ["18001"]})
    message = fields.String(
        required=True, metadata={"description": "The HTTP status phrase.", "examples": ["Bad Request"]}
    )
    description = fields.String(required=True, metadata={"examples": ["The code is not valid."]})
    trace_id = fields.String(data_key="traceId", required=True)
