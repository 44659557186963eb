"""Bodies of the reset of authentication methods."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from api.directories import NAMES
from api.schemas import BodySchema
from api.services.mfa_reset import LONGEST_REASON
from verification.methods import MethodKind
from verification.resetting import Outcome, Overall

USER_NAMES = ("id", "userName", "email", "mail", "name")
"""The members that may name the user; `mail` and `name` are those of the guide."""
ALL = "all"
LONGEST = 320
_EXAMPLE = "bob@example.com"


class ResetSchema(BodySchema):
    """Whose methods are to go, and how; one member names the user."""

    class Meta:
        """What a connector sends along and means nothing here is ignored."""

        unknown = EXCLUDE

    id = fields.String(validate=validate.Length(1, LONGEST), metadata={"description": "The id in that directory."})
    user_name = fields.String(data_key="userName", validate=validate.Length(1, LONGEST))
    email = fields.String(validate=validate.Length(1, LONGEST), metadata={"examples": [_EXAMPLE]})
    mail = fields.String(validate=validate.Length(1, LONGEST), metadata={"description": "The same as email."})
    name = fields.String(validate=validate.Length(1, LONGEST), metadata={"description": "The same as email."})
    directory = fields.String(
        validate=validate.OneOf(NAMES),
        metadata={"description": "Without it `graph` where that is connected, else `local`."},
    )
    reason = fields.String(validate=validate.Length(max=LONGEST_REASON), metadata={"examples": ["Phone lost"]})
    dry_run = fields.Boolean(data_key="dryRun", load_default=False)
    methods = fields.Raw(
        load_default=ALL,
        metadata={
            "description": "The kinds that are to go: `all`, or a list.",
            "oneOf": [
                {"const": ALL},
                {"type": "array", "minItems": 1, "items": {"type": "string", "enum": sorted(MethodKind)}},
            ],
        },
    )
    revoke_sessions = fields.Boolean(data_key="revokeSessions", load_default=True)
    issue_temporary_access_pass = fields.Boolean(data_key="issueTemporaryAccessPass", load_default=False)
    confirmation_token = fields.String(
        data_key="confirmationToken",
        metadata={"description": "That of a dry run. What would go must still be what it showed."},
    )

    @validates_schema
    def _one_user(self, data: dict[str, Any], **_: object) -> None:
        named = [name for name in ("id", "user_name", "email", "mail", "name") if name in data]
        if len(named) != 1:
            raise ValidationError("one of them", USER_NAMES[0])

    @validates_schema
    def _known_methods(self, data: dict[str, Any], **_: object) -> None:
        kinds = data.get("methods", ALL)
        known = list(MethodKind)  # no set: what is sent may be of any type
        is_list = isinstance(kinds, list) and bool(kinds) and all(kind in known for kind in kinds)
        if kinds != ALL and not is_list:
            raise ValidationError("unknown", "methods")


class ResetUserSchema(BodySchema):
    """The user as the directory knows one."""

    id = fields.String(required=True)
    user_name = fields.String(data_key="userName", required=True)


class MethodResultSchema(BodySchema):
    """A method and what became of it."""

    type = fields.String(required=True, validate=validate.OneOf(sorted(MethodKind)))
    id = fields.String(required=True)
    label = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A masked number or address, or the name of a device."},
    )
    phone_type = fields.String(data_key="phoneType", required=True, allow_none=True)
    outcome = fields.String(required=True, validate=validate.OneOf([*sorted(Outcome), "planned"]))
    reason = fields.String(required=True, allow_none=True)


class AccessPassSchema(BodySchema):
    """A pass that lets the user in once; it is told only here."""

    temporary_access_pass = fields.String(data_key="temporaryAccessPass", attribute="code", required=True)
    lifetime_in_minutes = fields.Integer(data_key="lifetimeInMinutes", attribute="minutes", required=True)


class ResetReportSchema(BodySchema):
    """What became of a reset, or what a dry run would do."""

    id = fields.String(required=True, allow_none=True, metadata={"description": "Null for a dry run."})
    directory = fields.String(required=True, validate=validate.OneOf(NAMES))
    user = fields.Nested(ResetUserSchema, required=True)
    overall = fields.String(required=True, validate=validate.OneOf([*sorted(Overall), "planned"]))
    methods = fields.List(fields.Nested(MethodResultSchema), required=True)
    sessions_revoked = fields.Boolean(data_key="sessionsRevoked", required=True)
    notes = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What failed beside the methods: `sessions`, `temporaryAccessPass`."},
    )
    access_pass = fields.Nested(AccessPassSchema, data_key="temporaryAccessPass")
    confirmation = fields.String(data_key="confirmationToken")
