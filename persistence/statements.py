"""Statements of SQLAlchemy Core, compiled once and run on the driver's own connection.

Core's own execution costs several times the round trip it makes; what is kept of it is the language. A
statement is built at import, compiled at its first use for a dialect, and from then on is a text and the
converters of its parameters and columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ClauseElement,
    CompoundSelect,
    Double,
    Insert,
    Integer,
    Select,
    bindparam,
    delete,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

from persistence.types import Moment, Octets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Delete, Dialect, Table
    from sqlalchemy.types import TypeEngine

    Converter = Callable[[Any], Any]

Parameters = dict[str, Any]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement in the form of one dialect, with parameters by position."""

    text: str
    names: tuple[str, ...]
    constants: Parameters
    binders: tuple[tuple[str, Converter], ...]
    readers: tuple[tuple[int, Converter], ...]
    octets: tuple[int, ...] = ()
    """The columns that the driver is to leave as bytes."""

    def bind(self, parameters: Parameters) -> tuple[Any, ...]:
        """Give the parameters the order and form the driver takes."""
        bound = {**self.constants, **parameters}
        for name, binder in self.binders:
            bound[name] = binder(bound[name])
        return tuple([bound[name] for name in self.names])

    def read(self, rows: list[Row]) -> list[Row]:
        """Give the columns of the rows the types of their tables."""
        return [self._read(row) for row in rows] if self.readers else rows

    def _read(self, row: Row) -> Row:
        values = list(row)
        for index, reader in self.readers:
            values[index] = reader(values[index])
        return tuple(values)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement of Core and its compiled forms.

    `must_hit` is how many rows a write has to change, if any; that it changes fewer is found out with all the other
    deferred writes (`persistence.links`).
    """

    clause: ClauseElement
    must_hit: int = 0
    is_plain_read: bool = field(init=False)
    """Whether it neither writes nor locks."""
    is_insert: bool = field(init=False)
    """Whether it only adds rows, and changes none that is there."""
    table: str = field(init=False)
    """The table it writes to, empty where it reads."""
    _compiled: dict[str, Compiled] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Look once at what is asked for at each use."""
        clause = self.clause
        # SQLAlchemy has no public name for either.
        is_plain_read = isinstance(clause, Select | CompoundSelect) and clause._for_update_arg is None  # noqa: SLF001
        is_insert = isinstance(clause, Insert) and not isinstance(clause._post_values_clause, OnConflictDoUpdate)  # noqa: SLF001
        object.__setattr__(self, "is_plain_read", is_plain_read)
        object.__setattr__(self, "is_insert", is_insert)
        object.__setattr__(self, "table", str(clause.table) if isinstance(clause, UpdateBase) else "")

    def compiled(self, dialect: Dialect) -> Compiled:
        """Return the form for a dialect."""
        found = self._compiled.get(dialect.name)
        if found is None:
            # Two threads may both do this; they arrive at the same.
            found = self._compiled[dialect.name] = _compile(self.clause, dialect)
        return found


def _compile(clause: ClauseElement, dialect: Dialect) -> Compiled:
    compiled = clause.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("this is not a statement")
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    columns: Sequence[Any] = getattr(clause, "exported_columns", ())
    # SQLite's driver has decoded all texts by the time that we see them.
    octets = [i for i, column in enumerate(columns) if isinstance(column.type, Octets) and dialect.name != "sqlite"]
    return Compiled(
        text=compiled.string,
        names=tuple(compiled.positiontup or ()),
        constants={name: bind.effective_value for name, bind in binds.items() if not bind.required},
        binders=tuple((name, binder) for name in binds if (binder := _binder(binds[name].type, dialect)) is not None),
        readers=tuple(
            (index, reader)
            for index, column in enumerate(columns)
            if index not in octets and (reader := _reader(column.type, dialect)) is not None
        ),
        octets=tuple(octets),
    )


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    if isinstance(kind, Double):
        # Both drivers return floats; SQLAlchemy would look at the first row to find that out.
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def adding(table: Table) -> Insert:
    """Build the insertion of a row that may be there already, with a parameter named for each column.

    Work that is done again brings the same ids, so a row that is there is this very row.
    """
    # SQLite's clause is the same; SQLAlchemy has a class for each, and either is compiled for both.
    statement = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
    return statement.on_conflict_do_nothing(index_elements=list(table.primary_key.columns))


def oldest(aged_by: Column[datetime], *besides: ColumnElement[bool], keeps_last: bool = False) -> Delete:
    """Build the removal of the rows of a table up to the moment `before`, `limit` of them at most.

    Args:
        aged_by: The column that tells how old a row is.
        besides: What must hold of the rows as well.
        keeps_last: Whether those of that very moment stay.

    """
    table = aged_by.table
    primary_key, before = tuple(table.primary_key.columns), bindparam("before", type_=Moment)
    found = (
        select(*primary_key)
        .where(aged_by < before if keeps_last else aged_by <= before, *besides)
        .order_by(aged_by)
        .limit(bindparam("limit", type_=Integer))
    )
    return delete(table).where(tuple_(*primary_key).in_(found))
