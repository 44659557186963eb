"""A flow: several requests that belong together, taken in order and each once, by the one who began it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from verification.errors import IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class FlowKind(StrEnum):
    """What a flow is for; one of a kind is of no use for another."""

    SIGN_IN = "sign_in"
    ENROLMENT = "enrolment"
    RESTORE = "restore"
    CHANGE = "change"  # of a phone that is not lost
    B2C = "b2c"


ENDED = "ended"
"""The step of a flow that has come to its end."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow as it is stored; of its secret it holds a digest only.

    Attributes:
        user_id: Whom it is about; None where nobody is, which the one who began it need not know.
        step: What it waits for.
        turn: How often it has moved on; a request moves on only the flow that it has read.
        attempts: Wrong proofs so far.
        data: What the steps have to know of each other.
    """

    id: str
    kind: FlowKind
    secret_digest: str = field(repr=False)
    user_id: str | None
    step: str
    created_at: datetime
    expires_at: datetime
    turn: int = 0
    attempts: int = 0
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def is_open(self, at: datetime) -> bool:
        """Tell whether it may go on."""
        return self.step != ENDED and at < self.expires_at

    def advance(self, step: str, **data: Any) -> Flow:  # noqa: ANN401 - JSON values
        """Move on to a step, and add to what is known."""
        if self.step == ENDED:
            raise IllegalTransition
        return replace(self, step=step, turn=self.turn + 1, data={**self.data, **data})

    def end(self) -> Flow:
        """Let nobody go on with it."""
        return self.advance(ENDED)
