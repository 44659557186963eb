"""Start a delivery worker from the settings."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from api.core_wiring import build_core
from api.exposition import Exposition
from api.keys import load_keys
from api.listening import require_free
from api.logs import configure_logs
from api.metrics import Metrics
from api.metrics_server import MetricsApplication, serve_metrics
from api.providing import build_carrier
from api.services.delivering import DeliveryService
from api.services.sweeping import SweepService
from api.stopping import on_stop
from api.wakeups import Doorbell
from api.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.setting_readers import Address
    from api.settings import Settings


def run_worker(settings: Settings, signals: Iterable[int], metrics_bind: Address | None) -> None:
    """Deliver until one of these signals comes."""
    configure_logs(settings.log_level)
    metrics = Metrics()
    core = build_core(settings, load_keys(settings), pool_size=2, observe=metrics)
    if metrics_bind:
        require_free(metrics_bind.host, metrics_bind.port)
        serve_metrics(metrics_bind, MetricsApplication(Exposition(metrics, core)))
    deliveries = DeliveryService(
        core=core,
        carrier=build_carrier(settings, sys.stdout, metrics.called),
        webotp_domain=settings.webotp_domain or None,
        # Spreads retries, guards nothing.
        rng=lambda: secrets.randbelow(1_000_000) / 1_000_000,
    )
    doorbell = Doorbell(settings.data_dir)
    worker = Worker(deliveries, SweepService(core), doorbell)
    on_stop(worker.stop, signals=signals)
    try:
        worker.run()
    finally:
        doorbell.close()
        core.database.close()
