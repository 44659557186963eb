"""Part the operations on a list that is stored as rows from those on the document (a group's members).

A group of 50,000 members is never in memory: what a PATCH asks of them becomes changes to carry out one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim import errors
from scim.coercion import coerce_value
from scim.filter_nodes import Or
from scim.patch_elements import selections
from scim.patch_request import Operation, OperationKind
from scim.paths import PatchTarget, find_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scim.attributes import Attribute
    from scim.filter_binding import BoundNode
    from scim.filter_nodes import Node
    from scim.resource_types import ResourceType

Member = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MembersAdded:
    """Add these; those who are in already stay as they are. Each has at least a `value`."""

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class MembersRemoved:
    """Remove those with these values; it does not matter whether they are in."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembersRemovedWhere:
    """Remove those whom a filter over the elements selects (see `scim.evaluation.element_matches`)."""

    selector: BoundNode


@dataclass(frozen=True, slots=True)
class MembersReplaced:
    """Put these in the place of all; nobody, to clear the list."""

    members: tuple[Member, ...] = ()


MembershipChange = MembersAdded | MembersRemoved | MembersRemovedWhere | MembersReplaced


def split_membership(
    operations: Iterable[Operation], resource_type: ResourceType, name: str
) -> tuple[tuple[Operation, ...], tuple[MembershipChange, ...]]:
    """Part operations into those on the rest of the document and the changes of one list, each in their order.

    *name* is the core attribute that holds the list. The errors are those of `apply_patch`; elements come and
    go as wholes, so a change within one raises Mutability.
    """
    splitter = _Splitter(resource_type, name)
    rest = [left for operation in operations if (left := splitter.rest_of(operation)) is not None]
    return tuple(rest), tuple(splitter.changes)


class _Splitter:
    """Collects the changes of the list while operations go by."""

    def __init__(self, resource_type: ResourceType, name: str) -> None:
        self.changes: list[MembershipChange] = []
        self._resource_type = resource_type
        self._name = name

    def rest_of(self, operation: Operation) -> Operation | None:
        """Take what an operation asks of the list; return what it asks of the rest, None where that is nothing."""
        if operation.path is not None:
            target = find_target(operation.path, self._resource_type)
            if self._is_list(target):
                self._take(operation, target)
                return None
            if not _is_core(target) or operation.kind is OperationKind.REMOVE:
                return operation
        value = operation.value[0] if _is_packed(operation.value) else operation.value
        # A value that is no object is refused with the rest.
        return self._rest_of_object(operation, value) if isinstance(value, dict) else operation

    def _rest_of_object(self, operation: Operation, value: dict[str, Any]) -> Operation | None:
        rest: dict[str, Any] = {}
        for name, item in value.items():
            target = self._find(name)
            # The core schema may stand within a value without a path, but not within itself.
            is_searched = target is not None and (
                self._is_list(target) or (_is_core(target) and operation.path is None)
            )
            if not is_searched:
                rest[name] = item
            elif (left := self.rest_of(Operation(operation.kind, name, item))) is not None:
                rest[name] = left.value
        return Operation(operation.kind, operation.path, rest) if rest or not value else None

    def _find(self, name: str) -> PatchTarget | None:
        try:
            return find_target(name, self._resource_type)
        except errors.InvalidPath:
            return None

    def _is_list(self, target: PatchTarget) -> bool:
        resolved = target.resolved
        return resolved is not None and resolved.extension is None and resolved.attribute.name == self._name

    def _take(self, operation: Operation, target: PatchTarget) -> None:
        if target.resolved is None or target.resolved.sub is not None:
            raise errors.Mutability(f"The elements of {self._name} are added and removed, not changed.")
        attribute = target.resolved.attribute
        if operation.kind is OperationKind.REMOVE:
            change = _removal(attribute, operation.value, target)
        elif target.selector is not None:
            change = self._addition_selected(operation, target.selector)
        elif operation.kind is OperationKind.ADD:
            change = MembersAdded(_members(attribute, operation.value))
        else:
            change = MembersReplaced(_members(attribute, operation.value))
        self.changes.append(change)

    def _addition_selected(self, operation: Operation, selector: Node) -> MembersAdded:
        if operation.kind is OperationKind.REPLACE:
            raise errors.Mutability(f"The elements of {self._name} are added and removed, not changed.")
        values = _selected_values(selector)
        if values is None:
            raise errors.NoTarget(f"The filter of {self._name} does not say which element to add.")
        return MembersAdded(tuple({"value": value} for value in values))


def _is_core(target: PatchTarget) -> bool:
    return target.resolved is None and target.extension is None


def _removal(attribute: Attribute, value: object, target: PatchTarget) -> MembershipChange:
    if target.selector is not None and target.bound_selector is not None:
        values = _selected_values(target.selector)
        return MembersRemovedWhere(target.bound_selector) if values is None else MembersRemoved(values)
    if value is None:
        return MembersReplaced()
    return MembersRemoved(tuple(member["value"] for member in _members(attribute, value)))


def _members(attribute: Attribute, value: object) -> tuple[Member, ...]:
    members = coerce_value(attribute, value, attribute.name) or []
    for member in members:
        if not str(member.get("value", "")).strip():
            raise errors.InvalidValue(f"Each of the {attribute.name} needs a value.")
    return tuple(members)


def _selected_values(selector: Node) -> tuple[str, ...] | None:
    """List the values of `value eq "a"`, or several of them joined by `or`; None for any other selector."""
    if isinstance(selector, Or):
        parts = [_selected_values(term) for term in selector.terms]
        return None if None in parts else tuple(value for part in parts if part is not None for value in part)
    chosen = selections(selector) or ()
    named = [value for name, value in chosen if name.lower() == "value" and isinstance(value, str)]
    return tuple(named) if len(named) == len(chosen) == 1 else None


def _is_packed(value: object) -> bool:
    return isinstance(value, list) and len(value) == 1
