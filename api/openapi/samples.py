"""Sample resources: what the examples of the description show.

Users and groups are written here; a resource type of a deployment gets a value for each attribute that it requires.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.services.contact_attributes import EXTENSION
from scim.attributes import Attribute, AttributeType, Mutability
from scim.messages import list_response
from scim.patch_request import PATCH_OP_SCHEMA
from scim.validation import schemas_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scim.resource_types import ResourceType
    from scim.schemas import Schema

Document = dict[str, Any]

USER_ID = "019b5d2e-7c3a-7e11-9f64-2b8d8e0f4a51"
GROUP_ID = "019b5d2e-81f0-7a52-8c1d-5f0e6c9b7d23"
REQUEST_ID = "019b5d2e-8a44-7c90-b3f1-6a1d0c5e8f12"
_MOMENT = "2026-01-31T08:00:00.000Z"

_WRITTEN: Mapping[str, Document] = {
    "User": {
        "userName": "alice",
        "name": {"familyName": "Jones", "givenName": "Alice"},
        "emails": [{"value": "alice@example.com", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "+447700900123", "type": "mobile"}],
    },
    "Group": {"displayName": "Engineering", "members": [{"value": USER_ID, "type": "User"}]},
}
_SHOWN: Mapping[str, Document] = {
    "User": {
        "mobileNumbers": ["+447700900123", "+447700900125"],
        "verifiedMobileNumbers": ["+447700900123"],
        "pendingMobileNumber": "+447700900124",
        "phoneVerified": True,
    }
}
"""What the server adds to the extensions of a resource."""
_PATCHES: Mapping[str, Mapping[str, Document]] = {
    "User": {
        "changeTheMobileNumber": {
            "op": "replace",
            "value": {"phoneNumbers": [{"type": "mobile", "value": "+447700900124"}]},
        },
        "verifyAnotherNumber": {
            "op": "add",
            "value": {EXTENSION: {"verifiedMobileNumbers": ["+447700900125"]}},
        },
        "changeTheGivenName": {"op": "replace", "path": "name.givenName", "value": "Alicia"},
        "removeTheTitle": {"op": "remove", "path": "title"},
    },
    "Group": {
        "addAMember": {"op": "add", "path": "members", "value": [{"value": USER_ID}]},
        "removeAMember": {"op": "remove", "path": f'members[value eq "{USER_ID}"]'},
        "rename": {"op": "replace", "value": {"displayName": "Platform"}},
    },
}
_VALUES: Mapping[AttributeType, Any] = {
    AttributeType.STRING: "example",
    AttributeType.BOOLEAN: True,
    AttributeType.DECIMAL: 1.5,
    AttributeType.INTEGER: 1,
    AttributeType.DATE_TIME: _MOMENT,
    AttributeType.REFERENCE: "https://www.example.com/",
    AttributeType.BINARY: "ZXhhbXBsZQ==",
}


@dataclass(frozen=True, slots=True)
class Samples:
    """Make samples for a deployment: `url` is that of its SCIM endpoints, `shown` are the schemas that it serves."""

    url: str
    shown: Mapping[str, Schema]

    def request(self, resource_type: ResourceType) -> Document:
        """Return the body of a POST or PUT."""
        attributes = _attributes(resource_type)
        return {"schemas": schemas_of(attributes, resource_type), **attributes}

    def answer(self, resource_type: ResourceType) -> Document:
        """Return a resource as it is shown."""
        attributes = _attributes(resource_type)
        for extension in resource_type.extensions:
            added = self._added(resource_type, extension.schema)
            attributes[extension.schema.id] = {**attributes.get(extension.schema.id, {}), **added}
        attributes = {name: value for name, value in attributes.items() if value}
        resource_id = GROUP_ID if resource_type.name == "Group" else USER_ID
        head = {"schemas": schemas_of(attributes, resource_type), "id": resource_id}
        return {**head, **attributes, "meta": self._meta(resource_type, resource_id)}

    def patches(self, resource_type: ResourceType) -> dict[str, Document]:
        """Return bodies of a PATCH, by what each does."""
        operations = _PATCHES.get(resource_type.name) or {
            "replace": {"op": "replace", "value": _attributes(resource_type)}
        }
        return {name: {"schemas": [PATCH_OP_SCHEMA], "Operations": [item]} for name, item in operations.items()}

    def bulk_outcome(self, resource_type: ResourceType) -> Document:
        """Return what an operation of a bulk request is answered that adds a resource."""
        location = f"{self.url}{resource_type.endpoint}/{USER_ID}"
        return {"method": "POST", "bulkId": "one", "version": 'W/"1"', "location": location, "status": "201"}

    def _added(self, resource_type: ResourceType, schema: Schema) -> Document:
        served = self.shown.get(schema.id)
        if served is None:
            return {}
        added: Document = {}
        for name, value in _SHOWN.get(resource_type.name, {}).items():
            attribute = served.attribute(name)
            if attribute is not None:
                # A dialect may show a list as one text.
                is_text = isinstance(value, list) and not attribute.multi_valued
                added[name] = ",".join(value) if is_text else value
        return added

    def _meta(self, resource_type: ResourceType, resource_id: str) -> Document:
        return {
            "resourceType": resource_type.name,
            "created": _MOMENT,
            "lastModified": _MOMENT,
            "location": f"{self.url}{resource_type.endpoint}/{resource_id}",
            "version": 'W/"3"',
        }


def page(resources: list[Document]) -> Document:
    """Return a list that has one page."""
    return list_response(resources, total=len(resources), start_index=1)


def _attributes(resource_type: ResourceType) -> Document:
    attributes = dict(_WRITTEN.get(resource_type.name, {}))
    needed = {item.schema.id for item in resource_type.extensions if item.required}
    for home, attribute in resource_type.walk():
        place = attributes if home is None else attributes.setdefault(home, {})
        is_needed = attribute.required if home is None else home in needed
        if is_needed and attribute.mutability is not Mutability.READ_ONLY:
            place.setdefault(attribute.name, _value(attribute))
    return {name: value for name, value in attributes.items() if value}


def _value(attribute: Attribute) -> Any:  # noqa: ANN401 - a JSON value
    if attribute.is_complex:
        subs = [sub for sub in attribute.sub_attributes if sub.mutability is not Mutability.READ_ONLY]
        element: Any = {sub.name: _value(sub) for sub in subs}
    else:
        element = attribute.canonical_values[0] if attribute.canonical_values else _VALUES[attribute.type]
    return [element] if attribute.multi_valued else element
