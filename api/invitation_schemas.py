"""Bodies of the endpoints of invitations."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from api.schemas import BodySchema
from verification.passwords import LONGEST

_TOKEN = "Zk3m0yq2v1b7u8n5xw4r9t6s-aLdJfHgKcEoPiQzBnM"  # noqa: S105 - an example


class InviteSchema(BodySchema):
    """Who is to be invited; one member names the user."""

    class Meta:
        """Other members mean nothing here."""

        unknown = EXCLUDE

    id = fields.String(validate=validate.Length(min=1), metadata={"description": "The SCIM id."})
    user_name = fields.String(data_key="userName", validate=validate.Length(min=1), metadata={"examples": ["bob"]})

    @validates_schema
    def _one_user(self, data: dict[str, Any], **_: object) -> None:
        if ("id" in data) == ("user_name" in data):
            raise ValidationError("one of them", "userName")


class InvitedSchema(BodySchema):
    """An invitation that is on its way."""

    user_id = fields.String(data_key="userId", required=True, metadata={"description": "The SCIM id."})
    sent_to = fields.String(
        data_key="sentTo", required=True, metadata={"description": "Masked.", "examples": ["b***@e***.com"]}
    )
    expires_at = fields.String(
        data_key="expiresAt",
        required=True,
        metadata={"description": "Until when its link is good; RFC 3339, UTC.", "format": "date-time"},
    )


class AcceptSchema(BodySchema):
    """The token of an invitation, and the password that is to be set."""

    class Meta:
        """Other members mean nothing here."""

        unknown = EXCLUDE

    token = fields.String(
        required=True, metadata={"description": "What the link in the mail ends in.", "examples": [_TOKEN]}
    )
    password = fields.String(
        required=True,
        metadata={
            "description": f"As docs/sign-in.md says; it has at most {LONGEST} characters.",
            "examples": ["a horse with batteries"],
            "writeOnly": True,
        },
    )
