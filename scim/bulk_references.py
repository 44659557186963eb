"""References among the operations of a bulk request: `bulkId:…` for a resource that is still to be made.

RFC 7644 §3.7.2: any order of operations is resolved, also when resources refer to each other in a circle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim.bulk import BulkMethod, BulkOperation
from scim.errors import Conflict
from scim.patch_request import Operation, OperationKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_REFERENCE = re.compile(r"bulkId:(.+)", re.DOTALL)
# A reference inside the filter of a PATCH path.
_QUOTED = re.compile(r'"bulkId:([^"\\]+)"')


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: an operation, or what was deferred of one that is done.

    *deferred* are the bulkIds of resources that do not exist yet when the step is taken. Their references
    are set aside with `set_aside`, and added to the resource in a later step that is a completion.
    """

    operation: BulkOperation
    deferred: frozenset[str] = frozenset()
    is_completion: bool = False


def plan(operations: Collection[BulkOperation]) -> tuple[Step, ...]:
    """Order operations so that each comes after those that make what it refers to.

    The order is that of the request except where a reference points forward. Where resources refer to each
    other in a circle, the first of them is made without these references and completed afterwards.
    """
    waiting = [Step(operation) for operation in operations]
    needs = {operation.index: references(operation) for operation in operations}
    # What each resource that is still to be made refers to, by its bulkId.
    missing = {
        operation.bulk_id: needs[operation.index]
        for operation in operations
        if operation.method is BulkMethod.POST and operation.bulk_id is not None
    }
    steps: list[Step] = []
    while waiting:
        ready = (at for at, step in enumerate(waiting) if not _lacking(needs[step.operation.index], missing))
        if (at := next(ready, None)) is not None:
            step = waiting.pop(at)
        else:
            at = next(at for at, step in enumerate(waiting) if _is_in_circle(step.operation.bulk_id, missing))
            operation = waiting[at].operation
            step = Step(operation, frozenset(_lacking(needs[operation.index], missing)))
            waiting[at] = Step(operation, is_completion=True)
        if step.operation.bulk_id is not None:
            missing.pop(step.operation.bulk_id, None)
        steps.append(step)
    return tuple(steps)


def references(operation: BulkOperation) -> frozenset[str]:
    """List the bulkIds an operation refers to, in its path or its data."""
    return frozenset(_found_in([operation.target, operation.data]))


def resolve(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - a JSON value
    """Replace every reference in a value by the id of the resource made for it.

    Raises Conflict for a reference to nothing, or to what could not be made.
    """
    if isinstance(value, dict):
        return {name: resolve(item, ids) for name, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, ids) for item in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole is not None:
        return _id(whole[1], ids)
    return _QUOTED.sub(lambda match: f'"{_id(match[1], ids)}"', value)


def set_aside(data: Mapping[str, Any], deferred: Collection[str]) -> tuple[dict[str, Any], tuple[Operation, ...]]:
    """Part the data of a POST into what can be stored at once and operations that add the rest later.

    Of a list only the elements that refer to what is missing are set aside.
    """
    return _part(data, frozenset(deferred), "")


def _part(
    data: Mapping[str, Any], deferred: frozenset[str], prefix: str
) -> tuple[dict[str, Any], tuple[Operation, ...]]:
    now: dict[str, Any] = {}
    later: tuple[Operation, ...] = ()
    for name, value in data.items():
        if deferred.isdisjoint(_found_in(value)):
            now[name] = value
        elif ":" in name and isinstance(value, dict):
            # The attributes of an extension, under its URN.
            now[name], rest = _part(value, deferred, f"{name}:")
            later += rest
        elif isinstance(value, list):
            now[name] = [item for item in value if deferred.isdisjoint(_found_in(item))]
            rest_of_list = [item for item in value if not deferred.isdisjoint(_found_in(item))]
            later += (Operation(OperationKind.ADD, prefix + name, rest_of_list),)
        else:
            later += (Operation(OperationKind.ADD, prefix + name, value),)
    return now, later


def _lacking(needed: frozenset[str], missing: Mapping[str, object]) -> list[str]:
    return [bulk_id for bulk_id in needed if bulk_id in missing]


def _is_in_circle(bulk_id: str | None, missing: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a resource refers, through others that are missing too, to itself."""
    seen: set[str] = set()
    ahead = set(missing.get(bulk_id or "", ()))
    while ahead:
        name = ahead.pop()
        if name == bulk_id:
            return True
        if name not in seen:
            seen.add(name)
            ahead |= missing.get(name, frozenset())
    return False


def _found_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _found_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _found_in(item)
    elif isinstance(value, str):
        whole = _REFERENCE.fullmatch(value)
        yield from [whole[1]] if whole is not None else _QUOTED.findall(value)


def _id(bulk_id: str, ids: Mapping[str, str]) -> str:
    found = ids.get(bulk_id)
    if found is None:
        raise Conflict("The operation refers to a bulkId that stands for no resource.")
    return found
