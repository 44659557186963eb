"""Bodies of the code endpoints: read and written by marshmallow, described by it in openapi.yaml."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate


class _Body(Schema):
    class Meta:
        """Members that a client of the guide's product may send, and that mean nothing here, are ignored."""

        unknown = EXCLUDE


class PropertySchema(_Body):
    """One property of a code endpoint."""

    key = fields.String(metadata={"description": "Name; only RecoveryScenario is read.", "example": "RecoveryScenario"})
    value = fields.String(metadata={"example": "MOBILE_VERIFICATION_ON_UPDATE"})


class UserNameSchema(_Body):
    """The user a privileged request is about."""

    username = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "The SCIM userName.", "example": "bob"},
    )
    realm = fields.Raw(
        allow_none=True,
        metadata={"description": "Accepted and ignored: there is one realm.", "type": "string", "example": "PRIMARY"},
    )


class CheckSchema(_Body):
    """A submitted code."""

    code = fields.String(required=True, metadata={"description": "The code as it was received.", "example": "492731"})
    properties = fields.Raw(
        allow_none=True,
        metadata={"description": "Accepted and ignored.", "type": "array", "items": {"type": "object"}},
    )


class PrivilegedCheckSchema(CheckSchema):
    """A code submitted on behalf of the user it was sent to."""

    user = fields.Nested(
        UserNameSchema, metadata={"description": "Names the user where two have been sent the same code."}
    )


class ResendSchema(_Body):
    """A wish for another code."""

    properties = fields.Raw(
        allow_none=True,  # which is as good as missing
        metadata={
            "description": "Exactly one of them is the RecoveryScenario.",
            "type": "array",
            "items": {"$ref": "#/components/schemas/Property"},
        },
    )


class PrivilegedResendSchema(ResendSchema):
    """A wish for another code on behalf of a user."""

    user = fields.Nested(UserNameSchema, required=True)


class ProvedSchema(Schema):
    """The user whose number was proved by a privileged check."""

    username = fields.String(attribute="user_name", metadata={"example": "bob"})
    realm = fields.Constant("PRIMARY")
    tenant_domain = fields.Constant("carbon.super", data_key="tenant-domain")
    user_id = fields.String(data_key="userId", metadata={"description": "The SCIM id."})


class PendingSchema(Schema):
    """What is pending for a user."""

    id = fields.String()
    scenario = fields.String(metadata={"example": "MOBILE_VERIFICATION_ON_UPDATE"})
    target = fields.String(metadata={"description": "Masked: at most the last two digits.", "example": "********89"})
    expires_at = fields.String(data_key="expiresAt", metadata={"description": "RFC 3339, UTC.", "format": "date-time"})
    attempts_left = fields.Integer(data_key="attemptsLeft", allow_none=True)
    sends_left = fields.Integer(data_key="sendsLeft", allow_none=True)
    resend_after = fields.Integer(
        data_key="resendAfter",
        allow_none=True,
        metadata={"description": "Seconds until another code may be sent; null when no sends are left."},
    )
    delivery = fields.String(validate=validate.OneOf(["queued", "sent", "delivered", "failed"]))


class PendingListSchema(Schema):
    """All that is pending for a user."""

    verifications = fields.List(fields.Nested(PendingSchema))


class ErrorSchema(Schema):
    """An error of a path that does not speak SCIM."""

    code = fields.String(metadata={"example": "18001"})
    message = fields.String(metadata={"description": "The HTTP status phrase.", "example": "Bad Request"})
    description = fields.String(metadata={"example": "The code is not valid."})
    trace_id = fields.String(data_key="traceId")
