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


class NoSuchBlock(UseCaseError):
    """There is no such block, or it has ended."""

    code = "BLOCK_NOT_FOUND"


class NoSuchChange(UseCaseError):
    """There is no such change, or it can be taken back no more."""

    code = "CHANGE_NOT_FOUND"


class NoSuchInvitation(UseCaseError):
    """This invitation is not good, or no longer: ask for another one."""

    code = "INVITATION_NOT_FOUND"


class NotInvitable(UseCaseError):
    """This user cannot be invited."""


class HasPassword(NotInvitable):
    """The user has a password already."""

    code = "USER_HAS_PASSWORD"


class IsInactive(NotInvitable):
    """The user is inactive."""

    code = "USER_INACTIVE"


class HasNoAddress(NotInvitable):
    """The user has no e-mail address."""

    code = "NO_EMAIL_ADDRESS"


class NoMail(NotInvitable):
    """This service sends no mail."""

    code = "NO_MAIL"


class ReceiptNotSigned(UseCaseError):
    """The signature of the receipt is missing or wrong."""

    code = "SIGNATURE_REFUSED"


class InvalidRequest(UseCaseError):
    """The body is not of the form this request needs."""

    code = "INVALID_REQUEST"


class SignInRefused(UseCaseError):
    """The user name or the password is not right."""

    code = "SIGN_IN_REFUSED"


class NoSuchFlow(UseCaseError):
    """This flow is over, or was never begun here: begin again."""

    code = "FLOW_NOT_FOUND"


class NoSuchFactor(UseCaseError):
    """There is no such second factor."""

    code = "FACTOR_NOT_FOUND"


class StaleAuthentication(UseCaseError):
    """Sign in again: this needs a user who has done so a moment ago."""

    code = "STALE_AUTHENTICATION"

    def __init__(self, max_age: int) -> None:
        """Keep the seconds a sign-in is good for."""
        super().__init__()
        self.max_age = max_age


class ResetUnderWay(UseCaseError):
    """Another reset of this user is under way."""

    code = "RESET_UNDER_WAY"


class KeyUsedOtherwise(UseCaseError):
    """This Idempotency-Key was used for another request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class ConfirmationRequired(UseCaseError):
    """Ask with dryRun first, and send the confirmationToken of its answer."""

    code = "CONFIRMATION_REQUIRED"


class ConfirmationRefused(UseCaseError):
    """The confirmation has expired, or what would go is no longer what was confirmed."""

    code = "CONFIRMATION_REFUSED"


class UnknownDirectory(UseCaseError):
    """This directory is not connected."""

    code = "UNKNOWN_DIRECTORY"


class ProofRefused(UseCaseError):
    """This is not the proof that is needed."""

    code = "PROOF_REFUSED"


class UnknownCategory(UseCaseError):
    """There is no such category of rules."""

    code = "IDG-50008"


class UnknownConnector(UseCaseError):
    """There is no such connector."""

    code = "IDG-50009"


class UnknownConnectorName(UseCaseError):
    """There is no connector of this name."""

    code = "IDG-50011"


class UnsupportedProperty(UseCaseError):
    """The connector has no such property."""

    code = "IDG-50012"


class NoPages(UseCaseError):
    """This list has no pages."""

    code = "IDG-50005"


class NoFilter(UseCaseError):
    """This list has no filter."""

    code = "IDG-50006"


class NoOrder(UseCaseError):
    """This list cannot be sorted."""

    code = "IDG-50007"
