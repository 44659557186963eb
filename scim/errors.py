"""The faults of SCIM: one class per row of RFC 7644 Table 9, and one per HTTP status.

Raising the right class is the correct response: status and scimType are class attributes, and the
docstring is the default detail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """The request could not be carried out."""

    status: ClassVar[int] = 400
    scim_type: ClassVar[str | None] = None

    def __init__(self, detail: str | None = None, *, headers: Mapping[str, str] | None = None) -> None:
        self.detail: str = detail or type(self).__doc__ or ScimError.__doc__ or ""
        self.headers: Mapping[str, str] = dict(headers or {})
        super().__init__(self.detail)

    def body(self) -> dict[str, Any]:
        """Build the Error message of RFC 7644 §3.12; its status is a string."""
        body: dict[str, Any] = {"schemas": [ERROR_SCHEMA], "status": str(self.status)}
        if self.scim_type is not None:
            body["scimType"] = self.scim_type
        body["detail"] = self.detail
        return body


class InvalidFilter(ScimError):
    """The filter cannot be read, or compares an attribute in a way it does not support."""

    scim_type = "invalidFilter"


class TooMany(ScimError):
    """The filter yields more results than the server is willing to work through."""

    scim_type = "tooMany"


class Uniqueness(ScimError):
    """A value that must be unique is already in use."""

    status = 409
    scim_type = "uniqueness"


class Mutability(ScimError):
    """The attribute may not be changed in this way."""

    scim_type = "mutability"


class InvalidSyntax(ScimError):
    """The body is not of the form this request needs."""

    scim_type = "invalidSyntax"


class InvalidPath(ScimError):
    """The path is malformed or names no attribute of this resource type."""

    scim_type = "invalidPath"


class NoTarget(ScimError):
    """The path selects nothing that could be changed."""

    scim_type = "noTarget"


class InvalidValue(ScimError):
    """A value is missing or does not fit its attribute."""

    scim_type = "invalidValue"


class InvalidVersion(ScimError):
    """The version of SCIM the request asks for is not supported."""

    scim_type = "invalidVers"


class Sensitive(ScimError):
    """The request would put personal data into a URL; send it as a POST to /.search."""

    status = 403
    scim_type = "sensitive"


class InvalidCursor(ScimError):
    """The cursor is not one this server issued for this query."""

    # RFC 9865 §2.1
    scim_type = "invalidCursor"


class ExpiredCursor(ScimError):
    """The cursor has expired; start again without one."""

    # RFC 9865 §2.1
    scim_type = "expiredCursor"


class InvalidCount(ScimError):
    """The count is larger than a page with a cursor may be, or is not the one the cursor was made with."""

    # RFC 9865 §2.1
    scim_type = "invalidCount"


class Unauthorized(ScimError):
    """The request carries no valid credentials."""

    status = 401


class Forbidden(ScimError):
    """The credentials do not permit this request."""

    status = 403


class NotFound(ScimError):
    """There is no such resource."""

    status = 404


class MethodNotAllowed(ScimError):
    """This method is not available here."""

    status = 405


class Conflict(ScimError):
    """The request conflicts with the present state of the resource."""

    status = 409


class PreconditionFailed(ScimError):
    """The resource has changed since the version the request names."""

    status = 412


class PayloadTooLarge(ScimError):
    """The body is larger than the server accepts."""

    status = 413


class UnsupportedMediaType(ScimError):
    """The body must be application/scim+json or application/json."""

    status = 415


class NotImplementedByServer(ScimError):
    """The server does not offer this operation."""

    status = 501


class _RetryableError(ScimError):
    """The request may succeed later."""

    def __init__(
        self, detail: str | None = None, *, retry_after: int, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after), **(headers or {})})
        self.retry_after = retry_after


class TooManyRequests(_RetryableError):
    """Too many requests; try again later."""

    status = 429


class ServiceUnavailable(_RetryableError):
    """The service cannot answer at the moment; try again later."""

    status = 503
