"""Attack the service for longer than tests may take: `python -m tests.attacks.run --help`."""

from __future__ import annotations

import argparse
import random
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.attacks import figures
from tests.attacks.killing import READY_WITHIN, kill_again_and_again
from tests.attacks.timing import SETTINGS, Stopwatch, contests
from tests.factories.gateways import Gateway
from tests.factories.realms import Realm

if TYPE_CHECKING:
    from tests.attacks.bounds import Difference
    from tests.attacks.killing import Aftermath
    from tests.attacks.timing import Contest


def main() -> int:
    """Run what the command line asks for; fail where an attack succeeds."""
    options = _options()
    # Being asked to end is an error like any other: every process is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(f"seed {options.seed}")
    generator = random.Random(options.seed)
    compared = _compare(options.pairs, generator) if options.pairs else []
    left = [_kill(engine, options.kills, generator) for engine in options.engines.split(",") if options.kills]
    report = figures.report(compared, left)
    print(report)
    if options.publish:
        figures.publish(report)
    told = [contest.name for contest, found in compared if contest.is_secret and found.tells]
    broken = [f"killed on {each.engine}" for each in left if not each.is_clean]
    for attack in told + broken:
        print(f"an attack succeeds: {attack}", file=sys.stderr)
    return 1 if told or broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.run", description="Attack the service.")
    parser.add_argument("--pairs", type=int, default=2000, help="requests of each kind whose times are compared")
    parser.add_argument("--kills", type=int, default=50, help="processes killed on each database")
    parser.add_argument("--engines", default="sqlite,postgresql", help="sqlite, postgresql, or both")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="repeats what chance does")
    parser.add_argument("--publish", action="store_true", help="write the figures into docs/security.md")
    return parser.parse_args()


def _compare(pairs: int, generator: random.Random) -> list[tuple[Contest, Difference]]:
    with tempfile.TemporaryDirectory(prefix="lineproof-attack-") as directory, Gateway() as gateway:
        settings = {"sms_providers": "custom", "custom_url": gateway.url, **SETTINGS}
        realm = Realm.make(Path(directory), settings, workers=1)
        realm.service.start(READY_WITHIN)
        try:
            watch = Stopwatch(realm.service.url)
            return [(each, watch.compare(each, pairs, generator)) for each in contests(realm, gateway)]
        finally:
            realm.service.process.kill()


def _kill(engine: str, kills: int, generator: random.Random) -> Aftermath:
    with tempfile.TemporaryDirectory(prefix="lineproof-attack-") as directory:
        return kill_again_and_again(engine, Path(directory), kills, generator)


if __name__ == "__main__":
    sys.exit(main())
