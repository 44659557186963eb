"""Bulk: many operations in one request, each carried out by itself (RFC 7644 §3.7)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scim.bulk import BulkMethod, ErrorBudget
from scim.bulk_references import plan, resolve, set_aside
from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotFound, ScimError
from scim.patch_request import read_patch
from scim.versions import require_match

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.services.callers import Caller
    from api.services.resources import ResourceService
    from persistence.resources import StoredResource
    from scim.bulk import BulkOperation, BulkRequest
    from scim.bulk_references import Step
    from scim.patch_request import Operation

_REFERENCE = "bulkId:"
MAX_OPERATIONS = 1000
MAX_PAYLOAD = 2 * 1024 * 1024
"""Both are published at /ServiceProviderConfig and enforced with 413."""


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one operation; `stored` is None where nothing is stored (any more)."""

    operation: BulkOperation
    status: int
    resource_id: str | None = None
    service: ResourceService | None = None
    stored: StoredResource | None = None
    fault: ScimError | None = None


@dataclass(frozen=True, slots=True)
class BulkService:
    """The use case of a bulk request.

    Each operation is one transaction, like the request it stands for. Faults that are no SCIM errors end the
    whole request, as they would end a single one.
    """

    services: Mapping[str, ResourceService]
    """By endpoint, such as `/Users`."""

    def run(
        self, request: BulkRequest, caller: Caller, may: Callable[[ResourceService, BulkMethod], bool]
    ) -> list[BulkResult]:
        """Carry out the operations and return their results in the order of the request.

        `may` tells whether the caller's scopes let it do this with a type of resource.
        """
        work = _Work(self.services, caller, may)
        budget = ErrorBudget(request.fail_on_errors)
        for step in plan(request.operations):
            result = work.take(step)
            if result.fault is not None:
                budget = budget.failed()
            if budget.is_spent:
                break
        return [work.results[index] for index in sorted(work.results)]


@dataclass(slots=True)
class _Work:
    services: Mapping[str, ResourceService]
    caller: Caller
    may: Callable[[ResourceService, BulkMethod], bool]
    ids: dict[str, str] = field(default_factory=dict)
    results: dict[int, BulkResult] = field(default_factory=dict)
    later: dict[int, tuple[Operation, ...]] = field(default_factory=dict)

    def take(self, step: Step) -> BulkResult:
        operation = step.operation
        try:
            result = self._complete(operation) if step.is_completion else self._carry_out(step)
        except ScimError as error:
            known = self.results.get(operation.index) or self._blank(operation)
            result = replace(known, status=error.status, fault=error)
        self.results[operation.index] = result
        return result

    def _blank(self, operation: BulkOperation) -> BulkResult:
        """Return the result of an operation before it is tried; all but a POST tell where it was to happen."""
        target = operation.target or ""
        resource_id = self.ids.get(target.removeprefix(_REFERENCE)) if target.startswith(_REFERENCE) else target
        return BulkResult(operation, HTTPStatus.OK, resource_id or None, self.services.get(operation.endpoint))

    def _carry_out(self, step: Step) -> BulkResult:
        operation = step.operation
        if operation.fault is not None:
            raise operation.fault
        service = self._service(operation)
        match operation.method:
            case BulkMethod.POST:
                return self._post(service, step)
            case BulkMethod.PUT:
                stored = service.replace(self._target(operation), self._data(operation), self.caller, _check(operation))
            case BulkMethod.PATCH:
                patch = read_patch(self._data(operation))
                stored = service.patch(self._target(operation), patch, self.caller, _check(operation))
            case _:
                target = self._target(operation)
                service.remove(target, self.caller, _check(operation))
                return BulkResult(operation, 204, target, service)
        return BulkResult(operation, 200, stored.id, service, stored)

    def _post(self, service: ResourceService, step: Step) -> BulkResult:
        operation = step.operation
        data, self.later[operation.index] = set_aside(operation.data, step.deferred)
        stored = service.create(resolve(data, self.ids), self.caller)
        if operation.bulk_id is not None:
            self.ids[operation.bulk_id] = stored.id
        return BulkResult(operation, 201, stored.id, service, stored)

    def _complete(self, operation: BulkOperation) -> BulkResult:
        """Add what a resource in a circle had to be made without."""
        made = self.results[operation.index]
        if made.service is None or made.resource_id is None:
            return made
        rest = tuple(replace(each, value=resolve(each.value, self.ids)) for each in self.later[operation.index])
        stored = made.service.patch(made.resource_id, rest, self.caller, _any_version)
        return replace(made, stored=stored)

    def _service(self, operation: BulkOperation) -> ResourceService:
        service = self.services.get(operation.endpoint)
        if service is None:
            raise NotFound(f"There is no endpoint {operation.endpoint}.")
        if operation.method is None:
            raise MethodNotAllowed
        if not self.may(service, operation.method):
            raise Forbidden("The access token lacks the scope for this operation.")
        return service

    def _target(self, operation: BulkOperation) -> str:
        target = resolve(operation.target, self.ids)
        if not isinstance(target, str):
            raise InvalidValue("The path names no resource.")
        return target

    def _data(self, operation: BulkOperation) -> Any:  # noqa: ANN401 - a JSON value
        return resolve(operation.data, self.ids)


def _check(operation: BulkOperation) -> Callable[[int], None]:
    def check(version: int) -> None:
        # RFC 7644 §3.7: `version` stands for If-Match.
        require_match(operation.version, None, version)

    return check


def _any_version(version: int) -> None:
    """Let every version pass: the resource was made a moment ago by this very request."""
