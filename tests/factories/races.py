"""Races: the same act by many threads at one moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def race(act: Callable[[int], T], runners: int) -> list[T]:
    """Let so many threads act at once, each given its number, and return what each got."""
    barrier = threading.Barrier(runners)

    def run(number: int) -> T:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(run, range(runners)))
