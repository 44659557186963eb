"""Bodies of the API of rules; names and forms are those of the guide's product."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas import BodySchema, LenientSchema
from api.services.governance import Source

CATEGORY = "Other Settings"
CONNECTOR = "user-claim-update"
CATEGORY_ID = "T3RoZXIgU2V0dGluZ3M"
CONNECTOR_ID = "dXNlci1jbGFpbS11cGRhdGU"
"""The names in base64url, without padding."""

_NAME = "UserClaimUpdate.OTP.OTPLength"
_MOST = 100


def _name() -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, 200), metadata={"examples": [_NAME]})


class RuleValueSchema(LenientSchema):
    """A property and the value it is to have."""

    name = _name()
    value = fields.String(required=True, validate=validate.Length(max=200), metadata={"examples": ["8"]})


class ConnectorPatchSchema(LenientSchema):
    """Values for some properties; the others stay."""

    operation = fields.String(required=True, validate=validate.OneOf(["UPDATE"]))
    properties = fields.List(fields.Nested(RuleValueSchema), required=True, validate=validate.Length(1, _MOST))


class ConnectorValuesSchema(LenientSchema):
    """A connector, and values for some of its properties."""

    id = fields.String(required=True, metadata={"examples": [CONNECTOR_ID]})
    properties = fields.List(fields.Nested(RuleValueSchema), required=True, validate=validate.Length(1, _MOST))


class CategoryPatchSchema(LenientSchema):
    """Values for some properties of some connectors."""

    operation = fields.String(required=True, validate=validate.OneOf(["UPDATE"]))
    connectors = fields.List(fields.Nested(ConnectorValuesSchema), required=True, validate=validate.Length(1, _MOST))


class RevertQuerySchema(BodySchema):
    """The connector, which this one request names beside its path."""

    connectorId = fields.String(  # noqa: N815 - the parameter's name
        required=True, metadata={"description": "The id of the connector.", "example": CONNECTOR_ID}
    )


class RevertSchema(LenientSchema):
    """The properties that are to have the environment's values again."""

    properties = fields.List(_name(), required=True, validate=validate.Length(1, _MOST))


class PropertySchema(BodySchema):
    """A property of a connector; every value is a text."""

    name = fields.String(required=True)
    value = fields.String(required=True)
    display_name = fields.String(data_key="displayName", required=True)
    description = fields.String(required=True)
    source = fields.String(
        required=True,
        validate=validate.OneOf(list(Source)),
        metadata={"description": "Where the value comes from: it was set here, or in the environment, or nowhere."},
    )
    read_only = fields.Boolean(
        data_key="readOnly", required=True, metadata={"description": "Whether it has this one value only."}
    )


class ConnectorSchema(BodySchema):
    """A connector with its properties."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    friendly_name = fields.String(data_key="friendlyName", required=True)
    order = fields.String(required=True)
    sub_category = fields.String(data_key="subCategory", required=True)
    properties = fields.List(fields.Nested(PropertySchema), required=True)


class ConnectorReferenceSchema(BodySchema):
    """Where a connector is."""

    id = fields.String(required=True)
    self_ = fields.String(data_key="self", required=True)


class CategoryItemSchema(BodySchema):
    """A category among others."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    self_ = fields.String(data_key="self", required=True)
    connectors = fields.List(fields.Nested(ConnectorReferenceSchema), required=True)


class CategorySchema(BodySchema):
    """A category with its connectors."""

    name = fields.String(required=True)
    connectors = fields.List(fields.Nested(ConnectorSchema), required=True)


class PreferenceRequestSchema(LenientSchema):
    """Properties of a connector that are asked for; without names, all of them."""

    connector_name = fields.String(data_key="connector-name", required=True, metadata={"examples": [CONNECTOR]})
    properties = fields.List(_name(), validate=validate.Length(max=_MOST))


class PreferenceValueSchema(BodySchema):
    """A property and its value."""

    name = fields.String(required=True)
    value = fields.String(required=True)


class PreferenceSchema(BodySchema):
    """Properties of a connector."""

    connector_name = fields.String(data_key="connector-name", required=True)
    properties = fields.List(fields.Nested(PreferenceValueSchema), required=True)
