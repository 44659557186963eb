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


def test_that_a_database_is_away_is_told_once_until_it_is_well_again():
    away = DatabaseUnavailable()
    source = Source(1, Readings(away, away, away, 2, away, away))

    with capture_logs() as logs:
        for _ in range(6):
            source.try_to_look()

    assert [entry["event"] for entry in logs] == ["what is stored was not read"] * 2


def test_what_cannot_be_taken_over_is_told_once_and_tried_again():
    def fail(_value):
        raise LookupError

    source, told = Source(1, Readings(2)), []
    source.follow(fail)

    with capture_logs() as logs:
        source.try_to_look()
        source.try_to_look()
    source.follow(told.append)
    source.try_to_look()

    assert [(entry["event"], entry["kind"]) for entry in logs] == [("what is stored was not taken over", "LookupError")]
    assert told == [2]


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
