"""Revocations are known within a second, and read no more often than needed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from api.auth.revocations import RevocationList, spared
from tests.factories.verification import MOMENT, FrozenClock

BEFORE = MOMENT - timedelta(seconds=1)
AFTER = MOMENT + timedelta(milliseconds=1)


class Rows:
    """A table of revocations that counts how often it is read."""

    def __init__(self, *rows):
        self.rows = list(rows)
        self.since = []

    def __call__(self, since):
        self.since.append(since)
        return [(*row, None)[:4] for row in self.rows if row[2] >= since]


@pytest.mark.parametrize(
    ("issued_at", "is_revoked"),
    [
        pytest.param(BEFORE, True, id="before"),
        pytest.param(MOMENT, True, id="at the moment"),
        pytest.param(AFTER, False, id="after"),
    ],
)
def test_tokens_are_good_only_after_the_revocation(issued_at, is_revoked):
    revocations = RevocationList(Rows(("bob", MOMENT, MOMENT)), FrozenClock())

    assert revocations.is_revoked(issued_at, "bob") is is_revoked


def test_a_token_is_spared_by_the_revocation_of_the_same_moment():
    revocations = RevocationList(Rows(("bob", MOMENT, MOMENT), (spared("mine"), MOMENT, MOMENT)), FrozenClock())

    assert not revocations.is_revoked(BEFORE, "bob", token_id="mine")
    assert revocations.is_revoked(BEFORE, "bob", token_id="other")
    assert revocations.is_revoked(BEFORE, "bob")


def test_a_later_revocation_spares_it_no_more():
    rows = Rows(("bob", AFTER, MOMENT), (spared("mine"), MOMENT, MOMENT))

    assert RevocationList(rows, FrozenClock()).is_revoked(BEFORE, "bob", token_id="mine")


def test_others_are_not_concerned():
    assert not RevocationList(Rows(("bob", MOMENT, MOMENT)), FrozenClock()).is_revoked(BEFORE, "ann")


def test_list_is_read_on_after_half_a_second():
    clock, rows = FrozenClock(), Rows()
    revocations = RevocationList(rows, clock)
    revocations.is_revoked(BEFORE, "bob")
    rows.rows.append(("bob", MOMENT, MOMENT))
    clock.advance(0.4)
    seen_too_early = revocations.is_revoked(BEFORE, "bob")
    clock.advance(0.1)

    assert not seen_too_early
    assert revocations.is_revoked(BEFORE, "bob")
    assert len(rows.since) == 2


def test_reading_on_goes_back_far_enough_for_rows_committed_late():
    clock, rows = FrozenClock(), Rows(("bob", MOMENT, MOMENT))
    revocations = RevocationList(rows, clock)
    revocations.is_revoked(BEFORE, "ann")
    rows.rows.append(("ann", BEFORE, BEFORE))
    clock.advance(1)

    assert revocations.is_revoked(BEFORE, "ann")
    assert rows.since[-1] == MOMENT - timedelta(seconds=60)


def test_earlier_row_does_not_undo_a_later_one():
    clock, rows = FrozenClock(), Rows(("bob", MOMENT, MOMENT))
    revocations = RevocationList(rows, clock)
    revocations.is_revoked(BEFORE, "bob")
    rows.rows = [("bob", BEFORE - timedelta(seconds=5), MOMENT)]
    clock.advance(1)

    assert revocations.is_revoked(BEFORE, "bob")


def test_failure_to_read_is_not_taken_for_an_empty_list():
    def fail(_since):
        raise ConnectionError

    with pytest.raises(ConnectionError):
        RevocationList(fail, FrozenClock()).is_revoked(BEFORE, "bob")


class Slow(Rows):
    """A table whose second reading waits until the test lets it go on."""

    def __init__(self, *rows):
        super().__init__(*rows)
        self.entered, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, since):
        found = super().__call__(since)
        if len(self.since) == 2:
            self.entered.set()
            assert self.may_go_on.wait(10)
        return found


def reading_on(seconds):
    """Start a second reading that hangs, `seconds` after the first; return all parts."""
    clock, rows = FrozenClock(), Slow(("bob", MOMENT, MOMENT))
    revocations = RevocationList(rows, clock)
    revocations.is_revoked(BEFORE, "bob")
    clock.advance(seconds)
    thread = threading.Thread(target=revocations.is_revoked, args=("bob", BEFORE))
    thread.start()
    assert rows.entered.wait(10)
    return revocations, rows, thread


def test_others_go_on_while_one_reads():
    revocations, rows, thread = reading_on(0.6)

    assert revocations.is_revoked(BEFORE, "bob")
    assert thread.is_alive()

    rows.may_go_on.set()
    thread.join()


def test_nobody_goes_on_with_a_stale_list():
    revocations, rows, thread = reading_on(1.0)
    answers = []
    other = threading.Thread(target=lambda: answers.append(revocations.is_revoked(BEFORE, "bob")))
    other.start()
    other.join(0.1)
    waited = other.is_alive()
    rows.may_go_on.set()
    other.join()
    thread.join()

    assert waited
    assert answers == [True]
    assert len(rows.since) == 2, "who waited does not read again"


def test_a_revocation_is_forgotten_when_none_of_its_tokens_is_left():
    clock = FrozenClock()
    rows = Rows(("token", MOMENT, MOMENT, MOMENT + timedelta(seconds=30)), ("bob", MOMENT, MOMENT))
    revocations = RevocationList(rows, clock)
    first = revocations.is_revoked(BEFORE, "token", "bob")
    rows.rows.clear()
    clock.advance(60)

    assert first
    assert not revocations.is_revoked(BEFORE, "token")
    assert revocations.is_revoked(BEFORE, "bob")


def test_a_revocation_that_is_to_stay_is_not_forgotten():
    clock = FrozenClock()
    rows = Rows(("bob", MOMENT, MOMENT, MOMENT + timedelta(seconds=30)), ("bob", MOMENT, MOMENT))
    revocations = RevocationList(rows, clock)
    revocations.is_revoked(BEFORE, "bob")
    rows.rows.clear()
    clock.advance(60)

    assert revocations.is_revoked(BEFORE, "bob")


def test_any_subject_of_a_token_may_be_revoked():
    revocations = RevocationList(Rows(("grant", MOMENT, MOMENT)), FrozenClock())

    assert revocations.is_revoked(BEFORE, "bob", None, "grant")
    assert not revocations.is_revoked(BEFORE, "bob", None)
