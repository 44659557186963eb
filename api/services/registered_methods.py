"""Methods that are registered elsewhere, kept here as records so that a reset knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services import trail
from api.services.errors import InvalidRequest, UseCaseError
from api.services.local_directory import USER
from api.services.notices import Owner, tell
from api.services.trail import Deed
from api.services.user_methods import methods_of
from persistence.methods import MethodRecord
from verification.errors import UserNotFound
from verification.methods import MethodKind
from verification.templates import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.user_methods import UserMethod
    from persistence.unit_of_work import UnitOfWork

MOST = 100
"""Records of one user: nobody has so many devices, and all of them are read at once."""
ATTRIBUTES: Mapping[MethodKind, frozenset[str]] = {
    MethodKind.MICROSOFT_AUTHENTICATOR: frozenset({"displayName", "deviceTag", "phoneAppVersion"}),
    MethodKind.FIDO2: frozenset({"displayName", "aaGuid", "model", "attestationLevel", "passkeyType"}),
    MethodKind.WINDOWS_HELLO: frozenset({"displayName", "keyStrength"}),
    MethodKind.PLATFORM_CREDENTIAL: frozenset({"displayName", "keyStrength", "platform"}),
    MethodKind.EXTERNAL: frozenset({"displayName", "configurationId"}),
}
"""The kinds that somebody else registers, and what is kept of each."""


class MethodExists(UseCaseError):
    """The user has a method of this type and id already."""

    code = "METHOD_EXISTS"


class TooManyMethods(UseCaseError):
    """The user has as many methods as are kept of one."""

    code = "TOO_MANY_METHODS"


@dataclass(frozen=True, slots=True)
class NewMethod:
    """A method as its directory describes it."""

    kind: MethodKind
    attributes: Mapping[str, str]
    id: str | None = None

    def check(self) -> None:
        """Raise InvalidRequest where an attribute is not of the kind, or cannot be shown."""
        if not ATTRIBUTES[self.kind].issuperset(self.attributes):
            raise InvalidRequest(f"attributes: of this type there are {', '.join(sorted(ATTRIBUTES[self.kind]))}.")
        if not all(value.isprintable() for value in self.attributes.values()):
            raise InvalidRequest("attributes: only printable characters.")


@dataclass(frozen=True, slots=True)
class RegisteredMethodService:
    """The use case of registering one."""

    core: Core

    def add(self, user_id: str, new: NewMethod, caller: Caller) -> UserMethod:
        """Keep a method of a user.

        Raises:
            UserNotFound: there is no such user.
            InvalidRequest, MethodExists, TooManyMethods: the method is not kept.
        """
        new.check()
        at = self.core.clock.now()
        record = MethodRecord(user_id, new.kind, new.id or new_id(), at, dict(new.attributes))

        def write(unit: UnitOfWork) -> UserMethod:
            user = unit.resources.lock(USER, user_id)
            if user is None:
                raise UserNotFound
            present = unit.methods.list(user_id)
            if any((known.kind, known.method_id) == (record.kind, record.method_id) for known in present):
                raise MethodExists
            if len(present) >= MOST:
                raise TooManyMethods
            unit.methods.add(record)
            trail.record(unit, Deed.METHOD_ADDED, caller, user_id, at, kind=record.kind)
            tell(self.core, unit, Owner(user_id, user.document()), Template.FACTOR_ADDED, at)
            return next(
                item
                for item in methods_of(unit, user, self.core)
                if (item.method.kind, item.method.id) == (new.kind, record.method_id)
            )

        added = self.core.database.transact(write)
        self.core.wake()
        return added
