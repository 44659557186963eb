"""Start a delivery worker from the settings."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from api.core_wiring import build_core
from api.keys import load_keys
from api.providing import build_carrier
from api.services.delivering import DeliveryService
from api.services.sweeping import SweepService
from api.stopping import on_stop
from api.wakeups import Doorbell
from api.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.settings import Settings


def run_worker(settings: Settings, signals: Iterable[int]) -> None:
    """Deliver until one of these signals comes."""
    core = build_core(settings, load_keys(settings), pool_size=2)
    deliveries = DeliveryService(
        core=core,
        carrier=build_carrier(settings, sys.stdout),
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
