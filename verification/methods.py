"""Authentication methods: what a user proves to be who they are with, in whatever directory it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class MethodKind(StrEnum):
    """The kinds of method; the names are those of Microsoft Graph's segments without their ending."""

    PASSWORD = "password"  # noqa: S105 - a kind's name
    PHONE = "phone"
    EMAIL = "email"
    SOFTWARE_OATH = "softwareOath"  # an authenticator that shows codes (RFC 6238)
    RECOVERY_CODES = "recoveryCodes"
    MICROSOFT_AUTHENTICATOR = "microsoftAuthenticator"
    FIDO2 = "fido2"
    WINDOWS_HELLO = "windowsHelloForBusiness"
    PLATFORM_CREDENTIAL = "platformCredential"
    TEMPORARY_ACCESS_PASS = "temporaryAccessPass"  # noqa: S105 - a kind's name
    EXTERNAL = "external"
    OTHER = "other"  # one that a directory knows and we do not


KEPT_KINDS = frozenset({MethodKind.PASSWORD, MethodKind.OTHER})
"""Kinds that no reset removes: a password is changed, not removed, and what is unknown has no known way out."""


class PhoneType(StrEnum):
    """The phones a user may have, one of each type."""

    MOBILE = "mobile"
    ALTERNATE_MOBILE = "alternateMobile"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Method:
    """One method of one user.

    Attributes:
        id: Its name in its directory, unique among the user's methods of the kind.
        label: What a person knows it by: a masked number or address, or the name of a device.
        phone_type: Of a phone, which one it is.
    """

    kind: MethodKind
    id: str
    label: str = ""
    phone_type: PhoneType | None = None
    created_at: datetime | None = None

    @property
    def is_removable(self) -> bool:
        """Tell whether a reset may remove it at all."""
        return self.kind not in KEPT_KINDS


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A user as a directory knows one."""

    id: str
    user_name: str
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class TemporaryAccessPass:
    """A code that lets its user in once, to register new methods.

    Attributes:
        code: The pass itself, which nobody can read a second time.
        minutes: How long it is good for.
    """

    code: str = field(repr=False)
    minutes: int


class Directory(Protocol):
    """Where users and their methods are kept; one value serves one request, within the time that it has."""

    def find(self, name: str) -> DirectoryUser:
        """Return the user of that id, user name or e-mail address.

        Raises:
            UserNotFound, UserAmbiguous: it is nobody's, or that of several.
            DirectoryUnavailable: the directory cannot be asked.
        """

    def methods(self, user: DirectoryUser) -> Sequence[Method]:
        """Return every method of a user; raise DirectoryUnavailable."""

    def remove(self, user: DirectoryUser, method: Method) -> None:
        """Remove a method.

        Raises:
            MethodRefused: the directory keeps it, at least for now.
            MethodGone: it is not there any more.
            DirectoryUnavailable: the directory cannot be asked.
        """

    def revoke_sessions(self, user: DirectoryUser) -> None:
        """End the user's sessions and refresh tokens; raise DirectoryUnavailable."""

    def issue_pass(self, user: DirectoryUser) -> TemporaryAccessPass:
        """Give out a pass; raise MethodRefused where the directory gives none, or DirectoryUnavailable."""
