"""Peers written for Node: what they need, and how their locked packages are installed."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PEERS = ROOT / "tests" / "peers"

_OLDEST_NODE = 20


def missing_tool() -> str | None:
    """Say what is missing to run a peer, if anything is."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return "OpenID peers need npm and node, which are not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < _OLDEST_NODE:
        return f"OpenID peers need Node {_OLDEST_NODE}, not {version.strip()}"
    return None


def install(folder: Path) -> None:
    """Install the locked packages of a peer where that has not been done since the lock file changed."""
    lock_file = folder / "package-lock.json"
    with lock_file.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the processes of a parallel run come here at once
        if not _is_newer(folder / "node_modules" / ".package-lock.json", lock_file):
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True)


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime
