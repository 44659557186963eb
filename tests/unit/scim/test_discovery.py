"""What the server says of itself."""

from __future__ import annotations

from scim import discovery
from scim.attributes import parse_attribute_path
from scim.discovery import BulkLimits, Features
from scim.schemas import ENTERPRISE_SCHEMA, USER_SCHEMA, WSO2_SCHEMA, Schema
from tests.factories.schemas import registry

BASE = "https://id.example.com/scim2"


def test_service_provider_config_says_what_is_offered():
    """RFC 7643 §5, RFC 9865 §4."""
    features = Features(
        default_page_size=25,
        max_results=200,
        bulk=BulkLimits(1000, 1_048_576),
        cursor_timeout=3600,
        may_change_password=True,
        documentation_uri="https://id.example.com/docs",
    )

    assert discovery.service_provider_config(features, BASE) == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": "https://id.example.com/docs",
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": 1000, "maxPayloadSize": 1_048_576},
        "filter": {"supported": True, "maxResults": 200},
        "changePassword": {"supported": True},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": 25,
            "maxPageSize": 200,
            "cursorTimeout": 3600,
        },
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "An access token in the Authorization header.",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{BASE}/ServiceProviderConfig"},
    }


def test_service_provider_config_says_what_is_not_offered():
    features = Features(default_page_size=10, max_results=50, has_patch=False, has_sort=False, has_etag=False)

    config = discovery.service_provider_config(features, BASE)

    assert [config[name]["supported"] for name in ("patch", "bulk", "changePassword", "sort", "etag")] == [False] * 5
    assert config["bulk"] == {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}
    assert config["pagination"]["cursor"] is False
    assert "cursorTimeout" not in config["pagination"]
    assert "documentationUri" not in config


def test_only_the_first_authentication_scheme_is_the_preferred_one():
    features = Features(10, 50, authentication_schemes=(discovery.BEARER_TOKEN, discovery.BEARER_TOKEN))

    schemes = discovery.service_provider_config(features, BASE)["authenticationSchemes"]

    assert [scheme["primary"] for scheme in schemes] == [True, False]


def test_service_provider_config_has_only_what_its_schema_defines():
    schema = registry().schema(discovery.SERVICE_PROVIDER_CONFIG_SCHEMA)
    assert schema is not None
    features = Features(10, 50, BulkLimits(1, 1), cursor_timeout=1, documentation_uri="https://id.example.com")

    config = discovery.service_provider_config(features, BASE)

    assert set(config) - {"schemas", "meta"} == {attribute.name for attribute in schema.attributes}
    for attribute in schema.attributes:
        if attribute.is_complex and not attribute.multi_valued:
            assert set(config[attribute.name]) == {sub.name for sub in attribute.sub_attributes}


def test_resource_types_are_listed_with_their_extensions():
    """RFC 7643 §6."""
    users, groups = discovery.resource_type_documents(registry(), BASE)

    assert users == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "User accounts",
        "schema": USER_SCHEMA,
        "schemaExtensions": [
            {"schema": ENTERPRISE_SCHEMA, "required": False},
            {"schema": WSO2_SCHEMA, "required": False},
        ],
        "meta": {"resourceType": "ResourceType", "location": f"{BASE}/ResourceTypes/User"},
    }
    assert groups["id"] == "Group"


def test_resource_type_is_found_by_its_id():
    assert (
        discovery.resource_type_document(registry(), "Group", BASE)
        == discovery.resource_type_documents(registry(), BASE)[1]
    )
    assert discovery.resource_type_document(registry(), "Device", BASE) is None


def test_schemas_are_listed_with_their_location_and_without_our_members():
    documents = discovery.schema_documents(registry(), BASE)

    assert [document["id"] for document in documents] == [schema.id for schema in registry().schemas]
    assert documents[0]["meta"] == {"resourceType": "Schema", "location": f"{BASE}/Schemas/{USER_SCHEMA}"}
    assert '"x-' not in str(documents).replace("'", '"')


def test_schema_is_found_by_its_urn():
    found = discovery.schema_document(registry(), WSO2_SCHEMA.upper(), BASE)

    assert found is not None
    assert found["id"] == WSO2_SCHEMA
    assert discovery.schema_document(registry(), "urn:example:x", BASE) is None


def test_switched_off_lists_are_not_served():
    lists = frozenset({f"{WSO2_SCHEMA}:mobileNumbers", f"{WSO2_SCHEMA}:verifiedMobileNumbers"})

    served = discovery.schema_document(registry().without(lists), WSO2_SCHEMA, BASE)

    assert served is not None
    names = {attribute["name"] for attribute in served["attributes"]}
    assert {"pendingMobileNumber", "phoneVerified", "verifyMobile"} <= names
    assert not {"mobileNumbers", "verifiedMobileNumbers"} & names


def test_every_name_served_can_be_used_in_a_path():
    users = registry().resource_type("User")
    assert users is not None

    for document in discovery.schema_documents(registry(), BASE):
        schema = Schema.from_document(document)
        if users.schema_named(schema.id) is not None:
            paths = [parse_attribute_path(schema.urn_of(attribute)) for attribute in schema.attributes]
            assert all(users.resolve(path) is not None for path in paths)
