"""RFC 7643 §5 to §8, RFC 7644 §4: what the service says of itself, and that it is true."""

from __future__ import annotations

import pytest

from tests.factories.conformance import CORE, ENTERPRISE, GROUP, LIST_RESPONSE, USER, expect, expect_error, sample

TYPES = {"string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"}
CHARACTERISTICS = {"name", "type", "multiValued", "description", "required", "mutability", "returned", "uniqueness"}
THING = "urn:example:params:scim:schemas:Thing"
BADGE = "urn:example:params:scim:schemas:extension:Badge"
ENDPOINTS = ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"]


def schemas(scim):
    return {schema["id"]: schema for schema in expect(scim.get("/Schemas"))["Resources"]}


def every_attribute(scim):
    for schema in schemas(scim).values():
        for attribute in schema["attributes"]:
            yield attribute
            yield from attribute.get("subAttributes", [])


def test_7643_5_service_provider_config_has_every_required_attribute(scim):
    config = expect(scim.get("/ServiceProviderConfig"))

    assert config["schemas"] == [f"{CORE}:ServiceProviderConfig"]
    assert {name: type(config[name]["supported"]) for name in ("patch", "bulk", "filter", "changePassword")} == {
        "patch": bool,
        "bulk": bool,
        "filter": bool,
        "changePassword": bool,
    }
    assert {config["sort"]["supported"], config["etag"]["supported"]} <= {True, False}
    assert all(type(config["bulk"][name]) is int for name in ("maxOperations", "maxPayloadSize"))
    assert type(config["filter"]["maxResults"]) is int
    for scheme in config["authenticationSchemes"]:
        assert {"type", "name", "description"} <= set(scheme)


def test_7643_5_service_provider_config_tells_what_is_there(scim):
    config = expect(scim.get("/ServiceProviderConfig"))

    offered = {name for name in ("patch", "bulk", "filter", "sort", "etag") if config[name]["supported"]}
    assert offered == {"patch", "bulk", "filter", "sort", "etag"}
    assert config["changePassword"]["supported"] is True
    assert [scheme["type"] for scheme in config["authenticationSchemes"]] == ["oauthbearertoken"]


def test_7643_6_resource_type_has_every_required_attribute(things):
    for resource_type in expect(things.get("/ResourceTypes"))["Resources"]:
        assert resource_type["schemas"] == [f"{CORE}:ResourceType"]
        assert {"id", "name", "endpoint", "schema"} <= set(resource_type)
        assert resource_type["meta"]["resourceType"] == "ResourceType"
        for extension in resource_type.get("schemaExtensions", []):
            assert set(extension) == {"schema", "required"}


def test_7643_6_every_resource_type_is_listed(things):
    listed = {item["name"]: item for item in expect(things.get("/ResourceTypes"))["Resources"]}

    assert set(listed) == {"User", "Group", "Thing"}
    assert {name: item["endpoint"] for name, item in listed.items()} == {
        "User": "/Users",
        "Group": "/Groups",
        "Thing": "/Things",
    }
    assert listed["Thing"]["schema"] == THING
    assert BADGE in [extension["schema"] for extension in listed["User"]["schemaExtensions"]]


def test_7643_6_every_endpoint_named_is_served(things):
    for resource_type in expect(things.get("/ResourceTypes"))["Resources"]:
        assert expect(things.get(resource_type["endpoint"]))["schemas"] == [LIST_RESPONSE]


def test_7643_6_every_schema_named_is_served(things):
    served = schemas(things)

    for resource_type in expect(things.get("/ResourceTypes"))["Resources"]:
        named = {resource_type["schema"], *(item["schema"] for item in resource_type.get("schemaExtensions", []))}
        assert named <= set(served)


def test_7643_7_every_schema_has_its_required_attributes(things):
    for schema in schemas(things).values():
        assert schema["schemas"] == [f"{CORE}:Schema"]
        assert schema["attributes"]
        assert schema["name"]
        assert schema["meta"]["resourceType"] == "Schema"
        assert schema["meta"]["location"].endswith(f"/Schemas/{schema['id']}")


def test_7643_7_every_attribute_has_every_characteristic(things):
    for attribute in every_attribute(things):
        assert set(attribute) >= CHARACTERISTICS, attribute["name"]
        assert attribute["type"] in TYPES
        assert attribute["mutability"] in {"readOnly", "readWrite", "immutable", "writeOnly"}
        assert attribute["returned"] in {"always", "never", "default", "request"}
        assert attribute["uniqueness"] in {"none", "server", "global"}


def test_7643_7_case_exact_is_said_of_every_text(things):
    texts = [item for item in every_attribute(things) if item["type"] in {"string", "reference", "binary"}]

    assert all(type(item["caseExact"]) is bool for item in texts)


def test_7643_7_reference_types_are_said_of_every_reference(things):
    references = [item for item in every_attribute(things) if item["type"] == "reference"]

    assert all(item["referenceTypes"] for item in references)


def test_7643_7_sub_attributes_are_there_exactly_where_they_belong(things):
    assert all(("subAttributes" in item) is (item["type"] == "complex") for item in every_attribute(things))


def test_7643_7_write_only_attributes_are_never_returned(things):
    written = [item for item in every_attribute(things) if item["mutability"] == "writeOnly"]

    assert {item["returned"] for item in written} == {"never"}


def test_7643_7_members_of_our_own_are_not_served(things):
    assert [item["name"] for item in every_attribute(things) if any(name.startswith("x-") for name in item)] == []


@pytest.mark.parametrize(
    ("urn", "name"),
    [
        pytest.param(USER, "rfc7643-8.7.1-user", id="User"),
        pytest.param(ENTERPRISE, "rfc7643-8.7.1-enterprise_user", id="EnterpriseUser"),
        pytest.param(GROUP, "rfc7643-8.7.1-group", id="Group"),
    ],
)
def test_7643_8_7_1_attributes_are_those_of_the_rfc(scim, urn, name):
    served = {attribute["name"]: attribute for attribute in schemas(scim)[urn]["attributes"]}

    for attribute, expected in sample(name).items():
        subs = expected.pop("subAttributes", [])
        assert {key: served[attribute].get(key) for key in expected} == expected, attribute
        assert {sub["name"] for sub in served[attribute].get("subAttributes", [])} >= set(subs), attribute


def test_7643_8_7_2_schemas_of_the_service_itself_are_served(scim):
    own = {f"{CORE}:{name}" for name in ("ServiceProviderConfig", "ResourceType", "Schema")}

    assert own <= set(schemas(scim))


@pytest.mark.parametrize(
    "urn", [f"{CORE}:ServiceProviderConfig", f"{CORE}:ResourceType", f"{CORE}:Schema"], ids=lambda urn: urn[-8:]
)
def test_7643_8_7_2_discovery_has_only_attributes_of_its_schemas(things, urn):
    defined = {attribute["name"]: attribute for attribute in schemas(things)[urn]["attributes"]}
    bodies = [expect(things.get("/ServiceProviderConfig"))]
    bodies += [item for path in ENDPOINTS[1:] for item in expect(things.get(path))["Resources"]]

    for body in (item for item in bodies if item["schemas"] == [urn]):
        assert set(body) - {"schemas", "id", "meta"} <= set(defined)
        for name, attribute in defined.items():
            assert name in body or not attribute["required"]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_7644_4_discovery_needs_no_token(service, path):
    answer = service.app.test_client().get(f"/scim2{path}")

    assert expect(answer)["schemas"]


@pytest.mark.parametrize("path", ENDPOINTS[1:])
def test_7644_4_lists_of_discovery_are_list_responses(scim, path):
    listed = expect(scim.get(path))

    assert listed["schemas"] == [LIST_RESPONSE]
    assert listed["totalResults"] == len(listed["Resources"])
    assert listed["itemsPerPage"] == len(listed["Resources"])
    assert listed["startIndex"] == 1


@pytest.mark.parametrize("path", ENDPOINTS[1:])
def test_7644_4_each_document_of_discovery_can_be_read_alone(scim, path):
    for document in expect(scim.get(path))["Resources"]:
        assert expect(scim.get(f"{path}/{document['id']}")) == document


@pytest.mark.parametrize("path", ["/ResourceTypes/Nothing", "/Schemas/urn:nothing", "/ServiceProviderConfig/1"])
def test_7644_4_unknown_document_of_discovery_is_not_found(scim, path):
    expect_error(scim.get(path), 404)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_7644_4_filter_on_discovery_is_forbidden(scim, path):
    expect_error(scim.get(path, filter='id eq "User"'), 403)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_7644_4_sorting_and_paging_of_discovery_are_ignored(scim, path):
    plain = expect(scim.get(path))

    asked = expect(scim.get(path, sortBy="name", sortOrder="descending", startIndex=2, count=1, attributes="name"))

    assert asked == plain


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [*ENDPOINTS, "/ResourceTypes/User", f"/Schemas/{USER}"])
def test_7644_4_discovery_cannot_be_written(scim, path, method):
    answer = scim.caller.call(method, f"/scim2{path}", {})

    expect_error(answer, 405)
    assert "GET" in answer.headers["Allow"]
