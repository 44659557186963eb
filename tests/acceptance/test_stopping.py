"""A stop finishes what has been begun and hands back the rest; a second one ends everything at once."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import threading
import time
from contextlib import closing

import psutil
import pytest

from tests.factories.gateways import Gateway, Misbehaviour, Reply
from tests.factories.servers import Process, Service

pytestmark = pytest.mark.acceptance

CALLS = 16
"""Gateway calls of a worker at a time."""
SOON = 10.0


class SlowGateway(Gateway):
    """A gateway that keeps every caller waiting until it is told to answer."""

    def __init__(self) -> None:
        self.answer = threading.Event()
        super().__init__(self._slowly)

    def _slowly(self, _received) -> Reply:
        self.answer.wait(60)
        return Reply(200, {"id": "gw"})


@pytest.fixture
def gateway():
    with SlowGateway() as running:
        yield running
        running.answer.set()


def eventually(holds) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)


def is_refused(service: Service) -> bool:
    """Tell whether nobody listens any more."""
    try:
        socket.create_connection(("127.0.0.1", service.port), timeout=1).close()
    except OSError:
        return True
    return False


def begin_request(service: Service) -> tuple[socket.socket, bytes]:
    """Send a request but for its body, and return the connection and the body."""
    token = service.command("token", "--client", "tests", "--admin")
    body = json.dumps({"userName": "late"}).encode()
    head = (
        f"POST /scim2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/scim+json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=SOON)
    connection.sendall(head.encode())
    # Sent when the application begins to read: from then on the request is in flight.
    assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    return connection, body


def queue_codes(service: Service, count: int) -> None:
    """Add so many users whose numbers wait for a code."""
    admin = service.admin()
    for number in range(count):
        body = {
            "userName": f"user{number}",
            "phoneNumbers": [{"type": "mobile", "value": f"07009{number:05}"}],
            "urn:scim:wso2:schema": {"verifyMobile": True},
        }
        assert admin.call("POST", "/scim2/Users", body).status_code == 201


def deliveries(service: Service, condition: str = "1") -> int:
    """Count rows of the outbox."""
    with closing(sqlite3.connect(service.data_dir / "lineproof.sqlite3")) as database:
        query = f"SELECT count(*) FROM deliveries WHERE {condition}"  # noqa: S608 - our own text
        return database.execute(query).fetchone()[0]


def custom(gateway: Gateway) -> dict[str, str]:
    return {"sms_providers": "custom", "custom_url": gateway.url}


def worker_of(service: Service) -> Process:
    """Start a delivery worker beside a service."""
    process = Process(["worker"], service.environ)
    process.start()
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_requests_in_flight_are_answered_before_the_service_ends(tmp_path, number):
    service = Service(tmp_path).start()
    connection, body = begin_request(service)

    service.process.send(number)
    eventually(lambda: is_refused(service))
    connection.sendall(body)

    assert connection.recv(100).startswith(b"HTTP/1.1 201")
    assert service.process.wait() == 0
    connection.close()


def test_a_gateway_call_in_flight_is_finished_and_settled(tmp_path, gateway):
    service = Service(tmp_path, settings=custom(gateway)).start()
    service.user("bob").set_mobile("/scim2/Me", "0123456789")
    gateway.wait_for(1)

    service.process.send(signal.SIGTERM)
    eventually(lambda: is_refused(service))
    gateway.answer.set()

    assert service.process.wait() == 0
    assert deliveries(service, "status = 'sent'") == 1


def test_what_was_claimed_and_not_begun_is_handed_back_at_once(tmp_path, gateway):
    service = Service(tmp_path, settings=custom(gateway), arguments=("serve", "--no-delivery")).start()
    queue_codes(service, CALLS + 8)
    worker = worker_of(service)
    gateway.wait_for(CALLS)

    worker.send(signal.SIGTERM)
    eventually(lambda: deliveries(service, "lease_token IS NULL AND attempts = 0") == 8)
    gateway.answer.set()

    assert worker.wait() == 0
    assert deliveries(service, "status = 'sent'") == CALLS
    following = worker_of(service)
    gateway.wait_for(CALLS + 8)
    assert following.stop() == 0
    assert deliveries(service, "status = 'sent'") == CALLS + 8
    assert len({message.body["to"] for message in gateway.received}) == len(gateway.received)
    assert service.process.stop() == 0


def test_an_idle_worker_ends_at_once(tmp_path):
    service = Service(tmp_path, arguments=("serve", "--no-delivery")).start()
    worker = worker_of(service)
    eventually((tmp_path / "wake.sock").exists)
    began = time.monotonic()

    assert worker.stop() == 0
    assert time.monotonic() - began < 5
    assert service.process.stop() == 0


def test_a_second_signal_ends_a_worker_whose_gateway_hangs(tmp_path, gateway):
    service = Service(tmp_path, settings=custom(gateway), arguments=("serve", "--no-delivery")).start()
    queue_codes(service, CALLS + 1)
    worker = worker_of(service)
    gateway.wait_for(CALLS)
    worker.send(signal.SIGTERM)
    eventually(lambda: deliveries(service, "lease_token IS NULL") == 1)

    worker.send(signal.SIGTERM)

    assert worker.wait() == 128 + signal.SIGTERM
    assert service.process.stop() == 0


def test_a_second_signal_ends_every_process_of_a_service(tmp_path):
    with Gateway(Misbehaviour.HANG) as gateway:
        service = Service(tmp_path, settings=custom(gateway)).start()
        family = psutil.Process(service.process.pid).children(recursive=True)
        service.user("bob").set_mobile("/scim2/Me", "0123456789")
        gateway.wait_for(1)
        connection, _ = begin_request(service)
        service.process.send(signal.SIGINT)
        eventually(lambda: is_refused(service))

        service.process.send(signal.SIGINT)

        assert service.process.wait() == 128 + signal.SIGINT
        assert psutil.wait_procs(family, SOON)[1] == []
        connection.close()


@pytest.mark.slow
def test_a_request_that_never_ends_does_not_keep_the_service(tmp_path):
    service = Service(tmp_path).start()
    connection, _ = begin_request(service)

    assert service.process.stop() == 0
    connection.close()


def test_a_killed_service_leaves_no_process_behind(tmp_path):
    service = Service(tmp_path).start()
    family = psutil.Process(service.process.pid).children(recursive=True)

    service.process.kill()

    assert len(family) == 2
    assert psutil.wait_procs(family, SOON)[1] == []
