"""What is not referred to is left out."""

from __future__ import annotations

from api.openapi.references import only_used


def to(name: str) -> dict:
    """Refer to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def test_components_that_nobody_refers_to_are_left_out():
    components = {"schemas": {"One": {}, "Two": {}}, "headers": {"Three": {}}}

    assert only_used(components, {"/": {"get": to("One")}}) == {"schemas": {"One": {}}}


def test_references_are_followed_also_in_circles():
    components = {"schemas": {"One": {"items": [to("Two")]}, "Two": to("One"), "Three": {}}}

    assert list(only_used(components, to("One"))["schemas"]) == ["One", "Two"]


def test_attribute_by_the_name_of_a_reference_is_none():
    """RFC 7643 §2.4 has sub-attributes called $ref, and their values are URLs."""
    values = {"$ref": {"type": "string"}, "members": [{"$ref": "https://id.example.com/scim2/Users/1"}]}

    assert only_used({"schemas": {"One": {}}}, values) == {}
