"""Faults of the use cases themselves, beside those of the SCIM core and of the engine."""

from __future__ import annotations


class UseCaseError(Exception):
    """The request cannot be carried out."""

    code: str = "BAD_REQUEST"

    def __init__(self, message: str | None = None) -> None:
        """Take the class docstring as the message unless another is given."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class NoSuchUser(UseCaseError):
    """The token is not that of a user of this service."""

    code = "USER_NOT_FOUND"


class NoSuchVerification(UseCaseError):
    """There is no such pending verification."""

    code = "VERIFICATION_NOT_FOUND"


class ReceiptNotSigned(UseCaseError):
    """The signature of the receipt is missing or wrong."""

    code = "SIGNATURE_REFUSED"


class InvalidRequest(UseCaseError):
    """The body is not of the form this request needs."""

    code = "INVALID_REQUEST"


class SignInRefused(UseCaseError):
    """The user name or the password is not right."""

    code = "SIGN_IN_REFUSED"


class SecondFactorMissing(UseCaseError):
    """This account needs a second factor to sign in, and has none yet."""

    code = "SECOND_FACTOR_MISSING"


class NoSuchFlow(UseCaseError):
    """This flow is over, or was never begun here: begin again."""

    code = "FLOW_NOT_FOUND"
