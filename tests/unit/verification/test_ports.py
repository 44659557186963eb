"""What crosses the ports."""

from __future__ import annotations

from datetime import timedelta

from verification.ports import Message


def test_the_repr_of_a_message_shows_neither_number_nor_text():
    message = Message("+12025550123", "123456 is your code.", "delivery-1", timedelta(minutes=5))

    assert repr(message) == f"Message(reference='delivery-1', remaining={timedelta(minutes=5)!r})"
