"""Bodies of the API for policies of Azure AD B2C: claims in, claims out."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas import BodySchema, LenientSchema

_TEXT = validate.Length(min=1, max=320)


class SendClaimsSchema(LenientSchema):
    """A number that is to be a user's: of the one with this object id, or else with this sign-in name."""

    object_id = fields.String(
        data_key="objectId",
        validate=_TEXT,
        metadata={"description": "The SCIM id, or the externalId.", "examples": ["2f9b1d8e"]},
    )
    sign_in_name = fields.String(
        data_key="signInName", validate=_TEXT, metadata={"description": "The userName, or the verified mail address."}
    )
    phone_number = fields.String(data_key="phoneNumber", validate=_TEXT)
    handle = fields.String(
        data_key="phoneFlow", validate=_TEXT, metadata={"description": "To send another code for the same number."}
    )


class SentClaimsSchema(BodySchema):
    """A code on its way."""

    handle = fields.String(data_key="phoneFlow", required=True)
    sent_to = fields.String(data_key="phoneNumberMasked", required=True)


class CodeClaimsSchema(LenientSchema):
    """A code as received."""

    handle = fields.String(data_key="phoneFlow", required=True, validate=_TEXT)
    code = fields.String(data_key="verificationCode", required=True)


class ProvedClaimsSchema(BodySchema):
    """A number that is proved."""

    number = fields.String(data_key="strongAuthenticationPhoneNumber", required=True)
    is_verified = fields.Boolean(data_key="phoneNumberVerified", required=True)


class FlowClaimsSchema(LenientSchema):
    """A flow whose number is proved."""

    handle = fields.String(data_key="phoneFlow", required=True, validate=_TEXT)


class PersistedClaimsSchema(BodySchema):
    """Whose number it is now."""

    object_id = fields.String(data_key="objectId", required=True, metadata={"description": "The SCIM id."})
