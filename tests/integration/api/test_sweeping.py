"""What the worker ends by itself, and what it says of it."""

from __future__ import annotations

import pytest

from verification.verifications import Status


@pytest.fixture
def live(application):
    user_id = application.add_verified_user("eve")
    application.user(user_id).set_mobile("/scim2/Me", "0123456789")
    (found,) = application.services.core.database.read(lambda unit: unit.verifications.list_live(user_id))
    return found


def status(application, verification):
    found = application.services.core.database.read(lambda unit: unit.verifications.lookup(verification.id))
    return found.status


def test_what_has_waited_too_long_expires(application, live):
    application.clock.move(days=1)

    assert application.sweep() == 1
    assert status(application, live) is Status.EXPIRED


def test_used_up_attempts_that_a_dead_process_left_behind_are_exhausted(application, live):
    database = application.services.core.database
    for _ in range(5):
        database.transact(lambda unit: unit.verifications.count_attempt(live.id, 5))

    assert application.sweep() == 1
    assert status(application, live) is Status.EXHAUSTED


def test_what_may_still_be_proved_is_left_alone(application, live):
    application.clock.move(hours=23)

    assert application.sweep() == 0
    assert status(application, live) is Status.PENDING
