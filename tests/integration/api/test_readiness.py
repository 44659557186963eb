"""/healthz tells that the process lives, /readyz that database, schema and delivery do their work."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.factories.application import make_application
from tests.factories.people import DAN, EVE, add_person
from tests.factories.servers import free_port
from verification.delivery import LEASE


def readiness(application):
    answer = application.app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


def ready(**checks: bool):
    found = {"database": True, "schema": True, "delivery": True, "senders": True, **checks}
    is_ready = all(found.values())
    return (200 if is_ready else 503), {"status": "ok" if is_ready else "unavailable", "checks": found}


def test_a_service_with_nothing_to_send_is_ready(application):
    assert readiness(application) == ready()


def test_a_message_may_wait_for_a_minute(application, bob):
    bob.send(p=DAN)

    application.clock.move(seconds=60)

    assert readiness(application) == ready()


def test_a_message_that_nobody_takes_for_longer_means_that_codes_do_not_leave(application, bob):
    bob.send(p=DAN)

    application.clock.move(seconds=61)

    assert readiness(application) == ready(delivery=False)
    application.deliver()
    assert readiness(application) == ready()


def test_a_worker_that_is_behind_is_at_work(application, bob):
    bob.send(p=DAN)
    add_person(application, "late").send(p=EVE)
    application.clock.move(seconds=61)
    core, now = application.services.core, application.clock.now()

    core.database.transact(lambda unit: unit.deliveries.claim(now, "token", LEASE, 1))

    assert readiness(application) == ready()
    application.clock.move(seconds=LEASE.total_seconds())
    assert readiness(application) == ready(delivery=False)


def test_a_schema_of_another_version_is_not_ready(sqlite_url, tmp_path, keys):
    with closing(sqlite3.connect(tmp_path / "lineproof.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.commit()
    application = make_application(sqlite_url, tmp_path, **keys)

    assert readiness(application) == ready(schema=False, delivery=False)
    application.services.core.database.close()


def test_without_a_database_the_process_lives_and_is_not_ready(tmp_path, keys):
    nowhere = f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/nowhere"
    application = make_application(nowhere, tmp_path, **keys)

    assert readiness(application) == ready(database=False, schema=False, delivery=False)
    assert application.app.test_client().get("/healthz").status_code == 200
    application.services.core.database.close()
