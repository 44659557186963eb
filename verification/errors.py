"""The faults of the engine: the docstring of each class is its default message."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Limit(StrEnum):
    """The limits, by the code a caller is shown when one is reached."""

    COOLDOWN = "OTP_COOLDOWN"  # a code was sent a moment ago
    SENDS = "OTP_SENDS"  # this verification may send no more codes
    HOURLY = "OTP_HOURLY"  # too many codes for this user within the hour
    DAILY_SENDS = "OTP_DAILY_SENDS"  # too many codes for this user within the day
    NUMBER = "OTP_NUMBER"  # too many codes to this number within the day
    ADDRESS = "OTP_ADDRESS"  # too many codes to this address within the day
    IP = "OTP_IP"  # too many codes asked for from one place of the network within the hour
    PREFIX = "OTP_PREFIX"  # too many codes to numbers that differ in their last digits only
    COUNTRY = "OTP_COUNTRY"  # too many codes to numbers of one country
    DOMAIN = "OTP_DOMAIN"  # too many codes to addresses of one domain
    DAILY = "OTP_DAILY"  # too many wrong checks for this user within the day
    RESETS = "MFA_RESETS"  # too many resets of authentication methods by one actor within the hour
    ATTEMPTS = "OTP_ATTEMPTS"  # too many wrong privileged checks by one actor
    RESTORE = "RESTORE_LIMIT"  # a restore was begun too often for one address, or from one source
    SIGN_IN = "SIGN_IN_LIMIT"  # too many wrong passwords for one name, or from one address


class VerificationError(Exception):
    """The verification failed."""

    code: str | None = None

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class InvalidTarget(VerificationError):
    """The value is nothing that a code could be sent to."""


class InvalidPhoneNumber(InvalidTarget):
    """The value is not a phone number this service accepts."""


class InvalidEmailAddress(InvalidTarget):
    """The value is not an e-mail address this service accepts."""


class MultipleNewValues(VerificationError):
    """Only one new value can be verified at a time."""

    def __init__(self) -> None:
        super().__init__(f"{self.code}: {type(self).__doc__}")


class MultipleNewNumbers(MultipleNewValues):
    """Only one new number can be verified at a time."""

    code = "UMV-10002"


class MultipleNewAddresses(MultipleNewValues):
    """Only one new e-mail address can be verified at a time."""

    code = "UEV-10003"


class CodeInvalid(VerificationError):
    """The code is not valid."""

    code = "18001"


class CodeExpired(VerificationError):
    """The code has expired."""

    code = "18002"


class PrivilegedValidationDisabled(VerificationError):
    """Verification by a privileged user is not enabled."""

    code = "17007"


class InvalidScenario(VerificationError):
    """The recovery scenario is missing, repeated or not known."""

    code = "UAR-10011"


class RuleRefused(VerificationError):
    """The rule cannot have this value."""

    code = "IDG-50012"


class NothingToResend(InvalidScenario):
    """Nothing is pending for this recovery scenario."""


class UnknownUser(VerificationError):
    """There is no such user."""

    code = "UAR-10012"


class NumberChanged(VerificationError):
    """The primary value has changed since the code was requested."""

    code = "NUMBER_CHANGED"


class ChangesBlocked(VerificationError):
    """A change was taken back a short time ago: for a while there is no other."""

    code = "CHANGES_BLOCKED"

    def __init__(self, until: datetime | None = None) -> None:
        """Tell also until when, where it is known."""
        what = str(type(self).__doc__)
        super().__init__(what if until is None else f"{what[:-1]}, until {until:%Y-%m-%dT%H:%M:%SZ}.")


class AmbiguousCode(VerificationError):
    """More than one pending verification has this code: name the user."""

    code = "AMBIGUOUS_CODE"


class LimitReached(VerificationError):
    """A limit is reached: try again later."""

    # retry_after: the seconds after which another try makes sense.

    def __init__(self, limit: Limit, retry_after: int) -> None:
        self.code = limit.value
        self.limit = limit
        self.retry_after = retry_after
        super().__init__()


class SealBroken(VerificationError):
    """A sealed secret cannot be opened: it was changed, or belongs to somebody else."""


class PasswordRefused(VerificationError):
    """The password is not good enough."""

    code = "PASSWORD_REFUSED"


class TargetRefused(VerificationError):
    """No code can be sent to this number or address."""

    # Whichever rule refuses it: who tries numbers in turn learns nothing of the rules.
    code = "TARGET_REFUSED"


class IllegalTransition(VerificationError):
    """The verification or delivery is not in a state that allows this."""


class InvalidKeys(VerificationError):
    """The master keys are not of the form kid:base64,kid:base64."""


class InvalidTexts(VerificationError):
    """The texts of messages are faulty."""

    # faults: all that is wrong, each with its file.

    def __init__(self, faults: tuple[str, ...] = ()) -> None:
        self.faults = faults
        super().__init__("; ".join(faults) or None)


class UnknownKey(VerificationError):
    """The key ring has no key of this name."""


class DirectoryError(VerificationError):
    """The directory did not do what it was asked for."""


class UserNotFound(DirectoryError):
    """The directory has no such user."""

    code = "USER_NOT_FOUND"


class UserAmbiguous(DirectoryError):
    """Several users of the directory have this name: give the id."""

    code = "USER_AMBIGUOUS"


class MethodRefused(DirectoryError):
    """The directory keeps this method."""


class MethodGone(DirectoryError):
    """The directory has no such method any more."""


class DirectoryUnavailable(DirectoryError):
    """The directory cannot be asked."""

    code = "DIRECTORY_UNAVAILABLE"


class DeliveryError(Exception):
    """The message was not accepted.

    The reason is a short word for logs and rows, never a number or a text sent.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TemporaryDeliveryError(DeliveryError):
    """The message was not accepted now: a retry or another provider may succeed."""

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        """Keep also the seconds the gateway asked us to wait, where it named any."""
        self.retry_after = retry_after
        super().__init__(reason)


class PermanentDeliveryError(DeliveryError):
    """The message was refused for good: no retry and no other provider will help."""
