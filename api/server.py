"""The HTTP processes: granian in front of the WSGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces

from api.stopping import on_stop
from api.wsgi import create, threads_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings

FINISH_WITHIN = 12
"""Seconds in which requests in flight must be done: what waits for a database gives up after ten."""


def run(settings: Settings, *, workers: int, abandon: Callable[[], None]) -> None:
    """Serve HTTP until told to stop, then finish the requests in flight; `abandon` is called if told again."""
    server = Granian(
        "api.wsgi",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads_of(settings),
        respawn_failed_workers=True,
        workers_kill_timeout=FINISH_WITHIN,
        log_enabled=False,
        websockets=False,
    )

    def end_at_once() -> None:
        for worker in server.wrks:
            worker.kill()  # type: ignore[no-untyped-call]  # granian's own is not annotated
        abandon()

    # granian has set its own handlers by then.
    server.on_startup(lambda: on_stop(server.signal_handler_interrupt, abandon=end_at_once))
    server.serve(target_loader=create, wrap_loader=False)
