"""Schema data as JSON Schema."""

from __future__ import annotations

import pytest

from api.openapi.scim_schemas import Side, extension_schema, resource_schema, served_schemas
from scim.attributes import Attribute, AttributeType, Mutability, Returned
from scim.resource_types import Extension, Registry, ResourceType
from scim.schemas import Schema
from tests.factories.schemas import registry, user_type

CORE = "urn:example:Thing"
EXTRA = "urn:example:extension:Thing"


def schema(*attributes: Attribute, urn: str = CORE) -> Schema:
    """Make a schema."""
    return Schema(id=urn, name="Thing", description="A thing.", attributes=attributes)


def properties(side: Side, *attributes: Attribute) -> dict:
    """Describe attributes for one side."""
    return extension_schema(schema(*attributes), side)["properties"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AttributeType.STRING, {"type": "string"}),
        (AttributeType.BOOLEAN, {"type": "boolean"}),
        (AttributeType.DECIMAL, {"type": "number"}),
        (AttributeType.INTEGER, {"type": "integer", "format": "int64"}),
        (AttributeType.DATE_TIME, {"type": "string", "format": "date-time"}),
        (AttributeType.REFERENCE, {"type": "string"}),
        (AttributeType.BINARY, {"type": "string", "contentEncoding": "base64"}),
    ],
    ids=str,
)
def test_simple_types(kind: AttributeType, expected: dict):
    assert properties(Side.ANSWER, Attribute("one", type=kind))["one"] == expected


def test_canonical_values_are_examples():
    """RFC 7643 §7: they are suggestions."""
    described = properties(Side.REQUEST, Attribute("kind", canonical_values=("work", "home")))["kind"]

    assert described == {"type": "string", "examples": ["work", "home"]}


def test_lists_are_arrays():
    assert properties(Side.ANSWER, Attribute("many", multi_valued=True))["many"] == {
        "type": "array",
        "items": {"type": "string"},
    }


def test_list_with_a_separator_may_be_sent_as_one_text():
    many = Attribute("many", multi_valued=True, separator=",")

    assert properties(Side.REQUEST, many)["many"]["anyOf"] == [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
    ]
    assert properties(Side.ANSWER, many)["many"]["type"] == "array"


def test_what_clients_cannot_write_is_in_no_request():
    described = properties(Side.REQUEST, Attribute("one", mutability=Mutability.READ_ONLY), Attribute("two"))

    assert list(described) == ["two"]


def test_what_clients_cannot_write_is_marked_in_answers():
    assert properties(Side.ANSWER, Attribute("one", mutability=Mutability.READ_ONLY))["one"]["readOnly"] is True


def test_what_is_never_returned_is_in_requests_alone():
    secret = Attribute("secret", mutability=Mutability.WRITE_ONLY, returned=Returned.NEVER)

    assert properties(Side.REQUEST, secret)["secret"]["writeOnly"] is True
    assert properties(Side.ANSWER, secret) == {}


def test_immutable_attribute_says_so():
    serial = Attribute("serial", description="The number.", mutability=Mutability.IMMUTABLE)

    assert properties(Side.REQUEST, serial)["serial"]["description"] == "The number. Cannot be changed once it is set."


def test_required_attributes_are_required_of_requests_only():
    needed = schema(Attribute("one", required=True), Attribute("two"))

    assert extension_schema(needed, Side.REQUEST)["required"] == ["one"]
    assert "required" not in extension_schema(needed, Side.ANSWER)


def test_required_text_is_more_than_a_blank():
    described = properties(Side.REQUEST, Attribute("one", required=True, max_length=9))["one"]

    assert described == {"type": "string", "minLength": 1, "maxLength": 9}


def test_complex_attribute_is_an_object_of_its_sub_attributes():
    subs = (Attribute("value", required=True), Attribute("display", mutability=Mutability.READ_ONLY))
    described = properties(Side.REQUEST, Attribute("one", type=AttributeType.COMPLEX, sub_attributes=subs))["one"]

    assert described == {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"type": "string", "minLength": 1}},
    }


def test_resource_always_shows_its_id_and_its_schemas():
    described = resource_schema(user_type(), {}, user_type().schema, Side.ANSWER)

    assert described["required"] == ["schemas", "id"]
    assert list(described["properties"])[:2] == ["schemas", "id"]
    assert list(described["properties"])[-1] == "meta"


def test_request_has_neither_id_nor_meta():
    described = resource_schema(user_type(), {}, user_type().schema, Side.REQUEST)

    assert described["required"] == ["userName"]
    assert {"id", "meta", "groups"} & set(described["properties"]) == set()


def test_required_extension_is_required_of_requests():
    extra = schema(Attribute("two"), urn=EXTRA)
    thing = ResourceType(
        id="Thing",
        name="Thing",
        endpoint="/Things",
        description="Things",
        schema=schema(Attribute("one")),
        extensions=(Extension(extra, required=True),),
    )

    described = resource_schema(thing, {EXTRA: "ThingExtra"}, thing.schema, Side.REQUEST)

    assert described["required"] == [EXTRA]
    assert described["properties"][EXTRA] == {"$ref": "#/components/schemas/ThingExtra"}


def test_extension_of_which_nothing_is_served_is_left_out():
    described = resource_schema(user_type(), {}, user_type().schema, Side.ANSWER)

    assert [name for name in described["properties"] if name.startswith("urn:")] == []


def test_what_is_served_counts_and_bounds_stay_those_of_the_data():
    one = schema(Attribute("one", multi_valued=True, separator=","), Attribute("hidden"), Attribute("gone"))
    document = {"id": CORE, "attributes": [{"name": "one", "multiValued": False}]}

    served = served_schemas(Registry((one,), ()), [document])

    assert served[CORE].attributes == (Attribute("one", multi_valued=False, separator=","),)


def test_schema_that_is_not_served_is_left_out():
    assert served_schemas(registry(), []) == {}
