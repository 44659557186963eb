"""A form of a user that was sent: what it says, what it was made from, and how the two and the present go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.console.fields import FIELDS, Field, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.services.changes import Document
    from persistence.resources import StoredResource

WAS = "was_"
"""What stands before the name of a field where the form keeps the value it was made from."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A form: the version it was made from, and by field what it says and what it said at first."""

    version: int
    wanted: Mapping[str, str]
    was: Mapping[str, str]

    @classmethod
    def of_stored(cls, stored: StoredResource) -> Edit:
        """Make the form of a user as stored."""
        values = values_of(stored.document())
        return cls(stored.version, values, values)

    @classmethod
    def of_form(cls, form: Mapping[str, str]) -> Edit:
        """Read a form that was sent; a field that it does not have is not asked for."""
        names = [field.name for field in FIELDS if field.name in form]
        version = form.get("version", "")
        return cls(
            version=int(version) if version.isdecimal() and version.isascii() else 0,
            wanted={name: form[name].strip() for name in names},
            was={name: form.get(f"{WAS}{name}", "") for name in names},
        )

    @property
    def changes(self) -> dict[str, str]:
        """Return the values that are others than they were."""
        return {name: value for name, value in self.wanted.items() if value != self.was[name]}


@dataclass(frozen=True, slots=True)
class Sides:
    """A field that somebody else may have changed meanwhile: what is wanted, what is there now, what was at first."""

    field: Field
    mine: str
    now: str
    was: str

    @property
    def is_contested(self) -> bool:
        """Tell whether somebody else changed this very field."""
        return self.now != self.was


@dataclass(frozen=True, slots=True)
class Merge:
    """Two edits of one user: what this one wants that is not there, and what the other one changed beside."""

    version: int
    sides: tuple[Sides, ...]
    others: tuple[Sides, ...]

    @classmethod
    def of(cls, edit: Edit, stored: StoredResource) -> Merge:
        """Hold an edit against what is stored now."""
        now, changes = values_of(stored.document()), edit.changes
        every = [
            Sides(field, edit.wanted[field.name], now[field.name], edit.was[field.name])
            for field in FIELDS
            if field.name in edit.wanted
        ]
        return cls(
            stored.version,
            tuple(each for each in every if each.field.name in changes and each.mine != each.now),
            tuple(each for each in every if each.field.name not in changes and each.is_contested),
        )


def before(document: Document, changes: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields were that an edit has changed, where writing that again takes the edit back.

    A number or an address that was changed may have to be proved again, so that it is not simply written.
    """
    values = values_of(document)
    return {field.name: values[field.name] for field in FIELDS if field.name in changes and not field.is_contact}
