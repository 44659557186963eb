"""Users in: one line, one user, one transaction; what cannot be taken is told and does not keep the others."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from api.services.errors import UseCaseError
from api.services.passwords import PasswordService
from api.services.resources import MAX_TRIES, unless_changed
from api.transfer.seen import Seen
from scim.errors import PreconditionFailed, ScimError, ServiceUnavailable, Uniqueness
from scim.folding import fold
from scim.validation import read_resource
from verification.errors import VerificationError
from verification.passwords import PasswordRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from api.services.callers import Caller
    from api.services.resources import ResourceService
    from api.transfer.forms import Line
    from persistence.resources import StoredResource

Document = dict[str, Any]


class Taken(StrEnum):
    """What became of a line."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"  # the user is there, and is as the line says
    WOULD_BE_CREATED = "would be created"
    WOULD_BE_UPDATED = "would be updated"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Result:
    """A line, what became of it, and why it was rejected where it was."""

    line: Line
    taken: Taken
    reason: str | None = None


class MayNotChange(UseCaseError):
    """The user is an administrator with more rights than whoever brought the file."""

    code = "IMPORT_BEYOND_RIGHTS"


class OwnAccount(UseCaseError):
    """This is the own account: use My Account."""

    code = "IMPORT_OWN_ACCOUNT"


def _anybody(user_id: str) -> bool:
    del user_id
    return True


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes users in.

    Attributes:
        may_update: Whether a user who is there already is changed: what the line says is replaced, the rest stays.
        is_dry_run: Whether nothing is written.
        may_change: Whether the user with an id may be changed by who brought the file.
    """

    users: ResourceService
    caller: Caller
    may_update: bool = False
    is_dry_run: bool = False
    may_change: Callable[[str], bool] = _anybody
    seen: Seen = field(default_factory=Seen, repr=False)
    """Who would be created by earlier lines of a dry run."""

    def take(self, lines: Iterable[Line]) -> Iterator[Result]:
        """Take each line in turn."""
        for line in lines:
            yield self._result(line)

    def _result(self, line: Line) -> Result:
        if line.document is None:
            return Result(line, Taken.REJECTED, line.fault)
        try:
            return Result(line, self._taken(line.document))
        except ScimError as error:
            return Result(line, Taken.REJECTED, error.detail)
        except (UseCaseError, VerificationError) as error:
            return Result(line, Taken.REJECTED, str(error))

    def _taken(self, body: Document) -> Taken:
        try:
            if self.is_dry_run:
                self.users.preview(body, self.caller)
            else:
                self.users.create(body, self.caller)
        except Uniqueness:
            return self._over(body)
        return self._as_new(body) if self.is_dry_run else Taken.CREATED

    def remember(self, line: Line) -> None:
        """Know a line that an earlier run has checked, and would take in."""
        with suppress(ScimError):
            self._as_new(line.document or {})

    def _as_new(self, body: Document) -> Taken:
        """Say what a line would do whose user is not there yet, but perhaps in an earlier line."""
        wanted = read_resource(body, self.users.resource_type)
        is_new_line = self.seen.add(f"line {orjson.dumps(wanted, option=orjson.OPT_SORT_KEYS).decode()}")
        if self.seen.add(f"name {fold(wanted['userName'])}"):
            return Taken.WOULD_BE_CREATED
        if not is_new_line:
            return Taken.UNCHANGED
        if not self.may_update:
            raise Uniqueness("userName is in an earlier line of this file, too; with --update the user is changed.")
        return Taken.WOULD_BE_UPDATED

    def _over(self, body: Document) -> Taken:
        """Take a line whose user is there: perhaps by an earlier run that was cut off before it wrote that down."""
        wanted = read_resource(body, self.users.resource_type)
        for _ in range(MAX_TRIES):
            present = self._present(wanted["userName"])
            merged = self._change_of(present, wanted)
            if merged is None:
                return Taken.UNCHANGED
            if not self.may_update:
                raise Uniqueness("userName is already in use; with --update the user is changed.")
            if self.is_dry_run:
                return Taken.WOULD_BE_UPDATED
            merged = {"schemas": body.get("schemas", []), **merged}
            try:
                self.users.replace(present.id, merged, self.caller, unless_changed(present.version))
            except PreconditionFailed:
                continue
            return Taken.UPDATED
        raise ServiceUnavailable("Somebody else is changing this user; try again.", retry_after=1)

    def _present(self, name: str) -> StoredResource:
        """Return the user whom a line is about."""
        present = self.users.core.database.read(lambda unit: unit.resources.find("User", name))
        if present is None:
            # Another unique value is somebody else's.
            raise Uniqueness("A value that must be unique is in use by another user.")
        if present.id == self.caller.user_id:
            raise OwnAccount
        return present

    def _change_of(self, present: StoredResource, wanted: Document) -> Document | None:
        """Return a user with what a line says, None where it has all of it; a password only where it is another one.

        Who may not change a user does not find out whether a password is the right one.
        """
        before = present.document()
        rest = {name: value for name, value in wanted.items() if name != "password"}
        merged, password = _merged(before, rest), wanted.get("password")
        if merged == before and password is None:
            return None
        if not self.may_change(present.id):
            raise MayNotChange
        if password is not None and not self._is_password(present.id, password):
            return {**merged, "password": password}
        return None if merged == before else merged

    def _is_password(self, user_id: str, password: str) -> bool:
        stored = self.users.core.database.read(lambda unit: unit.passwords.lookup(user_id))
        return stored is not None and PasswordService(PasswordRules()).is_password(stored.hash, password)


@dataclass(slots=True)
class Tally:
    """How many lines became what."""

    counts: Counter[Taken] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        """Count a line."""
        self.counts[result.taken] += 1

    @property
    def has_rejected(self) -> bool:
        """Tell whether a line was rejected."""
        return self.counts[Taken.REJECTED] > 0

    def told(self) -> str:
        """Return the counts as a person reads them."""
        return ", ".join(f"{self.counts[taken]} {taken}" for taken in Taken if self.counts[taken]) or "nobody"


def skipping(lines: Iterable[Line], is_done: Callable[[int], bool]) -> Iterator[Line]:
    """Pass over the lines that an earlier run has taken."""
    return (line for line in lines if not is_done(line.number))


def _merged(before: Document, wanted: Document) -> Document:
    result = dict(before)
    for name, value in wanted.items():
        old = before.get(name)
        result[name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return result
