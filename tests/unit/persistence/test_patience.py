"""How often work is tried, and when its caller is told that it cannot be done."""

from __future__ import annotations

import pytest

from persistence.errors import ConnectionLost, DatabaseUnavailable, StaleVersion, WriteConflict
from persistence.patience import Patience


class Time:
    """Passes when somebody sleeps."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def now(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += seconds


class Attempt:
    """Fails so many times."""

    def __init__(self, error: type[Exception], failures: int = 1_000_000) -> None:
        self.tries = 0
        self._error = error
        self._failures = failures

    def __call__(self) -> str:
        self.tries += 1
        if self.tries <= self._failures:
            raise self._error
        return "done"


class Outage(Attempt):
    """Breaks the connection at once, and after a while says that the database is not there."""

    def __init__(self, time: Time, seconds: float) -> None:
        super().__init__(ConnectionLost)
        self._over_at = time.now() + seconds
        self._time = time

    def __call__(self) -> str:
        if self._time.now() >= self._over_at:
            raise DatabaseUnavailable
        return super().__call__()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def patience(time):
    return Patience(10, time.now, time.sleep)


@pytest.mark.parametrize("error", [WriteConflict, ConnectionLost])
def test_what_was_undone_is_tried_until_it_succeeds(patience, error):
    attempt = Attempt(error, 3)

    assert patience.insist(attempt) == "done"
    assert attempt.tries == 4


@pytest.mark.parametrize("error", [DatabaseUnavailable, StaleVersion, LookupError])
def test_other_errors_are_not_tried_again(patience, error):
    attempt = Attempt(error)

    with pytest.raises(error):
        patience.insist(attempt)

    assert attempt.tries == 1


@pytest.mark.parametrize(("error", "told"), [(WriteConflict, DatabaseUnavailable), (ConnectionLost, ConnectionLost)])
def test_at_the_end_of_patience_the_caller_is_told(patience, time, error, told):
    attempt = Attempt(error)

    with pytest.raises(told):
        patience.insist(attempt)

    assert attempt.tries > 10
    assert 1008 < time.now() <= 1010


@pytest.mark.parametrize("error", [WriteConflict, ConnectionLost])
def test_the_pauses_grow_up_to_a_second(time, error):
    pauses = []
    patience = Patience(10, time.now, lambda seconds: (pauses.append(seconds), time.sleep(seconds)))

    patience.insist(Attempt(error, 12))

    assert 0.005 <= pauses[0] <= 0.01
    assert all(0.5 <= pause <= 1 for pause in pauses[7:])


def test_a_broken_connection_is_tried_once_more_without_any_patience(time):
    assert Patience(0, time.now, time.sleep).insist(Attempt(ConnectionLost, 1)) == "done"


def test_who_comes_later_in_an_outage_waits_for_less(patience, time):
    with pytest.raises(DatabaseUnavailable):
        patience.insist(Outage(time, 3))
    began = time.now()

    with pytest.raises(ConnectionLost):
        patience.insist(Attempt(ConnectionLost))

    assert 5 < time.now() - began <= 7


def test_after_a_long_outage_nobody_waits(patience, time):
    with pytest.raises(ConnectionLost):
        patience.insist(Attempt(ConnectionLost))
    time.sleep(60)
    late = Attempt(ConnectionLost)

    with pytest.raises(ConnectionLost):
        patience.insist(late)

    assert late.tries == 2


def test_a_success_is_the_end_of_an_outage(patience):
    with pytest.raises(ConnectionLost):
        patience.insist(Attempt(ConnectionLost))
    patience.insist(Attempt(ConnectionLost, 1))

    assert patience.insist(Attempt(ConnectionLost, 8)) == "done"


def test_a_conflict_is_no_outage(patience):
    with pytest.raises(DatabaseUnavailable):
        patience.insist(Attempt(WriteConflict))

    assert patience.insist(Attempt(ConnectionLost, 8)) == "done"
