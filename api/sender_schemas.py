"""Bodies of the API of senders; names and forms are those of the guide's product."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas import BodySchema, LenientSchema
from api.services.trials import Outcome

NAME = "SMSPublisher"
"""The name of a sender that is given none."""

_LONGEST = 2000
_LONGEST_BODY = 10_000
_MOST = 50
_SECRET = "Told once, and never given back; left out of a change, it stays as it is."  # noqa: S105 - a sentence


def _text(description: str, *examples: str, longest: int = _LONGEST) -> fields.String:
    return fields.String(
        allow_none=True,
        validate=validate.Length(max=longest),
        metadata={"description": description, "examples": list(examples)},
    )


class SenderPropertySchema(LenientSchema):
    """One of `body`, `http.headers`, `http.method`; others are kept and mean nothing."""

    key = fields.String(required=True, validate=validate.Length(1, 200), metadata={"examples": ["body"]})
    value = fields.String(
        required=True,
        validate=validate.Length(max=_LONGEST_BODY),
        metadata={"examples": ['{"content": {{body}}, "to": {{mobile}}}']},
    )


class AuthenticationSchema(LenientSchema):
    """How a custom gateway is told who sends."""

    type = fields.String(
        allow_none=True,
        metadata={
            "description": "NONE, BASIC, BEARER, API_KEY, CLIENT_CREDENTIAL or PASSWORD_CREDENTIAL.",
            "examples": ["BEARER"],
        },
    )
    properties = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 200)),
        values=fields.String(validate=validate.Length(max=_LONGEST_BODY)),
        metadata={"description": _SECRET, "examples": [{"accessToken": "a-token"}]},
    )


class SenderUpdateSchema(LenientSchema):
    """A sender as it is to be."""

    provider = _text("Twilio, Vonage or Custom.", "Custom")
    provider_url = _text(
        "Where the messages of a custom provider go. Those of the others go where the operator says.",
        "https://sms.example.com/messages",
        "",
    )
    provider_url.data_key = "providerURL"
    key = _text("Twilio's account SID or Vonage's API key; of a custom provider the user of BASIC.", "")
    secret = _text(f"Twilio's auth token or Vonage's API secret; of a custom provider the password. {_SECRET}", "")
    sender = _text("The number or name that messages come from.", "+15005550006", "")
    content_type = fields.String(
        data_key="contentType",
        allow_none=True,
        validate=validate.OneOf(["JSON", "FORM"]),
        metadata={"description": "The form of a custom provider's payload; JSON if not told.", "examples": ["JSON"]},
    )
    properties = fields.List(fields.Nested(SenderPropertySchema), allow_none=True, validate=validate.Length(max=_MOST))


class SenderAddSchema(SenderUpdateSchema):
    """A sender that is to be."""

    name = fields.String(
        load_default=NAME,
        validate=validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?![\s\S])"),
        metadata={"description": "Letters, digits and `._-`, the first a letter or digit.", "examples": [NAME]},
    )


class SenderUpdateSchemaV2(SenderUpdateSchema):
    """A sender as it is to be, with its authentication."""

    authentication = fields.Nested(AuthenticationSchema, allow_none=True)


class SenderAddSchemaV2(SenderAddSchema):
    """A sender that is to be, with its authentication."""

    authentication = fields.Nested(AuthenticationSchema, allow_none=True)


class ShownPropertySchema(BodySchema):
    """A property that is no secret."""

    key = fields.String(required=True)
    value = fields.String(required=True)


class SenderSchema(BodySchema):
    """A sender without its secrets."""

    name = fields.String(required=True)
    provider = fields.String(required=True)
    provider_url = fields.String(data_key="providerURL", required=True)
    key = fields.String(required=True)
    sender = fields.String(required=True)
    content_type = fields.String(data_key="contentType", required=True)
    properties = fields.List(fields.Nested(ShownPropertySchema), required=True)
    secrets_set = fields.List(
        fields.String(),
        data_key="secretsSet",
        required=True,
        metadata={"description": "The names of the secrets that are kept."},
    )


class ShownAuthenticationSchema(BodySchema):
    """An authentication without its secrets."""

    type = fields.String(required=True)
    properties = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class SenderSchemaV2(SenderSchema):
    """A sender without its secrets, with its authentication."""

    authentication = fields.Nested(ShownAuthenticationSchema)


class MailTrialRequestSchema(LenientSchema):
    """Where a mail that tries the mail server goes."""

    to = fields.String(
        required=True,
        validate=validate.Length(1, 320),
        metadata={"description": "A mail address.", "examples": ["bob@example.com"]},
    )
    locale = fields.String(
        allow_none=True,
        validate=validate.Length(max=35),
        metadata={"description": "The language of the message.", "examples": ["en"]},
    )


class TrialRequestSchema(MailTrialRequestSchema):
    """Where a message that tries a gateway goes."""

    to = fields.String(
        required=True,
        validate=validate.Length(1, 50),
        metadata={"description": "A mobile number.", "examples": ["+94771234567"]},
    )
    sender = fields.String(
        allow_none=True,
        metadata={
            "description": "The name of the sender that is tried; without it all that are in force, in their order.",
            "examples": [NAME],
        },
    )


class TrialSchema(BodySchema):
    """What the gateway has said."""

    outcome = fields.String(required=True, validate=validate.OneOf(list(Outcome)))
    provider = fields.String(
        required=True, allow_none=True, metadata={"description": "Who took the message; null where nobody did."}
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why nobody took it."})
    reference = fields.String(
        required=True, allow_none=True, metadata={"description": "The gateway's own name of the message."}
    )
