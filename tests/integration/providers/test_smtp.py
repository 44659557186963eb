"""Mail is handed to a real mail server, over TLS and with a password where its URL says so."""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from providers.mail_servers import MailServer as Server
from providers.mail_servers import Security
from providers.smtp import KEPT_FOR, SmtpProvider
from tests.factories.certificates import loopback_certificate
from tests.factories.mail_server import PASSWORD, USER, MailServer
from tests.factories.messages import CODE, message
from tests.factories.servers import free_port
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

BOB = "bob@example.com"
SENDER = "Lineproof <no-reply@id.example.com>"


def mail(**changes):
    return message(**{"to": BOB, "subject": "Your code", **changes})


made = []


@pytest.fixture(autouse=True)
def _hang_up():
    """Close the connections that are kept, which otherwise the end of the process does."""
    yield
    while made:
        made.pop().close()


def provider(port, *, security=Security.NONE, tls=None, password="", host="127.0.0.1", **options):
    server = Server(host, port, security, USER if password else "", password)
    made.append(SmtpProvider(server, SENDER, FrozenClock(), tls=tls, **options))
    return made[-1]


def refusal_of(sender, item=None, within=timedelta(seconds=10)):
    with pytest.raises((TemporaryDeliveryError, PermanentDeliveryError)) as caught:
        sender.send(item or mail(), within=within)
    return type(caught.value), caught.value.reason


@pytest.fixture
def plain():
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    path, context = loopback_certificate(tmp_path_factory.mktemp("mail"))
    return context, ssl.create_default_context(cafile=str(path))


@pytest.fixture
def secure(certificate):
    with MailServer(certificate[0]) as server:
        yield server


def test_a_mail_arrives_with_what_is_said_of_it(plain):
    provider(plain.port).send(mail(body="Zeile 1\n\nකේතය"))

    (received,) = plain.host.mails
    assert plain.host.recipients == [BOB]
    assert (received["From"], received["To"], received["Subject"]) == (SENDER, BOB, "Your code")
    assert received["Message-ID"] == f"<{mail().reference}@id.example.com>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Date"]
    assert received.get_content().splitlines() == ["Zeile 1", "", "කේතය"]


def test_a_retry_has_the_same_message_id(plain):
    sender = provider(plain.port)
    plain.host.on_data = ["451 later"]
    refusal_of(sender)

    sender.send(mail())
    sender.send(mail())

    assert len({received["Message-ID"] for received in plain.host.mails}) == 1


def test_starttls_and_password(secure, certificate):
    provider(secure.port, security=Security.STARTTLS, tls=certificate[1], password=PASSWORD).send(mail())

    assert (secure.host.recipients, secure.host.were_secure) == ([BOB], [True])


def test_tls_from_the_first_byte(certificate):
    with MailServer(ssl_context=certificate[0]) as server:
        provider(server.port, security=Security.TLS, tls=certificate[1]).send(mail())

    assert (server.host.recipients, server.host.were_secure) == ([BOB], [True])


def test_tls_from_the_first_byte_with_a_certificate_nobody_vouches_for(certificate):
    with MailServer(ssl_context=certificate[0]) as server:
        sender = provider(server.port, security=Security.TLS)

        assert refusal_of(sender) == (TemporaryDeliveryError, "gateway certificate refused")


def test_a_certificate_nobody_vouches_for_is_refused(secure):
    sender = provider(secure.port, security=Security.STARTTLS, password=PASSWORD)

    assert refusal_of(sender) == (TemporaryDeliveryError, "gateway certificate refused")
    assert secure.host.mails == []


def test_a_certificate_of_another_host_is_refused(secure, certificate):
    sender = provider(secure.port, security=Security.STARTTLS, tls=certificate[1], password=PASSWORD, host="localhost")

    assert refusal_of(sender) == (TemporaryDeliveryError, "gateway certificate refused")


def test_a_wrong_password_is_the_operators_to_mend(secure, certificate):
    sender = provider(secure.port, security=Security.STARTTLS, tls=certificate[1], password="wrong")

    assert refusal_of(sender) == (TemporaryDeliveryError, "credentials refused")


def test_a_server_that_wants_a_password_is_the_operators_to_mend(secure, certificate):
    sender = provider(secure.port, security=Security.STARTTLS, tls=certificate[1])

    assert refusal_of(sender) == (TemporaryDeliveryError, "credentials refused")


def test_a_server_without_starttls_gets_nothing(plain, certificate):
    sender = provider(plain.port, security=Security.STARTTLS, tls=certificate[1])

    assert refusal_of(sender) == (TemporaryDeliveryError, "set-up refused")
    assert plain.host.mails == []


@pytest.mark.parametrize(
    ("stage", "answer", "error", "reason"),
    [
        ("on_recipient", "550 5.1.1 no such user", PermanentDeliveryError, "mailbox refused"),
        ("on_recipient", "451 4.7.1 greylisted", TemporaryDeliveryError, "gateway unavailable"),
        ("on_recipient", "421 closing", TemporaryDeliveryError, "gateway unavailable"),
        ("on_sender", "550 not from here", TemporaryDeliveryError, "sender refused"),
        ("on_sender", "452 no room", TemporaryDeliveryError, "gateway unavailable"),
        ("on_data", "554 5.7.1 spam", PermanentDeliveryError, "text refused"),
        ("on_data", "452 no room", TemporaryDeliveryError, "gateway unavailable"),
    ],
)
def test_what_a_server_refuses(plain, stage, answer, error, reason):
    sender = provider(plain.port)
    setattr(plain.host, stage, [answer])

    assert refusal_of(sender) == (error, reason)

    sender.send(mail())
    assert plain.host.recipients == [BOB]


def test_a_connection_is_kept_for_the_next_mail(plain):
    sender = provider(plain.port)
    plain.host.on_recipient = ["550 no such user", None, None]
    refusal_of(sender)

    sender.send(mail())
    sender.send(mail())

    assert (len(plain.host.recipients), len(plain.host.sessions)) == (2, 1)


def test_a_connection_that_the_server_closed_is_opened_anew():
    with MailServer() as server:
        sender = provider(server.port)
        sender.send(mail())
        port = server.port
    with MailServer(port=port) as again:
        sender.send(mail())

    assert again.host.recipients == [BOB]


def test_a_connection_that_waited_too_long_is_not_used(plain):
    moments = itertools.count(step=KEPT_FOR / 2)
    sender = provider(plain.port, monotonic=lambda: float(next(moments)))
    within = timedelta(hours=1)

    sender.send(mail(), within=within)
    sender.send(mail(), within=within)

    assert (len(plain.host.recipients), len(plain.host.sessions)) == (2, 2)


def test_only_some_connections_are_kept(plain):
    sender = provider(plain.port, kept=0)

    sender.send(mail())
    sender.send(mail())

    assert (len(plain.host.recipients), len(plain.host.sessions)) == (2, 2)


@pytest.mark.parametrize(
    "to",
    ["bob", "@example.com", "bob@", "a b@example.com", "bob@exa\r\nmple.com", "<bob@example.com>", "bob@a..b\udc80"],
)
def test_what_is_no_address_is_refused_for_good(plain, to):
    assert refusal_of(provider(plain.port), mail(to=to)) == (PermanentDeliveryError, "invalid address")


def test_a_subject_cannot_bring_headers(plain):
    item = mail(subject="Hello\r\nBcc: eve@example.com")

    assert refusal_of(provider(plain.port), item) == (PermanentDeliveryError, "invalid address")


def test_a_domain_beyond_ascii_is_written_in_ascii(plain):
    provider(plain.port).send(mail(to="bob@bücher.example"))

    assert plain.host.recipients == ["bob@xn--bcher-kva.example"]


def test_a_name_beyond_ascii_needs_a_server_that_knows_it(plain):
    assert refusal_of(provider(plain.port), mail(to="björn@example.com")) == (
        PermanentDeliveryError,
        "invalid address",
    )


def test_nobody_listens():
    assert refusal_of(provider(free_port())) == (TemporaryDeliveryError, "gateway unreachable")


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"554 no service\r\n", "gateway unavailable"),
        (b"421 busy\r\n", "gateway unavailable"),
        (b"", "gateway unreachable"),
    ],
)
def test_a_server_that_does_not_begin(greeting, reason):
    with _silent(greeting, closes=True) as port:
        assert refusal_of(provider(port)) == (TemporaryDeliveryError, reason)


@pytest.mark.parametrize("drip", [b"", b"2"])
def test_a_server_that_hangs_or_drips_is_left_in_time(drip):
    with _silent(drip) as port:
        began = time.monotonic()

        assert refusal_of(provider(port), within=timedelta(seconds=0.4)) == (
            TemporaryDeliveryError,
            "gateway timed out",
        )

    assert time.monotonic() - began < 2


def test_a_server_that_hangs_up_in_the_middle_is_tried_again():
    with _silent(b"220 hello\r\n250 mail.test\r\n250 OK\r\n", closes=True) as port:
        assert refusal_of(provider(port)) == (TemporaryDeliveryError, "connection broken")


def test_the_log_tells_neither_address_nor_text_nor_secret(secure, certificate):
    sender = provider(secure.port, security=Security.STARTTLS, tls=certificate[1], password=PASSWORD)
    secure.host.on_recipient = ["550 <bob@example.com> is unknown here"]

    with capture_logs() as logs:
        refusal_of(sender)
        sender.send(mail())

    assert [(entry["provider"], entry["outcome"]) for entry in logs] == [("smtp", "refused"), ("smtp", "accepted")]
    assert not any(secret in str(logs) for secret in (BOB, CODE, PASSWORD, USER))
    assert PASSWORD not in repr(replace(Server("h", 25, Security.NONE, USER, PASSWORD)))


class _silent:  # noqa: N801 - reads as a verb where it is used
    """A listener that says something (again and again where it drips), and then nothing or goodbye."""

    def __init__(self, text, *, closes=False):
        self._text = text
        self._closes = closes
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._done = threading.Event()

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self._listener.getsockname()[1]

    def __exit__(self, *exception):
        self._done.set()
        self._listener.close()

    def _serve(self):
        peer, _ = self._listener.accept()
        with peer:
            peer.sendall(self._text)
            if self._closes:
                peer.settimeout(0.2)
                return
            while not self._done.wait(0.05):
                if self._text:
                    peer.sendall(self._text)
