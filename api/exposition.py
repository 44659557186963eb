"""What a scrape of Prometheus is answered: the counters of all processes, and what the database says."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import MutexValue, ValueClass

from api.metrics import LAST_TURN
from persistence.errors import PersistenceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Metric

    from api.metrics import Metrics
    from api.services.core import Core

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ALIVE_WITHIN = 15.0
"""Seconds: a worker turns twice a second, and waits for a database that does not answer for ten."""


class Exposition(Collector):
    """All metrics of a service."""

    def __init__(self, metrics: Metrics, core: Core) -> None:
        self._core = core
        self._counters: Collector = metrics.registry
        if ValueClass is not MutexValue:
            # This process counts in files, beside others.
            self._counters = MultiProcessCollector(CollectorRegistry())  # type: ignore[no-untyped-call]  # not annotated

    def text(self) -> bytes:
        """Return the metrics in the text format of Prometheus."""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        counted = list(self._counters.collect())
        yield from counted
        yield from self._worker(counted)
        yield from self._outbox()
        build = GaugeMetricFamily("lineproof_build_info", "The version that runs.", labels=("version",))
        build.add_metric((_version(),), 1)
        yield build

    def _worker(self, counted: Iterable[Metric]) -> Iterator[Metric]:
        turns = [sample.value for metric in counted if metric.name == LAST_TURN for sample in metric.samples]
        if turns:
            is_up = self._core.clock.now().timestamp() - max(turns) <= ALIVE_WITHIN
            yield GaugeMetricFamily("lineproof_worker_up", "Whether the delivery worker is at work.", float(is_up))

    def _outbox(self) -> Iterator[Metric]:
        try:
            self._core.database.ping()
            queued, oldest = self._core.database.read(lambda unit: unit.deliveries.count_queued())
        except PersistenceError:
            yield GaugeMetricFamily("lineproof_database_up", "Whether the database answers.", 0)
            return
        age = (self._core.clock.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("lineproof_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("lineproof_outbox_queued", "Messages that wait, or wait for a retry.", queued)
        yield GaugeMetricFamily("lineproof_outbox_oldest_seconds", "How long the oldest of them has waited.", age)


@cache
def _version() -> str:
    return version("lineproof")
