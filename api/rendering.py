"""Stored resources as answers: bytes spliced where nothing is left out, parsed only for projections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from api.dialect import Dialect, present_extensions
from api.moments import json_moment, rfc3339
from scim.attributes import Returned
from scim.versions import weak_etag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from persistence.resources import StoredResource
    from scim.projection import Projection
    from scim.resource_types import ResourceType

Document = dict[str, Any]


_EMPTY = b"{}"
_MOST_SHORT = 100
_SHORT = len('{"urn:scim:wso2:schema":{"phoneVerified":false}}')


class _Extensions(NamedTuple):
    """Extensions as they are shown: their names, and all of them as members of a JSON object, each after a comma."""

    urns: tuple[str, ...]
    members: bytes


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the answers of one resource type have in common, as pieces of JSON."""

    schema: str
    meta: bytes
    location: bytes
    heads: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    """By the extensions that a resource has: there are as many as combinations of those of the type."""

    def head(self, urns: tuple[str, ...]) -> bytes:
        """Return what stands before the id."""
        found = self.heads.get(urns)
        if found is None:
            found = self.heads[urns] = b'{"schemas":' + orjson.dumps([self.schema, *urns]) + b',"id":"'
        return found


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turn stored resources into SCIM answers of this deployment (its base URL and its dialect)."""

    base_url: str
    dialect: Dialect
    hidden: frozenset[str] = frozenset()
    """Those of our attributes that are not shown, though they may be stored."""
    whole_types: frozenset[str] = frozenset()
    """Names of the resource types whose stored text may be spliced (`is_shown_whole`); the others are projected."""
    _frames: dict[str, _Frame] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By the name of the resource type."""
    _short: dict[str, _Extensions] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By the stored text."""

    def location(self, resource_type: ResourceType, resource_id: str) -> str:
        """Return the absolute URI of a resource (RFC 7644 §3.3)."""
        return f"{self.base_url}/scim2{resource_type.endpoint}/{resource_id}"

    def body(self, stored: StoredResource, resource_type: ResourceType, computed: Document | None = None) -> bytes:
        """Return the whole resource as JSON; `computed` are attributes that are not stored in it (groups, members).

        The stored text is spliced in as it is: only for types of which everything is shown.
        """
        frame = self._frames.get(resource_type.name) or self._framed(resource_type)
        extensions = self._short.get(stored.extensions) or self._spliced(stored.extensions)
        identifier = orjson.dumps(stored.id)[1:-1]
        # One format for all of it: lists of a hundred spend half of their time here, and joining pieces takes twice.
        return b'%b%b"%b%b%b%b%b,"lastModified":%b%b%b","version":"W/\\"%d\\""}}' % (
            frame.heads.get(extensions.urns) or frame.head(extensions.urns),
            identifier,
            _members(stored.body),
            _members(orjson.dumps(computed)) if computed else b"",
            extensions.members,
            frame.meta,
            json_moment(stored.created_at),
            json_moment(stored.last_modified_at),
            frame.location,
            identifier,
            stored.version,
        )

    def page(
        self,
        rows: Sequence[StoredResource],
        resource_types: Mapping[str, ResourceType],
        projection: Projection,
        computed: Mapping[str, Document],
    ) -> list[bytes]:
        """Return each resource of a page as `projected` does; types are given by name, what is computed by id."""
        whole = self.whole_types if projection.is_default else ()
        return [
            self.body(row, resource_types[row.resource_type], computed.get(row.id))
            if row.resource_type in whole
            else self.projected(row, resource_types[row.resource_type], projection, computed.get(row.id))
            for row in rows
        ]

    def projected(
        self,
        stored: StoredResource,
        resource_type: ResourceType,
        projection: Projection,
        computed: Document | None = None,
    ) -> bytes:
        """Return the resource with only the attributes asked for (RFC 7644 §3.9)."""
        if projection.is_default and resource_type.name in self.whole_types:
            return self.body(stored, resource_type, computed)
        document = {"id": stored.id, **stored.document(), **(computed or {}), "meta": self._meta(stored, resource_type)}
        # The canonical document is projected, so that a name of either URN finds its attribute.
        shown = projection.apply(document, resource_type)
        urns = [extension.schema.id for extension in resource_type.extensions]
        extensions = {urn: shown.pop(urn) for urn in urns if urn in shown}
        extensions = self._presented(extensions)
        meta = shown.pop("meta", None)
        shown.pop("schemas", None)
        schemas = [resource_type.schema.id, *self._extensions(stored)]
        result = {"schemas": schemas, **shown, **extensions, **({"meta": meta} if meta else {})}
        return orjson.dumps(result)

    def _framed(self, resource_type: ResourceType) -> _Frame:
        frame = _Frame(
            schema=resource_type.schema.id,
            meta=b',"meta":{"resourceType":' + orjson.dumps(resource_type.name) + b',"created":',
            location=b',"location":' + orjson.dumps(self.location(resource_type, ""))[:-1],
        )
        # Two threads may both do this; they arrive at the same.
        self._frames[resource_type.name] = frame
        return frame

    def _spliced(self, text: str) -> _Extensions:
        """Return the extensions as this deployment shows them, by their stored text."""
        shown = self._presented(orjson.loads(text)) if text else {}
        found = _Extensions(tuple(shown), _members(orjson.dumps(shown)))
        if len(text) <= _SHORT and len(self._short) < _MOST_SHORT:
            # Hardly more than a flag, which most users have and nothing else; with a number it is longer.
            self._short[text] = found
        return found

    def _extensions(self, stored: StoredResource) -> Document:
        if not stored.extensions:
            return {}
        return self._presented(orjson.loads(stored.extensions))

    def _presented(self, extensions: Document) -> Document:
        return present_extensions(extensions, self.dialect, self.hidden)

    def _meta(self, stored: StoredResource, resource_type: ResourceType) -> Document:
        return {
            "resourceType": resource_type.name,
            "created": rfc3339(stored.created_at),
            "lastModified": rfc3339(stored.last_modified_at),
            "location": self.location(resource_type, stored.id),
            "version": weak_etag(stored.version),
        }


def _members(text: bytes) -> bytes:
    """Return the members of a JSON object, a comma before them; nothing where it is empty."""
    return b"" if text == _EMPTY else b"," + text[1:-1]


def is_shown_whole(resource_type: ResourceType, never_stored: frozenset[tuple[str | None, str]]) -> bool:
    """Tell whether everything that is stored of a type is returned by default, so that its text may be spliced.

    `never_stored` are attributes that the rules of the type take out of every document: extension and name.
    """
    shown = {Returned.ALWAYS, Returned.DEFAULT}
    return all(
        part.returned in shown
        for home, attribute in resource_type.walk()
        for part in (attribute, *attribute.sub_attributes)
        if (home, attribute.name) not in never_stored
    )


def list_body(
    resources: list[bytes], *, total: int | None, start_index: int | None, extra: Document | None = None
) -> bytes:
    """Return a ListResponse around resources that are JSON already (RFC 7644 §3.4.2)."""
    head: Document = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]}
    if total is not None:
        head["totalResults"] = total
    if start_index is not None:
        head["startIndex"] = start_index
    head["itemsPerPage"] = len(resources)
    head.update(extra or {})
    return b"".join((orjson.dumps(head)[:-1], b',"Resources":[', b",".join(resources), b"]}"))
