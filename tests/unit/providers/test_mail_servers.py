"""Mail servers and senders, read off settings."""

from __future__ import annotations

import pytest

from providers.mail_servers import MailServer, Security, read_mail_server, read_sender


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://mail.example:2525/", MailServer("mail.example", 2525)),
        ("smtp://mail.example?starttls=1", MailServer("mail.example", 587, Security.STARTTLS)),
        ("smtp://mail.example?starttls=0", MailServer("mail.example", 25)),
        ("smtps://mail.example", MailServer("mail.example", 465, Security.TLS)),
        (
            "smtp://bob%40mail.example:p%3Aw@mail.example:587?starttls=true",
            MailServer("mail.example", 587, Security.STARTTLS, "bob@mail.example", "p:w"),
        ),
        ("smtp://u:p@127.0.0.1:2525", MailServer("127.0.0.1", 2525, Security.NONE, "u", "p")),
        ("smtp://u:p@localhost", MailServer("localhost", 25, Security.NONE, "u", "p")),
        ("smtps://u:p@[2001:db8::1]", MailServer("2001:db8::1", 465, Security.TLS, "u", "p")),
    ],
)
def test_a_mail_server_is_read_off_its_url(url, server):
    assert read_mail_server(url) == server


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("mail.example:25", "must be a URL like"),
        ("http://mail.example", "must be a URL like"),
        ("smtp://", "must be a URL like"),
        ("smtp://mail.example:0x", "must be a URL like"),
        ("smtp://mail.example/inbox", "must be a URL like"),
        ("smtp://mail.example#x", "must be a URL like"),
        ("smtp://mail.example?starttls=perhaps", "no other option"),
        ("smtp://mail.example?tls=1", "no other option"),
        ("smtps://user@mail.example", "user and password, or neither"),
        ("smtp://u:secret@mail.example", "password in the clear"),
        ("smtp://u:secret@192.0.2.1", "password in the clear"),
    ],
)
def test_what_is_no_mail_server_is_refused_without_repeating_it(url, fault):
    with pytest.raises(ValueError, match=fault) as caught:
        read_mail_server(url)

    assert "secret" not in str(caught.value)


def test_a_repr_shows_no_password():
    assert "secret" not in repr(read_mail_server("smtps://u:secret@mail.example"))


@pytest.mark.parametrize("text", ["no-reply@example.com", "Lineproof <no-reply@example.com>"])
def test_a_sender_is_kept_as_it_is_written(text):
    assert read_sender(text) == text


@pytest.mark.parametrize(
    "text", ["Lineproof", "Lineproof <no-reply>", "@example.com", "a@", "a@b\r\nBcc: c@d", "a b@c"]
)
def test_what_is_no_sender_is_refused(text):
    with pytest.raises(ValueError, match="must be an address"):
        read_sender(text)
