"""/metrics tells what happened through the interface, and what the database says."""

from __future__ import annotations

import re

import pytest

from api.auth.scopes import ALL_SCOPES, Scope
from tests.factories.application import make_application
from tests.factories.people import ANN, BEN, CAT, DAN, add_person, privileged, wrong
from tests.factories.servers import free_port

TOKEN = "scrapers-token"
SAMPLE = re.compile(r"^(lineproof_\w+)(?:\{(.*)\})? (\S+)$")


def scraped(application):
    """Return the samples of a scrape: values by name, or by name and labels."""
    answer = application.admin().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    matches = (SAMPLE.match(line) for line in answer.get_data(as_text=True).splitlines())
    return {match[1] + (f"{{{match[2]}}}" if match[2] else ""): float(match[3]) for match in matches if match}


def outcomes(application):
    """Return the outcomes of verifications that have happened."""
    prefix = 'lineproof_verifications_total{outcome="'
    return {
        name.removeprefix(prefix).rstrip('"}'): value
        for name, value in scraped(application).items()
        if name.startswith(prefix) and value
    }


def test_requests_are_told_by_route(application, bob):
    before = scraped(application)
    bob.show()
    bob.show()
    application.admin().get("/scim2/Users/nobody")

    after = scraped(application)

    seen = 'lineproof_http_requests_total{method="GET",route="/scim2/Users/<resource_id>",status="%s"}'
    assert after[seen % 200] - before.get(seen % 200, 0) == 2
    assert after[seen % 404] - before.get(seen % 404, 0) == 1


def test_a_metric_names_no_user_and_no_number(application, bob):
    bob.send(p=DAN)
    application.admin().get(f'/scim2/Users?filter=phoneNumbers.value eq "{DAN}"')
    application.admin().get(f"/scim2/{DAN}")

    text = application.admin().get("/metrics").get_data(as_text=True)

    assert bob.id not in text
    assert DAN not in text


def test_a_proved_number_is_requested_and_approved(application, bob):
    bob.send(p=DAN)
    assert bob.validate(application.last_code()).status_code == 200

    assert outcomes(application) == {"requested": 1, "approved": 1}


def test_wrong_codes_and_their_limit_are_told(start):
    application = start(otp_max_attempts="2", otp_max_wrong_per_day="2")
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()
    for _ in range(2):
        bob.validate(wrong(code))
    assert bob.validate(code).status_code == 429

    assert outcomes(application) == {"requested": 1, "wrong": 2, "exhausted": 1, "limited": 1}


def test_guesses_that_hit_nobody_are_told(application, bob):
    assert privileged(application, "000000").status_code == 400

    assert outcomes(application) == {"wrong": 1}


def test_a_late_code_is_told(application, bob):
    bob.send(p=DAN)
    code = application.last_code()
    application.clock.move(seconds=301)
    bob.validate(code)

    assert outcomes(application) == {"requested": 1, "code_expired": 1}


def test_what_ends_without_a_proof_is_told(application, bob):
    bob.send(p=DAN)
    bob.send(p="0166666666")
    bob.cancel()
    bob.send(p=DAN)
    application.clock.move(days=2)
    application.sweep()

    assert outcomes(application) == {"requested": 3, "superseded": 1, "canceled": 1, "expired": 1}


def test_a_second_code_is_told(application, bob):
    bob.send(p=DAN)
    application.clock.move(seconds=31)
    assert bob.resend().status_code == 201

    assert outcomes(application) == {"requested": 1, "resent": 1}


def test_what_is_refused_leaves_no_outcome(application, bob):
    assert bob.send(v=(ANN, BEN, CAT, DAN)).status_code == 400

    assert outcomes(application) == {}


def test_the_outbox_tells_how_full_it_is_and_how_old(application, bob):
    bob.send(p=DAN)
    application.clock.move(seconds=7)

    waiting = scraped(application)
    application.deliver()
    empty = scraped(application)

    assert (waiting["lineproof_outbox_queued"], waiting["lineproof_outbox_oldest_seconds"]) == (1, 7)
    assert (empty["lineproof_outbox_queued"], empty["lineproof_outbox_oldest_seconds"]) == (0, 0)
    assert empty["lineproof_database_up"] == 1


def test_messages_that_go_nowhere_are_told(application, bob):
    bob.send(p=DAN)
    bob.cancel()
    bob.send(p=DAN)
    application.clock.move(seconds=301)
    application.deliver()

    found = scraped(application)

    assert found['lineproof_deliveries_total{outcome="dropped",provider="none"}'] == 1
    assert found['lineproof_deliveries_total{outcome="expired",provider="none"}'] == 1


def test_a_worker_is_up_while_it_turns(application):
    assert "lineproof_worker_up" not in scraped(application)

    application.services.metrics.worked(application.clock.now())

    assert scraped(application)["lineproof_worker_up"] == 1
    application.clock.move(seconds=16)
    assert scraped(application)["lineproof_worker_up"] == 0


def test_the_version_is_told(application):
    assert any(re.fullmatch(r'lineproof_build_info\{version="\d.*"\}', name) for name in scraped(application))


def test_without_a_database_the_counters_are_told_all_the_same(tmp_path, keys):
    nowhere = f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/nowhere"
    application = make_application(nowhere, tmp_path, metrics_token=TOKEN, **keys)

    answer = application.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert "lineproof_database_up 0.0\n" in answer.get_data(as_text=True)
    assert "lineproof_outbox_queued" not in answer.get_data(as_text=True)
    application.services.core.database.close()


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        pytest.param(frozenset({Scope.GOVERNANCE_VIEW}), 200, id="the scope"),
        pytest.param(ALL_SCOPES - {Scope.GOVERNANCE_VIEW}, 403, id="every other"),
    ],
)
def test_a_token_needs_the_scope(application, scopes, status):
    headers = {"Authorization": f"Bearer {application.client_token(scopes)}"}

    assert application.app.test_client().get("/metrics", headers=headers).status_code == status


def test_without_a_token_there_are_no_metrics(start):
    for application in (start(), start(metrics_token=TOKEN)):
        assert application.app.test_client().get("/metrics").status_code == 401


def test_the_scrapers_token_opens_the_metrics_and_nothing_else(start):
    client = start(metrics_token=TOKEN).app.test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}

    assert client.get("/metrics", headers=headers).status_code == 200
    assert client.get("/scim2/Users", headers=headers).status_code == 401
    assert client.post("/metrics", headers=headers).status_code == 404
