"""What every process reads again and again from the database, beside the requests, and tells on where it is another."""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

from persistence.errors import PersistenceError, SchemaOutdated

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY = 0.5
"""Seconds between two looks: what is stored reaches every process within a second."""

T = TypeVar("T")
_log = structlog.get_logger()


def _ignore(value: object) -> None:
    del value


class Source(Generic[T]):
    """Know a value that is stored, and tell who follows it when it is another one."""

    def __init__(self, value: T, load: Callable[[], T]) -> None:
        self.value = value
        self._load = load
        self._tell: Callable[[T], None] = _ignore
        self._lock = Lock()
        self._is_well = True

    def follow(self, tell: Callable[[T], None]) -> None:
        """Have somebody told of each other value, in place of who was told before."""
        self._tell = tell

    def look(self) -> None:
        """Read what is stored, and tell of it where it is another.

        Raises:
            PersistenceError: It cannot be read; the value stays as it is.
        """
        with self._lock:
            value = self._load()
            if value != self.value:
                self._tell(value)
                self.value = value

    def try_to_look(self) -> None:
        """Look, and go on with the value as it is where it cannot be read or taken over; that is told once."""
        try:
            self.look()
        except SchemaOutdated:
            # Nothing has been stored where there is no place for it.
            return
        except PersistenceError as error:
            self._warn("what is stored was not read", error)
        except Exception as error:  # noqa: BLE001 - the edge of a job: one bad row must not stop the others
            self._warn("what is stored was not taken over", error)
        else:
            self._is_well = True

    def _warn(self, event: str, error: Exception) -> None:
        if self._is_well:
            _log.warning(event, kind=type(error).__name__)
        self._is_well = False


def watch(*sources: Source[Any]) -> Event:
    """Look at some sources again and again, in a thread of its own, until the process ends or the event is set."""
    done = Event()
    Thread(target=_keep_looking, args=(done, *sources), name="watch", daemon=True).start()
    return done


def _keep_looking(done: Event, *sources: Source[Any]) -> None:
    while not done.wait(LOOK_EVERY):
        for source in sources:
            source.try_to_look()
