"""Bodies of the endpoints of changes."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from api.schemas import BodySchema
from verification.notices import ChangeStatus
from verification.templates import Template

_MOMENT = {"description": "RFC 3339, UTC.", "format": "date-time"}
_KINDS = (
    Template.PHONE_CHANGED,
    Template.PHONE_REMOVED,
    Template.EMAIL_CHANGED,
    Template.EMAIL_REMOVED,
    Template.PHONE_RESTORED,
)


class UserQuerySchema(BodySchema):
    """Whose changes are asked for."""

    class Meta:
        """Other parameters mean nothing here."""

        unknown = EXCLUDE

    user = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "The user's id or userName.", "example": "bob"},
    )


class ChangeSchema(BodySchema):
    """A change of somebody's number or address."""

    id = fields.String(required=True)
    user_id = fields.String(data_key="userId", required=True, metadata={"description": "The SCIM id."})
    what = fields.String(required=True, validate=validate.OneOf([kind.value for kind in _KINDS]))
    before = fields.String(required=True, metadata={"description": "What went, masked.", "examples": ["********11"]})
    after = fields.String(
        required=True, metadata={"description": "What came, masked; `-` for nothing.", "examples": ["********89"]}
    )
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in ChangeStatus]))
    changed_at = fields.String(data_key="changedAt", required=True, metadata=_MOMENT)
    revertible_until = fields.String(
        data_key="revertibleUntil",
        required=True,
        metadata={**_MOMENT, "description": "Until when the link in the mail works; RFC 3339, UTC."},
    )
    ended_at = fields.String(
        data_key="endedAt",
        required=True,
        allow_none=True,
        metadata={**_MOMENT, "description": "When it was taken back; null while it stands."},
    )


class ChangeListSchema(BodySchema):
    """The changes of one user."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True)
