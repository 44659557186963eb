"""Two servers on one PostgreSQL database: what one does holds at the other."""

from __future__ import annotations

import pytest
import requests

from api.auth.issuer_keys import generate_issuer_keys
from tests.factories.processes import wait_until
from tests.factories.servers import Client, Process, Service, code_in, free_port, mobile_of, pending_of
from tests.factories.verification import key_ring

pytestmark = [pytest.mark.acceptance, pytest.mark.postgresql]


@pytest.fixture
def settings(gateway):
    """Return what both are told: keys and base URL are the same."""
    return {
        "master_keys": key_ring("k1").export(),
        "issuer_keys": generate_issuer_keys(),
        "base_url": "http://lineproof.test",
        "sms_providers": "custom",
        "custom_url": gateway.url,
    }


@pytest.fixture
def pair(tmp_path, postgresql_url, settings):
    """Start two servers, each with its own delivery worker."""
    shared = {**settings, "database_url": postgresql_url}
    servers = [Service(tmp_path / name, settings=shared, arguments=("serve", "--workers", "1")) for name in ("a", "b")]
    for server in servers:
        server.data_dir.mkdir()
        server.process = Process(list(server.arguments), server.environ)
        server.process.start()
    for server in servers:
        server.process.wait_for_line(r"^lineproof ready on http://lineproof\.test$")
    yield servers
    for server in servers:
        server.process.kill()


def test_two_servers_are_one_service(pair, gateway):
    first, second = pair
    token = first.command("token", "--client", "tests", "--admin")
    here, there = (Client(server.url, token) for server in pair)
    created = here.call(
        "POST", "/scim2/Users", {"userName": "bob", "phoneNumbers": [{"type": "mobile", "value": "0111111111"}]}
    ).json()
    bob = Client(second.url, second.command("token", "--user", "bob"))

    # A number asked for here, its code checked there; one of the two workers carries it.
    assert pending_of(here.set_mobile(f"/scim2/Users/{created['id']}", "0123456789").json()) == "0123456789"
    (message,) = gateway.wait_for(1, 30)
    assert bob.validate(code_in(message.body["content"])).status_code == 200
    assert mobile_of(here.call("GET", f"/scim2/Users/{created['id']}").json()) == "0123456789"
    assert created["meta"]["location"].startswith("http://lineproof.test/scim2/Users/")

    # Many at once: each code is carried once, whoever carries it.
    for n in range(30):
        side = (here, there)[n % 2]
        body = {
            "userName": f"user{n}",
            "phoneNumbers": [{"type": "mobile", "value": f"07009{n:05}"}],
            "urn:scim:wso2:schema": {"verifyMobile": True},
        }
        assert side.call("POST", "/scim2/Users", body).status_code == 201
    gateway.wait_for(31, 30)
    wait_until(lambda: there.call("GET", "/readyz").status_code == 200)
    assert len({received.body["to"] for received in gateway.received}) == len(gateway.received) == 31

    # Deactivated here, the user is let in nowhere within a second or so.
    assert bob.call("GET", "/scim2/Me").status_code == 200
    here.patch(f"/scim2/Users/{created['id']}", {"active": False})
    wait_until(lambda: bob.call("GET", "/scim2/Me").status_code == 401, 5)
    assert [server.process.stop() for server in pair] == [0, 0]


def test_a_server_refuses_to_start_on_an_old_schema_until_it_is_migrated(tmp_path, postgresql_server, settings):
    postgresql_server.execute("CREATE DATABASE unmigrated TEMPLATE template0")
    service = Service(
        tmp_path,
        port=free_port(),
        settings={**settings, "database_url": postgresql_server.url("unmigrated")},
        arguments=("serve", "--workers", "1", "--no-delivery"),
    )
    service.process = Process(["serve"], service.environ)
    service.process.start()
    assert service.process.wait() == 1
    assert service.process.errors == [
        "lineproof: the database schema is not that of this version: run `lineproof migrate`"
    ]

    assert service.command("migrate") == ""
    service.start()

    try:
        assert requests.get(f"{service.url}/readyz", timeout=10).status_code == 200
        assert service.process.stop() == 0
    finally:
        service.process.kill()
        postgresql_server.execute("DROP DATABASE unmigrated WITH (FORCE)")
