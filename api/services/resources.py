"""The life of SCIM resources: create, read, replace, patch, remove, list (RFC 7644 §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from api.identifiers import new_resource_id
from api.services.changes import Draft
from api.services.effects import Scene
from api.services.trail import Deed
from persistence.errors import StaleVersion
from scim.errors import InvalidValue, NotFound, PreconditionFailed, ServiceUnavailable, Uniqueness
from scim.patch import apply_patch
from scim.validation import read_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Change, ChangeRules, Effect
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.errors import ScimError
    from scim.patch_request import Operation
    from scim.resource_types import ResourceType

Document = dict[str, Any]
T = TypeVar("T")
_NO_RESOURCE = ""
MAX_TRIES = 10
"""How often a change is computed anew when another writer was faster; ten in a row means a storm on one resource."""


@dataclass(frozen=True, slots=True)
class ResourceService:
    """Use cases of one resource type.

    A change is computed from the resource as it was read, and written where its version is still that one;
    else it is computed again. So no transaction is open while a request is worked out, and no update is lost.
    """

    core: Core
    resource_type: ResourceType
    rules: ChangeRules
    single_types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Multi-valued attributes of which there is one element per given type (the mobile phone of a user)."""
    keys: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """How the values of a list are compared when a PATCH adds or removes some (phone numbers by their key)."""

    def create(self, body: object, caller: Caller) -> StoredResource:
        """Add a resource from a POST body (RFC 7644 §3.3).

        Raises:
            ScimError: the body is faulty, or a unique value is taken.
        """
        document = read_resource(body, self.resource_type)
        return self._create(caller, lambda _: Draft(document))

    def preview(self, body: object, caller: Caller) -> None:
        """Find out whether `create` would take a body, and write nothing; raise what it would raise."""
        document = read_resource(body, self.resource_type)
        at = self.core.clock.now()
        resource_id = new_resource_id(at)
        change = self.rules.creation(resource_id, document, caller, at)
        if self.core.database.read(
            lambda unit: unit.resources.find_holder(resource_id, self.resource_type, change.document)
        ):
            raise self._taken(resource_id, change.document)

    def faults(
        self, before: Document, operations: Iterable[Operation], resource_id: str = _NO_RESOURCE
    ) -> tuple[ScimError, ...]:
        """Name all that stands against operations which were refused for the first of it, and write nothing.

        `before` is the document that they change; a new resource has none but what it must have.
        """
        found: list[ScimError] = []
        after = before
        for operation in operations:
            try:
                after = self._patched(after, (operation,))
            except InvalidValue as error:
                found.append(error)
        found += self.rules.faults(before, after)
        if self.core.database.read(lambda unit: unit.resources.find_holder(resource_id, self.resource_type, after)):
            found.append(self._taken(resource_id, after))
        return tuple(found)

    def get(self, resource_id: str) -> StoredResource:
        """Return a resource, or raise NotFound."""
        found = self.core.database.read(lambda unit: unit.resources.lookup(self.resource_type.name, resource_id))
        if found is None:
            raise NotFound(f"{self.resource_type.name} not found.")
        return found

    def get_with(
        self, resource_id: str, compute: Callable[[UnitOfWork, StoredResource], Document | None]
    ) -> tuple[StoredResource, Document | None]:
        """Return a resource and what is computed for it, read on one connection; or raise NotFound."""

        def read(unit: UnitOfWork) -> tuple[StoredResource | None, Document | None]:
            found = unit.resources.lookup(self.resource_type.name, resource_id)
            return found, compute(unit, found) if found else None

        found, computed = self.core.database.read(read)
        if found is None:
            raise NotFound(f"{self.resource_type.name} not found.")
        return found, computed

    def is_large(self, stored: StoredResource) -> bool:
        """Tell whether a resource is too large to be sent back with each small change of it."""
        del stored
        return False

    def replace(self, resource_id: str, body: object, caller: Caller, check: Callable[[int], None]) -> StoredResource:
        """Replace a resource by a PUT body (RFC 7644 §3.5.1); `check` refuses a version that is not the caller's."""
        return self._update(
            resource_id, caller, check, lambda before: Draft(read_resource(body, self.resource_type, stored=before))
        )

    def patch(
        self, resource_id: str, operations: tuple[Operation, ...], caller: Caller, check: Callable[[int], None]
    ) -> StoredResource:
        """Apply the operations of a PATCH in their order, all or none (RFC 7644 §3.5.2)."""
        return self._update(resource_id, caller, check, lambda before: Draft(self._patched(before, operations)))

    def amend(self, resource_id: str, work: Callable[[Document], Draft], caller: Caller) -> StoredResource:
        """Change a resource in a way that is worked out from its document, and again where another was faster."""
        return self._update(resource_id, caller, lambda _: None, work)

    def remove(self, resource_id: str, caller: Caller, check: Callable[[int], None]) -> None:
        """Remove a resource and all that belongs to it (RFC 7644 §3.6)."""
        for _ in range(MAX_TRIES):
            stored = self.get(resource_id)
            check(stored.version)
            at = self.core.clock.now()
            effects = (
                *self.rules.removal(stored, caller, at),
                self._on_record(Deed.RESOURCE_REMOVED, stored.id, caller, at),
            )
            if self._try(partial(_remove, stored=stored, effects=effects, at=at)):
                return
        raise _storm()

    def _patched(self, before: Document, operations: tuple[Operation, ...]) -> Document:
        return apply_patch(before, operations, self.resource_type, single_types=self.single_types, keys=self.keys)

    def _create(self, caller: Caller, draft_of: Callable[[str], Draft]) -> StoredResource:
        for _ in range(MAX_TRIES):
            at = self.core.clock.now()
            resource_id = new_resource_id(at)
            draft = draft_of(resource_id)
            change = self.rules.creation(resource_id, draft.document, caller, at)
            effects = (
                self._on_record(Deed.RESOURCE_CREATED, resource_id, caller, at),
                *draft.effects,
                *change.effects,
            )
            try:
                stored = self._try(partial(self._add, resource_id, change.document, effects, at))
            except Uniqueness as error:
                raise self._taken(resource_id, change.document) from error
            if stored is not None:
                self._wake(change)
                return stored
        raise _storm()

    def _add(
        self, resource_id: str, document: Document, effects: tuple[Effect, ...], at: datetime, unit: UnitOfWork
    ) -> StoredResource:
        stored = unit.resources.add(resource_id, self.resource_type, document, at)
        _apply(effects, unit)
        return stored

    def _taken(self, resource_id: str, document: Document) -> Uniqueness:
        """Say which value is taken, and whether by somebody inactive, who is to be made active, not made anew."""
        found = self.core.database.read(
            lambda unit: unit.resources.find_holder(resource_id, self.resource_type, document)
        )
        if found is None:
            return Uniqueness()
        path, holder = found
        if holder.document().get("active") is False:
            return Uniqueness(f"{path} is in use by an inactive {holder.resource_type}, who can be made active again.")
        return Uniqueness(f"{path} is already in use.")

    def _on_record(self, deed: Deed, resource_id: str, caller: Caller, at: datetime) -> Effect:
        return Scene(resource_id, caller, at).record(deed, resource_type=self.resource_type.name)

    def _update(
        self, resource_id: str, caller: Caller, check: Callable[[int], None], work: Callable[[Document], Draft]
    ) -> StoredResource:
        for _ in range(MAX_TRIES):
            stored = self.get(resource_id)
            check(stored.version)
            before = stored.document()
            at = self.core.clock.now()
            draft = work(before)
            change = self.rules.change(stored, draft.document, caller, at)
            is_new_version = change.document != before or bool(draft.effects)
            if not is_new_version and not change.effects:
                # A write that changes nothing keeps version and lastModified (RFC 7644 §3.5.2).
                return stored
            effects = (*draft.effects, *change.effects)
            if is_new_version:
                effects = (self._on_record(Deed.RESOURCE_CHANGED, stored.id, caller, at), *effects)
            saved = self._save(stored, change.document if is_new_version else None, effects, at)
            if saved is not None:
                self._wake(change)
                return saved
        raise _storm()

    def _save(
        self, stored: StoredResource, document: Document | None, effects: tuple[Effect, ...], at: datetime
    ) -> StoredResource | None:
        def write(unit: UnitOfWork) -> StoredResource:
            result = stored
            if document is not None:
                result = unit.resources.save_or_fail(stored, self.resource_type, document, at)
            else:
                # The effects were decided on this version, too.
                unit.resources.confirm_or_fail(stored)
            _apply(effects, unit)
            return result

        try:
            return self._try(write)
        except Uniqueness as error:
            raise self._taken(stored.id, document or {}) from error

    def _try(self, write: Callable[[UnitOfWork], T]) -> T | None:
        try:
            return self.core.database.transact(write)
        except StaleVersion:
            return None

    def _wake(self, change: Change) -> None:
        if change.sends:
            self.core.wake()


def unless_changed(version: int) -> Callable[[int], None]:
    """Return the check that a resource is still at the version that a change was made from."""

    def check(stored: int) -> None:
        if stored != version:
            raise PreconditionFailed

    return check


def _apply(effects: tuple[Effect, ...], unit: UnitOfWork) -> None:
    for effect in effects:
        effect(unit)


def _remove(unit: UnitOfWork, stored: StoredResource, effects: tuple[Effect, ...], at: datetime) -> bool:
    # Whose group loses a member has another version; asked for while the membership is still there.
    unit.rosters.touch_groups_of(stored.id, at)
    if not unit.resources.remove(stored):
        raise StaleVersion
    _apply(effects, unit)
    return True


def _storm() -> ServiceUnavailable:
    return ServiceUnavailable("Too many writers on this resource; try again.", retry_after=1)
