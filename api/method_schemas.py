"""Bodies of the records of authentication methods that are registered elsewhere."""

from __future__ import annotations

from marshmallow import RAISE, fields, validate

from api.schemas import BodySchema
from api.services.registered_methods import ATTRIBUTES
from verification.methods import MethodKind

LONGEST = 128
_ID = r"^[A-Za-z0-9._~-]{1,128}(?!\n)$"


class NewMethodSchema(BodySchema):
    """A method as its directory describes it."""

    class Meta:
        """An attribute of another kind is a mistake, so one that is not known is none that can be ignored."""

        unknown = RAISE

    type = fields.String(required=True, validate=validate.OneOf(sorted(ATTRIBUTES)))
    id = fields.String(
        validate=validate.Regexp(_ID), metadata={"description": "Its id there; without one it gets a new one."}
    )
    attributes = fields.Dict(
        keys=fields.String(validate=validate.Length(1, LONGEST)),
        values=fields.String(validate=validate.Length(0, LONGEST)),
        load_default=dict,
        metadata={"description": "Those that Microsoft Graph gives to the type, as in `displayName`."},
    )


class MethodSchema(BodySchema):
    """A method as it is shown to whoever looks after users: without a whole number or address."""

    type = fields.String(required=True, attribute="method.kind", validate=validate.OneOf(sorted(MethodKind)))
    id = fields.String(required=True, attribute="method.id")
    label = fields.String(required=True, attribute="method.label", metadata={"description": "Masked, or a name."})
    phone_type = fields.String(data_key="phoneType", required=True, attribute="method.phone_type", allow_none=True)
    created_at = fields.AwareDateTime(
        data_key="createdDateTime", required=True, attribute="method.created_at", allow_none=True
    )
    is_removable = fields.Boolean(data_key="isRemovable", required=True, attribute="method.is_removable")


class MethodListSchema(BodySchema):
    """Every method of a user."""

    methods = fields.List(fields.Nested(MethodSchema), required=True)
