"""Start a delivery worker from the settings."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from api.keys import load_keys
from api.providing import build_carrier
from api.services.delivering import DeliveryService
from api.services.sweeping import SweepService
from api.wakeups import Doorbell
from api.wiring import build_core
from api.worker import Worker

if TYPE_CHECKING:
    import threading

    from api.settings import Settings


def run_worker(settings: Settings, stopping: threading.Event) -> None:
    """Deliver until told to stop."""
    core = build_core(settings, load_keys(settings), pool_size=2)
    deliveries = DeliveryService(
        core=core,
        carrier=build_carrier(settings, sys.stdout),
        webotp_domain=settings.webotp_domain or None,
        # Spreads retries, guards nothing.
        rng=lambda: secrets.randbelow(1_000_000) / 1_000_000,
    )
    doorbell = Doorbell(settings.data_dir)
    try:
        Worker(deliveries, SweepService(core), doorbell).run(stopping)
    finally:
        doorbell.close()
        core.database.close()
