"""What holds for every test: nothing leaves this machine, and no test is hurried by a busy one."""

from __future__ import annotations

import gc
import ipaddress
import sys
from typing import TYPE_CHECKING, Any

from hypothesis import settings

# The fixtures of databases are asked for by name in every folder.
from tests.factories.databases import (  # noqa: F401
    database,
    database_url,
    postgresql,
    postgresql_server,
    postgresql_url,
    shared_database,
    sqlite,
    sqlite_template,
    sqlite_url,
)

if TYPE_CHECKING:
    import pytest

# Examples are timed by the suite's own limits; a busy machine makes a single one slow for no fault of the code.
settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the whole suite run at another isolation level, as it would behind a distributed database."""
    parser.addoption("--isolation", default="read committed", help="the default isolation level of PostgreSQL")
    parser.addoption("--pictures", help="a folder for pictures of the pages, taken where they are tested")


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of garbage collection: else a quarter of the time goes there."""
    gc.collect()
    gc.freeze()


class LeftTheMachine(BaseException):
    """A test wants to talk to another machine. No handler of the code under test may swallow this."""


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not _is_loopback(address[0]):
        raise LeftTheMachine(f"a test may connect to loopback only, not to {address[0]}")


def _is_loopback(host: str) -> bool:
    # A name is not an address yet; it is looked up first, and the addresses come by here.
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return True


sys.addaudithook(_stay_here)
