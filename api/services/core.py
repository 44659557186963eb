"""What every use case needs, handed to it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from verification.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services.observing import Observer
    from api.services.policies import PolicySource
    from api.services.stored_senders import SenderSource
    from persistence.database import Database
    from scim.resource_types import Registry, ResourceType
    from verification.codes import KeyRing
    from verification.policy import Policy
    from verification.ports import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Core:
    """The parts a use case works with; a value, so that a test hands in its own.

    `wake` tells the delivery worker that a delivery has been committed; it never blocks and never fails.
    `policy` is the one in force when the parts were made; `policies` tells when it is another (docs/decisions/0023).
    `senders` knows the senders that are stored.
    `observe` is told what happens.
    """

    database: Database
    registry: Registry
    user_type: ResourceType
    policy: Policy
    policies: PolicySource
    senders: SenderSource
    keys: KeyRing
    clock: Clock
    wake: Callable[[], None]
    observe: Observer

    def answer(self, outcome: T | Exception) -> T:
        """Return what has come of a transaction, or raise what it returned: a refusal that is committed, as a count is.

        Raised inside of the transaction, a refusal would take back that it was counted.
        """
        if isinstance(outcome, VerificationError):
            self.observe.refused(outcome)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
