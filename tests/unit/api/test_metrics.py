"""What is counted, and under which names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.metrics import LAST_TURN, Metrics
from tests.factories.stored import new_event
from verification.errors import AmbiguousCode, CodeExpired, CodeInvalid, Limit, LimitReached

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def metrics():
    return Metrics()


def outcomes(metrics):
    """Return the outcomes of verifications that have been counted."""
    samples = [sample for metric in metrics.registry.collect() for sample in metric.samples]
    return {
        sample.labels["outcome"]: sample.value
        for sample in samples
        if sample.name == "lineproof_verifications_total" and sample.value
    }


def value(metrics, name, **labels):
    return metrics.registry.get_sample_value(name, labels)


def test_requests_are_counted_and_timed(metrics):
    for seconds in (0.002, 0.2):
        metrics.requested("/scim2/Users/<id>", "GET", 200, seconds)
    metrics.requested("/scim2/Users/<id>", "GET", 404, 0.001)

    route = {"route": "/scim2/Users/<id>", "method": "GET"}
    assert value(metrics, "lineproof_http_requests_total", **route, status="200") == 2
    assert value(metrics, "lineproof_http_requests_total", **route, status="404") == 1
    assert value(metrics, "lineproof_http_request_duration_seconds_count", **route) == 3
    assert value(metrics, "lineproof_http_request_duration_seconds_bucket", **route, le="0.01") == 2


@pytest.mark.parametrize(
    ("event", "status", "expected"),
    [
        ("verification.requested", "pending", "requested"),
        ("verification.resent", "pending", "resent"),
        ("verification.approved", "approved", "approved"),
        ("verification.ended", "superseded", "superseded"),
        ("verification.ended", "canceled", "canceled"),
        ("verification.ended", "expired", "expired"),
        ("verification.ended", "exhausted", "exhausted"),
    ],
)
def test_what_became_of_a_verification_is_counted(metrics, event, status, expected):
    metrics.recorded([new_event(event=event, detail={"status": status})])

    assert outcomes(metrics) == {expected: 1}


@pytest.mark.parametrize("event", ["verification.checked", "resource.changed", "user.phone_changed"])
def test_other_deeds_are_not_counted_as_verifications(metrics, event):
    metrics.recorded([new_event(event=event, detail={"status": "canceled"})])

    assert outcomes(metrics) == {}


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (CodeInvalid(), {"wrong": 1}),
        (CodeExpired(), {"code_expired": 1}),
        (LimitReached(Limit.DAILY, 60), {"limited": 1}),
        (AmbiguousCode(), {}),
    ],
    ids=["wrong", "late", "limited", "none of these"],
)
def test_refused_checks_are_counted(metrics, refusal, expected):
    metrics.refused(refusal)

    assert outcomes(metrics) == expected


def test_an_outcome_is_there_before_it_happens_first(metrics):
    """An alarm on a rate would miss the first one otherwise."""
    assert value(metrics, "lineproof_verifications_total", outcome="wrong") == 0


def test_deliveries_are_counted_by_provider_and_outcome(metrics):
    metrics.called("twilio", "postponed", 2.0)
    metrics.called("vonage", "accepted", 0.1)
    metrics.spared("expired")

    assert value(metrics, "lineproof_deliveries_total", provider="twilio", outcome="postponed") == 1
    assert value(metrics, "lineproof_deliveries_total", provider="vonage", outcome="accepted") == 1
    assert value(metrics, "lineproof_deliveries_total", provider="none", outcome="expired") == 1
    assert value(metrics, "lineproof_delivery_duration_seconds_sum", provider="twilio") == 2.0


def test_a_process_that_delivers_tells_which_circuits_are_open(metrics):
    assert value(metrics, "lineproof_provider_circuit_open", provider="twilio") is None

    metrics.circuit("twilio", "open")
    metrics.circuit("vonage", "closed")

    assert value(metrics, "lineproof_provider_circuit_open", provider="twilio") == 1
    assert value(metrics, "lineproof_provider_circuit_open", provider="vonage") == 0


def test_only_a_process_that_delivers_tells_when_it_did(metrics):
    assert value(metrics, LAST_TURN) is None

    metrics.worked(NOW)
    metrics.worked(NOW.replace(minute=1))

    assert value(metrics, LAST_TURN) == NOW.replace(minute=1).timestamp()
