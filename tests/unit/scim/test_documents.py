"""The files of schemas and resource types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scim.documents import common_attributes_document, extra_documents, packaged_documents
from scim.schemas import SchemaFault

if TYPE_CHECKING:
    from pathlib import Path


def test_packaged_documents_are_schemas_and_resource_types():
    documents = packaged_documents()

    assert [document.content["name"] for document in documents if not document.is_schema] == ["User", "Group"]
    assert sum(document.is_schema for document in documents) == 7


def test_common_attributes_are_those_of_every_resource():
    """RFC 7643 §3.1."""
    names = [attribute["name"] for attribute in common_attributes_document().content["attributes"]]

    assert names == ["schemas", "id", "externalId", "meta"]


def test_directory_is_read_by_name_and_a_file_may_hold_a_list(tmp_path: Path):
    (tmp_path / "b.json").write_text('{"id": "urn:x:b", "attributes": []}', encoding="utf-8")
    (tmp_path / "a.json").write_text('[{"name": "A", "endpoint": "/As"}, {"name": "B", "schemaExtensions": []}]')
    (tmp_path / "notes.txt").write_text("not read")

    documents = extra_documents(tmp_path)

    assert [(document.is_schema, document.content.get("name")) for document in documents] == [
        (False, "A"),
        (False, "B"),
        (True, None),
    ]
    assert documents[0].file == str(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b"[1]", "a document must be an object"),
        (b'{"name": "A"}', "neither a schema"),
    ],
    ids=["broken", "bytes", "deep", "number", "unknown"],
)
def test_file_that_cannot_be_used_is_named(tmp_path: Path, text: bytes, fault: str):
    (tmp_path / "bad.json").write_bytes(text)

    with pytest.raises(SchemaFault, match=f"bad.json: {fault}"):
        extra_documents(tmp_path)


def test_missing_directory_is_a_fault(tmp_path: Path):
    with pytest.raises(SchemaFault, match="is not a directory"):
        extra_documents(tmp_path / "none")


def test_file_that_cannot_be_read_is_a_fault(tmp_path: Path):
    (tmp_path / "folder.json").mkdir()

    with pytest.raises(SchemaFault, match=r"folder\.json: Is a directory"):
        extra_documents(tmp_path)
