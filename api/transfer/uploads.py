"""Files of users that come by browser: kept in the database, checked first, and taken in by a thread of the server.

Whichever process is asked shows how far a file is. Who works through it holds it for a lease; where that lapses, the
process has been stopped, and any other one goes on behind the last line that was taken.
"""

from __future__ import annotations

import io
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import structlog

from api.identifiers import new_id
from api.services import trail
from api.services.errors import UseCaseError
from api.services.trail import Deed
from api.transfer.forms import FaultyFile, Format, format_of, read_lines
from api.transfer.parted_files import PartedFile
from api.transfer.reports import rejected_lines, report_head
from api.transfer.runs import Run, told
from persistence.errors import PersistenceError
from persistence.imports import Import, ImportStatus
from verification import sealing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services.administrators import AdministratorService
    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.resources import ResourceService
    from persistence.unit_of_work import UnitOfWork

PART = 256 * 1024
"""Bytes of a file in one row."""
MOST_KEPT = 20
"""Files that are kept: each is as large as the settings allow, and is there for days."""
MOST_RUNNING = 2
"""Files that one process works through at a time."""
MOST_SHOWN = 50
"""Files, and rejected lines, that a page shows."""
PORTION = 500

_log = structlog.get_logger()
_room = threading.BoundedSemaphore(MOST_RUNNING)


class NoSuchImport(UseCaseError):
    """There is no such import."""

    code = "IMPORT_NOT_FOUND"


class EmptyFile(UseCaseError):
    """The file is empty."""

    code = "IMPORT_EMPTY"


class FileTooLarge(UseCaseError):
    """The file is too large."""

    code = "IMPORT_TOO_LARGE"


class TooManyFiles(UseCaseError):
    """So many files are kept that one has to be removed first."""

    code = "IMPORT_TOO_MANY"


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
            TooManyFiles: there is no room for it.
        """
        form, at = format_of(Path(name)), self.core.clock.now()
        item = Import(
            new_id(), caller.subject, form.value, told(Path(name).name), may_update, ImportStatus.RECEIVING, 0, at
        )

        def write(unit: UnitOfWork) -> None:
            if len(unit.imports.newest(MOST_KEPT)) == MOST_KEPT:
                raise TooManyFiles
            unit.imports.add(item)

        self.core.database.transact(write)
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
                detail = {"import_id": import_id, "form": item.form, "lines": item.total}
                trail.record(unit, Deed.IMPORT_BEGUN, caller, None, at, **detail)

        self.core.database.transact(write)

    def remove(self, import_id: str, caller: Caller) -> None:
        """Remove a file and its report; who was taken in stays."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            if not unit.imports.remove(import_id):
                raise NoSuchImport
            trail.record(unit, Deed.IMPORT_REMOVED, caller, None, at, import_id=import_id)

        self.core.database.transact(write)

    def start(self, import_id: str, caller: Caller) -> bool:
        """Work through a file in a thread of this process; tell whether it has one to spare."""
        if not _room.acquire(blocking=False):
            return False
        # Not waited for at the end: what it has not taken is taken by whoever goes on.
        threading.Thread(target=self._run_in_room, args=(import_id, caller), name="import", daemon=True).start()
        return True

    def _run_in_room(self, import_id: str, caller: Caller) -> None:
        try:
            self.run(import_id, caller)
        finally:
            _room.release()

    def run(self, import_id: str, caller: Caller) -> None:
        """Work through a file from where it is to its end, if nobody else does."""
        try:
            Run(self, caller, import_id).work()
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
            yield from rejected_lines(read_lines(self.content(item), form), self.all_rejections(item.id), form)

    def all_rejections(self, import_id: str) -> Iterator[tuple[int, str]]:
        """Yield every rejected line with the reason, in the order of the file."""
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
