"""What an HTTP worker process runs: the application, made from the environment it inherits."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from api.app import create_app
from api.logs import configure_logs
from api.processes import die_with_parent
from api.server import threads_of
from api.settings import Settings
from api.wiring import build_services

if TYPE_CHECKING:
    from flask import Flask


def create() -> Flask:
    """Build the application of one worker; under another WSGI server than ours it works just as well."""
    die_with_parent(os.getppid())
    configure_logs()
    settings = Settings.from_environment(os.environ)
    return create_app(build_services(settings, pool_size=threads_of(settings)))
