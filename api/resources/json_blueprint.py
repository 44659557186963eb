"""Blueprints of the APIs that do not speak SCIM: flask-smorest, with our bodies and our errors."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser

from api.bodies import read_json
from api.schemas import ErrorSchema
from api.services.errors import InvalidRequest
from scim.errors import ExpiredCursor, InvalidCursor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Request
    from marshmallow import Schema, ValidationError


class BodyParser(FlaskParser):
    """Read bodies by our limits, and refuse bad ones in our form."""

    # flask-smorest documents this status; webargs would answer 422.
    DEFAULT_VALIDATION_STATUS = 400
    # A parameter that is misspelt is refused: without it a filter would show more than was asked for.
    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": None}  # noqa: RUF012 - webargs' way

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ANN401, ARG002 - webargs' signature
        """Read the body as every JSON body of this service is read."""
        return read_json(req)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,  # noqa: ARG002 - webargs' signature
        schema: Schema,  # noqa: ARG002
        *,
        error_status_code: int | None,  # noqa: ARG002
        error_headers: Any,  # noqa: ANN401, ARG002
    ) -> NoReturn:
        """Name the members at fault, never their values."""
        by_place = error.messages if isinstance(error.messages, dict) else {}
        faults = by_place.get("json", by_place.get("query", by_place))
        names = ", ".join(sorted(str(name) for name in faults if name != "_schema"))
        raise InvalidRequest(f"Missing or faulty: {names}." if names else None) from error


@contextmanager
def walking() -> Iterator[None]:
    """Refuse a cursor that a list cannot go on from in the form of these paths."""
    try:
        yield
    except (InvalidCursor, ExpiredCursor) as error:
        raise InvalidRequest("The cursor is not one of this list, or has expired.") from error


class JsonBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest is not annotated
    """A blueprint whose bodies are read by BodyParser; what is said of its views is put together when asked for."""

    ARGUMENTS_PARSER = BodyParser()

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - flask-smorest's
        super().__init__(*arguments, **options)
        self._untold: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Any:  # noqa: ANN401 - flask-smorest's
        """Describe an answer, and write it by a schema."""
        return super().response(status_code, _made(schema) if isinstance(schema, type) else schema, **options)

    def _store_endpoint_docs(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - flask-smorest's
        self._untold.append((arguments, options))

    def register_views_in_doc(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - flask-smorest's
        """Tell of the views."""
        while self._untold:
            told, how = self._untold.pop(0)
            super()._store_endpoint_docs(*told, **how)
        super().register_views_in_doc(*arguments, **options)


@cache
def _made(schema: type[Schema]) -> Schema:
    """Return a schema, one a process: nothing is changed in it."""
    return schema()


class JsonApi(Api):  # type: ignore[misc]  # flask-smorest is not annotated
    """flask-smorest without its error handlers: `api.errors` answers for the whole application.

    Blueprints are described when somebody asks: to answer requests nobody needs it.
    """

    ERROR_SCHEMA = ErrorSchema
    # The description names every error by itself.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[JsonBlueprint] = []
        self._describing = Lock()
        super().__init__(app)

    def register_blueprint(self, blp: JsonBlueprint, **options: Any) -> None:  # noqa: ANN401 - Flask's options
        """Add a blueprint to the application."""
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)

    def document(self) -> dict[str, Any]:
        """Return the description of all blueprints."""
        with self._describing:
            if self._undescribed:
                super()._register_responses()
            while self._undescribed:
                blueprint = self._undescribed.pop(0)
                blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
            found: dict[str, Any] = self.spec.to_dict()
            return found

    def _register_error_handlers(self) -> None:
        """Register nothing."""

    def _register_responses(self) -> None:
        """Register nothing yet: there is one for each status of HTTP."""
