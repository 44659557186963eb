"""The HTTP server: granian in front of the WSGI application, and delivery in one supervised child."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces

from api.processes import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings

NETWORK_THREADS = 8
"""Threads of a worker whose database is across a network: they wait more than they work (facts: 5 times at 1 ms)."""
EMBEDDED_THREADS = 1
"""Threads of a worker with an embedded database: more only hand the interpreter lock around."""
_READY_WITHIN = 30.0


class AddressInUse(Exception):
    """Another process listens on this address."""


def threads_of(settings: Settings) -> int:
    """Return the threads, and so the database connections, of one HTTP worker."""
    return EMBEDDED_THREADS if settings.has_embedded_database else NETWORK_THREADS


def serve(settings: Settings, *, workers: int, with_delivery: bool, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT: finish the requests in flight, hand back the leases, then return.

    Raises:
        AddressInUse: the port is taken. Asked for before the start, since granian would share it.
    """
    _require_free(settings.host, settings.port)
    command = [sys.executable, "-m", "api.cli", "worker", "--parent", str(os.getpid())]
    supervisor = Supervisor(command) if with_delivery else None
    if supervisor is not None:
        supervisor.start()
    threading.Thread(target=_announce_when_ready, args=(settings, announce), name="announce", daemon=True).start()
    server = Granian(
        "api.wsgi:create",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads_of(settings),
        respawn_failed_workers=True,
        log_enabled=False,
        websockets=False,
    )
    try:
        server.serve()
    finally:
        if supervisor is not None:
            supervisor.stop()


def _announce_when_ready(settings: Settings, announce: Callable[[], None]) -> None:
    url = f"http://{_reachable(settings.host)}:{settings.port}/healthz"
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                announce()
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)


def _reachable(host: str) -> str:
    # An unspecified bind address is reached over loopback; an IPv6 address is bracketed in a URL.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{host}]" if ":" in host else host


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As granian binds: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(f"cannot listen on {host}:{port}: {error.strerror}") from error
