"""/receipts/{provider}: where gateways report what became of a message. The signature is what lets them in."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.auth.scopes import public
from api.bodies import decode_json, read_bytes
from api.errors import answer
from api.resources.routes import add_route
from api.services.errors import InvalidRequest, ReceiptNotSigned
from providers.receipts import Callback, ReceiptRefused, ReceiptUnreadable
from scim.errors import InvalidSyntax

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services.receipts import ReceiptService
    from providers.receipts import Receipt, ReceiptReader

    FindReader = Callable[[str], ReceiptReader | None]
    """Returns who reads the receipts of a provider, None where nobody does."""

MAX_RECEIPT = 16 * 1024
"""Bytes; receipts have some hundred."""
RETRY_AFTER = "5"
"""Seconds: a gateway may report before the worker has written that it accepted the message."""


@dataclass(frozen=True, slots=True)
class ReceiptViews:
    """The views of receipts; only providers that have a secret to check by are there."""

    service: ReceiptService
    find_reader: FindReader
    base_url: str

    def blueprint(self) -> Blueprint:
        """Build the blueprint; Vonage may be set to report by GET."""
        blueprint = Blueprint("receipts", __name__)
        for method in ("GET", "POST"):
            add_route(blueprint, "/receipts/<provider>", method, self.take, public)
        return blueprint

    def take(self, provider: str) -> Response:
        """Take a receipt."""
        reader = self.find_reader(provider)
        if reader is None:
            raise NotFound
        if self.service.take(provider, self._read(reader)):
            return Response(status=HTTPStatus.NO_CONTENT)
        return answer(503, "UNAVAILABLE", "This message is not known yet.", {"Retry-After": RETRY_AFTER})

    def _read(self, reader: ReceiptReader) -> Receipt:
        try:
            return reader(self._callback())
        except ReceiptRefused as error:
            raise ReceiptNotSigned from error
        except ReceiptUnreadable as error:
            raise InvalidRequest("The receipt is not of the form of this gateway.") from error

    def _callback(self) -> Callback:
        body = read_bytes(request, MAX_RECEIPT)
        query = request.query_string.decode("latin-1")
        return Callback(
            url=f"{self.base_url}{request.path}{'?' if query else ''}{query}",
            headers={name.lower(): value for name, value in request.headers.items()},
            fields=_fields(body),
            body=body,
        )


def _fields(body: bytes) -> dict[str, str]:
    if request.method == "GET":
        return request.args.to_dict()
    if not request.is_json:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        document = decode_json(body)
    except InvalidSyntax as error:
        raise InvalidRequest from error
    members = document.items() if isinstance(document, dict) else ()
    return {name: str(value) for name, value in members if isinstance(value, str | int | float)}
