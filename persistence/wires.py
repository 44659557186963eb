"""Connections to PostgreSQL that run what they have prepared by the shortest way there is.

Psycopg's cursors cost twice as much processor time as the round trip that they make. What a connection has run some
times before is prepared here, and from then on goes to libpq and back with the driver's own conversion of values,
without a cursor.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Loader, PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.abc import Buffer
    from psycopg.pq.abc import PGresult

    Row = tuple[Any, ...]

# What is run less often than this is not worth a round trip to prepare it.
PREPARED_AFTER = 5
# Merged writes and filters come in some dozens of forms each.
MOST_PREPARED = 500
MOST_COUNTED = 2000

_Key = tuple[str | bytes, tuple[int, ...]]
"""A statement and the types of its parameters, which are a part of what is prepared."""


# The type, which no database has, of what is read as the bytes it is sent as.
_OCTETS = 1


class _OctetsLoader(Loader):
    """Read the bytes of a text."""

    def load(self, data: Buffer) -> bytes:
        """Return them."""
        return bytes(data)


class Answer:
    """What a statement came to: as much of a cursor as is needed."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Row], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def fetchall(self) -> list[Row]:
        """Return the rows."""
        return self._rows


class Wire(psycopg.Connection[Any]):
    """A connection; its transactions are begun by hand, and one thread at a time has it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 as psycopg's own
        super().__init__(*arguments, **options)
        self.adapters.register_loader(_OCTETS, _OctetsLoader)
        self._values = Transformer(self)
        self._names: OrderedDict[_Key, bytes] = OrderedDict()
        self._uses: dict[_Key, int] = {}
        self._count = 0

    def run(self, text: str | bytes, parameters: Sequence[Any], octets: Sequence[int] = ()) -> Answer:
        """Run a statement with the server's own placeholders; the texts in some columns are left as `octets`."""
        dumped = self._values.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        key = (text, self._values.types or ())
        name = self._names.get(key)
        if name is None:
            if not self._is_worth_preparing(key):
                cursor = self.execute(text, parameters, prepare=False)
                rows = cursor.fetchall() if cursor.description else []
                return Answer([_encoded(row, octets) for row in rows] if octets else rows, cursor.rowcount)
            name = self._prepare(key)
        else:
            self._names.move_to_end(key)
        # The driver's own calls hand on None, too; its annotation has forgotten that.
        result = self.pgconn.exec_prepared(name, dumped, self._values.formats)  # type: ignore[arg-type]
        return self._read(result, octets)

    def command(self, text: bytes) -> None:
        """Run a command without parameters or rows."""
        _require(self.pgconn.exec_(text), ExecStatus.COMMAND_OK)

    def _is_worth_preparing(self, key: _Key) -> bool:
        uses = self._uses[key] = self._uses.get(key, 0) + 1
        if uses <= PREPARED_AFTER:
            if len(self._uses) > MOST_COUNTED:
                self._uses.clear()
            return False
        del self._uses[key]
        return True

    def _prepare(self, key: _Key) -> bytes:
        text, types = key
        if len(self._names) >= MOST_PREPARED:
            # The one that has not been run for longest.
            self.command(b"DEALLOCATE " + self._names.popitem(last=False)[1])
        self._count += 1
        name = b"lineproof_%d" % self._count
        octets = text if isinstance(text, bytes) else text.encode()
        _require(self.pgconn.prepare(name, octets, types), ExecStatus.COMMAND_OK)
        self._names[key] = name
        return name

    def _read(self, result: PGresult, octets: Sequence[int]) -> Answer:
        if result.status == ExecStatus.TUPLES_OK:
            self._values.set_pgresult(result)
            if octets:
                types = [_OCTETS if index in octets else result.ftype(index) for index in range(result.nfields)]
                self._values.set_loader_types(types, Format.TEXT)
            rows = self._values.load_rows(0, result.ntuples, tuple)
            # The result is as large as its rows; the next one may be long in coming.
            self._values.set_pgresult(None, set_loaders=False)
            return Answer(rows, result.ntuples)
        _require(result, ExecStatus.COMMAND_OK)
        return Answer([], result.command_tuples or 0)


def _encoded(row: Row, octets: Sequence[int]) -> Row:
    return tuple([value.encode() if index in octets else value for index, value in enumerate(row)])


def _require(result: PGresult, status: ExecStatus) -> None:
    if result.status == status:
        return
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        # Not the server's answer but libpq's: there is no server any more.
        raise psycopg.OperationalError("the connection was lost")
    raise psycopg.errors.error_from_result(result)
