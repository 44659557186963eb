"""From a request of the web to one of the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authlib.oauth2.rfc6749 import OAuth2Error

from api.oidc.requests import ProtocolRequest, read_parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request

    from api.oidc.server import Answer, Provider


def read_request(request: Request, pairs: list[tuple[str, str]], request_id: str) -> ProtocolRequest:
    """Read a request with these parameters.

    Raises:
        InvalidRequestError: a parameter is not as it has to be.
    """
    return ProtocolRequest(
        request.method,
        headers=dict(request.headers),
        parameters=read_parameters(pairs),
        request_id=request_id,
        ip=request.remote_addr,
    )


def answered(provider: Provider, request: Request, request_id: str, ask: Callable[[ProtocolRequest], Answer]) -> Answer:
    """Answer a posted form; what is in the query of its URL is not looked at (RFC 6749 §3.2)."""
    return answered_form(provider, request, list(request.form.items(multi=True)), request_id, ask)


def answered_form(
    provider: Provider,
    request: Request,
    form: list[tuple[str, str]],
    request_id: str,
    ask: Callable[[ProtocolRequest], Answer],
) -> Answer:
    """Answer as if this form had been posted."""
    try:
        return ask(read_request(request, form, request_id))
    except OAuth2Error as error:
        return provider.error(error)
