"""What `lineproof serve` runs: delivery in one supervised child, HTTP in processes forked from this one.

The child starts at once and loads its part of the program while this process loads the other, so that a start takes
as long as the longer of the two.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from api.listening import require_free
from api.loading import load
from api.notifying import notify
from api.processes import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings

_READY_WITHIN = 30.0
_FIRST_LOOK = 0.2
_LOOK_EVERY = 0.01
"""Seconds."""


def serve(settings: Settings, *, workers: int, with_delivery: bool, prepare: Callable[[], str]) -> None:
    """Serve until SIGTERM or SIGINT: finish the requests in flight, hand back the leases, then return.

    `prepare` does what has to be done before the first request; what it returns is shown when requests are answered.

    Raises:
        AddressInUse: the port is taken. Asked for before the start, since granian would share it.
    """
    require_free(settings.host, settings.port)
    if settings.metrics_bind:
        require_free(settings.metrics_bind.host, settings.metrics_bind.port)
    supervisor = Supervisor([sys.executable, "-P", "-m", "api.cli", "worker", "--parent", str(os.getpid())])
    with TemporaryDirectory(prefix="lineproof-metrics-") as shared:
        # The client library looks for it when it is loaded, here and in the child.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        if with_delivery:
            supervisor.start()
        try:
            # Loaded only now, beside the child; and before the fork, so that it is loaded once for all processes.
            run: Callable[..., None] = load("api.server:run")
            greeting = prepare()
            threading.Thread(
                target=_greet_when_ready, args=(settings, greeting, _Forks()), name="greeting", daemon=True
            ).start()
            run(settings, workers=workers, abandon=supervisor.kill)
        finally:
            supervisor.stop()


class _Forks:
    """The forks of this process: what another thread holds at one stays locked in the child for ever.

    So there is none while a thread is `apart`.
    """

    def __init__(self) -> None:
        self.apart = threading.Lock()
        self._first = threading.Event()
        os.register_at_fork(before=self.apart.acquire, after_in_parent=self._after, after_in_child=self.apart.release)

    def wait_for_first(self, seconds: float) -> None:
        """Wait for the first one, where processes are forked at all."""
        self._first.wait(seconds)

    def _after(self) -> None:
        self.apart.release()
        self._first.set()


def _greet_when_ready(settings: Settings, greeting: str, forks: _Forks) -> None:
    url = f"http://{_reachable(settings.host)}:{settings.port}/healthz"
    forks.wait_for_first(_FIRST_LOOK)
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        with forks.apart:
            is_ready = _answers(url)
        if is_ready:
            sys.stdout.write(greeting)
            sys.stdout.flush()
            notify("READY=1")
            return
        time.sleep(_LOOK_EVERY)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _reachable(host: str) -> str:
    # An unspecified bind address is reached over loopback; an IPv6 address is bracketed in a URL.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{host}]" if ":" in host else host
