"""Bodies of POST and PUT read into canonical documents, and documents checked after a change.

A canonical document has the names of the schemas, attributes in their order, extensions under their URN, and
nothing that is unassigned. It holds no `schemas`, `id` or `meta`: those are the server's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim import errors
from scim.attributes import Attribute, Mutability, Returned
from scim.coercion import coerce_value, combined
from scim.elements import comparable, each_once, require_single_primary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scim.resource_types import Resolved, ResourceType
    from scim.schemas import Schema

Document = dict[str, Any]

_OF_THE_SERVER = frozenset({"schemas", "id", "meta"})


def read_resource(body: object, resource_type: ResourceType, *, stored: Document | None = None) -> Document:
    """Read the body of a POST, or of a PUT over a *stored* document, into a canonical one.

    Unknown attributes and those that are readOnly are ignored (RFC 7644 §3.3, §3.5.1).

    Raises:
        InvalidSyntax: the body is not an object, or `schemas` is not a list of texts.
        InvalidValue: a value does not fit its attribute, or a required one is missing.
        Mutability: an immutable attribute differs from the stored one.
    """
    if not isinstance(body, dict):
        raise errors.InvalidSyntax("The body must be a JSON object.")
    _check_schemas(body, resource_type)
    document: Document = {}
    for resolved, raw in _named_values(body, resource_type):
        attribute = resolved.attribute
        if attribute.mutability is not Mutability.READ_ONLY:
            path = path_of(resolved.extension, attribute)
            value = coerce_value(attribute, raw, path)
            present = _get(document, resolved.extension, attribute)
            if value is not None:
                _set(document, resolved.extension, attribute, combined(attribute, present, value, path))
    return finish(document if stored is None else _over(stored, document, resource_type), resource_type)


def finish(document: Document, resource_type: ResourceType) -> Document:
    """Check and tidy a document whose values are canonical, as after the operations of a PATCH.

    Attributes come into their order, what is empty goes, duplicates collapse. Raises InvalidValue for a required
    attribute that is missing and for more than one primary value. What an extension requires is required only
    where the document holds something of the extension.
    """
    finished: Document = {}
    absent = {item.schema.id for item in resource_type.extensions if not _holds_any(document, item.schema.id)}
    for home, attribute in resource_type.walk():
        value = _get(document, home, attribute)
        is_required = attribute.required and home not in absent
        if (value is None and not is_required) or (home is None and attribute.name in _OF_THE_SERVER):
            continue
        value = _finished(attribute, value, path_of(home, attribute))
        if value is not None:
            _set(finished, home, attribute, value)
    for extension in resource_type.extensions:
        # RFC 7643 §6: a resource must include a required extension.
        if extension.required and extension.schema.id not in finished:
            raise errors.InvalidValue(f"{extension.schema.id} is required.")
    return finished


def schemas_of(document: Document, resource_type: ResourceType) -> list[str]:
    """List the URNs of the schemas a document holds attributes of, the core schema first."""
    extensions = (extension.schema.id for extension in resource_type.extensions)
    return [resource_type.schema.id, *(urn for urn in extensions if document.get(urn))]


def path_of(extension: str | None, attribute: Attribute) -> str:
    """Write the path of an attribute as a request would."""
    return attribute.name if extension is None else f"{extension}:{attribute.name}"


def _check_schemas(body: Document, resource_type: ResourceType) -> None:
    # RFC 7643 §2.5: null and an empty list are the same as none, and without any the endpoint says it.
    named = next((value for key, value in body.items() if key.lower() == "schemas"), None) or []
    if not isinstance(named, list) or not all(isinstance(urn, str) for urn in named):
        raise errors.InvalidSyntax("schemas must be a list of URNs.")
    # Foreign URNs are tolerated: Entra adds one to each group.
    if named and resource_type.schema.id.lower() not in {urn.lower() for urn in named}:
        raise errors.InvalidValue(f"schemas must name {resource_type.schema.id}.")


def _named_values(body: Document, resource_type: ResourceType) -> Iterator[tuple[Resolved, object]]:
    for key, value in body.items():
        schema = resource_type.schema_named(key)
        if schema is not None:
            for name, inner in _attributes_in(value, schema.id).items():
                yield from _resolved(resource_type, schema.id, name, inner)
        else:
            urn, _, name = key.rpartition(":")
            yield from _resolved(resource_type, urn or None, name, value)


def _resolved(
    resource_type: ResourceType, urn: str | None, name: str, value: object
) -> Iterator[tuple[Resolved, object]]:
    found = resource_type.find(urn, name)
    if found is not None:
        yield found, value


def _attributes_in(value: object, urn: str) -> Document:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise errors.InvalidValue(f"{urn} must be an object.")
    return value


def _over(stored: Document, document: Document, resource_type: ResourceType) -> Document:
    dropped = {
        extension.schema.id
        for extension in resource_type.extensions
        if extension.schema.id not in document and _has_visible(stored, extension.schema)
    }
    for home, attribute in resource_type.walk():
        before = _get(stored, home, attribute)
        is_dropped = home in dropped and attribute.returned is Returned.NEVER
        if before is not None and not is_dropped:
            value = _replaced(attribute, before, _get(document, home, attribute), path_of(home, attribute))
            _set(document, home, attribute, value)
    return document


def _has_visible(stored: Document, schema: Schema) -> bool:
    """Say whether a client saw something of an extension, so that leaving all of it out says something."""
    return any(
        item.returned is not Returned.NEVER and item.mutability is not Mutability.READ_ONLY
        for item in schema.attributes
        if _get(stored, schema.id, item) is not None
    )


def _replaced(attribute: Attribute, before: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - JSON values
    """Return what a PUT makes of a stored value (RFC 7644 §3.5.1)."""
    if attribute.mutability is Mutability.READ_ONLY:
        return before
    if attribute.mutability is Mutability.IMMUTABLE:
        if value is not None and comparable(attribute, value) != comparable(attribute, before):
            raise errors.Mutability(f"{path} cannot be changed once it is set.")
        return before
    if value is None:
        # A client cannot send back what it is never shown.
        return before if attribute.returned is Returned.NEVER else None
    if attribute.is_complex and not attribute.multi_valued:
        subs = [sub for sub in attribute.sub_attributes if before.get(sub.name) is not None]
        return value | {
            sub.name: _replaced(sub, before[sub.name], value.get(sub.name), f"{path}.{sub.name}") for sub in subs
        }
    # Elements of a list come and go as wholes, so what is immutable in them is never changed.
    return value


def _finished(attribute: Attribute, value: Any, path: str) -> Any:  # noqa: ANN401 - JSON values
    if attribute.multi_valued:
        tidied = [_tidied(attribute, element, path) for element in value or ()]
        value = each_once(attribute, [element for element in tidied if element is not None]) or None
        require_single_primary(value or (), path)
    else:
        value = _tidied(attribute, value, path)
    if attribute.required and attribute.mutability is not Mutability.READ_ONLY and _is_blank(value):
        raise errors.InvalidValue(f"{path} is required.")
    return value


def _tidied(attribute: Attribute, value: Any, path: str) -> Any:  # noqa: ANN401 - JSON values
    if not attribute.is_complex or not value:
        return None if value == {} else value
    tidied = {}
    for sub in attribute.sub_attributes:
        part = value.get(sub.name)
        if part is not None or sub.required:
            tidied[sub.name] = _finished(sub, part, f"{path}.{sub.name}")
    return {name: part for name, part in tidied.items() if part is not None} or None


def _holds_any(document: Document, urn: str) -> bool:
    return any(value is not None and value not in ([], {}) for value in (document.get(urn) or {}).values())


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _get(document: Document, home: str | None, attribute: Attribute) -> Any:  # noqa: ANN401 - a JSON value
    return (document if home is None else document.get(home) or {}).get(attribute.name)


def _set(document: Document, home: str | None, attribute: Attribute, value: object) -> None:
    (document if home is None else document.setdefault(home, {}))[attribute.name] = value
