"""Supervised children, as real processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

from api.processes import Supervisor
from tests.factories.processes import wait_until

# Notes that it has begun; the first of them ends at once, the others wait to be told.
CHILD = """
import os, signal, sys
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
if len(open(sys.argv[1]).readlines()) > int(sys.argv[2]):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("ready", flush=True)
    signal.pause()
sys.exit(3)
"""


@pytest.fixture
def supervise(tmp_path):
    """Supervise a child of which the first few end by themselves."""
    supervisors = []

    def begin(ending=0):
        supervisor = Supervisor([sys.executable, "-c", CHILD, str(tmp_path / "begun"), str(ending)])
        supervisors.append(supervisor)
        supervisor.start()
        return supervisor

    yield begin
    for supervisor in supervisors:
        supervisor.stop()


def begun(tmp_path):
    path = tmp_path / "begun"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_is_stopped_with_its_supervisor(supervise, tmp_path):
    supervisor = supervise()
    wait_until(lambda: begun(tmp_path))

    supervisor.stop()

    assert not is_running(begun(tmp_path)[0])
    assert len(begun(tmp_path)) == 1


def test_a_child_that_ends_by_itself_is_started_again(supervise, tmp_path):
    with capture_logs() as logs:
        supervisor = supervise(ending=1)
        wait_until(lambda: len(begun(tmp_path)) == 2)
        supervisor.stop()

    first, second = begun(tmp_path)
    assert first != second
    assert not is_running(second)
    assert [(entry["event"], entry["exit_code"]) for entry in logs] == [("child process ended, starting it again", 3)]


def test_a_child_is_ended_at_once(supervise, tmp_path):
    supervisor = supervise()
    wait_until(lambda: begun(tmp_path))

    supervisor.kill()

    wait_until(lambda: not is_running(begun(tmp_path)[0]))
    supervisor.stop()
    assert len(begun(tmp_path)) == 1


def test_what_was_never_started_can_be_stopped():
    supervisor = Supervisor(["/nowhere"])

    supervisor.kill()
    supervisor.stop()

    assert supervisor._child is None


def test_who_has_lost_the_parent_already_ends():
    code = "from api.processes import die_with_parent; die_with_parent(-1); print('alive')"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (-15, "")


def test_who_has_a_parent_goes_on():
    code = "import os; from api.processes import die_with_parent; die_with_parent(os.getppid()); print('alive')"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "alive\n")
