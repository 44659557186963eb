"""What a resource type adds to the plain life of its resources: the port between resources and their rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.errors import ScimError

Document = dict[str, Any]
Effect = Callable[["UnitOfWork"], None]
"""Writes that belong to a change, made in its transaction; raises StaleVersion where they no longer apply."""


@dataclass(frozen=True, slots=True)
class Change:
    """A document as it is to be stored, and what else is written with it."""

    document: Document
    effects: tuple[Effect, ...] = ()
    sends: bool = False
    """Whether a delivery is among the effects, so that the worker is woken after the commit."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a request makes of a resource: its document, and the rows that belong to it but are not in it."""

    document: Document
    effects: tuple[Effect, ...] = ()


class ChangeRules(Protocol):
    """The rules of one resource type. All of them are called before the transaction and may read.

    That a resource came, changed or went is put on record whatever they say.
    """

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Decide what becomes of a new resource."""

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Decide what becomes of a resource that a request left as `after`."""

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """Decide what else goes when a resource is removed."""

    def faults(self, before: Document, after: Document) -> tuple[ScimError, ...]:
        """Name every value of a document that would be refused by itself; decide and note nothing."""


class PlainRules:
    """The rules of a resource type that has none of its own."""

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Store the resource as it is."""
        del resource_id, caller, at
        return Change(document)

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Store the resource as it is."""
        del stored, caller, at
        return Change(after)

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """Remove nothing else."""
        del stored, caller, at
        return ()

    def faults(self, before: Document, after: Document) -> tuple[ScimError, ...]:
        """Refuse no value."""
        del before, after
        return ()
