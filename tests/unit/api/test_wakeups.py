"""A knock wakes the delivery worker; without one it finds its work by polling."""

from __future__ import annotations

import threading

import pytest

from api.wakeups import Doorbell, Knocker


@pytest.fixture
def doorbell(tmp_path):
    bell = Doorbell(tmp_path)
    yield bell
    bell.close()


def _wait_in_thread(doorbell):
    waiting = threading.Thread(target=doorbell.wait, args=(60,))
    waiting.start()
    return waiting


def test_a_knock_wakes_who_waits(doorbell, tmp_path):
    waiting = _wait_in_thread(doorbell)

    Knocker(tmp_path).knock()

    waiting.join(10)
    assert not waiting.is_alive()


def test_knocks_that_came_before_wake_once(doorbell, tmp_path):
    for _ in range(3):
        Knocker(tmp_path).knock()
    doorbell.wait(60)
    waiting = _wait_in_thread(doorbell)

    waiting.join(0.05)

    assert waiting.is_alive()
    Knocker(tmp_path).knock()
    waiting.join(10)
    assert not waiting.is_alive()


def test_nobody_at_home_is_no_fault(tmp_path):
    Knocker(tmp_path).knock()

    assert list(tmp_path.iterdir()) == []


def test_more_knocks_than_fit_are_no_fault(doorbell, tmp_path):
    knocker = Knocker(tmp_path)

    for _ in range(2000):
        knocker.knock()

    doorbell.wait(60)
    assert doorbell is not None


def test_the_last_worker_to_start_has_the_bell(doorbell, tmp_path):
    later = Doorbell(tmp_path)
    waiting = _wait_in_thread(later)

    Knocker(tmp_path).knock()

    waiting.join(10)
    later.close()
    assert not waiting.is_alive()


def test_the_bell_is_for_its_owner_alone(doorbell, tmp_path):
    assert (tmp_path / "wake.sock").stat().st_mode & 0o777 == 0o600


def test_where_the_path_is_too_long_for_a_socket_work_is_found_by_polling(tmp_path):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    bell = Doorbell(deep)

    Knocker(deep).knock()
    bell.wait(0.001)
    bell.close()

    assert list(deep.iterdir()) == []


def test_the_bell_is_rung_from_inside(doorbell):
    waiting = _wait_in_thread(doorbell)

    doorbell.ring()

    waiting.join(10)
    assert not waiting.is_alive()
