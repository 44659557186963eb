"""Kill the service at random points under load, by SIGKILL, and look at what is left."""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil
from sqlalchemy import create_engine, text

from persistence.migrations import upgrade
from tests.attacks.load import Inbox, Load, Mover, Poster
from tests.benchmarks.clusters import cluster
from tests.factories.gateways import Gateway
from tests.factories.processes import delivery_workers, http_workers, wait_until
from tests.factories.realms import Realm

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.load import Actor

NO_LIMITS = dict.fromkeys(
    (
        "otp_max_sends_per_hour",
        "otp_max_sends_per_day",
        "otp_max_sends_per_prefix",
        "guard_min_conversion",
        "privileged_max_wrong",
    ),
    "0",
)
MOVERS, POSTERS = 4, 2
LONGEST_CALM = 1.5
"""Seconds between a service that is whole and the next kill, at most."""
_SETTLED_WITHIN = 180.0
READY_WITHIN = 180.0
"""Seconds that a machine may be busy with something else."""
_SENT = (
    "SELECT d.id, d.verification_id, d.generation, v.target_key FROM deliveries d "
    "JOIN verifications v ON v.id = d.verification_id"
)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left after all kills, and what should not be."""

    engine: str
    kills: dict[str, int]
    changes: int
    cut_off: int
    messages: int
    repeated: int
    lost: list[str]
    unfounded: list[str]
    differing: list[str]

    @property
    def is_clean(self) -> bool:
        """Tell whether everything is as it was promised."""
        return not (self.lost or self.unfounded or self.differing)


def kill_again_and_again(engine: str, directory: Path, kills: int, generator: random.Random) -> Aftermath:
    """Run a service of two HTTP processes under load and kill so many of its processes, one after the other."""
    inbox = Inbox()
    with _database(engine, directory) as url, Gateway(on_receive=inbox.take) as gateway:
        sms = {"sms_providers": "custom", "custom_url": gateway.url, "notices": "none"}
        settings = {"database_url": url, **sms, **NO_LIMITS}
        realm = Realm.make(directory, settings)
        realm.service.start(READY_WITHIN)
        try:
            return _siege(realm, gateway, inbox, engine=engine, kills=kills, generator=generator)
        finally:
            realm.service.process.kill()


def _siege(
    realm: Realm, gateway: Gateway, inbox: Inbox, *, engine: str, kills: int, generator: random.Random
) -> Aftermath:
    load = Load(realm.client(), inbox)
    movers = [Mover(load, realm.add_user(f"mover{n}"), f"mover{n}") for n in range(MOVERS)]
    actors: list[Actor] = [*movers, *(Poster(load, f"poster{n}") for n in range(POSTERS))]
    killed: dict[str, int] = defaultdict(int)
    with ThreadPoolExecutor(len(actors)) as pool:
        running = [pool.submit(load.run, actor) for actor in actors]
        try:
            for _ in range(kills):
                time.sleep(generator.uniform(0, LONGEST_CALM))
                killed[_kill_one(realm, generator)] += 1
            turns = [actor.turns + 1 for actor in actors]
            wait_until(
                lambda: (
                    any(each.done() for each in running)
                    or all(actor.turns >= enough for actor, enough in zip(actors, turns, strict=True))
                ),
                _SETTLED_WITHIN,
            )
        finally:
            load.stopping.set()
        for each in running:
            each.result(60)
    _wait_until_settled(realm)
    lost = [name for actor in actors for name in actor.lost(realm.client())]
    unfounded, differing, repeated = _messages(realm, gateway)
    return Aftermath(
        engine=engine,
        kills=dict(killed),
        changes=sum(actor.changes for actor in actors),
        cut_off=load.cut_off,
        messages=len(gateway.received),
        repeated=repeated,
        lost=lost,
        unfounded=unfounded,
        differing=differing,
    )


def _kill_one(realm: Realm, generator: random.Random) -> str:
    """Kill the server with all its children, an HTTP process, or the delivery worker; return which."""
    what = generator.choice(("server", "HTTP process", "worker"))
    pid = realm.service.process.pid
    if what == "server":
        realm.service.process.kill()
        realm.service.start(READY_WITHIN)
        return what
    victims = delivery_workers(pid) if what == "worker" else http_workers(pid)
    if victims:
        with suppress(psutil.NoSuchProcess):
            generator.choice(victims).kill()
    return what


def _messages(realm: Realm, gateway: Gateway) -> tuple[list[str], list[str], int]:
    """Return messages of nothing that is stored, codes that differ between retries, and how many came again."""
    stored = {row.id: row for row in _rows(realm, _SENT)}
    unfounded: list[str] = []
    texts: dict[tuple[str, int], set[str]] = defaultdict(set)
    for item in gateway.received:
        row = stored.get(item.headers["idempotency-key"])
        if row is None or row.target_key != item.body["to"]:
            unfounded.append(item.body["to"])
        else:
            texts[row.verification_id, row.generation].add(item.body["content"])
    differing = [name for (name, _), found in texts.items() if len(found) > 1]
    return unfounded, differing, len(gateway.received) - len(unfounded) - len(texts)


def _wait_until_settled(realm: Realm) -> None:
    wait_until(lambda: not _rows(realm, "SELECT id FROM deliveries WHERE status = 'queued'"), _SETTLED_WITHIN)


def _rows(realm: Realm, statement: str) -> list[Any]:
    engine = create_engine(realm.service.settings["database_url"])
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(statement)))
    finally:
        engine.dispose()


@contextmanager
def _database(engine: str, directory: Path) -> Iterator[str]:
    """Return the URL of a migrated database, durable as in production."""
    if engine == "sqlite":
        url = f"sqlite:///{directory / 'lineproof.db'}"
        upgrade(url)
        yield url
        return
    with cluster() as server:
        server.command("CREATE DATABASE attack")
        upgrade(server.url("attack"))
        yield server.url("attack")
