"""The service manager is told, where there is one."""

from __future__ import annotations

import socket

import pytest

from api.notifying import notify


@pytest.fixture
def manager():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        yield listening


def test_a_manager_is_told_at_its_path(manager, tmp_path, monkeypatch):
    manager.bind(str(tmp_path / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

    notify("READY=1")

    assert manager.recv(100) == b"READY=1"


def test_a_manager_is_told_at_its_abstract_address(manager, monkeypatch):
    manager.bind("")
    name = manager.getsockname().decode()
    monkeypatch.setenv("NOTIFY_SOCKET", name.replace("\0", "@", 1))

    notify("READY=1")

    assert manager.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "/nowhere/at/all"])
def test_elsewhere_nobody_is_told(address, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    assert notify("READY=1") is None


def test_without_a_manager_nobody_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    assert notify("READY=1") is None
