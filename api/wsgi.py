"""What an HTTP worker process runs: the application, made from the environment it inherits."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from api.app import create_app
from api.logs import configure_logs
from api.metrics_server import MetricsApplication, serve_metrics
from api.processes import die_with_parent
from api.request_state import add_request
from api.services.sources import watch
from api.settings import Settings
from api.wiring import build_services

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

NETWORK_THREADS = 8
"""Threads of a worker whose database is across a network: they wait more than they work (facts: 5 times at 1 ms)."""
EMBEDDED_THREADS = 1
"""Threads of a worker with an embedded database: more only hand the interpreter lock around."""


def create() -> WSGIApplication:
    """Build the application of one worker; under another WSGI server than ours it works just as well."""
    # Its requests are lost with the parent that holds the listening socket: nothing is left to finish.
    die_with_parent(os.getppid(), signal.SIGKILL)
    settings = Settings.from_environment(os.environ)
    configure_logs(settings.log_level, add_request)
    services = build_services(settings, pool_size=threads_of(settings))
    if settings.metrics_bind:
        serve_metrics(settings.metrics_bind, MetricsApplication(services.exposition))
    # Not the Flask application itself: it goes when another policy makes another one.
    application = create_app(services).wsgi_app
    watch(services.core.policies, services.core.senders)
    return application


def threads_of(settings: Settings) -> int:
    """Return the threads, and so the database connections, of one HTTP worker."""
    return EMBEDDED_THREADS if settings.has_embedded_database else NETWORK_THREADS
