"""Several servers, each with a worker of its own, on one database."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from api.auth.issuer import TokenIssuer
from api.auth.issuer_keys import generate_issuer_keys, parse_issuer_keys
from api.auth.scopes import ALL_SCOPES, Scope
from api.clock import SystemClock
from tests.factories.gateways import Gateway
from tests.factories.processes import wait_until
from tests.factories.races import race
from tests.factories.servers import Client, Service, code_in
from tests.factories.verification import key_ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

    from tests.factories.postgresql import Server

    Act = Callable[[Client, int], requests.Response]

LIFETIME = timedelta(hours=1)


@dataclass
class Cluster:
    """Servers of one issuer, the gateway they all send to, and the database they share."""

    services: list[Service]
    gateway: Gateway
    issuer: TokenIssuer
    server: Server
    database: str

    def client(self, name: str = "tests", number: int = 0) -> Client:
        """Return a client with all scopes that talks to one of the servers."""
        token = self.issuer.mint_for_client(name, scopes=ALL_SCOPES, lifetime=LIFETIME)
        return Client(self._url(number), token)

    def user(self, user_id: str, number: int = 0) -> Client:
        """Return a client that acts for a user, and talks to one of the servers."""
        token = self.issuer.mint_for_user(user_id, client_id="tests", scopes={Scope.LOGIN}, lifetime=LIFETIME)
        return Client(self._url(number), token)

    def race(self, client: Client, act: Act, times: int) -> list[requests.Response]:
        """Let so many requests of a client come at once, spread over the servers."""
        clients = [Client(service.url, client.token) for service in self.services]
        return race(lambda number: act(clients[number % len(clients)], number), times)

    def add_user(self, name: str, **attributes: Any) -> str:
        """Add a user and return the id."""
        answer = self.client().call("POST", "/scim2/Users", {"userName": name, **attributes})
        assert answer.status_code == 201, answer.text
        user_id: str = answer.json()["id"]
        return user_id

    def rows(self, query: LiteralString, *parameters: str) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with psycopg.connect(self.server.url(self.database, "postgresql"), autocommit=True) as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def codes_to(self, number: str, count: int = 1) -> list[str]:
        """Wait for so many messages to a number and return the codes in them."""
        wait_until(lambda: len(self._texts_to(number)) >= count)
        return [code_in(text) for text in self._texts_to(number)]

    def wait_for_deliveries(self) -> None:
        """Wait until nothing is on its way any more."""
        wait_until(lambda: self.rows("SELECT 1 FROM deliveries WHERE status = 'queued'") == [])

    def _texts_to(self, number: str) -> list[str]:
        return [message.body["content"] for message in self.gateway.received if message.body["to"] == number]

    def _url(self, number: int) -> str:
        return self.services[number % len(self.services)].url


@contextmanager
def running_cluster(
    server: Server, database: str, directory: Path, size: int = 2, **settings: str
) -> Iterator[Cluster]:
    """Run so many servers on a migrated database."""
    issuer_keys = generate_issuer_keys()
    with ExitStack() as stack:
        gateway = stack.enter_context(Gateway())
        common = {
            "database_url": server.url(database),
            "base_url": "http://127.0.0.1:8080",
            "master_keys": key_ring("k1").export(),
            "issuer_keys": issuer_keys,
            "sms_providers": "custom",
            "custom_url": gateway.url,
            **settings,
        }
        services = []
        for number in range(2):
            data_dir = directory / str(number)
            data_dir.mkdir()
            service = Service(data_dir, settings=common, arguments=("serve", "--workers", "1"))
            try:
                services.append(service.start())
            except AssertionError:
                service.process.kill()
                raise
            stack.callback(service.process.stop)
        issuer = TokenIssuer(issuer=common["base_url"], keys=parse_issuer_keys(issuer_keys), clock=SystemClock())
        yield Cluster(services, gateway, issuer, server, database)
