"""The files schemas and resource types come from: those of the package, and those a deployer adds."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from scim.schemas import SCHEMA_SCHEMA, SchemaFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# In the order /Schemas and /ResourceTypes list them.
_PACKAGED = (
    "user.json",
    "enterprise_user.json",
    "wso2.json",
    "group.json",
    "service_provider_config.json",
    "resource_type.json",
    "schema.json",
    "resource_types.json",
)
_COMMON = "common.json"


@dataclass(frozen=True, slots=True)
class Document:
    """One schema or resource type as JSON, and the file it stands in."""

    file: str
    content: Mapping[str, Any]

    @property
    def is_schema(self) -> bool:
        """Say whether this is a schema: it says so, or has attributes; else it is a resource type."""
        named = self.content.get("schemas")
        return "attributes" in self.content or (isinstance(named, list) and SCHEMA_SCHEMA in named)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Name the file in any fault found in the document meanwhile."""
        try:
            yield
        except SchemaFault as fault:
            raise SchemaFault(f"{self.file}: {fault}") from fault


def packaged_documents() -> tuple[Document, ...]:
    """Read the schemas and resource types of RFC 7643 and our own."""
    return tuple(document for name in _PACKAGED for document in _read(name, _packaged(name)))


def common_attributes_document() -> Document:
    """Read the attributes every resource has (RFC 7643 §3.1)."""
    return Document(_COMMON, json.loads(_packaged(_COMMON)))


def extra_documents(directory: Path) -> tuple[Document, ...]:
    """Read each `*.json` file of a directory, by name; one may hold a list of documents."""
    if not directory.is_dir():
        raise SchemaFault(f"{directory} is not a directory")
    return tuple(document for file in sorted(directory.glob("*.json")) for document in _read(str(file), _bytes(file)))


def _packaged(name: str) -> bytes:
    return resources.files("scim").joinpath("data", name).read_bytes()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as exc:
        raise SchemaFault(f"{file}: {exc.strerror}") from exc


def _read(file: str, content: bytes) -> Iterator[Document]:
    try:
        parsed = json.loads(content)
    # RecursionError: nested deeper than any schema.
    except (ValueError, RecursionError) as exc:
        raise SchemaFault(f"{file}: not JSON ({exc})") from exc
    for document in parsed if isinstance(parsed, list) else [parsed]:
        if not isinstance(document, dict):
            raise SchemaFault(f"{file}: a document must be an object")
        if "attributes" not in document and "endpoint" not in document and "schemaExtensions" not in document:
            raise SchemaFault(f"{file}: neither a schema (attributes) nor a resource type (endpoint)")
        yield Document(file, document)
