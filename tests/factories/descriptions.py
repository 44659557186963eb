"""Descriptions of the HTTP interface for tests, and ways to walk them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from api.openapi.text import openapi_text
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@cache
def description_text(**settings: str) -> str:
    """Return what `lineproof openapi` prints under these settings."""
    return openapi_text(Settings.from_environment({f"LINEPROOF_{name.upper()}": settings[name] for name in settings}))


@cache
def description(**settings: str) -> Document:
    """Return the description of the service under these settings."""
    document: Document = yaml.safe_load(description_text(**settings))
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield each operation with its path and method."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolved(document: Document, value: Document) -> Document:
    """Follow a reference, where the value is one."""
    while "$ref" in value:
        place: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        value = place
    return value


def exemplified(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield each object that has a schema and so should have an example, with the place where it stands."""
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        for parameter in (*document["paths"][path].get("parameters", []), *operation.get("parameters", [])):
            found = resolved(document, parameter)
            yield f"{place} {found['name']}", found
        for media_type, media in resolved(document, operation.get("requestBody", {})).get("content", {}).items():
            yield f"{place} body {media_type}", media
        for status, answer in operation["responses"].items():
            yield from _of_answer(document, f"{place} {status}", resolved(document, answer))


def _of_answer(document: Document, place: str, answer: Document) -> Iterator[tuple[str, Document]]:
    for name, header in answer.get("headers", {}).items():
        yield f"{place} {name}", resolved(document, header)
    for media_type, media in answer.get("content", {}).items():
        yield f"{place} {media_type}", media


def examples_of(document: Document, described: Document) -> list[Any]:
    """Return the values of all examples of an object."""
    named = [resolved(document, example)["value"] for example in described.get("examples", {}).values()]
    single = [described["example"]] if "example" in described else []
    return [*named, *single, *described["schema"].get("examples", [])]


def faults(document: Document, schema: Document, value: object) -> list[str]:
    """Return what is wrong with a value by a schema of the description."""
    whole = {**schema, "components": document["components"]}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
