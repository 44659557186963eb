"""Messages on their way to a gateway, and gateways of one's own choosing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from verification.ports import Message

if TYPE_CHECKING:
    from collections.abc import Callable

MOBILE = "+94711234567"
CODE = "493816"
TEXT = f"Your code is {CODE}. It expires in 5 minutes."


def message(**changes: Any) -> Message:
    """Make a message with a code that lives for five minutes more."""
    made = Message(
        to=MOBILE, body=TEXT, reference="0199b0f2-6c5e-7d3a-9c44-3f1f0c0a7b11", remaining=timedelta(minutes=5)
    )
    return replace(made, **changes)


class ScriptedProvider:
    """A provider that does what it is told, and remembers what it was asked."""

    def __init__(
        self, name: str, *outcomes: str | Exception | None, on_send: Callable[[], object] | None = None
    ) -> None:
        self.name = name
        self.sent: list[Message] = []
        self.shares: list[float] = []
        self._outcomes = list(outcomes)
        self._on_send = on_send

    def send(self, message: Message, *, within: timedelta = timedelta(seconds=10)) -> str | None:
        """Take the next outcome: a reference, or an error to raise."""
        self.sent.append(message)
        self.shares.append(within.total_seconds())
        if self._on_send is not None:
            self._on_send()
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
