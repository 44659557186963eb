"""The operations of SCIM, for whatever resource types the registry has (RFC 7644 §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.failures import Form
from api.openapi.operations import Operation
from api.openapi.parameters import list_parameters
from api.openapi.scim_answers import page_answer, query_failure, resource_answer
from api.openapi.served import SCIM_PREFIX
from api.openapi.type_operations import TypeOperations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scim.discovery import Features
    from scim.resource_types import Registry

Operations = dict[tuple[str, str], Operation]

_USER = "User"
_DISCOVERY = "Discovery"


def scim_operations(registry: Registry, names: Mapping[str, str], features: Features) -> Operations:
    """Describe what there may be under /scim2; `names` are the components of the resource types, by their names."""
    operations = {**_of_all_types(features), **_of_discovery()}
    for item in registry.resource_types:
        is_user = item.name == _USER
        described = TypeOperations(names[item.name], f"{SCIM_PREFIX}{item.endpoint}", features, is_user)
        operations.update(described.of_type())
        if is_user:
            operations.update(described.of_oneself(f"{SCIM_PREFIX}/Me"))
    return operations


def _of_all_types(features: Features) -> Operations:
    everything = Operation(
        id="listAll",
        tag="Search",
        form=Form.SCIM,
        summary="List resources of every type",
        parameters=list_parameters(features),
        answers={"200": page_answer("ResourceList")},
        failures=(query_failure("Query", features),),
    )
    search = Operation(
        id="searchAll",
        tag="Search",
        form=Form.SCIM,
        summary="Search resources of every type",
        body="Search",
        answers={"200": page_answer("ResourceList")},
        failures=(query_failure("Search", features),),
    )
    bulk = Operation(
        id="bulk",
        tag="Bulk",
        form=Form.SCIM,
        summary="Several operations in one request",
        description="Each one succeeds or fails by itself, and is answered by itself.",
        body="Bulk",
        answers={"200": resource_answer("What became of each operation.", "BulkResponse")},
        failures=("InvalidBody",),
    )
    return {
        (f"{SCIM_PREFIX}/", "get"): everything,
        (f"{SCIM_PREFIX}/.search", "post"): search,
        (f"{SCIM_PREFIX}/Bulk", "post"): bulk,
    }


def _of_discovery() -> Operations:
    config = Operation(
        id="getServiceProviderConfig",
        tag=_DISCOVERY,
        form=Form.SCIM,
        summary="What the server offers of the protocol",
        answers={"200": resource_answer("The configuration.", "ServiceProviderConfig")},
        failures=("NoFilter",),
    )
    operations = {(f"{SCIM_PREFIX}/ServiceProviderConfig", "get"): config}
    for component, endpoint, words in (
        ("ResourceType", "ResourceTypes", "resource type"),
        ("Schema", "Schemas", "schema"),
    ):
        path = f"{SCIM_PREFIX}/{endpoint}"
        operations[path, "get"] = Operation(
            id=f"list{component}s",
            tag=_DISCOVERY,
            form=Form.SCIM,
            summary=f"List all {words}s",
            answers={"200": resource_answer(f"Every {words}.", f"{component}List")},
            failures=("NoFilter",),
        )
        operations[f"{path}/{{resource_id}}", "get"] = Operation(
            id=f"get{component}",
            tag=_DISCOVERY,
            form=Form.SCIM,
            summary=f"Read a {words}",
            answers={"200": resource_answer(f"The {words}.", component)},
            failures=("NotFound",),
        )
    return operations
