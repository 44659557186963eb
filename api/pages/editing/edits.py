"""A form that was sent: what it says, what it was made from, and how both go together with what is there now."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.pages.editing.fields import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.pages.editing.fields import Field, Fields
    from api.services.changes import Document
    from persistence.resources import StoredResource

_VERSION = re.compile(r"[0-9]{1,9}")
WAS = "was_"
"""What stands before the name of a field where the form keeps the value it was made from."""


def version_in(form: Mapping[str, str]) -> int:
    """Read the version that a form was made from; one that no form of ours has is that of nothing."""
    version = form.get("version", "")
    return int(version) if _VERSION.fullmatch(version) else 0


@dataclass(frozen=True, slots=True)
class Edit:
    """A form: the version it was made from, and by field what it says and what it said at first."""

    fields: Fields
    version: int
    wanted: Mapping[str, str]
    was: Mapping[str, str]

    @classmethod
    def of_stored(cls, stored: StoredResource, fields: Fields) -> Edit:
        """Make the form of what is stored."""
        values = values_of(stored.document(), fields)
        return cls(fields, stored.version, values, values)

    @classmethod
    def of_form(cls, form: Mapping[str, str], fields: Fields) -> Edit:
        """Read a form that was sent; a field that it does not have is not asked for."""
        names = [field.name for field in fields if field.name in form]
        return cls(
            fields,
            version=version_in(form),
            wanted={name: form[name].strip() for name in names},
            was={name: form.get(f"{WAS}{name}", "") for name in names},
        )

    def over(self, stored: StoredResource) -> Edit:
        """Return the form with what is stored in the fields that it does not have, so that it can be shown whole."""
        values = values_of(stored.document(), self.fields)
        return replace(self, wanted={**values, **self.wanted}, was={**values, **self.was})

    @property
    def empty(self) -> tuple[str, ...]:
        """Return the fields that were left empty and may not be."""
        return tuple(field.name for field in self.fields if field.is_required and self.wanted.get(field.name) == "")

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
    """Two edits of one thing: what this one wants that is not there, and what the other one changed beside."""

    stored: StoredResource
    sides: tuple[Sides, ...]
    others: tuple[Sides, ...]

    @classmethod
    def of(cls, edit: Edit, stored: StoredResource) -> Merge:
        """Hold an edit against what is stored now."""
        now, changes = values_of(stored.document(), edit.fields), edit.changes
        every = [
            Sides(field, edit.wanted[field.name], now[field.name], edit.was[field.name])
            for field in edit.fields
            if field.name in edit.wanted
        ]
        return cls(
            stored,
            tuple(each for each in every if each.field.name in changes and each.mine != each.now),
            tuple(each for each in every if each.field.name not in changes and each.is_contested),
        )


def undo_fields(edit: Edit, before: Document, saved: StoredResource) -> dict[str, str]:
    """Write the form that takes an edit back, empty where nothing can simply be written again.

    A number or an address that was changed may have to be proved again.
    """
    values, changes = values_of(before, edit.fields), edit.changes
    former = {field.name: values[field.name] for field in edit.fields if field.name in changes and not field.is_contact}
    return former and {
        "version": str(saved.version),
        **former,
        **{f"{WAS}{name}": edit.wanted[name] for name in former},
    }
