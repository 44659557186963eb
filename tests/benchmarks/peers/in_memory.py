"""scim2-flask, and scim2-server without Flask, over the in-memory storage that comes with them, filled at the start.

Run in the peers' own environment; gunicorn serves one process, as each would have a memory of its own.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from flask import Flask
from scim2_flask import ScimServer
from scim2_models import ScimProvider, User
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.utils import load_default_service_provider_config

from tests.benchmarks import people

if TYPE_CHECKING:
    from collections.abc import Iterator


def flask() -> Flask:
    """Build the application of scim2-flask."""
    app = Flask("peer", static_folder=None)
    ScimServer(_filled(), _provider(), app=app, url_prefix="/scim2")
    return app


def server() -> Any:
    """Build the application of scim2-server, at the path that the others have."""
    application = WSGIApplication(_filled(), _provider())

    def mounted(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/scim2")
        return application(environ, start_response)

    return mounted


def _provider() -> ScimProvider:
    return ScimProvider(models=[User], config=load_default_service_provider_config())


def _filled() -> InMemoryStorage:
    storage = InMemoryStorage()
    storage.resources = list(_users(int(os.environ["PEER_USERS"])))
    return storage


def _users(count: int) -> Iterator[User]:
    meta = {"resourceType": "User", "version": 'W/"0"'}
    for number in range(count):
        yield User.model_validate({**people.user(number), "id": people.user_id(number), "meta": meta})
