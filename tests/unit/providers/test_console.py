"""Messages as lines of text."""

from __future__ import annotations

import io
import os
import threading

import pytest

from providers.console import ConsoleProvider
from tests.factories.messages import MOBILE, message
from verification.errors import TemporaryDeliveryError


class Recorder(io.StringIO):
    """A stream that remembers each write and flush."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def write(self, text):
        self.calls.append(text)
        return super().write(text)

    def flush(self):
        self.calls.append("flush")


def test_a_message_is_one_line_written_and_flushed_at_once():
    stream = Recorder()

    ConsoleProvider(stream).send(message(body="Your code is 493816."))

    assert stream.calls == [f"SMS to {MOBILE}: Your code is 493816.\n", "flush"]


def test_a_mail_is_one_line_with_its_subject():
    stream = io.StringIO()

    ConsoleProvider(stream).send(message(to="bob@example.com", subject="Your\ncode", body="It is 493816.\n\nBye"))

    assert stream.getvalue() == "Mail to bob@example.com: Your code: It is 493816.  Bye\n"


def test_it_gives_no_reference():
    assert ConsoleProvider(io.StringIO()).send(message()) is None


def test_its_name():
    assert ConsoleProvider(io.StringIO()).name == "console"


def test_line_breaks_and_terminal_commands_stay_out():
    stream = io.StringIO()

    ConsoleProvider(stream).send(message(body="Code 493816\n@example.com #493816\x1b[2J\r"))

    assert stream.getvalue() == f"SMS to {MOBILE}: Code 493816 @example.com #493816 [2J \n"


def test_letters_that_the_stream_lacks_are_written_otherwise():
    octets = io.BytesIO()
    stream = io.TextIOWrapper(octets, encoding="ascii")

    ConsoleProvider(stream).send(message(body="කේතය 493816"))

    assert octets.getvalue().startswith(b"SMS to +94711234567: \\u0d9a")
    assert octets.getvalue().endswith(b" 493816\n")


def test_a_closed_stream_is_a_temporary_fault():
    stream = io.StringIO()
    stream.close()

    with pytest.raises(TemporaryDeliveryError):
        ConsoleProvider(stream).send(message())


def test_a_reader_that_left_is_a_temporary_fault():
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w")

    with pytest.raises(TemporaryDeliveryError) as caught:
        ConsoleProvider(stream).send(message())

    assert "493816" not in str(caught.value)
    with pytest.raises(BrokenPipeError):
        stream.close()


def test_lines_of_several_threads_do_not_mix():
    stream = io.StringIO()
    provider = ConsoleProvider(stream)

    def send_many(letter):
        for _ in range(200):
            provider.send(message(body=letter * 50))

    threads = [threading.Thread(target=send_many, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = stream.getvalue().splitlines()
    assert sorted(lines) == sorted(f"SMS to {MOBILE}: {letter * 50}" for letter in "abcd" for _ in range(200))
