"""The service among processes: children that die are replaced, and a killed server leaves nothing behind."""

from __future__ import annotations

import os
import signal

import pytest
import requests

from tests.factories.processes import are_gone, delivery_workers, descendants, http_workers, is_free, wait_until
from tests.factories.servers import Process, Service, code_in, mobile_of

pytestmark = pytest.mark.acceptance


def test_a_killed_delivery_worker_is_replaced_and_the_code_arrives(begin, gateway):
    service = begin(sms_providers="custom", custom_url=gateway.url)
    (worker,) = delivery_workers(service.process.pid)
    _, bob = service.printed()

    worker.kill()
    bob.set_mobile("/scim2/Me", "0123456789")
    (message,) = gateway.wait_for(1, 30)

    assert bob.validate(code_in(message.body["content"])).status_code == 200
    assert worker.pid not in {child.pid for child in delivery_workers(service.process.pid)}
    assert any("child process ended" in line for line in service.process.errors)
    assert service.process.stop() == 0


def test_a_killed_http_worker_is_replaced(begin):
    service = begin()
    (worker,) = http_workers(service.process.pid)

    worker.kill()

    def answers():
        try:
            return requests.get(f"{service.url}/healthz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    wait_until(lambda: worker.pid not in {child.pid for child in http_workers(service.process.pid)})
    wait_until(answers)
    assert service.process.stop() == 0


def test_nothing_survives_a_killed_server_and_its_port_is_free(begin):
    service = begin()
    children = descendants(service.process.pid)
    assert len(http_workers(service.process.pid)) == len(delivery_workers(service.process.pid)) == 1

    os.kill(service.process.pid, signal.SIGKILL)

    wait_until(lambda: are_gone(children))
    wait_until(lambda: is_free(service.port))
    again = begin(port=service.port)
    assert mobile_of(again.printed()[1].me()) == "0111111111"


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path, gateway):
    port = int(gateway.url.rsplit(":", 1)[1].partition("/")[0])
    process = Process(["serve"], Service(tmp_path, port=port).environ)

    process.start()

    assert process.wait() == 1
    (line,) = process.errors
    assert line.startswith(f"lineproof: cannot listen on 127.0.0.1:{port}: ")
    assert process.lines == []


def test_several_http_workers_serve_one_port(begin):
    service = begin("--workers", "2")
    _, bob = service.printed()

    answers = [bob.set_mobile("/scim2/Me", f"012345678{n}").status_code for n in range(6)]

    assert answers == [200] * 6
    assert len(http_workers(service.process.pid)) == 2
    assert service.process.stop() == 0
    assert is_free(service.port)
