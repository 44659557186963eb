"""What a refusal means for the dispatcher."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from providers.faults import Reason, permanent, refusal_of_code, refusal_of_status, setup, temporary
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        pytest.param(temporary(Reason.THROTTLED), TemporaryDeliveryError, id="passes by itself"),
        pytest.param(setup(Reason.SENDER_REFUSED), TemporaryDeliveryError, id="may be mended"),
        pytest.param(permanent(Reason.OPTED_OUT), PermanentDeliveryError, id="stays"),
    ],
)
def test_a_fault_decides_the_kind_of_error(refusal, error):
    raised = refusal.error()

    assert type(raised) is error
    assert raised.reason == refusal.reason


def test_the_wish_of_the_gateway_travels_with_the_error():
    assert temporary(Reason.THROTTLED).error(retry_after=7).retry_after == 7


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_a_short_lower_case_phrase(reason):
    assert reason == reason.lower()
    assert len(reason) <= 32


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (301, permanent(Reason.REQUEST_REFUSED)),
        (302, permanent(Reason.REQUEST_REFUSED)),
        (307, permanent(Reason.REQUEST_REFUSED)),
        (400, permanent(Reason.REQUEST_REFUSED)),
        (401, permanent(Reason.CREDENTIALS_REFUSED)),
        (403, permanent(Reason.REQUEST_REFUSED)),
        (404, permanent(Reason.REQUEST_REFUSED)),
        (407, permanent(Reason.CREDENTIALS_REFUSED)),
        (408, temporary(Reason.TIMED_OUT)),
        (422, permanent(Reason.REQUEST_REFUSED)),
        (425, temporary(Reason.THROTTLED)),
        (429, temporary(Reason.THROTTLED)),
        (499, permanent(Reason.REQUEST_REFUSED)),
        (500, temporary(Reason.GATEWAY_UNAVAILABLE)),
        (503, temporary(Reason.GATEWAY_UNAVAILABLE)),
        (599, temporary(Reason.GATEWAY_UNAVAILABLE)),
    ],
)
def test_a_status_is_judged_by_its_class(status, expected):
    assert refusal_of_status(status) == expected


TABLE = {"7": permanent(Reason.NUMBER_BARRED)}


def test_a_known_code_is_looked_up_silently():
    with capture_logs() as logs:
        found = refusal_of_code("vonage", TABLE, "7", temporary(Reason.UNKNOWN))

    assert found == permanent(Reason.NUMBER_BARRED)
    assert logs == []


def test_an_unknown_code_is_loud():
    with capture_logs() as logs:
        found = refusal_of_code("vonage", TABLE, "99", temporary(Reason.UNKNOWN))

    assert found == temporary(Reason.UNKNOWN)
    assert logs == [{"event": "unknown gateway code", "log_level": "warning", "provider": "vonage", "code": "99"}]


@pytest.mark.parametrize("code", ["94711234567", "Your code is 493816", "", "-1"])
def test_what_is_no_code_is_not_logged(code):
    """A confused gateway may send back the number or the text."""
    with capture_logs() as logs:
        refusal_of_code("vonage", TABLE, code, temporary(Reason.UNKNOWN))

    assert [entry["code"] for entry in logs] == ["unreadable"]
