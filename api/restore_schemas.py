"""Bodies of the API of restoring a lost phone."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas import BodySchema, LenientSchema
from verification.restoration import Proof, RestoreStep

_STEPS = [step.value for step in RestoreStep]


class StartSchema(LenientSchema):
    """Who has lost a phone."""

    email = fields.String(
        required=True,
        validate=validate.Length(min=1, max=320),
        metadata={"description": "The primary mail address.", "examples": ["bob@example.com"]},
    )


class BegunSchema(BodySchema):
    """A flow that was begun."""

    flow_id = fields.String(data_key="flowId", required=True)
    secret = fields.String(
        required=True, metadata={"description": "Told only here, and sent with each step: the id alone opens nothing."}
    )


class HoldSchema(LenientSchema):
    """A flow, and the proof that one has begun it."""

    flow_id = fields.String(data_key="flowId", required=True)
    secret = fields.String(required=True)


class CodeOfFlowSchema(HoldSchema):
    """A code that was sent for a flow."""

    code = fields.String(required=True, metadata={"examples": ["492731"]})


class ProofSchema(HoldSchema):
    """The second proof; one of the two."""

    password = fields.String()
    recovery_code = fields.String(data_key="recoveryCode")


class PhoneOfFlowSchema(HoldSchema):
    """The new number."""

    phone_number = fields.String(data_key="phoneNumber", required=True, metadata={"examples": ["+447700900124"]})


class OnwardSchema(BodySchema):
    """What a flow waits for next."""

    next = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(_STEPS),
        metadata={"description": "The step, by the name of its path; null when the number is restored."},
    )
    proof = fields.String(
        validate=validate.OneOf([proof.value for proof in Proof]),
        metadata={"description": "What is to be proved, where the next step is `prove`."},
    )
    sent_to = fields.String(data_key="sentTo", metadata={"description": "Where a code was sent, masked."})
    access_token = fields.String(
        data_key="accessToken",
        metadata={"description": "Of the user, with `internal_login`; only where LINEPROOF_RESTORE_SIGNS_IN is true."},
    )


class SentSchema(BodySchema):
    """A code on its way."""

    sent_to = fields.String(data_key="sentTo", required=True, metadata={"description": "Masked."})
