"""A primary and its standby, which has everything that was acknowledged and can take over."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.factories.postgresql import DEMOTED, USER, Server, create_server, free_port
from tests.factories.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "standby"


@dataclass(frozen=True)
class Pair:
    """Two servers, of which the second follows the first."""

    primary: Server
    standby: Server

    def url(self, database: str) -> str:
        """Return the URL of a database on whichever takes writes."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self.primary, self.standby))
        return f"postgresql+psycopg://{USER}@{hosts}/{database}?target_session_attrs=read-write"

    def fail(self) -> None:
        """End the primary as a power cut would."""
        _kill(self.primary)

    def promote(self) -> None:
        """Make the standby the primary."""
        self.standby.control("promote", "-w")


@contextmanager
def running_pair(binaries: Path) -> Iterator[Pair]:
    """Run a primary that acknowledges what its standby has, too; both are gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="lineproof-pair-"))
    directory.chmod(0o755)
    started: list[Server] = []
    try:
        primary = create_server(binaries, directory, synchronous_commit="on")
        started.append(primary)
        primary.start()
        standby = _copied(primary, directory / _NAME)
        started.append(standby)
        standby.start()
        # Not before the copy was made: it would wait for a standby of its own when it is promoted.
        primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{_NAME}'")
        primary.execute("SELECT pg_reload_conf()")
        wait_until(lambda: primary.execute("SELECT sync_state FROM pg_stat_replication") == [("sync",)])
        yield Pair(primary, standby)
    finally:
        for server in started:
            _kill(server)
        shutil.rmtree(directory, ignore_errors=True)


def _copied(primary: Server, data: Path) -> Server:
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, DEMOTED)
    source = f"host=127.0.0.1 port={primary.port} user={USER} application_name={_NAME}"
    options = ("-R", "-X", "stream", "-C", "-S", _NAME, "-c", "fast", "--no-sync")
    primary.run("pg_basebackup", "-D", str(data), "-d", source, *options)
    port = free_port()
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"port = {port}\n")
    return Server(primary.binaries, data, port)


def _kill(server: Server) -> None:
    """Kill a server and all its processes; do nothing where it does not run."""
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
        # The postmaster first, so that it cannot begin a recovery.
        for process in [postmaster, *postmaster.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
