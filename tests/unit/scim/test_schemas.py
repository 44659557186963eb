"""Schema documents read and written."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from scim.attributes import AttributeType, Mutability, Returned, UniquenessScope
from scim.schemas import SCHEMA_SCHEMA, Schema, SchemaFault, read_attributes
from tests.factories.schemas import registry

URN = "urn:example:2.0:Thing"
DATA = resources.files("scim").joinpath("data")
PACKAGED = ["user", "group", "enterprise_user", "wso2", "service_provider_config", "resource_type", "schema"]


def schema_of(*attributes: object) -> Schema:
    return Schema.from_document({"id": URN, "name": "Thing", "attributes": list(attributes)})


def without_our_members(document: object) -> object:
    if isinstance(document, list):
        shown = [item for item in document if not (isinstance(item, dict) and item.get("x-hidden"))]
        return [without_our_members(item) for item in shown]
    if isinstance(document, dict):
        return {name: without_our_members(value) for name, value in document.items() if not name.startswith("x-")}
    return document


def test_an_attribute_without_characteristics_has_those_of_the_rfc():
    """RFC 7643 §2.2."""
    plain = schema_of({"name": "colour"}).attribute("COLOUR")

    assert plain is not None
    assert (plain.type, plain.mutability, plain.returned, plain.uniqueness) == (
        AttributeType.STRING,
        Mutability.READ_WRITE,
        Returned.DEFAULT,
        UniquenessScope.NONE,
    )
    assert not (plain.required)
    assert not (plain.case_exact)
    assert not (plain.multi_valued)
    assert not (plain.is_hidden)
    assert plain.canonical_values == plain.reference_types == plain.sub_attributes == ()
    assert plain.alias_of is plain.separator is plain.max_length is None


def test_unknown_attribute_is_none():
    assert schema_of({"name": "colour"}).attribute("size") is None


def test_urn_of_an_attribute_is_that_of_the_schema_and_its_name():
    schema = schema_of({"name": "colour"})

    assert schema.urn_of(schema.attributes[0]) == f"{URN}:colour"


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_schemas_are_served_as_they_are_written_without_our_members(name: str):
    document = json.loads(DATA.joinpath(f"{name}.json").read_text(encoding="utf-8"))

    assert Schema.from_document(document).to_document() == without_our_members(document)


def test_served_schema_keeps_silent_about_hidden_attributes_and_sub_attributes():
    subs = [{"name": "a"}, {"name": "b", "x-hidden": True}]
    schema = schema_of({"name": "seen", "type": "complex", "subAttributes": subs}, {"name": "unseen", "x-hidden": True})

    document = schema.to_document()

    assert [item["name"] for item in document["attributes"]] == ["seen"]
    assert [item["name"] for item in document["attributes"][0]["subAttributes"]] == ["a"]
    assert document["schemas"] == [SCHEMA_SCHEMA]


def test_every_schema_served_reads_as_itself():
    for schema in registry().schemas:
        document = schema.to_document()
        assert Schema.from_document(document).to_document() == document


def test_alias_may_be_complex_without_sub_attributes():
    schema = schema_of({"name": "tels", "type": "complex", "x-aliasOf": f"{URN}:phones"})

    assert schema.attributes[0].alias_of == f"{URN}:phones"


def test_choices_are_read_without_case():
    assert schema_of({"name": "a", "mutability": "readonly"}).attributes[0].mutability is Mutability.READ_ONLY


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"attributes": [{"name": "a"}]}, "a schema needs a text as its id"),
        ({"id": "Thing", "attributes": [{"name": "a"}]}, 'the id "Thing" of a schema is not a URN'),
        ({"id": URN, "name": 3, "attributes": [{"name": "a"}]}, f"{URN} needs a text as its name"),
        ({"id": URN, "description": [], "attributes": [{"name": "a"}]}, "description"),
        ({"id": URN}, f"{URN} needs a list of attributes"),
        ({"id": URN, "attributes": []}, f"{URN} needs a list of attributes"),
    ],
)
def test_faults_of_a_schema_are_named(document: dict[str, object], fault: str):
    with pytest.raises(SchemaFault, match=fault):
        Schema.from_document(document)


@pytest.mark.parametrize(
    ("attribute", "fault"),
    [
        ("a", "holds an attribute that is not an object"),
        ({}, f"an attribute of {URN} needs a text as its name"),
        ({"name": " "}, f"an attribute of {URN} needs a text as its name"),
        ({"name": "a b"}, f'"a b" in {URN} cannot be the name'),
        ({"name": "a", "type": "text"}, f"{URN}:a needs one of string, .* as its type"),
        ({"name": "a", "returned": 1}, "as its returned"),
        ({"name": "a", "required": "yes"}, f"{URN}:a needs true or false as its required"),
        ({"name": "a", "canonicalValues": "x"}, "needs a list of texts as its canonicalValues"),
        ({"name": "a", "referenceTypes": [1]}, "needs a list of texts as its referenceTypes"),
        ({"name": "a", "type": "complex"}, f"{URN}:a needs a list of attributes"),
        ({"name": "a", "x-maxLength": 0}, "x-maxLength"),
        ({"name": "a", "x-maxLength": True}, "x-maxLength"),
        ({"name": "a", "x-maxLength": "9"}, "x-maxLength"),
        ({"name": "a", "mutability": "writeOnly"}, f"{URN}:a is writeOnly, and so its returned must be never"),
        ({"name": "a", "type": "boolean", "uniqueness": "server"}, f"{URN}:a is a boolean, which cannot be unique"),
        ({"name": "a", "type": "dateTime", "uniqueness": "global"}, "a dateTime, which cannot be unique"),
    ],
)
def test_faults_of_an_attribute_are_named(attribute: object, fault: str):
    with pytest.raises(SchemaFault, match=fault):
        schema_of(attribute)


def test_attribute_defined_twice_is_a_fault():
    with pytest.raises(SchemaFault, match=f"{URN} defines colour twice"):
        read_attributes([{"name": "colour"}, {"name": "Colour"}], URN)
