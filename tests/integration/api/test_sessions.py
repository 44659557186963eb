"""Who is signed in stays so until the session ends, and no longer."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.services.callers import Caller
from persistence.migrations.alembic_runner import connected

AT_ONCE = 100


@pytest.fixture
def sessions(application):
    return application.services.sessions


@pytest.fixture
def bob_id(application):
    return application.add_user("bob")


@pytest.fixture
def begin(application, sessions, bob_id):
    """Sign bob in, a moment later each time."""

    def sign_in(user_id=bob_id, **how):
        application.clock.move(seconds=1)
        caller = Caller(user_id, user_id, "request-1", "192.0.2.1")
        return sessions.begin(
            user_id, caller=caller, at=application.clock.now(), **{"amr": ("pwd", "sms", "mfa"), "acr": "aal2", **how}
        )

    return sign_in


def own(user_id):
    return Caller(user_id, user_id, "request-2")


def events(application, user_id):
    trail = application.services.core.database.read(
        lambda unit: unit.audit.list(application.clock.now().replace(year=2999), subject_id=user_id)
    )
    return [event for event in trail if event.event.startswith("session.")]


def test_a_token_names_its_session(application, sessions, begin, bob_id):
    session = sessions.lookup(begin())

    assert (session.user_id, session.amr, session.acr) == (bob_id, ("pwd", "sms", "mfa"), "aal2")
    assert session.authenticated_at == application.clock.now()
    assert session.ip == "192.0.2.1"


def test_of_what_a_browser_calls_itself_two_names_are_kept(sessions, application, bob_id):
    told = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
    caller = Caller(bob_id, bob_id, "request-1", "192.0.2.1", told)

    session = sessions.lookup(sessions.begin(bob_id, amr=(), acr="aal1", caller=caller, at=application.clock.now()))

    assert (session.browser, session.system) == ("Firefox", "Windows")
    with connected(application.services.core.database.url) as connection:
        (row,) = connection.execute(text("SELECT * FROM browser_sessions")).all()
    assert "Gecko" not in str(row)


@pytest.mark.parametrize("token", ["", "unknown", "\ud800"])
def test_any_other_token_names_none(sessions, begin, token):
    begin()

    assert sessions.lookup(token) is None


def test_the_database_holds_no_token(application, begin):
    token = begin()

    with connected(application.services.core.database.url) as connection:
        (row,) = connection.execute(text("SELECT * FROM browser_sessions")).all()

    assert token not in str(row)


def test_a_session_ends_when_its_time_is_over(start):
    application = start(session_lifetime="7200", session_idle="0")
    token = application.services.sessions.begin(
        application.add_user("bob"), amr=("pwd",), acr="aal1", caller=own("x"), at=application.clock.now()
    )
    application.clock.move(seconds=7199)
    before = application.services.sessions.lookup(token)
    application.clock.move(seconds=1)

    assert before is not None
    assert application.services.sessions.lookup(token) is None


def test_a_session_ends_when_it_is_idle_and_not_while_it_is_used(application, sessions, begin):
    token = begin()
    for _ in range(3):
        application.clock.move(minutes=59)
        assert sessions.lookup(token) is not None

    application.clock.move(minutes=60)

    assert sessions.lookup(token) is None


def test_tokens_that_are_revoked_take_the_sessions_along(application, sessions, begin, bob_id):
    token = begin()
    at = application.clock.now()
    application.services.core.database.transact(lambda unit: unit.revocations.add(bob_id, at, at))

    assert sessions.lookup(token) is None
    assert sessions.list(bob_id) == ()
    assert sessions.lookup(begin()) is not None


def test_who_is_deactivated_is_signed_out(application, sessions, begin, bob_id):
    token = begin()

    application.admin().replace(f"/scim2/Users/{bob_id}", {"active": False})

    assert sessions.lookup(token) is None


def test_who_is_removed_is_signed_out(application, sessions, begin, bob_id):
    token = begin()

    application.admin().call("DELETE", f"/scim2/Users/{bob_id}")

    assert sessions.lookup(token) is None


def test_one_signs_out_of_one_browser(application, sessions, begin, bob_id):
    here, there = begin(), begin()

    assert sessions.end(sessions.lookup(here).id, user_id=bob_id, caller=own(bob_id))

    assert sessions.lookup(here) is None
    assert sessions.lookup(there) is not None
    assert sorted(event.event for event in events(application, bob_id)) == [
        "session.begun",
        "session.begun",
        "session.ended",
    ]


def test_nobody_ends_somebody_elses_session(application, sessions, begin):
    token, eve = begin(), application.add_user("eve")

    assert not sessions.end(sessions.lookup(token).id, user_id=eve, caller=own(eve))

    assert sessions.lookup(token) is not None
    assert events(application, eve) == []


def test_one_signs_out_of_all_other_browsers(sessions, begin, bob_id):
    here, _, _ = begin(), begin(), begin()
    kept = sessions.lookup(here)

    assert sessions.end_all(bob_id, caller=own(bob_id), but=kept.id) == 2
    assert sessions.list(bob_id) == (kept,)
    assert sessions.end_all(bob_id, caller=own(bob_id)) == 1
    assert sessions.end_all(bob_id, caller=own(bob_id)) == 0
    assert sessions.lookup(here) is None


def test_sessions_that_are_over_are_removed(application, begin):
    begin()
    database, now = application.services.core.database, application.clock.now()

    assert database.transact(lambda unit: unit.sessions.prune(now, AT_ONCE)) == 0
    application.clock.move(days=1)
    now = application.clock.now()
    assert database.transact(lambda unit: unit.sessions.prune(now, AT_ONCE)) == 1
