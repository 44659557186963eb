"""One pass through a file that came by browser: line after line, noted as it goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from api.auth.scopes import Scope
from api.identifiers import new_id
from api.transfer.forms import FaultyFile, Format, read_lines
from api.transfer.importing import Importer, Taken, skipping
from persistence.errors import PersistenceError
from persistence.imports import Import, ImportStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.services.callers import Caller
    from api.transfer.forms import Line
    from api.transfer.importing import Result
    from api.transfer.uploads import UploadService

RIGHTS: frozenset[str] = frozenset({Scope.USER_CREATE, Scope.USER_UPDATE})
"""What an import needs: it creates users, and may change them."""
BATCH = 50
"""Lines after which is noted how far a file is: a run that goes on meets so many again, and finds them unchanged."""
NOTED_EVERY = timedelta(seconds=1)
LEASE = timedelta(seconds=30)
"""How long a file is left alone whose process says nothing: a line takes less, unless its database does not answer."""
LONGEST_TOLD = 500
"""Characters of a reason, or of the name of a file."""

_log = structlog.get_logger()


class Halt(StrEnum):
    """Why a pass ended before the file did; kept as its fault until somebody goes on."""

    RIGHTS_LOST = "rights_lost"
    FAILED = "failed"


@dataclass(slots=True)
class Run:
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
        self.noted_at = at
        if not self._holds(RIGHTS):
            self._halt(Halt.RIGHTS_LOST)
            return
        try:
            self._go_on()
        except PersistenceError:
            # Nothing more can be said there: the lease says it, when it lapses.
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody else would hear of it
            _log.error("import failed", import_id=self.import_id, kind=type(error).__name__)
            self._halt(Halt.FAILED)

    def _go_on(self) -> None:
        item = self.service.lookup(self.import_id)
        self.counts.update(item.counts)
        is_check = item.status is ImportStatus.CHECKING
        try:
            is_whole = self._take(item, is_check=is_check)
        except FaultyFile as error:
            self._finish(ImportStatus.UNREADABLE, None, told(str(error)))
            return
        if is_whole:
            total = sum(self.counts.values()) if is_check else item.total
            self._finish(ImportStatus.CHECKED if is_check else ImportStatus.IMPORTED, total)

    def _take(self, item: Import, *, is_check: bool) -> bool:
        importer = Importer(self.service.users, self.caller, item.may_update, is_check, self._may_change)
        last, lines = item.line, read_lines(self.service.content(item), Format(item.form))
        if is_check:
            rest = self._after_checked(importer, lines, item)
        else:
            rest = skipping(lines, lambda number: number <= item.line)
        for result in importer.take(rest):
            last = result.line.number
            self._count(result)
            if self._is_time() and not self._note(last):
                return False
        return self._note(last)

    def _after_checked(self, importer: Importer, lines: Iterator[Line], item: Import) -> Iterator[Line]:
        """Yield the lines that are not checked yet, and have the importer know the others, but for the rejected."""
        rejected = (number for number, _ in self.service.all_rejections(item.id))
        next_rejected = next(rejected, None)
        for line in lines:
            if line.number > item.line:
                yield line
            elif line.number == next_rejected:
                next_rejected = next(rejected, None)
            else:
                importer.remember(line)

    def _may_change(self, user_id: str) -> bool:
        """Tell whether a user has no rights that the caller lacks: who could change one would soon have those."""
        return self.caller.user_id is None or self._holds(RIGHTS | self.service.administrators.lookup(user_id).scopes)

    def _holds(self, scopes: frozenset[str]) -> bool:
        """Tell whether the caller still is somebody with these rights; the operator always is."""
        user_id = self.caller.user_id
        return user_id is None or self.service.administrators.holds(user_id, scopes)

    def _count(self, result: Result) -> None:
        self.counts[result.taken.name.lower()] += 1
        self.unnoted += 1
        if result.taken is Taken.REJECTED:
            self.rejected.append((result.line.number, told(result.reason or "")))

    def _is_time(self) -> bool:
        now = self.service.core.clock.now()
        self.noted_at = self.noted_at or now
        return self.unnoted >= BATCH or now - self.noted_at >= NOTED_EVERY

    def _note(self, line: int) -> bool:
        """Note how far it is; tell whether the file is still ours, and may be."""
        core = self.service.core
        now = core.clock.now()
        counts, rejected = dict(self.counts), tuple(self.rejected)
        is_ours = core.database.transact(
            lambda unit: unit.imports.advance(self.import_id, self.token, line, counts, rejected, now + LEASE)
        )
        self.rejected.clear()
        self.noted_at, self.unnoted = now, 0
        if is_ours and not self._holds(RIGHTS):
            self._halt(Halt.RIGHTS_LOST)
            return False
        return is_ours

    def _finish(self, status: ImportStatus, total: int | None, fault: str | None = None) -> None:
        self.service.core.database.transact(
            lambda unit: unit.imports.finish(self.import_id, self.token, status, total, fault)
        )

    def _halt(self, reason: Halt) -> None:
        self.service.core.database.transact(lambda unit: unit.imports.halt(self.import_id, self.token, reason))


def told(text: str) -> str:
    """Return a text of a file as it can be kept and shown: short, and of characters that every database takes."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_TOLD])
