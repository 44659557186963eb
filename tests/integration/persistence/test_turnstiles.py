"""Writers of one SQLite file take turns, across threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from persistence.errors import WriteConflict
from persistence.turnstiles import Turnstile
from tests.factories.races import race
from tests.factories.stored import add_user, new_event

# Enters and leaves in a tight loop until it is ended; tells once that it has begun.
_GREEDY = """
import pathlib, sys
from persistence.turnstiles import Turnstile
turnstile = Turnstile(pathlib.Path(sys.argv[1]))
for turn in range(10**9):
    turnstile.enter()
    if not turn:
        print("in", flush=True)
    sum(range(1000))
    turnstile.leave()
"""

_STAYING = """
import pathlib, sys
from persistence.turnstiles import Turnstile
turnstile = Turnstile(pathlib.Path(sys.argv[1]))
turnstile.enter()
print("in", flush=True)
sys.stdin.read()
"""


def test_only_one_thread_is_in_at_a_time(tmp_path):
    turnstile, inside, most = Turnstile(tmp_path / "x.db"), [], []

    def act(number):
        for _ in range(50):
            turnstile.enter()
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)
            turnstile.leave()

    race(act, 6)

    assert set(most) == {1}
    assert len(most) == 300


def test_nobody_waits_for_long_while_others_come_back_at_once(tmp_path):
    """SQLite's own lock is polled for, with pauses of up to a tenth of a second, and seldom found free."""
    path = tmp_path / "x.db"
    turnstile, waits = Turnstile(path), []
    greedy = [subprocess.Popen([sys.executable, "-c", _GREEDY, str(path)], stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for process in greedy:
            assert process.stdout.readline() == b"in\n"
        for _ in range(200):
            began = time.monotonic()
            turnstile.enter()
            waits.append(time.monotonic() - began)
            turnstile.leave()
    finally:
        for process in greedy:
            process.kill()
            process.communicate()

    assert max(waits) < 1.0


def test_a_killed_process_leaves(tmp_path):
    path = tmp_path / "x.db"
    process = subprocess.Popen(
        [sys.executable, "-c", _STAYING, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"in\n"
    entered = threading.Event()
    waiting = threading.Thread(target=lambda: (Turnstile(path).enter(), entered.set()))
    waiting.start()

    assert not entered.wait(0.1)
    process.kill()
    process.communicate()

    assert entered.wait(10)
    waiting.join()


def test_the_turn_is_given_back_by_work_that_fails(sqlite):
    for _ in range(3):
        with pytest.raises(LookupError):
            sqlite.transact(lambda unit: (unit.limits.hold("x"), {}["missing"]))

    assert add_user(sqlite).version == 1


def test_a_writer_outside_of_the_queue_is_waited_for_and_then_a_conflict(sqlite):
    with sqlite._driver() as other:
        other.execute("BEGIN IMMEDIATE")
        with sqlite._driver() as driver:
            driver.execute("PRAGMA busy_timeout = 1")
            with pytest.raises(Exception, match="locked") as caught:
                sqlite._backend.begin(driver)
            driver.execute("PRAGMA busy_timeout = 5000")
        other.rollback()

    assert isinstance(sqlite._backend.translated(caught.value), WriteConflict)
    sqlite.transact(lambda unit: unit.audit.add(new_event()))
