"""Sites: the service on a filled database, with two HTTP workers, its delivery in a process that is started at will."""

from __future__ import annotations

import os
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from api.auth.issuer import TokenIssuer
from api.auth.issuer_keys import generate_issuer_keys, parse_issuer_keys
from api.auth.scopes import ALL_SCOPES, Scope
from api.clock import SystemClock
from api.settings import Settings
from api.wiring import build_services
from tests.benchmarks.programs import Program
from tests.benchmarks.seeding import Seed, migrate, open_postgresql, open_sqlite
from tests.factories.servers import environment, free_port
from verification.codes import KeyRing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.calls import Call
    from tests.benchmarks.clusters import Cluster
    from tests.benchmarks.samples import Sample

WORKERS = 2
READY = "lineproof ready on"
COMMAND = str(Path(sys.executable).with_name("lineproof"))
SMALL = 10
SMALL_GROUP, LARGE_GROUP = "01935000-0000-7000-8000-000000000001", "01935000-0000-7000-8000-000000000002"
_LIFETIME = timedelta(days=1)
_TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of all sites of a run."""

    master: str = field(default_factory=lambda: KeyRing.generate("bench").export(), repr=False)
    issuer: str = field(default_factory=generate_issuer_keys, repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a site is to be."""

    engine: str
    users: int
    large_group: int = 0
    """Members of the large group; 0 for no groups at all."""

    @property
    def name(self) -> str:
        """Return its name, also that of its database."""
        return f"{self.engine}-{self.users}"


@dataclass(slots=True)
class Site:
    """A running service."""

    plan: Plan
    environ: dict[str, str]
    keys: Keys = field(repr=False)
    folder: Path
    admin: str = field(default="", repr=False)
    program: Program | None = None

    @property
    def url(self) -> str:
        """Return its base URL."""
        return f"http://127.0.0.1:{self.environ['LINEPROOF_PORT']}"

    @property
    def issuer(self) -> TokenIssuer:
        """Return the issuer of its tokens."""
        return TokenIssuer(issuer=self.url, keys=parse_issuer_keys(self.keys.issuer), clock=SystemClock())

    def admin_token(self) -> str:
        """Return a token with every scope."""
        return self.issuer.mint_for_client("benchmark", scopes=ALL_SCOPES, lifetime=_LIFETIME)

    def user_token(self, user_id: str) -> str:
        """Return a token of a user."""
        return self.issuer.mint_for_user(user_id, client_id="benchmark", scopes={Scope.LOGIN}, lifetime=_LIFETIME)

    def ask(self, call: Call) -> requests.Response:
        """Send one request."""
        headers = {"Authorization": f"Bearer {call.token}", "Content-Type": call.content_type}
        body = call.body.encode() or None
        return requests.request(call.method, self.url + call.path, data=body, headers=headers, timeout=_TIMEOUT)

    @contextmanager
    def running(self, workers: int = WORKERS) -> Iterator[Program]:
        """Serve until left; it is ready a while later."""
        # Not sooner: what is free now may be taken by the time that databases are filled.
        self.environ["LINEPROOF_PORT"] = str(free_port())
        self.admin = self.admin_token()
        arguments = [COMMAND, "serve", "--workers", str(workers), "--no-delivery"]
        with Program(arguments, self.folder / "serve.log", self.environ) as program:
            self.program = program
            yield program

    @property
    def serving(self) -> Program:
        """Return the running service."""
        if self.program is None:
            raise RuntimeError(f"{self.plan.name} is not served")
        return self.program

    def metered(self, work: Callable[[], Sample]) -> Sample:
        """Do work that asks this site, and add what its workers spent on each request."""
        return self.serving.metered(work)

    @contextmanager
    def delivering(self) -> Iterator[Program]:
        """Deliver until left."""
        with Program([COMMAND, "worker"], self.folder / "worker.log", self.environ) as program:
            yield program


def prepare(plan: Plan, keys: Keys, base: Path, server: Cluster | None, gateway_url: str) -> Site:
    """Make the database of a site and fill it."""
    folder = base / plan.name
    folder.mkdir()
    site = Site(plan, _environ(plan, keys, folder, server, gateway_url), keys, folder)
    if server is not None:
        server.command(f'CREATE DATABASE "{plan.name}"')
    services = migrate(site.environ)
    with seeding(site) as seed:
        seed.users(services, plan.users)
        seed.settle()
    services.core.database.close()
    return site


def add_groups(site: Site) -> None:
    """Add the two groups; not sooner, as the users in them take longer to answer with than the others."""
    services = build_services(Settings.from_environment(site.environ), pool_size=1)
    with seeding(site) as seed:
        seed.group(services, SMALL_GROUP, "Small", SMALL)
        seed.group(services, LARGE_GROUP, "Large", site.plan.large_group)
        seed.settle()
    services.core.database.close()


@contextmanager
def seeding(site: Site) -> Iterator[Seed]:
    """Open the database of a site for filling it."""
    url = site.environ.get("LINEPROOF_DATABASE_URL")
    with closing(open_sqlite(site.folder / "lineproof.sqlite3") if url is None else open_postgresql(url)) as connection:
        yield Seed(connection)


def _environ(plan: Plan, keys: Keys, folder: Path, server: Cluster | None, gateway_url: str) -> dict[str, str]:
    """Return the settings of a site: the defaults, but for limits that a benchmark would run into."""
    settings = {
        "master_keys": keys.master,
        "issuer_keys": keys.issuer,
        "otp_lifetime": "3600",
        "otp_max_sends_per_hour": "1000",
        "otp_max_sends_per_day": "1000",
        "otp_max_sends_per_number": "1000",
        "otp_max_sends_per_prefix": "1000000",
        # Codes are sent by the thousand before the first one is submitted.
        "guard_min_conversion": "0",
        # What goes out is counted by the code in it.
        "notices": "none",
        "sms_providers": "custom",
        "custom_url": f"{gateway_url}/messages",
    }
    if server is not None:
        settings["database_url"] = server.url(plan.name)
    return {"PATH": os.environ["PATH"], **environment(folder, free_port(), **settings)}
