"""What is never told: codes and tokens anywhere, whole numbers in logs, errors and the audit trail."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from structlog.testing import capture_logs

from persistence.tables import audit_events, metadata
from tests.factories.people import CODES, ON_UPDATE, add_person, privileged, scenario

OLD, NEW, OTHER, LISTED, BAD = "0711111101", "0722222202", "0733333303", "0744444404", "07555555550755555555"
NUMBERS = (OLD, NEW, OTHER, LISTED, BAD)


@pytest.fixture
def bob(start):
    """Add bob where codes are eight letters and digits: no such text stands anywhere by chance."""
    return add_person(start(otp_alphabet="alphanumeric", otp_length="8", otp_resend_cooldown="0"), p=OLD, v=(OLD,))


def _code(user):
    core = user.application.services.core
    return user.live().code(core.keys, core.policy.otp)


def _flow(bob):
    """Walk through everything that has to do with codes; return the codes made and the errors answered."""
    made, answers = [], []

    def note(*responses):
        made.append(_code(bob))
        answers.extend(responses)

    admin = bob.application.admin()
    bob.send(p=NEW)
    note(bob.validate("wrong"), bob.validate(NEW), privileged(bob.application, "wrong", "bob"))
    bob.application.deliver()
    bob.resend()
    note(bob.resend("nothing"), bob.validate(made[0]), privileged(bob.application, made[0]))
    bob.application.clock.move(minutes=6)
    answers.append(bob.validate(made[1]))
    bob.send(p=NEW)
    note()
    assert bob.validate(made[2]).status_code == 200
    answers.append(bob.validate(made[2]))
    bob.send(v=[OLD, NEW, LISTED])
    note(
        bob.send(v=[OTHER, BAD[:10]]), bob.send(p=BAD), admin.get(f'/scim2/Users?filter=phoneNumbers.value is "{NEW}"')
    )
    bob.send(p=OTHER, by=admin)
    note(privileged(bob.application, "wrong"))
    assert privileged(bob.application, made[4]).status_code == 200
    bob.send(p="0766666606")
    note(bob.caller.post(f"{CODES}/me/validate-code", {"code": [made[0]], "number": NEW}))
    answers.extend(bob.validate("wrong") for _ in range(5))
    bob.send(p="0777777707")
    note(admin.post("/scim2/Users", {"userName": "bob", "phoneNumbers": [{"value": NEW, "type": "mobile"}]}))
    admin.replace(bob.path, {"active": False})
    bob.application.clock.move(seconds=1)
    answers.append(bob.caller.get("/scim2/Me"))
    return made, answers


def _everything_stored(application):
    url = application.services.settings.database_url
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [str(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    assert len(rows) > 20
    files = Path(application.services.settings.data_dir).glob("lineproof.db*")
    return "\n".join(rows).encode() + b"".join(path.read_bytes() for path in files)


def test_codes_and_tokens_are_told_nowhere(bob, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        made, answers = _flow(bob)

    told = json.dumps(logs, default=str) + caplog.text + "".join(capfd.readouterr())
    told += "".join(answer.get_data(as_text=True) + str(answer.headers) for answer in answers)
    told_bytes = told.encode() + _everything_stored(bob.application)
    assert len(set(made)) == len(made) == 7
    assert [answer.status_code < 500 for answer in answers] == [True] * len(answers)
    for secret in (*made, bob.caller.token, bob.caller.token.split(".")[2]):
        assert secret.encode() not in told_bytes


def test_whole_numbers_stand_in_no_log_no_error_and_no_audit_event(bob, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        _, answers = _flow(bob)

    told = json.dumps(logs, default=str) + caplog.text + "".join(capfd.readouterr())
    told += "".join(answer.get_data(as_text=True) for answer in answers if answer.status_code >= 400)
    told += _audit_trail(bob.application)
    for number in NUMBERS:
        assert number not in told


def _audit_trail(application):
    engine = create_engine(application.services.settings.database_url)
    with engine.connect() as connection:
        events = connection.execute(select(audit_events)).all()
    engine.dispose()
    assert {
        "verification.requested",
        "verification.resent",
        "verification.checked",
        "verification.approved",
        "verification.ended",
        "user.phone_changed",
        "user.numbers_asserted",
        "resource.created",
        "resource.changed",
    } <= {event.event for event in events}
    return "\n".join(str(event) for event in events)


def test_what_nobody_has_foreseen_tells_nothing(bob):
    """The database is taken away in the middle: the caller gets a trace id, the log a place in the code."""
    bob.send(p=NEW)
    code = _code(bob)
    engine = create_engine(bob.application.services.settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE verifications RENAME TO gone")

    with capture_logs() as logs:
        checked = bob.validate(code)
        changed = bob.send(p=OTHER)
        resent = bob.caller.post(f"{CODES}/me/resend-code", scenario(ON_UPDATE))

    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO verifications")
    engine.dispose()
    answers = (checked, changed, resent)
    told = json.dumps(logs, default=str) + "".join(answer.get_data(as_text=True) for answer in answers)
    assert [answer.status_code for answer in answers] == [500, 500, 500]
    assert checked.get_json()["traceId"] == logs[0]["request_id"]
    assert changed.headers["Content-Type"] == "application/scim+json"
    assert {entry["event"] for entry in logs} == {"unexpected error"}
    assert "Traceback" not in told
    for secret in (code, OTHER, NEW, bob.caller.token):
        assert secret not in told
    assert bob.validate(code).status_code == 200
