"""Values inside of a stored JSON text, as SQL of either database.

What is asked of a value is always answered true or false, never NULL, so that a negation means the opposite;
and nothing is read out of a value that is not of the kind asked for, so no row makes a query fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import (
    Boolean,
    Double,
    Numeric,
    Text,
    case,
    cast,
    collate,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from persistence.tables import resources
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Dialect, FromClause

    from scim.resource_types import Resolved

Sql = Any  # SQLAlchemy's own types of expressions tell nothing here: JSON has none.


_ATOMS = '$.** ? (@.type() == "number" || @.type() == "boolean" || (@.type() == "string" && @ != ""))'


class JsonValue(Protocol):
    """One value, which may be absent."""

    def child(self, name: str) -> JsonValue:
        """Return a member of this object."""

    def elements(self) -> Elements:
        """Return the elements of this array."""

    def exists(self) -> ColumnElement[bool]:
        """Ask whether there is a value at all."""

    def is_present(self) -> ColumnElement[bool]:
        """Ask whether it is neither absent nor empty, nor made of such values alone."""

    def text(self, *, case_exact: bool) -> Sql:
        """Return it as text, folded unless told otherwise, NULL where it is none."""

    def number(self) -> Sql:
        """Return it as a number, NULL where it is none."""

    def truth(self) -> Sql:
        """Return it as a boolean, NULL where it is none."""

    def moment(self) -> Sql:
        """Return it as a moment, NULL where it is none."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of an array: what to select from, and one of them."""

    source: FromClause
    element: JsonValue
    position: Sql

    def any(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Ask whether one of them meets a condition."""
        return exists(select(literal_column("1")).select_from(self.source).where(condition))


@dataclass(frozen=True, slots=True)
class SqliteValue:
    """A value by its place in a JSON text, its kind and, where it is no array or object, itself."""

    document: Sql
    path: str
    kind: Sql
    atom: Sql

    @classmethod
    def at(cls, document: Sql, path: str = "$") -> SqliteValue:
        """Return the value at a place."""
        return cls(document, path, func.json_type(document, path), func.json_extract(document, path))

    @classmethod
    def of_row(cls, row: Any) -> SqliteValue:  # noqa: ANN401 an alias, whose columns no type knows
        """Return the value of a row of json_each, whose `value` is JSON only where it is an array or object."""
        document = case((_is(row.c.type, "array", "object"), row.c.value), else_=func.json_quote(row.c.atom))
        return cls(document, "$", row.c.type, row.c.atom)

    def child(self, name: str) -> SqliteValue:
        """Return a member of this object."""
        return SqliteValue.at(self.document, f'{self.path}."{name}"')

    def elements(self) -> Elements:
        """Return the elements of this array."""
        rows = func.json_each(self.document, self.path).table_valued("key", "value", "type", "atom").alias()
        return Elements(rows, SqliteValue.of_row(rows), rows.c.key)

    def exists(self) -> ColumnElement[bool]:
        """Ask whether there is a value at all."""
        return func.coalesce(self.kind != "null", false())

    def is_present(self) -> ColumnElement[bool]:
        """Ask whether any atom in it is neither null nor empty."""
        atoms = func.json_tree(self.document, self.path).table_valued("atom").alias()
        return exists(select(literal_column("1")).select_from(atoms).where(atoms.c.atom != ""))

    def text(self, *, case_exact: bool) -> Sql:
        """Return it as text."""
        return _folded(case((_is(self.kind, "text"), type_coerce(self.atom, Key))), case_exact=case_exact)

    def number(self) -> Sql:
        """Return it as a number."""
        return case((_is(self.kind, "integer", "real"), type_coerce(self.atom, Double)))

    def truth(self) -> Sql:
        """Return it as a boolean."""
        return case((_is(self.kind, "true", "false"), type_coerce(self.atom, Boolean)))

    def moment(self) -> Sql:
        """Return it as a moment."""
        return type_coerce(func.lineproof_moment(self.text(case_exact=True)), Moment)


@dataclass(frozen=True, slots=True)
class PostgresqlValue:
    """A value as jsonb."""

    value: Sql

    def child(self, name: str) -> PostgresqlValue:
        """Return a member of this object."""
        return PostgresqlValue(self.value.op("->")(literal(name, Text)))

    def elements(self) -> Elements:
        """Return the elements of this array; anything else is an array of one."""
        array = case(
            (self._kind() == "array", self.value),
            (self.value.is_(None), literal_column("'[]'::jsonb")),
            else_=func.jsonb_build_array(self.value),
        )
        rows = func.jsonb_array_elements(array).table_valued("value", with_ordinality="position").render_derived()
        return Elements(rows, PostgresqlValue(rows.c.value), rows.c.position)

    def exists(self) -> ColumnElement[bool]:
        """Ask whether there is a value at all."""
        return func.coalesce(self._kind() != "null", false())

    def is_present(self) -> ColumnElement[bool]:
        """Ask whether any atom in it is neither null nor empty."""
        atoms: Sql = literal_column(f"'{_ATOMS}'::jsonpath")
        return func.coalesce(func.jsonb_path_exists(self.value, atoms), false())

    def text(self, *, case_exact: bool) -> Sql:
        """Return it as text, which is ordered by code points as everywhere."""
        text = self.value.op("#>>", return_type=Key)(literal_column("'{}'::text[]"))
        return collate(_folded(case((self._kind() == "string", text)), case_exact=case_exact), "C")

    def number(self) -> Sql:
        """Return it as a number."""
        return case((self._kind() == "number", cast(self.value, Numeric)))

    def truth(self) -> Sql:
        """Return it as a boolean."""
        return case((self._kind() == "boolean", cast(self.value, Boolean)))

    def moment(self) -> Sql:
        """Return it as a moment."""
        return type_coerce(func.lineproof_moment(self.text(case_exact=True)), Moment)

    def _kind(self) -> Sql:
        return func.jsonb_typeof(self.value)


def _is(kind: Sql, *names: str) -> ColumnElement[bool]:
    return or_(*(kind == name for name in names))


def _folded(text: Sql, *, case_exact: bool) -> Sql:
    return text if case_exact else func.lineproof_fold(text, type_=Key)


def json_of(target: Resolved, dialect: Dialect) -> JsonValue:
    """Return the value of an attribute of a resource."""
    home = _body(dialect) if target.extension is None else extension_of(target.extension, dialect)
    return home.child(target.attribute.name)


def extension_of(urn: str, dialect: Dialect) -> JsonValue:
    """Return all attributes of an extension."""
    # Of a resource without any the text is empty, which is no JSON.
    text = func.nullif(resources.c.extensions, "")
    home = SqliteValue.at(text) if dialect.name == "sqlite" else PostgresqlValue(cast(text, JSONB))
    return home.child(urn)


def _body(dialect: Dialect) -> JsonValue:
    text = resources.c.body
    return SqliteValue.at(text) if dialect.name == "sqlite" else PostgresqlValue(cast(text, JSONB))
