"""/{tenant}/oauth2/…: the token endpoints that clients of Microsoft Graph know, on our own."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, request

from api.auth.scopes import public
from api.errors import login_failure
from api.graph.login import fault_in, login_answer, translated
from api.loading import load
from api.request_state import request_id
from api.resources.openid import MAX_FORM
from api.resources.routes import add_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.oidc.server import Answer, Provider
    from verification.ports import Clock

V2, V1 = "/<tenant>/oauth2/v2.0/token", "/<tenant>/oauth2/token"


class GraphLogin:
    """The views; the tenant is there because clients send it: there is one directory, whatever it is called."""

    def __init__(self, provider: Callable[[], Provider], clock: Clock) -> None:
        self._provider = provider
        self._clock = clock

    def blueprint(self) -> Blueprint:
        """Build the blueprint."""
        blueprint = Blueprint("graph_login", __name__)
        add_route(blueprint, V2, "POST", partial(self.token, is_v2=True), public)
        add_route(blueprint, V1, "POST", partial(self.token, is_v2=False), public)
        return blueprint

    def token(self, tenant: str, *, is_v2: bool) -> Response:
        """Issue a token to an application in its own name."""
        del tenant
        request.max_content_length = MAX_FORM
        fault = fault_in(request.form, is_v2=is_v2)
        if fault is not None:
            return login_failure(HTTPStatus.BAD_REQUEST, fault)
        read: Callable[..., Answer] = load("api.oidc.reading:answered_form")
        provider = self._provider()
        form = translated(list(request.form.items(multi=True)))
        answer = read(provider, request, form, request_id(), provider.create_token_response)
        if answer.status != HTTPStatus.OK:
            return login_failure(answer.status, str(answer.body.get("error")))
        resource = None if is_v2 else request.form.get("resource", "")
        return _json(login_answer(answer.body, resource, self._clock.now()))


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), content_type="application/json", headers={"Pragma": "no-cache"})
