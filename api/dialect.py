"""The two dialects of our attributes: where they stand and which form they have on the wire.

Inside, every document is canonical: lists are arrays and all five attributes live in `urn:scim:wso2:schema`.
`guide` shows what the guide's sample answers show (number lists as one comma string, the single values in the
enterprise extension); `current` shows JSON arrays and the single values under both URNs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from api.services.contact_attributes import EXTENSION, MOBILE_NUMBERS

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LISTS = (MOBILE_NUMBERS.listed, MOBILE_NUMBERS.verified)
SINGLES = (MOBILE_NUMBERS.pending, MOBILE_NUMBERS.flag)
_OURS = frozenset({ENTERPRISE, EXTENSION})
LIST_ATTRIBUTES = frozenset(f"{EXTENSION}:{name}" for name in LISTS)
"""Full names of the number lists, which a deployment can switch off."""


class Dialect(StrEnum):
    """How our attributes are shown; input of either form and URN is always accepted."""

    GUIDE = "guide"
    CURRENT = "current"


def present_extensions(
    extensions: dict[str, Any], dialect: Dialect, *, lists: bool, proofs: bool = True
) -> dict[str, Any]:
    """Return the extensions of a canonical document in the dialect's form; the input is left as it is.

    Without `lists` there are no number lists, and without `proofs` nothing ever proves a number, so that
    `phoneVerified` would say nothing.
    """
    ours = extensions.get(EXTENSION)
    if not ours:
        return extensions
    hidden = {*(() if lists else LISTS), *(() if proofs else (MOBILE_NUMBERS.flag,))}
    shown = {name: value for name, value in ours.items() if name not in hidden}
    singles = {name: shown[name] for name in SINGLES if name in shown}
    if dialect is Dialect.GUIDE:
        for name in SINGLES:
            shown.pop(name, None)
        for name in LISTS:
            if name in shown:
                shown[name] = ",".join(shown[name])
    enterprise = {**extensions.get(ENTERPRISE, {}), **singles}
    # In the order of the resource type, which is that of `schemas`.
    result = {ENTERPRISE: enterprise, EXTENSION: shown, **{k: v for k, v in extensions.items() if k not in _OURS}}
    return {urn: value for urn, value in result.items() if value}


def present_schemas(
    schemas: list[dict[str, Any]], dialect: Dialect, *, gate: bool = True, proofs: bool = True
) -> list[dict[str, Any]]:
    """Return schema documents as the dialect serves them at /Schemas.

    In `guide` the lists are declared as the one string they are sent as, and the single values stand in the
    enterprise extension alone; in `current` the canonical declaration is served as it is. What is of no effect
    without the gate (`verifyMobile`), or without any proof (`phoneVerified`), is left out.
    """
    idle = {*(() if gate else (MOBILE_NUMBERS.claim,)), *(() if proofs else (MOBILE_NUMBERS.flag,))}
    served = [_lacking(schema, idle) if schema["id"] in _OURS else schema for schema in schemas]
    return [_guide_form(schema) for schema in served] if dialect is Dialect.GUIDE else served


def _lacking(schema: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {**schema, "attributes": [item for item in schema["attributes"] if item["name"] not in names]}


def _guide_form(schema: dict[str, Any]) -> dict[str, Any]:
    if schema["id"] != EXTENSION:
        return schema
    attributes = [
        {**attribute, "multiValued": False} if attribute["name"] in LISTS else attribute
        for attribute in schema["attributes"]
        if attribute["name"] not in {*SINGLES, MOBILE_NUMBERS.claim}
    ]
    return {**schema, "attributes": attributes}
