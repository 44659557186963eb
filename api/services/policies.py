"""The policy in force: that of the environment, with what administrators have stored over it."""

from __future__ import annotations

from threading import Lock, Thread
from time import sleep
from typing import TYPE_CHECKING

import structlog

from persistence.errors import PersistenceError, SchemaOutdated
from verification.overrides import policy_under

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verification.policy import Policy

LOOK_EVERY = 0.5
"""Seconds between two looks: what is stored reaches every process within a second."""

_log = structlog.get_logger()


def _ignore(policy: Policy) -> None:
    del policy


class PolicySource:
    """Know the policy in force, and tell who follows it when it is another one.

    `base` is the policy of the environment; `load` reads what is stored over it, by the names of
    `verification.overrides`.
    """

    def __init__(self, base: Policy, load: Callable[[], Mapping[str, str]]) -> None:
        self.base = base
        self.policy = base
        self._load = load
        self._tell: Callable[[Policy], None] = _ignore
        self._lock = Lock()

    def follow(self, tell: Callable[[Policy], None]) -> None:
        """Have somebody told of each other policy, in place of who was told before."""
        self._tell = tell

    def look(self) -> None:
        """Read what is stored, and tell of it where it makes another policy.

        Raises:
            PersistenceError: It cannot be read; the policy stays as it is.
        """
        with self._lock:
            policy = policy_under(self.base, self._load())
            if policy != self.policy:
                self._tell(policy)
                self.policy = policy

    def try_to_look(self) -> None:
        """Look, and go on with the policy as it is where the database does not answer."""
        try:
            self.look()
        except SchemaOutdated:
            # Nothing has been stored where there is no place for it.
            return
        except PersistenceError as error:
            _log.warning("stored policy not read", kind=type(error).__name__)

    def watch(self) -> None:
        """Look again and again in a thread of its own, beside the requests, until the process ends."""
        Thread(target=self._keep_looking, name="policy", daemon=True).start()

    def _keep_looking(self) -> None:
        while True:
            sleep(LOOK_EVERY)
            self.try_to_look()
