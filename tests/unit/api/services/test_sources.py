"""What is read again and again: told where it is another, and read on whatever happens."""

from __future__ import annotations

import threading

from structlog.testing import capture_logs

from api.services import sources
from api.services.sources import Source, watch
from persistence.errors import DatabaseUnavailable, SchemaOutdated


class Readings:
    """What a load returns or raises, one after the other; the last one again and again."""

    def __init__(self, *values):
        self.values = list(values)

    def __call__(self):
        value = self.values.pop(0) if len(self.values) > 1 else self.values[0]
        if isinstance(value, Exception):
            raise value
        return value


def test_another_value_is_told_once():
    source, told = Source(1, Readings(1, 2, 2)), []
    source.follow(told.append)

    for _ in range(3):
        source.look()

    assert (told, source.value) == ([2], 2)


def test_a_value_that_cannot_be_read_stays():
    source = Source(1, Readings(DatabaseUnavailable(), SchemaOutdated("old"), 2))

    with capture_logs() as logs:
        source.try_to_look()
        source.try_to_look()

    assert source.value == 1
    assert [entry["kind"] for entry in logs] == ["DatabaseUnavailable"]
    source.try_to_look()
    assert source.value == 2


def test_who_cannot_take_a_value_over_stops_nobody_else(monkeypatch):
    monkeypatch.setattr(sources, "LOOK_EVERY", 0.01)
    seen = threading.Event()

    def fail(_value):
        raise LookupError

    bad, good = Source(1, Readings(2)), Source(1, Readings(2))
    bad.follow(fail)
    good.follow(lambda _: seen.set())
    watch(bad, good)

    assert seen.wait(5)
    assert bad.value == 1
    bad.follow(lambda _: None)
