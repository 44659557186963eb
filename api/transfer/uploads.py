"""Files of users that come by browser: kept in the database, checked first, and taken in by a thread of the server.

Whichever process is asked shows how far a file is. Who works through it holds it for a lease; where that lapses, the
process has been stopped, and any other one goes on behind the last line that was taken.
"""

from __future__ import annotations

import io
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

import structlog

from api.identifiers import new_id
from api.services import trail
from api.services.errors import UseCaseError
from api.services.trail import Deed
from api.transfer.forms import FaultyFile, Format, format_of, read_lines
from api.transfer.importing import Importer, Taken, skipping
from api.transfer.parted_files import PartedFile
from api.transfer.reports import rejected_lines, report_head
from persistence.errors import PersistenceError
from persistence.imports import Import, ImportStatus
from verification import sealing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.services.administrators import AdministratorService
    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.resources import ResourceService
    from api.transfer.importing import Result
    from persistence.unit_of_work import UnitOfWork

PART = 256 * 1024
"""Bytes of a file in one row."""
BATCH = 50
"""Lines after which is noted how far a file is: a run that goes on meets so many again, and finds them unchanged."""
NOTED_EVERY = timedelta(seconds=1)
LEASE = timedelta(seconds=30)
"""How long a file is left alone whose process says nothing: a line takes less, unless its database does not answer."""
MOST_SHOWN = 50
"""Files, and rejected lines, that a page shows."""
PORTION = 500
LONGEST_TOLD = 500
"""Characters of a reason, or of the name of a file."""

_log = structlog.get_logger()


class NoSuchImport(UseCaseError):
    """There is no such import."""

    code = "IMPORT_NOT_FOUND"


class EmptyFile(UseCaseError):
    """The file is empty."""

    code = "IMPORT_EMPTY"


class FileTooLarge(UseCaseError):
    """The file is too large."""

    code = "IMPORT_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class UploadService:
    """Use cases of files that come by browser.

    Attributes:
        users: The use cases of users, without invitations: who takes in thousands does not mean to write to them.
        max_bytes: How large a file may be.
    """

    core: Core
    users: ResourceService
    administrators: AdministratorService
    max_bytes: int

    def receive(self, name: str, content: IO[bytes], caller: Caller, *, may_update: bool) -> Import:
        """Keep a file that comes, to be checked.

        Raises:
            FaultyFile: its name says nothing of its form.
            EmptyFile, FileTooLarge: it is one of these.
        """
        form, at = format_of(Path(name)), self.core.clock.now()
        item = Import(
            new_id(), caller.subject, form.value, _told(Path(name).name), may_update, ImportStatus.RECEIVING, 0, at
        )
        self.core.database.transact(lambda unit: unit.imports.add(item))
        try:
            size = self._keep(item.id, content)
        except UseCaseError:
            self.core.database.transact(lambda unit: unit.imports.remove(item.id))
            raise
        self.core.database.transact(lambda unit: unit.imports.received(item.id, size))
        return self.lookup(item.id)

    def lookup(self, import_id: str) -> Import:
        """Return a file; raise NoSuchImport where there is none."""
        found = self.core.database.read(lambda unit: unit.imports.lookup(import_id))
        if found is None:
            raise NoSuchImport
        return found

    def newest(self) -> list[Import]:
        """Return the newest files."""
        return self.core.database.read(lambda unit: unit.imports.newest(MOST_SHOWN))

    def rejections(self, import_id: str) -> list[tuple[int, str]]:
        """Return the first rejected lines, each with the reason."""
        return self.core.database.read(lambda unit: unit.imports.rejections(import_id, -1, MOST_SHOWN))

    def begin(self, import_id: str, caller: Caller) -> None:
        """Begin to take in what was checked; that somebody has begun already is no fault."""
        item, at = self.lookup(import_id), self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            if unit.imports.begin(import_id):
                told = {"import_id": import_id, "form": item.form, "lines": item.total}
                trail.record(unit, Deed.IMPORT_BEGUN, caller, None, at, **told)

        self.core.database.transact(write)

    def remove(self, import_id: str) -> None:
        """Remove a file and its report; who was taken in stays."""
        if not self.core.database.transact(lambda unit: unit.imports.remove(import_id)):
            raise NoSuchImport

    def start(self, import_id: str, caller: Caller) -> threading.Thread:
        """Work through a file in a thread of this process, where nobody else does."""
        # Not waited for at the end: what it has not taken is taken by whoever goes on.
        thread = threading.Thread(target=self.run, args=(import_id, caller), name="import", daemon=True)
        thread.start()
        return thread

    def run(self, import_id: str, caller: Caller) -> None:
        """Work through a file from where it is to its end, if nobody else does."""
        try:
            _Run(self, caller, import_id).work()
        except PersistenceError as error:
            _log.warning("import stopped", import_id=import_id, kind=type(error).__name__)

    def report(self, import_id: str) -> Iterator[bytes]:
        """Yield the rejected lines with their reasons, in the form of the file; raise NoSuchImport first."""
        return self._report(self.lookup(import_id))

    def _report(self, item: Import) -> Iterator[bytes]:
        form = Format(item.form)
        # What cannot be read has no more lines to be given back.
        with suppress(FaultyFile):
            yield report_head(self.content(item), form)
            yield from rejected_lines(read_lines(self.content(item), form), self._all_rejections(item.id), form)

    def _all_rejections(self, import_id: str) -> Iterator[tuple[int, str]]:
        after = -1
        while True:
            portion = self._behind(import_id, after)
            yield from portion
            if len(portion) < PORTION:
                return
            after = portion[-1][0]

    def _behind(self, import_id: str, after: int) -> list[tuple[int, str]]:
        return self.core.database.read(lambda unit: unit.imports.rejections(import_id, after, PORTION))

    def _keep(self, import_id: str, content: IO[bytes]) -> int:
        size, number = 0, 0
        while part := content.read(PART):
            size += len(part)
            if size > self.max_bytes:
                raise FileTooLarge
            sealed = sealing.seal(self.core.keys, part, import_id)
            self._add_part(import_id, number, sealed)
            number += 1
        if not size:
            raise EmptyFile
        return size

    def _add_part(self, import_id: str, number: int, sealed: str) -> None:
        self.core.database.transact(lambda unit: unit.imports.add_part(import_id, number, sealed))

    def content(self, item: Import) -> IO[bytes]:
        """Return the content, to be read once; it is on no disk, for there it could be left."""
        return io.BufferedReader(PartedFile(self._parts(item.id)))

    def _parts(self, import_id: str) -> Iterator[bytes]:
        number = 0
        while (sealed := self._part(import_id, number)) is not None:
            yield sealing.unseal(self.core.keys, sealed, import_id)
            number += 1

    def _part(self, import_id: str, number: int) -> str | None:
        return self.core.database.read(lambda unit: unit.imports.part(import_id, number))


@dataclass(slots=True)
class _Run:
    """One pass through a file, or what is left of one."""

    service: UploadService
    caller: Caller
    import_id: str
    token: str = field(default_factory=new_id)
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    noted_at: datetime | None = None
    unnoted: int = 0

    def work(self) -> None:
        """Take line after line; stop where somebody else has taken over."""
        core = self.service.core
        at = core.clock.now()
        if not core.database.transact(lambda unit: unit.imports.claim(self.import_id, self.token, at, at + LEASE)):
            return
        item = self.service.lookup(self.import_id)
        self.counts.update(item.counts)
        is_check = item.status is ImportStatus.CHECKING
        try:
            is_whole = self._take(item, is_check=is_check)
        except FaultyFile as error:
            self._finish(ImportStatus.UNREADABLE, None, _told(str(error)))
            return
        if is_whole:
            total = sum(self.counts.values()) if is_check else item.total
            self._finish(ImportStatus.CHECKED if is_check else ImportStatus.IMPORTED, total)

    def _take(self, item: Import, *, is_check: bool) -> bool:
        importer = Importer(self.service.users, self.caller, item.may_update, is_check, self._may_change)
        last, lines = item.line, read_lines(self.service.content(item), Format(item.form))
        for result in importer.take(skipping(lines, lambda number: number <= item.line)):
            last = result.line.number
            self._count(result)
            if self._is_time() and not self._note(last):
                return False
        return self._note(last)

    def _may_change(self, user_id: str) -> bool:
        """Tell whether a user has no rights that the caller lacks: who could change one would soon have those."""
        lookup = self.service.administrators.lookup
        return self.caller.user_id is None or lookup(user_id).scopes <= lookup(self.caller.user_id).scopes

    def _count(self, result: Result) -> None:
        self.counts[result.taken.name.lower()] += 1
        self.unnoted += 1
        if result.taken is Taken.REJECTED:
            self.rejected.append((result.line.number, _told(result.reason or "")))

    def _is_time(self) -> bool:
        now = self.service.core.clock.now()
        self.noted_at = self.noted_at or now
        return self.unnoted >= BATCH or now - self.noted_at >= NOTED_EVERY

    def _note(self, line: int) -> bool:
        """Note how far it is; tell whether the file is still ours."""
        core = self.service.core
        now = core.clock.now()
        counts, rejected = dict(self.counts), tuple(self.rejected)
        is_ours = core.database.transact(
            lambda unit: unit.imports.advance(self.import_id, self.token, line, counts, rejected, now + LEASE)
        )
        self.rejected.clear()
        self.noted_at, self.unnoted = now, 0
        return is_ours

    def _finish(self, status: ImportStatus, total: int | None, fault: str | None = None) -> None:
        self.service.core.database.transact(
            lambda unit: unit.imports.finish(self.import_id, self.token, status, total, fault)
        )


def _told(text: str) -> str:
    """Return a text of a file as it can be kept and shown: short, and of characters that every database takes."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_TOLD])
