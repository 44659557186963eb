"""What this process counts for Prometheus.

Several processes serve one address, and a scrape asks one of them. So `lineproof serve` has them count in files that
all of them read (`PROMETHEUS_MULTIPROC_DIR`, which the client library reads when it is imported); a process alone
counts in its own memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from api.services.trail import Deed
from verification.errors import CodeExpired, CodeInvalid, Limit, LimitReached
from verification.guard import Reason
from verification.verifications import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from persistence.audit import AuditEvent
    from verification.errors import VerificationError

LAST_TURN = "lineproof_worker_last_turn_timestamp_seconds"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
NO_PROVIDER = "none"
CLOSED = "closed"
"""The state of a circuit that is as it should be."""

_DEEDS: Mapping[str, str] = {
    Deed.VERIFICATION_REQUESTED: "requested",
    Deed.VERIFICATION_RESENT: "resent",
    Deed.VERIFICATION_APPROVED: "approved",
}
_ENDS = (Status.SUPERSEDED, Status.CANCELED, Status.EXPIRED, Status.EXHAUSTED)
_REFUSALS: Mapping[type[VerificationError], str] = {
    CodeInvalid: "wrong",
    CodeExpired: "code_expired",
    LimitReached: "limited",
}
_WITHHELD = (*(limit for limit in Limit if limit not in {Limit.DAILY, Limit.ATTEMPTS}), *Reason)


class Metrics:
    """The counters of one process; an Observer of its use cases."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "lineproof_http_requests",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "lineproof_http_request_duration_seconds",
            "Time from the first look at a request to its answer.",
            ("route", "method"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._verifications = Counter(
            "lineproof_verifications",
            "What became of verifications, and of the codes submitted.",
            ("outcome",),
            registry=self.registry,
        )
        self._withheld = Counter(
            "lineproof_codes_withheld",
            "Codes that were asked for and not sent, by the limit or the rule that stood against them.",
            ("reason",),
            registry=self.registry,
        )
        self._monitored = Counter(
            "lineproof_codes_monitored",
            "Codes that were let pass to a country that is watched.",
            ("country",),
            registry=self.registry,
        )
        self._deliveries = Counter(
            "lineproof_deliveries",
            "Messages handed to a provider, by outcome; provider none where none was asked.",
            ("provider", "outcome"),
            registry=self.registry,
        )
        self._delivery_seconds = Histogram(
            "lineproof_delivery_duration_seconds",
            "Time of a call of a provider.",
            ("provider",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._receipts = Counter(
            "lineproof_receipts",
            "What gateways report of messages they accepted, by provider: delivered or failed.",
            ("provider", "outcome"),
            registry=self.registry,
        )
        self._circuits: Gauge | None = None
        self._last_turn: Gauge | None = None
        self._of_request: dict[tuple[str, str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}
        # An alarm on a rate needs the zero before the first one.
        self._outcomes = {
            outcome: self._verifications.labels(outcome) for outcome in (*_DEEDS.values(), *_ENDS, *_REFUSALS.values())
        }
        for reason in _WITHHELD:
            self._withheld.labels(reason)

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        key = (route, method, status)
        counters = self._of_request.get(key)
        if counters is None:
            # To find a child by its labels takes longer than to count.
            counters = self._of_request[key] = (
                self._requests.labels(route, method, str(status)).inc,
                self._request_seconds.labels(route, method).observe,
            )
        count, observe = counters
        count()
        observe(seconds)

    def recorded(self, events: Sequence[AuditEvent]) -> None:
        """Count what became of verifications."""
        for event in events:
            ended_as = event.detail.get("status") if event.event == Deed.VERIFICATION_ENDED else None
            outcome = _DEEDS.get(event.event, ended_as)
            if outcome in self._outcomes:
                self._outcomes[outcome].inc()

    def refused(self, refusal: VerificationError) -> None:
        """Count a check that did not prove anything."""
        outcome = _REFUSALS.get(type(refusal))
        if outcome is not None:
            self._outcomes[outcome].inc()

    def withheld(self, reason: str) -> None:
        """Count a code that was not sent."""
        self._withheld.labels(reason).inc()

    def monitored(self, reason: str) -> None:
        """Count a code that was let pass and noted."""
        self._monitored.labels(reason).inc()

    def called(self, provider: str, outcome: str, seconds: float) -> None:
        """Count a call of a provider."""
        self._deliveries.labels(provider, outcome).inc()
        self._delivery_seconds.labels(provider).observe(seconds)

    def reported(self, provider: str, outcome: str) -> None:
        """Count a receipt."""
        self._receipts.labels(provider, outcome).inc()

    def circuit(self, provider: str, state: str) -> None:
        """Note whether a provider is asked in its turn; only a process that delivers has this metric."""
        if self._circuits is None:
            self._circuits = Gauge(
                "lineproof_provider_circuit_open",
                "Whether the circuit of a provider is open, so that the others are asked first.",
                ("provider",),
                registry=self.registry,
                multiprocess_mode="mostrecent",
            )
        self._circuits.labels(provider).set(0 if state == CLOSED else 1)

    def spared(self, reason: str) -> None:
        """Count a message that was handed to no provider."""
        self._deliveries.labels(NO_PROVIDER, reason).inc()

    def worked(self, at: datetime) -> None:
        """Note the moment; only a process that delivers has this metric."""
        if self._last_turn is None:
            self._last_turn = Gauge(
                LAST_TURN,
                "When the delivery worker was last seen at work.",
                registry=self.registry,
                multiprocess_mode="max",
            )
        self._last_turn.set(at.timestamp())
