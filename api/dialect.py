"""The two dialects of our attributes: where they stand and which form they have on the wire.

Inside, every document is canonical: lists are arrays and all our attributes live in `urn:scim:wso2:schema`.
`guide` shows what the guide's sample answers show (lists as one comma string, the single values in the
enterprise extension); `current` shows JSON arrays and the single values under both URNs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api.services.contact_attributes import CONTACTS, EXTENSION

if TYPE_CHECKING:
    from collections.abc import Collection

    from verification.policy import Policy

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LISTS = tuple(name for where in CONTACTS for name in (where.listed, where.verified))
SINGLES = tuple(name for where in CONTACTS for name in (where.pending, where.flag))
_CLAIMS = tuple(where.claim for where in CONTACTS)
_OURS = frozenset({ENTERPRISE, EXTENSION})


class Dialect(StrEnum):
    """How our attributes are shown; input of either form and URN is always accepted."""

    GUIDE = "guide"
    CURRENT = "current"


def absent_names(policy: Policy) -> frozenset[str]:
    """Name our attributes that do not exist under a policy: they are neither declared nor read nor shown."""
    kinds = ((where, where.kind.is_known(policy), where.kind.has_lists(policy)) for where in CONTACTS)
    return frozenset(
        name
        for where, is_known, has_lists in kinds
        for name in (() if has_lists else (where.listed, where.verified) if is_known else where.names)
    )


def idle_names(policy: Policy) -> frozenset[str]:
    """Name our attributes that say nothing under a policy: without a gate, and without any proof at all."""
    gates = ((where, where.kind.is_gated(policy), where.kind.has_lists(policy)) for where in CONTACTS)
    return frozenset(
        name
        for where, is_gated, has_lists in gates
        for name in (() if is_gated else (where.claim,) if has_lists else (where.claim, where.flag))
    )


def present_extensions(
    extensions: dict[str, Any], dialect: Dialect, hidden: Collection[str] = frozenset()
) -> dict[str, Any]:
    """Return the extensions of a canonical document in the dialect's form; the input is left as it is.

    `hidden` are those of our attributes that are not shown, though they may be stored.
    """
    ours = extensions.get(EXTENSION)
    if not ours:
        return extensions
    shown = {name: value for name, value in ours.items() if name not in hidden}
    singles = {name: shown[name] for name in SINGLES if name in shown}
    if dialect is Dialect.GUIDE:
        shown = {
            name: ",".join(value) if name in LISTS else value for name, value in shown.items() if name not in singles
        }
    # In the order of the resource type, which is that of `schemas`.
    result = {ENTERPRISE: {**extensions.get(ENTERPRISE, {}), **singles}, EXTENSION: shown}
    result |= {urn: value for urn, value in extensions.items() if urn not in result}
    return {urn: value for urn, value in result.items() if value}


def present_schemas(
    schemas: list[dict[str, Any]], dialect: Dialect, idle: Collection[str] = frozenset()
) -> list[dict[str, Any]]:
    """Return schema documents as the dialect serves them at /Schemas.

    In `guide` the lists are declared as the one string they are sent as, and the single values stand in the
    enterprise extension alone; in `current` the canonical declaration is served as it is. What is idle is left out.
    """
    served = [_lacking(schema, idle) if schema["id"] in _OURS else schema for schema in schemas]
    return [_guide_form(schema) for schema in served] if dialect is Dialect.GUIDE else served


def _lacking(schema: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {**schema, "attributes": [item for item in schema["attributes"] if item["name"] not in names]}


def _guide_form(schema: dict[str, Any]) -> dict[str, Any]:
    if schema["id"] != EXTENSION:
        return schema
    attributes = [
        {**attribute, "multiValued": False} if attribute["name"] in LISTS else attribute
        for attribute in schema["attributes"]
        if attribute["name"] not in {*SINGLES, *_CLAIMS}
    ]
    return {**schema, "attributes": attributes}
