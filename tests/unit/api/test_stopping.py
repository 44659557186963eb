"""Signals that ask to stop."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from api.stopping import BY_OPERATOR, BY_PARENT, leave, on_stop


@pytest.fixture(autouse=True)
def handlers():
    """Put the handlers of this process back in place."""
    before = {number: signal.getsignal(number) for number in BY_OPERATOR}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", BY_OPERATOR)
def test_the_first_signal_ends_the_work_in_order(number):
    told = []

    on_stop(lambda: told.append("finish"), abandon=lambda: told.append("abandon"))
    signal.raise_signal(number)

    assert told == ["finish"]


def test_a_child_leaves_the_keyboard_to_its_parent():
    told = []

    on_stop(lambda: told.append("finish"), signals=BY_PARENT)
    signal.raise_signal(signal.SIGINT)

    assert told == []
    signal.raise_signal(signal.SIGTERM)
    assert told == ["finish"]


@pytest.mark.parametrize("abandon", ["lambda: print('abandoned', flush=True)", "None"])
def test_the_second_signal_ends_everything_at_once(abandon):
    code = f"""
import signal
from api.stopping import on_stop
on_stop(lambda: print("finishing", flush=True), abandon={abandon})
signal.raise_signal(signal.SIGTERM)
signal.raise_signal(signal.SIGINT)
print("never")
"""

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 128 + signal.SIGINT
    assert done.stdout == "finishing\n" + ("" if abandon == "None" else "abandoned\n")


def test_before_anything_is_begun_a_signal_ends_the_process_in_order():
    with pytest.raises(SystemExit) as ended:
        leave()

    assert ended.value.code == 0
