"""A directory in memory, which fails and refuses as told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verification.errors import MethodGone, UserNotFound
from verification.methods import DirectoryUser, Method, MethodKind, PhoneType, TemporaryAccessPass

if TYPE_CHECKING:
    from collections.abc import Callable

KIM = DirectoryUser("kim-1", "kim@contoso.test", "kim@contoso.test")
PASSWORD = Method(MethodKind.PASSWORD, "p")
MOBILE = Method(MethodKind.PHONE, "m", "********55", PhoneType.MOBILE)
APP = Method(MethodKind.MICROSOFT_AUTHENTICATOR, "app", "Pixel")
KEY = Method(MethodKind.FIDO2, "key", "Red key")


@dataclass
class MemoryDirectory:
    """One user and the methods of that user.

    `on_remove` is called before a method goes, `on_revoke` and `on_issue` before those acts; each may raise.
    """

    there: list[Method] = field(default_factory=lambda: [PASSWORD, MOBILE, APP, KEY])
    on_remove: Callable[[Method], None] = lambda _method: None
    on_revoke: Callable[[], None] = lambda: None
    on_issue: Callable[[], None] = lambda: None
    on_find: Callable[[], None] = lambda: None
    revoked: int = 0

    def find(self, name: str) -> DirectoryUser:
        """Find the one user."""
        self.on_find()
        if name not in {KIM.id, KIM.user_name}:
            raise UserNotFound
        return KIM

    def methods(self, user: DirectoryUser) -> tuple[Method, ...]:
        """List what is there."""
        del user
        return tuple(self.there)

    def remove(self, user: DirectoryUser, method: Method) -> None:
        """Remove a method."""
        del user
        self.on_remove(method)
        if method not in self.there:
            raise MethodGone
        self.there.remove(method)

    def revoke_sessions(self, user: DirectoryUser) -> None:
        """Count it."""
        del user
        self.on_revoke()
        self.revoked += 1

    def issue_pass(self, user: DirectoryUser) -> TemporaryAccessPass:
        """Give out a pass."""
        del user
        self.on_issue()
        return TemporaryAccessPass("TAP-once", 60)
