"""The processes of a running service, and waiting for what becomes of them."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 20.0


def wait_until(holds: Callable[[], bool], within: float = PATIENCE) -> None:
    """Wait until something holds; fail where it does not in time."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"it does not hold within {within} seconds")
        time.sleep(0.01)


def descendants(pid: int) -> list[psutil.Process]:
    """Return the children of a process, and theirs."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def delivery_workers(pid: int) -> list[psutil.Process]:
    """Return the delivery workers below a process."""
    return [child for child in descendants(pid) if "worker" in _command(child)]


def http_workers(pid: int) -> list[psutil.Process]:
    """Return the processes below a server that answer its requests."""
    own = _command(psutil.Process(pid))
    return [child for child in descendants(pid) if _command(child) == own]


def are_gone(processes: list[psutil.Process]) -> bool:
    """Tell whether none of some processes runs any more."""
    return not any(process.is_running() and _status(process) != psutil.STATUS_ZOMBIE for process in processes)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on a port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _status(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_ZOMBIE
