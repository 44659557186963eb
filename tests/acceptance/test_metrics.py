"""Metrics of real processes: what several of them count is one answer, also at an address of its own."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests

from tests.factories.servers import Process, Service, free_port

pytestmark = pytest.mark.acceptance

TOKEN = "scrapers-token"
SOON = 15.0


def value(text, name, **labels):
    """Return the value of a sample, 0 where there is none."""
    listed = ",".join(f'{label}="{labels[label]}"' for label in sorted(labels))
    found = re.search(rf"^{name}{re.escape('{' + listed + '}') if listed else ''} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def scrape(url, **headers):
    answer = requests.get(f"{url}/metrics", headers=headers, timeout=SOON)
    answer.raise_for_status()
    return answer.text


def eventually(holds):
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


def requested(text, status=200):
    return value(text, "lineproof_http_requests_total", method="GET", route="/scim2/Users", status=status)


def test_two_http_processes_and_their_worker_count_together(tmp_path):
    service = Service(tmp_path, settings={"metrics_token": TOKEN}, arguments=("serve", "--demo", "--workers", "2"))
    service.start()
    admin, bob = service.admin(), service.user("bob")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: admin.call("GET", "/scim2/Users"), range(40)))
    bob.set_mobile("/scim2/Me", "0123456789")
    assert bob.validate(service.code_for("0123456789")).status_code == 200

    def scraped():
        return scrape(service.url, Authorization=f"Bearer {TOKEN}")

    eventually(lambda: value(scraped(), "lineproof_deliveries_total", outcome="accepted", provider="console") == 1)
    text = scraped()
    assert requested(text) == 40
    assert value(text, "lineproof_verifications_total", outcome="approved") == 1
    assert value(text, "lineproof_worker_up") == 1
    assert service.process.stop() == 0
    served_by = [line["route"] for line in service.process.requests()]
    assert served_by.count("/scim2/Users") == 40


def test_what_a_process_counted_stays_when_it_dies(tmp_path):
    service = Service(tmp_path, settings={"metrics_token": TOKEN}).start()
    admin = service.admin()
    for _ in range(3):
        admin.call("GET", "/scim2/Users")
    (http,) = [child for child in psutil.Process(service.process.pid).children() if "worker" not in child.cmdline()]

    http.kill()

    def is_answered():
        try:
            return requested(scrape(service.url, Authorization=f"Bearer {TOKEN}")) == 3
        except requests.RequestException:
            return False

    eventually(is_answered)
    assert service.process.stop() == 0


def test_metrics_have_an_address_of_their_own(tmp_path):
    address = f"127.0.0.1:{free_port()}"
    service = Service(tmp_path, settings={"metrics_bind": address}, arguments=("serve", "--workers", "2"))
    service.start()

    assert service.admin().call("GET", "/scim2/Users").status_code == 200

    assert requested(scrape(f"http://{address}")) == 1
    assert requests.get(f"http://{address}/scim2/Users", timeout=SOON).status_code == 404
    assert service.process.stop() == 0


def test_a_worker_by_itself_has_metrics_of_its_own(tmp_path):
    service = Service(tmp_path, arguments=("serve", "--demo", "--workers", "1", "--no-delivery")).start()
    address = f"127.0.0.1:{free_port()}"
    worker = Process(["worker"], {**service.environ, "LINEPROOF_METRICS_BIND": address})
    worker.start()
    service.user("bob").set_mobile("/scim2/Me", "0123456789")
    worker.wait_for_line("0123456789")

    def is_told():
        text = scrape(f"http://{address}")
        return value(text, "lineproof_deliveries_total", outcome="accepted", provider="console") == 1

    eventually(is_told)
    assert value(scrape(f"http://{address}"), "lineproof_worker_up") == 1
    assert worker.stop() == 0
    assert service.process.stop() == 0


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_an_address_that_is_taken_is_told_in_one_line(tmp_path, command):
    service = Service(tmp_path, arguments=("serve", "--workers", "1")).start()
    environ = {**service.environ, "LINEPROOF_METRICS_BIND": f"127.0.0.1:{service.port}"}
    second = Process([command], {**environ, "LINEPROOF_PORT": str(free_port())})

    second.start()

    assert second.wait() == 1
    (line,) = second.errors
    assert line.startswith(f"lineproof: cannot listen on 127.0.0.1:{service.port}: ")
    assert service.process.stop() == 0


def test_requests_are_logged_by_route_with_ids_alone(tmp_path):
    service = Service(tmp_path).start()
    bob = service.user("bob")
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01", "X-Request-Id": "request-42"}

    bob.call("GET", "/scim2/Me", headers=headers)
    bob.call("GET", "/scim2/0111111111?filter=0111111111")
    assert service.process.stop() == 0

    shown, missed = [line for line in service.process.requests() if line["route"] != "/healthz"]
    assert (shown["route"], shown["status"], shown["request_id"]) == ("/scim2/Me", 200, "request-42")
    assert shown["trace_id"] == trace
    assert re.fullmatch(r"[0-9a-f-]{36}", shown["subject_id"])
    assert missed["status"] == 404
    assert "0111111111" not in json.dumps(service.process.errors)


def test_lines_of_requests_can_be_switched_off(tmp_path):
    service = Service(tmp_path, settings={"log_level": "warning"}).start()

    assert requests.get(f"{service.url}/scim2/Users", timeout=SOON).status_code == 401
    assert service.process.stop() == 0

    assert service.process.errors == []
