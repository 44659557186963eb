"""The application in the test's own process: real database, real use cases, a clock and a gateway of the test's."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from api.app import create_app
from api.auth.scopes import ALL_SCOPES, Scope
from api.services.delivering import DeliveryService
from api.services.pacing import Pace
from api.services.sweeping import SweepService
from api.settings import Settings
from api.texting import load_texts
from api.wiring import Services, build_services
from providers.failover import Carried
from tests.factories.servers import PATCH_SCHEMA, code_in
from verification.channels import Channel
from verification.delivery import LEASE
from verification.texts import Texts

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from verification.delivery import Delivery
    from verification.ports import Message

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LIFETIME = timedelta(days=30)
_PACKAGED = Texts.load()


@dataclass
class FrozenClock:
    """A clock that stands until it is moved."""

    moment: datetime = START

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def move(self, **span: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)


@dataclass
class Pauses:
    """Remembers pauses in place of making them."""

    spans: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Remember a pause."""
        self.spans.append(seconds)


@dataclass
class MemoryCarrier:
    """A gateway that takes everything and remembers it."""

    messages: list[Message] = field(default_factory=list)
    name: str = "memory"

    def send(self, message: Message) -> Carried:
        """Take the message."""
        self.messages.append(message)
        return Carried(self.name, f"m{len(self.messages)}")


@dataclass
class Application:
    """The application and what a test does with it."""

    services: Services
    app: Flask
    clock: FrozenClock
    carrier: MemoryCarrier
    notices: MemoryCarrier = field(default_factory=MemoryCarrier)
    """What takes notices; codes go to the other one."""
    pauses: Pauses = field(default_factory=Pauses)

    def user_token(self, user_id: str, scopes: frozenset[str] = frozenset({Scope.LOGIN})) -> str:
        """Return a token of a user."""
        return self.services.issuer.mint_for_user(user_id, client_id="tests", scopes=scopes, lifetime=LIFETIME)

    def client_token(self, scopes: frozenset[str] = ALL_SCOPES, client_id: str = "tests") -> str:
        """Return a token of a client, by default with every scope."""
        return self.services.issuer.mint_for_client(client_id, scopes=scopes, lifetime=LIFETIME)

    def admin(self) -> Caller:
        """Return a caller with every scope that is no user."""
        return Caller(self, self.client_token())

    def user(self, user_id: str, scopes: frozenset[str] = frozenset({Scope.LOGIN})) -> Caller:
        """Return a caller that is a user."""
        return Caller(self, self.user_token(user_id, scopes))

    def add_user(self, name: str = "bob", **attributes: Any) -> str:
        """Add a user as an administrator and return the id."""
        answer = self.admin().post("/scim2/Users", {"userName": name, **attributes})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        user_id: str = answer.get_json()["id"]
        return user_id

    def add_verified_user(self, name: str = "bob", number: str = "0111111111") -> str:
        """Add a user whose mobile number is verified."""
        verified = {"urn:scim:wso2:schema": {"verifiedMobileNumbers": [number]}}
        return self.add_user(name, phoneNumbers=[{"type": "mobile", "value": number}], **verified)

    def deliver(self) -> list[Delivery]:
        """Carry all that is due, as a worker does, and return it settled."""
        core = self.services.core
        codes, notices = self._work(self.carrier), self._work(self.notices)
        claimed = core.database.transact(lambda unit: unit.deliveries.claim(self.clock.now(), "token", LEASE, 1000))
        settled = [(notices if item.notice else codes).carry(item) for item in claimed]
        core.database.transact(lambda unit: unit.deliveries.settle_many([("token", item) for item in settled]))
        return settled

    def _work(self, carrier: MemoryCarrier) -> DeliveryService:
        settings = self.services.settings
        carriers = dict.fromkeys(Channel, carrier)
        return DeliveryService(self.services.core, carriers, _texts(settings), settings.base_url, lambda: 0.5)

    def sweep(self) -> int:
        """End what has lapsed, as a worker does."""
        return SweepService(self.services.core).sweep()

    def last_code(self) -> str:
        """Deliver what is due and return the code of the last message."""
        self.deliver()
        return code_in(self.carrier.messages[-1].body)


def _texts(settings: Settings) -> Texts:
    """Return the texts of messages; the packaged ones are read once, as a worker does."""
    if settings.text_dir:
        return load_texts(settings)
    return replace(_PACKAGED, service=settings.service_name, webotp_domain=settings.webotp_domain or None)


@dataclass
class Caller:
    """Somebody with a token."""

    application: Application
    token: str = field(repr=False)

    def call(self, method: str, path: str, body: object = None, **options: Any) -> TestResponse:
        """Send a request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self.application.app.test_client().open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        """GET."""
        return self.call("GET", path, **options)

    def post(self, path: str, body: object, **options: Any) -> TestResponse:
        """POST."""
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: object, **options: Any) -> TestResponse:
        """PUT."""
        return self.call("PUT", path, body, **options)

    def delete(self, path: str) -> TestResponse:
        """DELETE."""
        return self.call("DELETE", path)

    def patch(self, path: str, *operations: dict[str, Any], **options: Any) -> TestResponse:
        """PATCH by some operations."""
        return self.call("PATCH", path, {"schemas": [PATCH_SCHEMA], "Operations": list(operations)}, **options)

    def replace(self, path: str, value: object) -> TestResponse:
        """PATCH by one replace without a path."""
        return self.patch(path, {"op": "replace", "value": value})

    def set_mobile(self, path: str, number: str) -> TestResponse:
        """PATCH the mobile number in the guide's form."""
        return self.replace(path, {"phoneNumbers": [{"type": "mobile", "value": number}]})

    def validate(self, code: str) -> TestResponse:
        """Submit a code of one's own."""
        return self.post("/api/identity/user/v1.0/me/validate-code", {"code": code})


def make_application(database_url: str, data_dir: Path, **settings: str) -> Application:
    """Build the application on a migrated database."""
    environ = {"database_url": database_url, "data_dir": str(data_dir), **settings}
    clock, carrier, pauses = FrozenClock(), MemoryCarrier(), Pauses()
    parsed = Settings.from_environment({f"LINEPROOF_{name.upper()}": value for name, value in environ.items()})
    services = build_services(parsed, pool_size=4, clock=clock, pace=Pace(time.monotonic, pauses.sleep))
    return Application(services, create_app(services), clock, carrier, pauses=pauses)
