"""Start a delivery worker from the settings."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from api.core_wiring import build_core, under
from api.exposition import Exposition
from api.identifiers import new_id
from api.keys import load_keys
from api.listening import require_free
from api.logs import configure_logs
from api.metrics import Metrics
from api.metrics_server import MetricsApplication, serve_metrics
from api.notifying import notify
from api.providing import build_carriers
from api.sender_gateways import SenderGateways
from api.services.delivering import DeliveryService
from api.services.guarding import GuardService, Tally
from api.services.provider_health import ProviderHealthService, ProviderTally
from api.services.sources import watch
from api.services.sweeping import SweepService
from api.services.tidying import TidyService
from api.stopping import BY_OPERATOR, BY_PARENT, on_stop
from api.texting import load_texts, warn_of_size
from api.wakeups import Doorbell
from api.worker import Chore, Worker
from verification.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from api.services.core import Core
    from api.settings import Settings
    from persistence.senders import StoredSender
    from providers.breakers import Circuit
    from providers.failover import FailoverProvider, OnCall, OnCircuit


RECORD_EVERY = 2.0
WATCH_EVERY = 30.0
TIDY_EVERY = 60.0
"""Seconds between two turns of a worker's chores."""


def run_worker(settings: Settings) -> None:
    """Deliver until the operator stops it; the metrics have an address of their own, or none."""
    metrics = Metrics()
    core = build_core(settings, load_keys(settings), pool_size=2, observe=metrics)
    if settings.metrics_bind:
        require_free(settings.metrics_bind.host, settings.metrics_bind.port)
        serve_metrics(settings.metrics_bind, MetricsApplication(Exposition(metrics, core)))
    _deliver(settings, core, metrics, BY_OPERATOR, lambda: notify("READY=1"))


def run_child(settings: Settings) -> None:
    """Deliver until the parent stops it; what is counted is part of what the parent's HTTP processes show."""
    metrics = Metrics()
    core = build_core(settings, load_keys(settings), pool_size=2, observe=metrics)
    _deliver(settings, core, metrics, BY_PARENT, lambda: None)


def _deliver(
    settings: Settings, core: Core, metrics: Metrics, signals: Iterable[int], begin: Callable[[], None]
) -> None:
    configure_logs(settings.log_level)
    texts = load_texts(settings)
    calls = ProviderTally(new_id())
    warn_of_size(texts)
    tellers = _tellers(metrics, calls)
    carriers = build_carriers(settings, sys.stdout, *tellers)
    deliveries = DeliveryService(
        core=core,
        carriers=carriers,
        texts=texts,
        base_url=settings.base_url,
        # Spreads retries, guards nothing.
        rng=lambda: secrets.randbelow(1_000_000) / 1_000_000,
    )
    doorbell = Doorbell(settings.data_dir)
    guard, tally, health = GuardService(core), Tally(), ProviderHealthService(core)
    chores = (
        Chore(RECORD_EVERY, lambda: health.record(calls)),
        Chore(RECORD_EVERY, lambda: guard.record(tally, deliveries.rng)),
        Chore(WATCH_EVERY, guard.watch),
        Chore(TIDY_EVERY, TidyService(core, settings.guard_attempts_kept).tidy),
    )
    worker = Worker(deliveries, SweepService(core), doorbell, chores, tally.add)
    core.policies.follow(lambda policy: worker.adopt(under(core, settings, policy)))
    _follow_senders(worker, carriers, SenderGateways(settings, sys.stdout, *tellers), core)
    watched = watch(core.policies, core.senders)
    on_stop(worker.stop, signals=signals)
    begin()
    try:
        worker.run()
    finally:
        doorbell.close()
        watched.set()
        core.database.close()


def _follow_senders(
    worker: Worker, carriers: Mapping[Channel, FailoverProvider], gateways: SenderGateways, core: Core
) -> None:
    """Have a worker carry by the senders that are stored, as long as there are any."""

    def carry_by(stored: tuple[StoredSender, ...]) -> None:
        # Those of the environment are kept meanwhile: what is known of their circuits stays.
        carrier = gateways.carrier_of(stored, core.keys) if stored else carriers[Channel.SMS]
        worker.carry_by({**carriers, Channel.SMS: carrier})

    carry_by(core.senders.value)
    core.senders.follow(carry_by)


def _tellers(metrics: Metrics, calls: ProviderTally) -> tuple[OnCall, OnCircuit]:
    """Tell both of each call and each circuit: the metrics of this process, and the figures of all of them."""

    def called(provider: str, outcome: str, seconds: float) -> None:
        metrics.called(provider, outcome, seconds)
        calls.called(provider, outcome, seconds)

    def circuit(provider: str, state: Circuit) -> None:
        metrics.circuit(provider, state)
        calls.circuit(provider, state)

    return called, circuit
