"""Apply the operations of a PATCH to a document (RFC 7644 §3.5.2).

Where the RFC is silent or clients differ:

* A value without a path, or for a whole extension, is an object whose keys may be paths. In it unknown and
  readOnly attributes are ignored, as in the body of a PUT; a path of its own must be right and writable.
* null and an empty list unassign, except that adding nothing to several values changes nothing.
* `remove` with a value takes away only the elements that it lists (Entra's members).
* A filter that finds nothing: `remove` has nothing to do; `add` makes the element, with the values the filter
  asks for; `replace` makes it only for a canonical value, and else raises NoTarget.
* The value for an element that a filter finds is written over it, as RFC 7644 §3.5.2.3 says of objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim import errors
from scim.attributes import Mutability
from scim.patch_change import Spot, changed
from scim.patch_elements import ElementRules
from scim.patch_request import Operation, OperationKind
from scim.patch_values import require_unchanged
from scim.paths import PatchTarget, find_target
from scim.resource_types import Resolved
from scim.validation import finish, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from scim.resource_types import ResourceType

Document = dict[str, Any]


def apply_patch(
    document: Document,
    operations: Iterable[Operation],
    resource_type: ResourceType,
    *,
    single_types: Mapping[str, frozenset[str]] | None = None,
    keys: Mapping[str, Callable[[str], str]] | None = None,
) -> Document:
    """Apply operations one after the other to a canonical document; return the new one.

    All of them are applied or none: the document given is never changed.

    Args:
        document: Canonical; attributes that are not stored with it are not in it.
        operations: As `read_patch` reads them. Later ones see what earlier ones did.
        resource_type: What the document is a resource of.
        single_types: By the name of an attribute, types of which it has one element at most: adding another
            replaces the value of the one that is there, and two in one value or in the result are refused.
        keys: By the name of an attribute, how its values become what they are compared by when elements are
            added or removed, where that is not their text.

    Raises:
        InvalidPath, InvalidFilter, NoTarget, Mutability, InvalidValue: as RFC 7644 Table 9 says.
    """
    rules = ElementRules(single_types or {}, keys or {})
    draft = _Draft(document, resource_type, rules)
    for operation in operations:
        draft.apply(operation)
    finished = finish(draft.document, resource_type)
    for home, attribute in resource_type.walk():
        if home is None and attribute.name in rules.single_types:
            rules.require_single_types(attribute, finished.get(attribute.name, ()), attribute.name)
    return finished


class _Draft:
    """A document while operations are applied to it. Values in it are replaced, never changed in place."""

    def __init__(self, document: Document, resource_type: ResourceType, rules: ElementRules) -> None:
        urns = {extension.schema.id for extension in resource_type.extensions}
        self.document = {name: dict(value) if name in urns else value for name, value in document.items()}
        self._resource_type = resource_type
        self._rules = rules

    def apply(self, operation: Operation) -> None:
        """Apply one operation."""
        if operation.path is None:
            self._apply_object(operation, "")
            return
        target = find_target(operation.path, self._resource_type)
        if target.resolved is None:
            self._apply_to_schema(operation, target)
            return
        if _is_read_only(target.resolved):
            raise errors.Mutability(f"{path_of(target.extension, target.resolved.attribute)} is readOnly.")
        self._change(operation, target, target.resolved)

    def _apply_to_schema(self, operation: Operation, target: PatchTarget) -> None:
        if operation.kind is not OperationKind.REMOVE:
            urn = target.extension or self._resource_type.schema.id
            self._apply_object(operation, f"{urn}:")
        elif target.extension is None:
            raise errors.NoTarget("The path names the resource itself.")
        elif operation.value is not None:
            raise errors.InvalidValue(f"{target.extension} is removed as a whole, without a value.")
        else:
            self._remove_extension(target.extension)

    def _apply_object(self, operation: Operation, prefix: str) -> None:
        """Apply the attributes of an object one by one, as RFC 7644 §3.5.2.1 and §3.5.2.3 say."""
        value = operation.value
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            raise errors.InvalidValue("A value without a path, or for a whole schema, must be an object.")
        for name, item in value.items():
            self._apply_member(Operation(operation.kind, prefix + name, item), prefix + name)

    def _apply_member(self, operation: Operation, path: str) -> None:
        try:
            target = find_target(path, self._resource_type)
        except errors.InvalidPath:
            return
        if target.resolved is not None:
            if not _is_read_only(target.resolved):
                self._change(operation, target, target.resolved)
        elif operation.value is not None:
            self._apply_to_schema(operation, target)
        elif target.extension is not None:
            self._remove_extension(target.extension)

    def _remove_extension(self, urn: str) -> None:
        for home, attribute in self._resource_type.walk():
            # What is readOnly in it is the server's, and stays.
            if home == urn and attribute.mutability is not Mutability.READ_ONLY:
                self._put(Resolved(home, attribute), None)

    def _change(self, operation: Operation, target: PatchTarget, resolved: Resolved) -> None:
        before = self._home(resolved).get(resolved.attribute.name)
        after = changed(before, operation, Spot(resolved, target.selector, target.bound_selector), self._rules)
        if after is None and before is not None and resolved.attribute.required:
            # RFC 7644 §3.5.2.2
            raise errors.Mutability(f"{path_of(resolved.extension, resolved.attribute)} is required.")
        self._put(resolved, after)

    def _put(self, resolved: Resolved, after: Any) -> None:  # noqa: ANN401 - a JSON value
        attribute, path = resolved.attribute, path_of(resolved.extension, resolved.attribute)
        home = self._home(resolved)
        before = home.pop(attribute.name, None)
        require_unchanged(attribute, before, after, path)
        if after is not None:
            home[attribute.name] = after

    def _home(self, resolved: Resolved) -> Document:
        if resolved.extension is None:
            return self.document
        home: Document = self.document.setdefault(resolved.extension, {})
        return home


def _is_read_only(resolved: Resolved) -> bool:
    named = (resolved.attribute, resolved.sub)
    return any(item is not None and item.mutability is Mutability.READ_ONLY for item in named)
