"""What the service says of itself: its discovery documents, asked of the application in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from scim.discovery import BulkLimits, Features

if TYPE_CHECKING:
    from flask import Flask

Document = dict[str, Any]

SCIM_PREFIX = "/scim2"


@dataclass(frozen=True, slots=True)
class Served:
    """The documents of discovery (RFC 7644 §4)."""

    config: Document
    resource_types: tuple[Document, ...]
    schemas: tuple[Document, ...]

    @classmethod
    def by(cls, app: Flask) -> Served:
        """Ask the application."""
        return cls(
            config=_read(app, "ServiceProviderConfig"),
            resource_types=tuple(_read(app, "ResourceTypes")["Resources"]),
            schemas=tuple(_read(app, "Schemas")["Resources"]),
        )

    @property
    def url(self) -> str:
        """Return the address of the SCIM endpoints, as clients see it."""
        location: str = self.config["meta"]["location"]
        return location.rpartition("/")[0]

    def features(self) -> Features:
        """Return what the server offers of the protocol, as far as it shapes requests and answers."""
        paging, bulk = self.config["pagination"], self.config["bulk"]
        return Features(
            default_page_size=paging["defaultPageSize"],
            max_results=self.config["filter"]["maxResults"],
            bulk=BulkLimits(bulk["maxOperations"], bulk["maxPayloadSize"]) if bulk["supported"] else None,
            cursor_timeout=paging.get("cursorTimeout", 0) if paging["cursor"] else None,
        )


def _read(app: Flask, endpoint: str) -> Document:
    with app.test_request_context(f"{SCIM_PREFIX}/{endpoint}"):
        document: Document = orjson.loads(app.full_dispatch_request().get_data())
        return document
