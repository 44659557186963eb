"""/api/server/v1/statistics."""

from __future__ import annotations

from api.services.guarding import GuardService, Tally
from api.services.provider_health import ProviderHealthService, ProviderTally
from tests.factories.people import add_person

PATH = "/api/server/v1/statistics"
MOBILE = "+94712345678"


def test_figures_tell_what_became_of_codes(application):
    core = application.services.core
    person, waiting = add_person(application), add_person(application, "ann")
    person.send(p=MOBILE)
    code, tally = application.last_code(), Tally()
    tally.add(person.live())
    GuardService(core).record(tally, lambda: 0.5)
    person.validate(code)
    waiting.send(p="+94712345679")

    found = application.admin().get(f"{PATH}?span=week").get_json()

    assert [len(found["steps"]), found["span"]] == [7, "week"]
    assert found["steps"][-1] == {
        "at": "2026-11-22T00:00:00.000Z",
        "requested": 2,
        "sent": 1,
        "delivered": 0,
        "verified": 1,
        "expired": 0,
        "failed": 0,
    }
    assert found["countries"] == [{"country": "LK", "callingCode": 94, "sent": 1, "verified": 1}]
    (provider,) = found["providers"]
    assert (provider["name"], provider["accepted"], provider["circuit"]) == ("memory", 1, None)
    assert (found["queued"], found["oldestQueuedAt"]) == (2, "2026-11-22T09:00:00.000Z")


def test_figures_tell_how_providers_fare(application):
    tally = ProviderTally("w1")
    tally.circuit("twilio", "open")
    tally.called("twilio", "postponed", 0.2)
    service = ProviderHealthService(application.services.core)
    service.record(tally)
    service.record(tally)

    found = application.admin().get(PATH).get_json()

    assert found["providers"] == [
        {
            "name": "twilio",
            "circuit": "open",
            "since": "2026-11-22T09:00:00.000Z",
            "calls": {"postponed": 1},
            "averageMilliseconds": 200,
            "accepted": 0,
            "delivered": 0,
            "failed": 0,
        }
    ]


def test_a_worker_that_is_not_heard_of_says_nothing_of_a_circuit(application):
    tally = ProviderTally("w1")
    tally.circuit("twilio", "closed")
    ProviderHealthService(application.services.core).record(tally)
    application.clock.move(minutes=4)

    assert application.admin().get(PATH).get_json()["providers"] == []


def test_an_unknown_span_is_refused(application):
    answer = application.admin().get(f"{PATH}?span=year")

    assert (answer.status_code, answer.get_json()["description"]) == (400, "Missing or faulty: span.")
