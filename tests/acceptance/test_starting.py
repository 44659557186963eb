"""A start: who is told of it, and what is run."""

from __future__ import annotations

import socket

import pytest

from tests.factories.servers import Process, Service

pytestmark = pytest.mark.acceptance


@pytest.fixture
def manager(tmp_path):
    """Listen as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30)
        yield listening


def test_the_service_manager_is_told_when_requests_are_answered(tmp_path, manager):
    service = Service(tmp_path)
    process = Process(list(service.arguments), {**service.environ, "NOTIFY_SOCKET": manager.getsockname()})
    process.start()

    assert manager.recv(100) == b"READY=1"
    process.wait_for_line("^lineproof ready on ")
    assert process.stop() == 0
    manager.setblocking(False)
    # Not by the children: the manager would take that for a mistake.
    with pytest.raises(BlockingIOError):
        manager.recv(100)


def test_the_service_manager_is_told_when_a_worker_delivers(tmp_path, manager):
    service = Service(tmp_path, arguments=("serve", "--workers", "1", "--no-delivery")).start()
    worker = Process(["worker"], {**service.environ, "NOTIFY_SOCKET": manager.getsockname()})
    worker.start()

    assert manager.recv(100) == b"READY=1"
    assert worker.stop() == 0
    assert service.process.stop() == 0


def test_a_folder_that_looks_like_ours_is_not_run(tmp_path, monkeypatch):
    """The delivery process is started from where the operator stands."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "__init__.py").write_text("raise SystemExit('another program')\n")
    monkeypatch.chdir(tmp_path)
    service = Service(tmp_path / "data").start()

    service.user("bob").set_mobile("/scim2/Me", "0123456789")

    assert service.code_for("0123456789")
    assert service.process.stop() == 0
